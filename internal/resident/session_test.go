//go:build unix

package resident

import (
	"errors"
	"net"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/neuronsteer/neuronsteer/internal/lock"
	"github.com/neuronsteer/neuronsteer/steer"
	"github.com/neuronsteer/neuronsteer/steer/engine"
)

func TestHere(t *testing.T) {
	dir := t.TempDir()
	t.Setenv("GONB_TMP_DIR", dir)
	s, err := Here()
	if err != nil || s.Kernel != os.Getppid() || filepath.Base(s.Folder) != "neuronsteer" && len(dir) < 60 {
		t.Fatalf("%+v, %v", s, err)
	}
	t.Setenv("GONB_TMP_DIR", "")
	t.Setenv("XDG_RUNTIME_DIR", "/nowhere")
	t.Setenv("TMPDIR", "/tmp/"+strings.Repeat("long/", 40))
	if s, err := Here(); err != nil || s.Kernel != 0 || len(s.socket()) > maxSocket || filepath.Dir(s.Folder) != "/tmp" {
		t.Fatalf("%+v, %v", s, err)
	}
	short := t.TempDir()
	t.Setenv("XDG_RUNTIME_DIR", short)
	if s, err := Here(); err != nil || s.Folder != filepath.Join(short, "neuronsteer") && len(short) < 60 {
		t.Fatalf("%+v, %v", s, err)
	}
}

// A folder in which another user could stand in for the process is refused by both sides, before anything is read.
func TestFolderOfOthersIsRefused(t *testing.T) {
	mode := func(m os.FileMode) func(t *testing.T, dir string) {
		return func(t *testing.T, dir string) {
			if err := errors.Join(os.Mkdir(dir, 0o700), os.Chmod(dir, m)); err != nil {
				t.Fatal(err)
			}
		}
	}
	cases := map[string]func(t *testing.T, dir string){
		"written by all":   mode(0o777),
		"written by group": mode(0o770),
		"sticky":           mode(0o777 | os.ModeSticky),
		"entered by all":   mode(0o711),
		"link": func(t *testing.T, dir string) {
			to := filepath.Join(t.TempDir(), "private")
			mode(0o700)(t, to)
			if err := os.Symlink(to, dir); err != nil {
				t.Fatal(err)
			}
		},
		"file": func(t *testing.T, dir string) {
			if err := os.WriteFile(dir, nil, 0o600); err != nil {
				t.Fatal(err)
			}
		},
		"parent": func(t *testing.T, dir string) {
			mode(0o700)(t, dir)
			if err := os.Chmod(filepath.Dir(dir), 0o777); err != nil {
				t.Fatal(err)
			}
		},
	}
	if os.Getuid() == 0 {
		cases["owner"] = func(t *testing.T, dir string) {
			mode(0o700)(t, dir)
			if err := os.Chown(dir, 12345, 12345); err != nil {
				t.Fatal(err)
			}
		}
	}
	for name, prepare := range cases {
		t.Run(name, func(t *testing.T) {
			up := t.TempDir()
			s := Session{Folder: filepath.Join(up, "s"), Program: "/bin/false"}
			prepare(t, s.Folder)
			_, err := New(s, "m").Run(t.Context(), steer.Request{}, nil)
			if !errors.Is(err, engine.NoEngine) || !strings.Contains(err.Error(), up) {
				t.Error("cell:", err)
			}
			if _, _, err := s.Listen(t.Context()); !errors.Is(err, engine.NoEngine) {
				t.Error("serve:", err)
			}
			if _, _, err := s.Status(t.Context()); !errors.Is(err, engine.NoEngine) {
				t.Error("status:", err)
			}
			if left, _ := filepath.Glob(filepath.Join(s.Folder, "*")); len(left) > 0 {
				t.Error("written to:", left)
			}
		})
	}
}

func TestListenTakesOverOnlyWhatIsFree(t *testing.T) {
	s := Session{Folder: filepath.Join(t.TempDir(), "s")}
	if _, _, err := s.Listen(t.Context()); err == nil {
		t.Fatal("there is no folder")
	}
	if err := makeFolder(s.Folder); err != nil {
		t.Fatal(err)
	}
	if _, _, err := s.Listen(t.Context()); !errors.Is(err, engine.BadSetting) {
		t.Fatal("there is no nonce:", err)
	}
	nonce, err := s.prepare()
	if err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(s.socket(), nil, 0o600); err != nil { // as after a crash
		t.Fatal(err)
	}
	l, got, err := s.Listen(t.Context())
	if err != nil || got != nonce || len(nonce) < 16 {
		t.Fatal(got, err)
	}
	if _, err := lock.Try(filepath.Join(s.Folder, "engine.lock")); !errors.Is(err, lock.ErrHeld) {
		t.Fatal("the session is not claimed:", err)
	}
	if info, err := os.Stat(filepath.Join(s.Folder, "nonce")); err != nil || info.Mode().Perm() != 0o600 {
		t.Fatal(info.Mode(), err)
	}
	if err := l.Close(); err != nil {
		t.Fatal(err)
	}
	if _, err := os.Lstat(s.socket()); err == nil {
		t.Fatal("the socket stays")
	}
	l, again, err := s.Listen(t.Context())
	if err != nil || again != nonce {
		t.Fatal(err)
	}
	l.Close()
}

