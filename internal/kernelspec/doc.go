// Package kernelspec registers the notebook kernel "Go (neuronsteer)" with Jupyter: one folder with the command that starts
// it and its logos.
package kernelspec
