package modelref

import (
	"io/fs"
	"time"
)

// settled is how long a file must have been left alone before its state can vouch for its contents: within the clock's
// resolution a later change could leave all times as they are. Tests shorten it.
var settled = 2 * time.Second

// A state is what a file system says of a file and what changes with its contents. The modification time alone does not:
// who writes can set it back.
type state struct {
	Size    int64  `json:"size"`
	Time    int64  `json:"time"`    // modification, ns since 1970
	Changed int64  `json:"changed"` // of contents or attributes, ns since 1970
	Inode   uint64 `json:"inode"`
}

func stateOf(st fs.FileInfo) state {
	return state{Size: st.Size(), Time: st.ModTime().UnixNano(), Changed: changed(st).UnixNano(), Inode: inode(st)}
}

// settled says whether the file had been left alone for long enough when it was looked at, which is now.
func (s state) settled() bool { return time.Since(time.Unix(0, max(s.Time, s.Changed))) > settled }
