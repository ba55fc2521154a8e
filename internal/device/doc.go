// Package device says what is to compute: one of the backends that every program has, or a plugin that the user added.
//
//	name := device.Chosen()                        // "" where nothing is chosen: the best that there is
//	err := device.Add("xla", "/opt/pjrt/plugin.so") // looked at and remembered, never downloaded
//	path, err := device.Plugin("xla")
//
// A backend that is chosen by name is part of a result's address (steer.Identity); the best one is not, since all give the
// same numbers but for the last bits.
package device
