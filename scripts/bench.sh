#!/usr/bin/env bash
# Benchmarks of the packages, then a cold start and an attribution of SmolLM2 in a table. usage: bench.sh [peer]
# With "peer", PyTorch's environment and a copy of the model that it can read are made first, and the table has both.
set -euo pipefail
. "$(dirname "$0")/lib.sh"
cd "$root"
export NEURONSTEER_PYTHON=$local/venv/bin/python
export GOEXPERIMENT=simd CGO_ENABLED=1 CGO_LDFLAGS=-L$local/lib
bin/neuronsteer pull smollm2-135m-instruct
go build -trimpath -o bin/cold ./bench/cold
if [ "${1:-}" = peer ]; then
	k=$(key lab/peer.txt "$root" "$("$python" --version)")
	stage peer "$k" "$local/peer/bin/python" make_venv peer "$k" lab/peer.txt
	stage peer-model "$k" "$local/peer/smollm2/model.safetensors" go run ./bench/export smollm2-135m-instruct "$local/peer/smollm2"
else
	go test -run '^$' -bench . -benchmem -timeout 60m ./... ./testdata/teaching
fi
go run ./bench/table
