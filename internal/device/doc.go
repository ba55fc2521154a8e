// Package device says what is to compute: one of the backends that every program has, or one whose plugin the user added (package
// plugin).
//
//	name := device.Chosen() // "" where nothing is chosen: the best that there is
//
// A backend that is chosen by name is part of a result's address (steer.Identity); the best one is not, since all give the
// same numbers but for the last bits.
package device
