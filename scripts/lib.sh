# Functions for the scripts of this folder; source it. Everything built or downloaded lives below .local of the clone,
# except what is big and the same for every clone: that is in the user's cache folder.

root=$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)
local=$root/.local
logs=$local/log
cache=${XDG_CACHE_HOME:-$HOME/.cache}/neuronsteer
python=${NEURONSTEER_PYTHON:-python3}
mkdir -p "$local/stamp" "$local/bin" "$local/lib" "$logs"

# fail WHAT HINT: one line of what is wrong, one of what to type.
fail() {
	printf '\n%s\n  try: %s\n' "$1" "$2" >&2
	exit 1
}

# key WORD|FILE...: a hash of words and of the contents of files.
key() {
	for x in "$@"; do
		if [ -f "$x" ]; then cat "$x"; else printf '%s\n' "$x"; fi
	done | sha256sum | cut -c1-16
}

# cgo: 1 where the program is linked with the tokenizer library, 0 where a C compiler or cargo was missing when the clone was
# set up. The program then tokenizes in Go.
cgo() { cat "$local/cgo" 2>/dev/null || echo 1; }

now() { date +%s%N; }

# seconds SINCE: the time since then, with a tenth of a second.
seconds() {
	local ms=$((($(now) - $1) / 1000000))
	printf '%d.%d s' $((ms / 1000)) $((ms % 1000 / 100))
}

# stage NAME KEY RESULT COMMAND...: runs the command unless it has been done with this key and its result is there.
# One line with the time; the output goes to a log, whose end is shown on failure. The stamp is written last, so that an
# interrupted stage is done again.
stage() {
	local name=$1 key=$2 result=$3 start rc
	shift 3
	printf '%-14s ' "$name"
	if [ -e "$result" ] && [ "$(cat "$local/stamp/$name" 2>/dev/null)" = "$key" ]; then
		echo "ready"
		return
	fi
	rm -f "$local/stamp/$name"
	start=$(now)
	set +e # not "|| rc=$?", which would also turn off -e inside
	(
		set -e
		"$@"
	) >"$logs/$name.log" 2>&1 </dev/null
	rc=$?
	set -e
	if [ "$rc" != 0 ] || [ ! -e "$result" ]; then
		echo "FAILED after $(seconds "$start"); the end of ${logs#"$root"/}/$name.log:"
		tail -n 25 "$logs/$name.log" | sed 's/^/    /' >&2
		exit 1
	fi
	echo "$key" >"$local/stamp/$name.new"
	mv "$local/stamp/$name.new" "$local/stamp/$name"
	echo "done in $(seconds "$start")"
}

# alone: only one set-up of this clone at a time.
alone() {
	command -v flock >/dev/null || return 0
	exec 9>"$local/lock"
	flock 9
}

# make_venv NAME KEY REQUIREMENTS: a Python environment .local/NAME with exactly what the file names, by hash. A virtual
# environment cannot be moved, so each has the name of its inputs and a link says which is the one in use.
make_venv() {
	local to=$local/$1-$2
	rm -rf "$to"
	"$python" -m venv "$to"
	"$to/bin/python" -m pip install --quiet --disable-pip-version-check --no-deps --require-hashes --only-binary :all: -r "$3"
	# Once now, or every start would compile again where PYTHONDONTWRITEBYTECODE is set. A file that does not compile
	# (a template) is no failure.
	env -u PYTHONDONTWRITEBYTECODE "$to/bin/python" -m compileall -q -j 0 "$to/lib" || true
	ln -sfn "$1-$2" "$local/$1.new"
	mv -T "$local/$1.new" "$local/$1"
	find "$local" -maxdepth 1 -name "$1-*" ! -name "$1-$2" -exec rm -rf {} +
}

# page_script: what Go needs around WebAssembly, under its license.
page_script() {
	local goroot
	goroot=$(go env GOROOT)
	printf '/*\n'
	cat "$goroot/LICENSE"
	printf '*/\n'
	cat "$goroot/lib/wasm/wasm_exec.js"
}
