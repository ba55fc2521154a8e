#!/usr/bin/env bash
# The first notebook, executed afresh by the real kernel; its figures, page and notebook are left in out/demo.
set -euo pipefail
. "$(dirname "$0")/lib.sh"
cd "$root"
export NEURONSTEER_PYTHON=$local/venv/bin/python
all=$(now)

start=$(now)
bin/neuronsteer pull smollm2-135m-instruct
printf '%-14s done in %s\n' model "$(seconds "$start")"

rm -rf out/demo "$local/demo-results"
export NEURONSTEER_STORE=$local/demo-results # afresh: nothing is answered from results of an earlier run
start=$(now)
"$local/venv/bin/python" scripts/run_notebook.py --out out/demo --figures 4 --log "$logs/demo-kernel.log" notebooks/00-quickstart.ipynb
printf '%-14s done in %s\n' notebook "$(seconds "$start")"
printf '%-14s done in %s, set-up and build not counted\n' demo "$(seconds "$all")"
