package hub

import (
	"os"
	"path/filepath"
	"strings"

	"github.com/neuronsteer/neuronsteer/internal/regular"
)

// DefaultEndpoint is where models are fetched from unless HF_ENDPOINT says otherwise.
const DefaultEndpoint = "https://huggingface.co"

// maxToken bounds the file of a token.
const maxToken = 16 << 10

// Endpoint returns the address of the hub, without a slash at its end.
func Endpoint() string {
	if s := os.Getenv("HF_ENDPOINT"); s != "" {
		return strings.TrimRight(s, "/")
	}
	return DefaultEndpoint
}

// Offline says whether the environment forbids the network.
func Offline() bool {
	return isTrue(os.Getenv("HF_HUB_OFFLINE")) || os.Getenv("HF_HUB_OFFLINE") == "" && isTrue(os.Getenv("TRANSFORMERS_OFFLINE"))
}

// NoLinks says whether the environment wants copies in place of links.
func NoLinks() bool { return isTrue(os.Getenv("HF_HUB_DISABLE_SYMLINKS")) }

// Token returns what the user is known to the hub by, and where it was found, or nothing: HF_TOKEN, else the file that
// logging in has written.
func Token() (token, from string) {
	for _, name := range []string{"HF_TOKEN", "HUGGING_FACE_HUB_TOKEN"} {
		if s := clean(os.Getenv(name)); s != "" {
			return s, name
		}
	}
	if isTrue(os.Getenv("HF_HUB_DISABLE_IMPLICIT_TOKEN")) {
		return "", ""
	}
	path := expand(os.Getenv("HF_TOKEN_PATH"))
	if path == "" {
		if path = home(); path == "" {
			return "", ""
		}
		path = filepath.Join(path, "token")
	}
	b, err := regular.ReadText(path, maxToken)
	if err != nil {
		return "", ""
	}
	if s := clean(string(b)); s != "" {
		return s, path
	}
	return "", ""
}

// clean returns a token without what a header cannot hold.
func clean(s string) string {
	s = strings.TrimSpace(s)
	for _, r := range s {
		if r <= ' ' || r > '~' {
			return ""
		}
	}
	return s
}

// home returns the folder of everything that Hugging Face keeps for this user: HF_HOME, else huggingface in
// XDG_CACHE_HOME, else in ~/.cache on every system. It is empty where the user has none.
func home() string {
	if s := expand(os.Getenv("HF_HOME")); s != "" {
		return s
	}
	cache := os.Getenv("XDG_CACHE_HOME")
	if cache == "" {
		user, err := os.UserHomeDir()
		if err != nil {
			return ""
		}
		cache = filepath.Join(user, ".cache")
	}
	return filepath.Join(expand(cache), "huggingface")
}

// Caches returns the folders that models are looked for in. Fetched ones are put into the first. That of
// TRANSFORMERS_CACHE, which transformers had before version 5, is looked at last.
func Caches() []Cache {
	var all []Cache
	add := func(dir string) {
		if dir == "" {
			return
		}
		if abs, err := filepath.Abs(dir); err == nil {
			dir = abs
		}
		for _, c := range all {
			if string(c) == dir {
				return
			}
		}
		all = append(all, Cache(dir))
	}
	first := expand(os.Getenv("HF_HUB_CACHE"))
	if first == "" {
		first = expand(os.Getenv("HUGGINGFACE_HUB_CACHE"))
	}
	if h := home(); first == "" && h != "" {
		first = filepath.Join(h, "hub")
	}
	add(first)
	add(expand(os.Getenv("TRANSFORMERS_CACHE")))
	return all
}

// expand puts in the user's folder for ~ and variables for their names, as huggingface_hub does.
func expand(path string) string {
	if rest, ok := strings.CutPrefix(path, "~"); ok && (rest == "" || os.IsPathSeparator(rest[0])) {
		if user, err := os.UserHomeDir(); err == nil {
			path = user + rest
		}
	}
	return os.Expand(path, func(name string) string {
		if v, ok := os.LookupEnv(name); ok {
			return v
		}
		return "$" + name
	})
}

func isTrue(s string) bool {
	switch strings.ToUpper(s) {
	case "1", "ON", "YES", "TRUE":
		return true
	}
	return false
}
