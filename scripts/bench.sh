#!/usr/bin/env bash
# Prints one table: cold starts, attributions, behaviors and sweeps of SmolLM2, each beside what it is compared with, from
# the same run. usage: bench.sh [peer | packages | cells] [flags of bench/table]
# With "peer", PyTorch's environment and a copy of the model that it can read are made first, and stand in the table.
# With "packages", the benchmarks that lie beside the code (go test -bench) run instead; with "cells", only what a notebook's user
# waits for is measured, and the flags are those of bench/cells.
set -euo pipefail
. "$(dirname "$0")/lib.sh"
cd "$root"
export NEURONSTEER_PYTHON=$local/venv/bin/python
CGO_ENABLED=$(cgo)
export CGO_ENABLED CGO_LDFLAGS=-L$local/lib
if [ "${1:-}" = packages ]; then
	exec go test -run '^$' -bench . -benchmem -timeout 60m ./... ./testdata/teaching
fi
if [ "${1:-}" = cells ]; then
	shift
	exec go run ./bench/cells "$@"
fi
bin/neuronsteer pull smollm2-135m-instruct
go build -trimpath -o bin/bench/ ./bench/ours ./bench/behavior ./bench/sweep ./bench/shapes ./bench/cells
if [ "${1:-}" = peer ]; then
	k=$(key lab/peer.txt "$root" "$("$python" --version)")
	stage peer "$k" "$local/peer/bin/python" make_venv peer "$k" lab/peer.txt
	stage peer-model "$k" "$local/peer/smollm2/model.safetensors" go run ./cmd/export smollm2-135m-instruct "$local/peer/smollm2"
fi
[ "${1:-}" = peer ] && shift
go run ./bench/table -all -cells "$@"

