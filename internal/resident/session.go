package resident

import (
	"context"
	"crypto/rand"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"io/fs"
	"net"
	"os"
	"path/filepath"
	"strings"
	"time"

	"github.com/neuronsteer/neuronsteer/internal/atomicfile"
	"github.com/neuronsteer/neuronsteer/internal/lock"
	"github.com/neuronsteer/neuronsteer/internal/regular"
	"github.com/neuronsteer/neuronsteer/steer/engine"
)

// A Session says which process serves and how it is started.
type Session struct {
	Folder   string        // absolute; only its user can enter it
	Kernel   int           // the process whose end ends the session, for a cell its parent; 0: none
	Program  string        // the engine's program; empty: FindProgram
	Store    string        // folder of results that both sides use; empty: records travel as numbers
	Idle     time.Duration // without a request the process leaves after this long; 0: its own default
	Starting func()        // is told before a process is started; may be nil
	Notice   func(string)  // gets a line for people when a process was replaced; may be nil
}

// Here returns the session of this process: that of the notebook kernel which has started it, else one for the user.
func Here() (Session, error) {
	if dir := os.Getenv("GONB_TMP_DIR"); dir != "" {
		dir, err := filepath.Abs(dir)
		if err != nil {
			return Session{}, err
		}
		return Of(dir, os.Getppid()), nil
	}
	if dir := os.Getenv("XDG_RUNTIME_DIR"); filepath.IsAbs(dir) {
		if info, err := os.Stat(dir); err == nil && info.IsDir() {
			return Session{Folder: short(filepath.Join(dir, "neuronsteer"))}, nil
		}
	}
	dir, err := filepath.Abs(os.TempDir())
	return Session{Folder: short(filepath.Join(dir, fmt.Sprintf("neuronsteer-%d", os.Getuid())))}, err
}

// Of returns the session of the GoNB kernel that is the process pid and has the folder dir (GONB_TMP_DIR, absolute).
func Of(dir string, pid int) Session {
	return Session{Folder: short(filepath.Join(dir, "neuronsteer")), Kernel: pid}
}

// maxSocket is the longest path of a socket that every system takes (sun_path has 104 to 108 bytes).
const maxSocket = 100

// short returns dir, or a folder in /tmp that stands for it where its socket's path would be too long.
func short(dir string) string {
	if len(filepath.Join(dir, "engine.sock")) <= maxSocket {
		return dir
	}
	sum := sha256.Sum256([]byte(dir))
	return filepath.Join("/tmp", fmt.Sprintf("neuronsteer-%d-%s", os.Getuid(), hex.EncodeToString(sum[:4])))
}

func (s Session) socket() string { return filepath.Join(s.Folder, "engine.sock") }

// Log returns the file that the process writes its output to.
func (s Session) Log() string { return filepath.Join(s.Folder, "engine.log") }

// prepare creates the session's folder and nonce. The start lock is held.
func (s Session) prepare() (nonce string, err error) {
	path := filepath.Join(s.Folder, "nonce")
	if nonce, err = s.nonce(); err == nil {
		return nonce, nil
	}
	if !errors.Is(err, fs.ErrNotExist) {
		return "", err
	}
	nonce = rand.Text()
	return nonce, atomicfile.Write(path, []byte(nonce), 0o600)
}

// nonce reads the session's nonce.
func (s Session) nonce() (string, error) {
	b, err := regular.ReadOwn(filepath.Join(s.Folder, "nonce"), 1<<10)
	if err == nil && len(b) < 16 {
		err = fmt.Errorf("%s is cut short; remove it", filepath.Join(s.Folder, "nonce"))
	}
	return string(b), err
}

// Listen makes the calling process the one that serves the session: it waits until the one before it has let go, opens
// the socket and returns the nonce. Closing the listener removes the socket and lets go; ctx bounds only the call.
func (s Session) Listen(ctx context.Context) (l net.Listener, nonce string, err error) {
	if err := checkFolder(s.Folder); err != nil {
		return nil, "", err
	}
	if nonce, err = s.nonce(); err != nil {
		return nil, "", engine.Errorf(engine.BadSetting, "serve", "the session in %s has no nonce: %v", s.Folder, err).
			Try("leave it to a notebook to start this program")
	}
	release, err := lock.Within(ctx, filepath.Join(s.Folder, "engine.lock"), handshakeTime)
	if errors.Is(err, lock.ErrHeld) {
		return nil, "", engine.Errorf(engine.BadSetting, "serve", "the session is served by another process: %v", err)
	}
	if err != nil {
		return nil, "", err
	}
	// Who holds the lock owns the path: a socket that is still there belongs to nobody.
	if err := os.Remove(s.socket()); err != nil && !errors.Is(err, fs.ErrNotExist) {
		release()
		return nil, "", err
	}
	u, err := new(net.ListenConfig).Listen(ctx, "unix", s.socket())
	if err != nil {
		release()
		if strings.Contains(err.Error(), "invalid argument") {
			err = fmt.Errorf("%w (the path has %d bytes, at most %d work)", err, len(s.socket()), maxSocket)
		}
		return nil, "", err
	}
	return &claimed{u, release}, nonce, nil
}

// claimed is a listener that lets go of the session when it is closed.
type claimed struct {
	net.Listener
	release func()
}

// Close removes the socket, then lets the next process have it.
func (c *claimed) Close() error {
	err := c.Listener.Close()
	c.release()
	return err
}
