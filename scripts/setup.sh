#!/usr/bin/env bash
# Makes a clone ready. usage: setup.sh [lab]
# Stages: what the system must have, libtokenizers.a, the notebook kernel's tools, Python, the kernel specs. Each is done
# once, again when its inputs change, and prints one line. With "lab" also gopls, for completion in JupyterLab.
set -euo pipefail
. "$(dirname "$0")/lib.sh"
alone

# at_least HAVE WANT: compares dotted versions.
at_least() { [ "$(printf '%s\n%s\n' "$2" "$1" | sort -V | head -n 1)" = "$2" ]; }

check_system() {
	local v
	command -v go >/dev/null || fail "Go is missing" "install Go 1.26 or later, https://go.dev/dl"
	v=$(cd "$root" && go env GOVERSION) || fail "go does not start: $(go version 2>&1)" "install Go 1.26 or later"
	at_least "${v#go}" 1.26 || fail "Go is $v" "install Go 1.26 or later, https://go.dev/dl"
	command -v "$python" >/dev/null || fail "$python is missing" "apt-get install python3 python3-venv"
	"$python" -c 'import sys; sys.exit(sys.version_info < (3, 11))' || fail "$python does not start, or is older than 3.11: $("$python" --version 2>&1)" \
		"install Python 3.11 or later and name it: NEURONSTEER_PYTHON=python3.11 make setup"
	"$python" -c 'import venv, ensurepip' 2>/dev/null || fail "Python's venv module is missing" "apt-get install python3-venv"
}

# lacking: what the tokenizer library is built or linked with and the system does not have; nothing where all is there.
lacking() {
	command -v "$(go env CC)" >/dev/null && command -v "$(go env CXX)" >/dev/null || { echo "a C and C++ compiler"; return; }
	[ -n "${NEURONSTEER_LIBTOKENIZERS:-}" ] || [ -f "$cache/libtokenizers/$1/libtokenizers.a" ] || command -v cargo >/dev/null || echo "Rust's cargo"
}

# The library's Rust source is in the Go module cache, at the version that go.mod pins.
find_source() {
	module=$(cd "$root" && GOWORK=off go mod download -json github.com/daulet/tokenizers@"$(
		sed -n 's/^.*github.com\/daulet\/tokenizers \(v[^ ]*\).*$/\1/p' go.mod)" | sed -n 's/^[[:space:]]*"Dir": "\(.*\)",*$/\1/p')
	source=$module/crates/tokenizers/src/lib.rs
	[ -f "$source" ] || fail "the source of the tokenizer library is not in the Go module cache" "go mod download"
	# The Go side links only against a library that defines this symbol.
	symbol=$(sed -n 's/^extern void \(tokenizers_version_[0-9_]*\)(void);/\1/p' "$module/tokenizer.go")
	grep -q "fn $symbol()" "$source" || fail "$source does not define $symbol" "go mod verify"
}

# link_library FILE: makes .local/lib/libtokenizers.a, which is what CGO_LDFLAGS names, that file.
link_library() {
	grep -aq "$symbol" "$1" || fail "$1 is of another version: it does not define $symbol" "unset NEURONSTEER_LIBTOKENIZERS"
	ln -sfn "$1" "$local/lib/new.a"
	mv -f "$local/lib/new.a" "$local/lib/libtokenizers.a"
}

build_library() {
	local to=$cache/libtokenizers/$1 work
	if [ ! -f "$to/libtokenizers.a" ]; then
		command -v cargo >/dev/null || fail "cargo is missing (it builds the tokenizer library, once)" \
			"apt-get install rustup && rustup default stable, or see https://rustup.rs"
		v=$(cargo --version | sed 's/^cargo \([0-9.]*\).*/\1/')
		at_least "$v" 1.78 || fail "cargo is $v; 1.78 or later is needed" "apt-get install rustup && rustup default stable, or see https://rustup.rs"
		mkdir -p "$cache/libtokenizers"
		find "$cache/libtokenizers" -maxdepth 1 -name 'build.*' -mmin +120 -exec rm -rf {} + # of an interrupted set-up
		work=$(mktemp -d "$cache/libtokenizers/build.XXXXXX")
		trap "rm -rf ${work@Q}" EXIT
		mkdir "$work/src" "$work/out"
		cp "$root/third_party/tokenizers/Cargo.toml" "$root/third_party/tokenizers/Cargo.lock" "$work/"
		cp "$source" "$work/src/lib.rs"
		(cd "$work" && CARGO_TARGET_DIR=$work/target cargo build --release --locked)
		mv "$work/target/release/libtokenizers_ffi.a" "$work/out/libtokenizers.a"
		mv -T "$work/out" "$to" 2>/dev/null || [ -f "$to/libtokenizers.a" ] # another clone may have been faster
	fi
	link_library "$to/libtokenizers.a"
}

