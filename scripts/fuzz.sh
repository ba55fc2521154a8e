#!/usr/bin/env bash
# Runs every fuzz target of the module, one after the other. usage: fuzz.sh [TIME]      e.g. fuzz.sh 30s
set -euo pipefail
. "$(dirname "$0")/lib.sh"
cd "$root"
export GOEXPERIMENT=simd CGO_ENABLED=1 CGO_LDFLAGS=-L$local/lib NEURONSTEER_PYTHON=$local/venv/bin/python
time=${1:-10s} log=$logs/fuzz.log
passed=0 failed=0
for dir in $(git grep -l '^func Fuzz' -- '*_test.go' | xargs -n 1 dirname | sort -u); do
	for target in $(cat "$dir"/*_test.go | sed -n 's/^func \(Fuzz[A-Za-z0-9_]*\)(.*/\1/p' | sort -u); do
		printf '%s %s: ' "$dir" "$target"
		if go test -run '^$' -fuzz "^$target\$" -fuzztime "$time" -timeout 30m "./$dir" >"$log" 2>&1; then
			passed=$((passed + 1))
			echo "passed $(sed -n 's/^fuzz: elapsed: .*\(execs: [0-9]*\).*/\1/p' "$log" | tail -n 1)"
		elif grep -q 'context deadline exceeded' "$log" && ! grep -q 'Failing input' "$log"; then
			passed=$((passed + 1)) # how go test sometimes ends when the time is up while a worker is busy
			echo "time is up"
		else
			failed=$((failed + 1))
			echo FAILED
			tail -n 25 "$log" | sed 's/^/    /'
		fi
	done
done
echo "fuzz: $passed passed, $failed failed"
[ "$failed" = 0 ]
