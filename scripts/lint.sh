#!/usr/bin/env bash
# gofmt, go vet and golangci-lint. The linter is built from its pinned module, kept in .local, so that everybody has the
# same one and the hash of its source is in go.sum.
set -euo pipefail
. "$(dirname "$0")/lib.sh"
cd "$root"
CGO_ENABLED=$(cgo)
export CGO_ENABLED CGO_LDFLAGS=-L$local/lib

build_linter() {
	GOWORK=off CGO_ENABLED=0 GOEXPERIMENT='' CGO_LDFLAGS='' go -C tools/lint build -trimpath -o "$local/bin/golangci-lint.new" \
		github.com/golangci/golangci-lint/v2/cmd/golangci-lint
	mv "$local/bin/golangci-lint.new" "$local/bin/golangci-lint"
}

stage golangci-lint "$(key tools/lint/go.mod tools/lint/go.sum "$(go env GOVERSION)")" "$local/bin/golangci-lint" build_linter
unformatted=$(git ls-files -z '*.go' | xargs -0 gofmt -l)
[ -z "$unformatted" ] || fail "not formatted: $unformatted" "gofmt -w $unformatted"
go vet ./... ./testdata/teaching
GOLANGCI_LINT_CACHE=$local/golangci "$local/bin/golangci-lint" run --allow-parallel-runners --timeout 20m ./... ./testdata/teaching
echo "lint: nothing found"
