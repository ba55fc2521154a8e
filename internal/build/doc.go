// Package build says which neuronsteer a program is: its release, or for a development build what tells it from any other.
package build
