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
