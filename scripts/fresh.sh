#!/usr/bin/env bash
# Tries the repository as a newcomer has it: a clone in an empty folder, an empty home and empty caches.
# usage: fresh.sh [-d DIR] TARGET...       e.g. fresh.sh demo demo test; each target is one `make`, in order
# What says where packages come from is kept: `go env` settings, cargo's and pip's configuration, rustup's toolchains.
# Logs and times are in DIR/log (by default a new folder below the system's temporary one).
set -euo pipefail
root=$(cd "$(dirname "$0")/.." && pwd)
dir=
if [ "${1:-}" = -d ]; then
	dir=$2
	shift 2
fi
dir=${dir:-$(mktemp -d "${TMPDIR:-/tmp}/fresh.XXXXXX")}
mkdir -p "$dir"/{home,log,cargo}
dir=$(cd "$dir" && pwd)
[ $# -gt 0 ] || set -- demo demo

for name in GOPROXY GOSUMDB GONOSUMDB GOFLAGS GOPRIVATE GONOPROXY; do
	value=$(cd / && go env "$name")
	[ -z "$value" ] || export "$name=$value"
done
for f in config config.toml; do
	[ ! -f "${CARGO_HOME:-$HOME/.cargo}/$f" ] || cp "${CARGO_HOME:-$HOME/.cargo}/$f" "$dir/cargo/"
done
for f in "${PIP_CONFIG_FILE:-}" "${XDG_CONFIG_HOME:-$HOME/.config}/pip/pip.conf" "$HOME/.pip/pip.conf"; do
	if [ -f "$f" ]; then
		export PIP_CONFIG_FILE=$f
		break
	fi
done
if command -v rustup >/dev/null; then
	export RUSTUP_HOME=${RUSTUP_HOME:-$(rustup show home)}
fi
NEURONSTEER_PYTHON=$(python3 -c 'import sys; print(sys.executable)') # a version manager's python3 may need the home
export NEURONSTEER_PYTHON
unset NEURONSTEER_LIBTOKENIZERS NEURONSTEER_STORE NEURONSTEER_BIN NEURONSTEER_GOCACHE CGO_LDFLAGS GOEXPERIMENT
unset GOPATH GOBIN GOMODCACHE GOCACHE XDG_CONFIG_HOME XDG_DATA_HOME XDG_STATE_HOME
export HOME=$dir/home CARGO_HOME=$dir/cargo XDG_CACHE_HOME=$dir/home/.cache GOTOOLCHAIN=local

git clone --quiet --no-hardlinks "$root" "$dir/clone"
echo "clone of $(git -C "$dir/clone" log -1 --format='%h %s') in $dir/clone"
n=0
for target in "$@"; do
	n=$((n + 1))
	log=$dir/log/$n-$target.log
	start=$(date +%s)
	rc=0
	make -C "$dir/clone" --no-print-directory "$target" >"$log" 2>&1 </dev/null || rc=$?
	echo "make $target: exit $rc after $(($(date +%s) - start)) s; $log"
	if [ "$rc" != 0 ]; then
		tail -n 30 "$log" | sed 's/^/    /'
		exit "$rc"
	fi
done
