#!/usr/bin/env bash
# Runs every fuzz target of the module, one after the other. usage: fuzz.sh [TIME]      e.g. fuzz.sh 30s
# A target that tries fewer than 1,000 inputs in that time fails: it fences nothing in.
set -euo pipefail
. "$(dirname "$0")/lib.sh"
cd "$root"
CGO_ENABLED=$(cgo)
export CGO_ENABLED CGO_LDFLAGS=-L$local/lib NEURONSTEER_PYTHON=$local/venv/bin/python
time=${1:-10s} log=$logs/fuzz.log
least=1000
passed=0 failed=0
for dir in $(git grep -l '^func Fuzz' -- '*_test.go' | xargs -n 1 dirname | sort -u); do
	for target in $(cat "$dir"/*_test.go | sed -n 's/^func \(Fuzz[A-Za-z0-9_]*\)(.*/\1/p' | sort -u); do
		printf '%s %s: ' "$dir" "$target"
		rc=0
		go test -run '^$' -fuzz "^$target\$" -fuzztime "$time" -fuzzminimizetime 20x -timeout 30m "./$dir" >"$log" 2>&1 || rc=$?
		execs=$(sed -n 's/^fuzz: elapsed: .*execs: \([0-9]*\).*/\1/p' "$log" | tail -n 1)
		if [ "$rc" != 0 ] && grep -q 'context deadline exceeded' "$log" && ! grep -q 'Failing input' "$log"; then
			rc=0 # how go test sometimes ends when the time is up while a worker is busy
		fi
		if [ "$rc" != 0 ]; then
			failed=$((failed + 1))
			echo FAILED
			tail -n 25 "$log" | sed 's/^/    /'
		elif [ "${execs:-0}" -lt "$least" ]; then
			failed=$((failed + 1))
			echo "FAILED: ${execs:-0} inputs in $time, fewer than $least"
		else
			passed=$((passed + 1))
			echo "passed $execs inputs"
		fi
	done
done
echo "fuzz: $passed passed, $failed failed"
[ "$failed" = 0 ]