func TestFindProgram(t *testing.T) {
	dir := t.TempDir()
	write := func(path, text string, mode os.FileMode) string {
		t.Helper()
		path = filepath.Join(dir, path)
		if err := errors.Join(os.MkdirAll(filepath.Dir(path), 0o700), os.WriteFile(path, []byte(text), mode)); err != nil {
			t.Fatal(err)
		}
		return path
	}
	t.Setenv("NEURONSTEER_BIN", "")
	t.Setenv("PATH", filepath.Join(dir, "path"))
	notebook := filepath.Dir(write("clone/notebooks/a/x.ipynb", "", 0o600))
	t.Setenv("GONB_DIR", notebook)
	t.Chdir(dir)
	other := write("clone/bin/neuronsteer", "", 0o700)
	expect := func(want string) {
		t.Helper()
		if got, err := FindProgram(); err != nil || got != want {
			t.Errorf("%s, %v; want %s", got, err, want)
		}
	}
	if p, err := FindProgram(); !errors.Is(err, engine.NoEngine) || engine.Mistakes(err)[0].Hint == "" {
		t.Fatalf("%s of a folder that is no clone, %v", p, err)
	}
	expectPath := write("path/neuronsteer", "", 0o700)
	expect(expectPath)
	write("clone/go.mod", "// x\n"+module+"\n\ngo 1.26.5\n", 0o600)
	expect(other)
	if err := os.Chmod(other, 0o600); err != nil {
		t.Fatal(err)
	}
	expect(expectPath)
	if err := os.Remove(expectPath); err != nil {
		t.Fatal(err)
	}
	if _, err := FindProgram(); !errors.Is(err, engine.NoEngine) || !strings.Contains(err.Error(), "make -C "+filepath.Join(dir, "clone")) {
		t.Error(err)
	}
	t.Setenv("NEURONSTEER_BIN", other)
	if _, err := FindProgram(); !errors.Is(err, engine.NoEngine) || !strings.Contains(err.Error(), "NEURONSTEER_BIN") {
		t.Error(err)
	}
	t.Setenv("NEURONSTEER_BIN", write("elsewhere/ns", "", 0o700))
	expect(filepath.Join(dir, "elsewhere/ns"))
}

func TestEnvironment(t *testing.T) {
	t.Chdir("/tmp")
	got := environment([]string{"GONB_PIPE=/a", "PATH=x", "GONB_PIPE_BACK=/b", "GONB_DIR=/c", "NEURONSTEER_STORE=here", "NEURONSTEER_MODELS="})
	want := []string{"PATH=x", "GONB_DIR=/c", "NEURONSTEER_STORE=/tmp/here", "NEURONSTEER_MODELS="}
	if !slices.Equal(got, want) {
		t.Error(got)
	}
}

// Over a pipe the handshake is the same: the frames need no socket.
func TestHandshake(t *testing.T) {
	shake := func(server, client Hello) (c *Conn, atServer, atClient error) {
		a, b := net.Pipe()
		end := make(chan error)
		go func() {
			s, err := Accept(a, server)
			if err == nil && s.Peer != client {
				err = errors.New("another hello arrived")
			}
			if err != nil {
				a.Close()
			}
			end <- err
		}()
		c, atClient = Greet(b, client)
		b.Close()
		return c, <-end, atClient
	}
	me, you := Hello{Protocol: 1, Nonce: "n", Build: "b", PID: 1}, Hello{Protocol: 2, Nonce: "n", Build: "c", PID: 2}
	if c, s, err := shake(me, you); s != nil || err != nil || c.Peer != me {
		t.Fatal(s, err)
	}
	for _, nonce := range []string{"m", "", "nn"} {
		you.Nonce = nonce
		if c, s, err := shake(me, you); !errors.Is(s, ErrForeign) || !errors.Is(err, ErrForeign) || c.Peer.Build != "" {
			t.Fatal(nonce, s, err)
		}
	}
}
