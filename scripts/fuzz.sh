#!/usr/bin/env bash
# Runs every fuzz target of the module, one after the other. usage: fuzz.sh [TIME]      e.g. fuzz.sh 30s
set -euo pipefail
. "$(dirname "$0")/lib.sh"
cd "$root"
export GOEXPERIMENT=simd CGO_ENABLED=1 CGO_LDFLAGS=-L$local/lib
time=${1:-10s}
n=0
for dir in $(git grep -l '^func Fuzz' -- '*_test.go' | xargs -n 1 dirname | sort -u); do
	for target in $(cat "$dir"/*_test.go | sed -n 's/^func \(Fuzz[A-Za-z0-9_]*\)(.*/\1/p' | sort -u); do
		echo "== $dir $target"
		go test -run '^$' -fuzz "^$target\$" -fuzztime "$time" -timeout 30m "./$dir" | tail -n 3
		n=$((n + 1))
	done
done
echo "fuzz: $n passed, 0 failed"
