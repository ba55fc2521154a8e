#!/usr/bin/env bash
# Registers the notebook kernel with the Jupyter of this clone, and compiles once what its cells are made of.
set -euo pipefail
. "$(dirname "$0")/lib.sh"
start=$(now)
printf '%-14s ' kernel
if ! "$root/bin/neuronsteer" kernel install -prefix "$local/venv" >"$logs/kernel.log" 2>&1; then
	echo "FAILED after $(seconds "$start")"
	tail -n 25 "$logs/kernel.log" | sed 's/^/    /' >&2
	exit 1
fi
echo "done in $(seconds "$start")"