# build_tools PACKAGE...: programs of the pinned tools module, built beside and moved into place. GOWORK=off, for a
# go.work of the user's that does not list the module would make it "matched no packages".
build_tools() {
	rm -rf "$local/bin.new"
	GOWORK=off CGO_ENABLED=0 GOEXPERIMENT='' go -C "$root/tools" build -trimpath -o "$local/bin.new/" "$@"
	mv "$local/bin.new"/* "$local/bin/"
	rmdir "$local/bin.new"
}

# write_kernel NAME TITLE RAW_ERROR: a kernel spec that only this environment's Jupyter sees. A cell is built without
# cgo and links no engine; interrupt_mode must be "message", or an interrupt ends GoNB itself.
write_kernel() {
	local dir=$local/venv/share/jupyter/kernels/$1
	mkdir -p "$dir"
	"$local/venv/bin/python" - "$dir/kernel.json" "$local" "$root" "$2" "$3" "$(go env GOFLAGS)" <<'PY'
import json, os, sys

path, local, root, title, raw, flags = sys.argv[1:]
spec = {
    "argv": [f"{local}/bin/gonb", "--kernel", "{connection_file}", f"-raw_error={raw}", f"-go_work={root}"],
    "display_name": title,
    "language": "go",
    "interrupt_mode": "message",
    "env": {
        "PATH": f"{local}/bin:${{PATH}}",
        "CGO_ENABLED": "0",
        "CGO_LDFLAGS": "",
        "GOEXPERIMENT": "",
        "GOFLAGS": f"{flags} -ldflags=-s".strip(),  # no symbol table: a cell links in two thirds of the time
        "GOWORK": "",
        "NEURONSTEER_BIN": f"{root}/bin/neuronsteer",
    },
}
with open(path + ".new", "w") as f:
    json.dump(spec, f, indent=1)
os.replace(path + ".new", path)
PY
}

write_kernels() {
	write_kernel gonb "Go (gonb)" false             # for people: errors as HTML
	write_kernel gonb-ci "Go (gonb, plain errors)" true # for scripts: errors as text
}

check_system
find_source
k=$(key "$source" "$root"/third_party/tokenizers/Cargo.{toml,lock} "$(uname -sm)")
missing=$(lacking "$k")
if [ -n "$missing" ]; then
	printf '%-14s %s is missing: the program tokenizes in Go, which gives the same tokens\n' libtokenizers "$missing"
	echo 0 >"$local/cgo"
elif echo 1 >"$local/cgo" && [ -n "${NEURONSTEER_LIBTOKENIZERS:-}" ]; then
	library=$NEURONSTEER_LIBTOKENIZERS
	[ -d "$library" ] && library=$library/libtokenizers.a
	[ -f "$library" ] || fail "NEURONSTEER_LIBTOKENIZERS: there is no $library" "unset NEURONSTEER_LIBTOKENIZERS"
	library=$(cd "$(dirname "$library")" && pwd)/$(basename "$library")
	stage libtokenizers "$(key "$library" "$symbol")" "$local/lib/libtokenizers.a" link_library "$library"
else
	[ -f "$cache/libtokenizers/$k/libtokenizers.a" ] || echo "libtokenizers is built from its Rust source once: two to four minutes"
	stage libtokenizers "$k" "$local/lib/libtokenizers.a" build_library "$k"
fi
tools=$(key "$root"/tools/go.{mod,sum} "$(go env GOVERSION)")
stage gonb "$tools" "$local/bin/gonb" build_tools github.com/janpfeifer/gonb golang.org/x/tools/cmd/goimports
if [ "${1:-}" = lab ]; then
	stage gopls "$tools" "$local/bin/gopls" build_tools golang.org/x/tools/gopls
fi
k=$(key "$root/lab/requirements.txt" "$root" "$("$python" --version)")
stage python "$k" "$local/venv/bin/jupyter-lab" make_venv venv "$k" "$root/lab/requirements.txt"
stage kernels "$(key "$k" "$0")" "$local/venv/share/jupyter/kernels/gonb-ci/kernel.json" write_kernels
