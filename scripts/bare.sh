#!/usr/bin/env bash
# Tries a release where nothing is: a root folder with a minimal Debian and Python alone, no Go, no compiler, no clone.
# usage: bare.sh [-r ROOT] RELEASE        e.g. bare.sh out/release; needs root, and debootstrap where ROOT is not made yet
# First the program alone, unpacked there; then the wheel, installed by pip, whose kernel runs a notebook without an import
# cell in an empty folder. Prints sizes and seconds.
set -euo pipefail
. "$(dirname "$0")/lib.sh"
bare=${TMPDIR:-/tmp}/neuronsteer-bare
if [ "${1:-}" = -r ]; then
	bare=$2
	shift 2
fi
release=$(cd "${1:-$root/out/release}" && pwd)
[ "$(id -u)" = 0 ] || fail "only root can change the root folder" "sudo scripts/bare.sh"
if [ ! -x "$bare/usr/bin/python3" ]; then
	command -v debootstrap >/dev/null || fail "debootstrap is missing" "apt-get install debootstrap"
	printf '%-34s ' "a minimal Debian with Python"
	start=$(now)
	debootstrap --variant=minbase --include=python3,python3-venv,ca-certificates stable "$bare" >"$logs/bare.log" 2>&1 || {
		tail -n 20 "$logs/bare.log" >&2
		exit 1
	}
	echo "done in $(seconds "$start")"
fi

# Where packages come from is told to it as it is told here.
cp -L /etc/resolv.conf /etc/hosts "$bare/etc/"
for f in /etc/pip.conf "${PIP_CONFIG_FILE:-}"; do
	[ ! -f "$f" ] || cp "$f" "$bare/etc/pip.conf"
done
cp -L /etc/ssl/certs/ca-certificates.crt "$bare/etc/ssl/certs/"
rm -rf "$bare/root" "$bare/venv" "$bare/program" "$bare/wheels" "$bare/work"
mkdir -p "$bare"/{root,program,wheels,work}
mount --bind /dev "$bare/dev"
mount -t proc proc "$bare/proc"
trap 'umount "$bare/dev" "$bare/proc"' EXIT

# in_bare COMMAND: runs it there, with nothing of this environment.
in_bare() { chroot "$bare" /usr/bin/env -i HOME=/root PATH=/usr/bin:/bin LANG=C.UTF-8 TERM=dumb sh -ec "$1"; }

# timed WHAT COMMAND: runs it there and says how long it took.
timed() {
	local start
	printf '%-34s ' "$1"
	start=$(now)
	in_bare "$2" >>"$logs/bare.log" 2>&1 </dev/null || {
		echo "FAILED after $(seconds "$start")"
		tail -n 30 "$logs/bare.log" | sed 's/^/    /' >&2
		exit 1
	}
	echo "$(seconds "$start")"
}

: >"$logs/bare.log"
if in_bare 'command -v go || command -v cc || command -v git' >/dev/null; then fail "$bare has more than Python" "rm -r $bare"; fi
machine=$(go env GOARCH)
tar -C "$bare/program" --strip-components=1 -xzf "$release"/neuronsteer-*-linux-"$machine".tar.gz
printf '%-34s %s MB\n' "the program" "$(($(stat -c %s "$bare/program/neuronsteer") / 1000000))"
timed "… its demo, with the teaching model" '/program/neuronsteer demo --model teaching'

wheel=$(ls "$release"/*"$(uname -m)".whl)
cp "$wheel" "$bare/wheels/"
printf '%-34s %s MB\n' "the wheel" "$(($(stat -c %s "$wheel") / 1000000))"
timed "pip install" "python3 -m venv /venv && /venv/bin/pip install --no-cache-dir /wheels/*.whl"
printf '%-34s %s MB\n' "… all that it brings" "$(du -sm "$bare/venv" | cut -f1)"
cp "$root/scripts/bare.ipynb" "$bare/work/first.ipynb"
timed "a first notebook, cold" 'cd /work && /venv/bin/jupyter execute --output=out first.ipynb'
timed "… and again" 'cd /work && /venv/bin/jupyter execute --output=again first.ipynb'
in_bare 'cd /work && /venv/bin/python - out.ipynb' <<'PY'
import json, sys
cells = [c for c in json.load(open(sys.argv[1]))["cells"] if c["cell_type"] == "code"]
outputs = [o for c in cells for o in c["outputs"]]
figures = sum("image/png" in o.get("data", {}) for o in outputs)
print(f"{len(cells)} cells, {len(outputs)} outputs, {figures} figures")
if any(o["output_type"] == "error" for o in outputs) or not figures:
    sys.exit("the notebook did not run")
PY
