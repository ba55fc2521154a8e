#!/usr/bin/env bash
# Builds bin/neuronsteer beside the old one and moves it into place: a program that runs keeps its own.
set -euo pipefail
. "$(dirname "$0")/lib.sh"
start=$(now)
printf '%-14s ' build
CGO_ENABLED=$(cgo)
export CGO_ENABLED CGO_LDFLAGS=-L$local/lib
if ! go -C "$root" build -trimpath -o "$root/bin/neuronsteer.new" ./cmd/neuronsteer >"$logs/build.log" 2>&1; then
	echo "FAILED after $(seconds "$start")"
	tail -n 25 "$logs/build.log" | sed 's/^/    /' >&2
	exit 1
fi
if cmp -s "$root/bin/neuronsteer.new" "$root/bin/neuronsteer"; then
	rm "$root/bin/neuronsteer.new" # keep the time of the file, which is part of how a build is known
else
	mv "$root/bin/neuronsteer.new" "$root/bin/neuronsteer"
fi
echo "done in $(seconds "$start")"

# The engine of a report's page, with the teaching model: WebAssembly, and what Go needs around it, with its license.
start=$(now)
printf '%-14s ' 'page engine'
if ! CGO_ENABLED=0 CGO_LDFLAGS='' GOOS=js GOARCH=wasm go -C "$root" build -trimpath -ldflags='-s -w' -o "$root/bin/.neuronsteer.wasm" ./cmd/neuronsteer-wasm >"$logs/build-wasm.log" 2>&1; then
	echo "FAILED after $(seconds "$start")"
	tail -n 25 "$logs/build-wasm.log" | sed 's/^/    /' >&2
	exit 1
fi
if [ "$(sha256sum <"$root/bin/.neuronsteer.wasm")" != "$(cat "$root/bin/.wasm.sum" 2>/dev/null)" ] || [ ! -e "$root/bin/neuronsteer.wasm.gz" ]; then
	gzip -9nc "$root/bin/.neuronsteer.wasm" >"$root/bin/neuronsteer.wasm.gz.new"
	mv "$root/bin/neuronsteer.wasm.gz.new" "$root/bin/neuronsteer.wasm.gz"
	sha256sum <"$root/bin/.neuronsteer.wasm" >"$root/bin/.wasm.sum"
fi
rm "$root/bin/.neuronsteer.wasm"
page_script >"$root/bin/neuronsteer.wasm.js"
echo "done in $(seconds "$start")"
