#!/usr/bin/env bash
# JupyterLab for a person, with its settings and run-time data below .local. Arguments go to JupyterLab.
set -euo pipefail
. "$(dirname "$0")/lib.sh"
export JUPYTER_CONFIG_DIR=$local/jupyter/config JUPYTER_DATA_DIR=$local/jupyter/data JUPYTER_RUNTIME_DIR=$local/jupyter/runtime
export JUPYTERLAB_SETTINGS_DIR=$local/jupyter/settings JUPYTERLAB_WORKSPACES_DIR=$local/jupyter/workspaces IPYTHONDIR=$local/jupyter/ipython
export NEURONSTEER_PYTHON=$local/venv/bin/python
unset CGO_LDFLAGS GOEXPERIMENT CGO_ENABLED
news=$JUPYTERLAB_SETTINGS_DIR/@jupyterlab/apputils-extension/notification.jupyterlab-settings
if [ ! -f "$news" ]; then # or a question about news covers the first page
	mkdir -p "$(dirname "$news")"
	echo '{"fetchNews": "false"}' >"$news"
fi
options=(--ServerApp.root_dir="$root" --LabApp.default_url=/lab/tree/notebooks/00-quickstart.ipynb)
[ "$(id -u)" != 0 ] || options+=(--allow-root)
exec "$local/venv/bin/jupyter-lab" "${options[@]}" "$@"
