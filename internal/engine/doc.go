// Package engine computes with ids and numbers on one loaded model; it implements [steer.Engine] on GoMLX.
package engine
