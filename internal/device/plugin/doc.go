// Package plugin remembers the plugins that the user added for backends that need one.
//
//	err := plugin.Add("xla", "/opt/pjrt/plugin.so") // looked at and remembered, never downloaded
//	path, err := plugin.Find("xla")
//
// It reads libraries, so it is apart from package device, which every cell of a notebook links.
package plugin
