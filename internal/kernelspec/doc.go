// Package kernelspec registers the notebook kernel "Go (neuronsteer)" with Jupyter: one folder with the command that starts
// it and its logos, and one with an extension of JupyterLab's, whose card in the launcher opens a template notebook.
package kernelspec
