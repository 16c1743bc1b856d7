package admin

import (
	"fmt"
	"io"
)

// MaxSnapshot is the largest snapshot that is taken, in bytes.
const MaxSnapshot = 2 << 30

// SnapshotType is the media type of a snapshot, which is JSON line by line.
const SnapshotType = "application/jsonl"

// getSnapshot sends everything as one file. If that fails on the way the
// connection breaks, and the file has no end, without which none is restored.
func (h *handler) getSnapshot(c *call) error {
	if err := c.only(); err != nil {
		return err
	}
	if h.Stack.Snapshots == nil {
		return absent("snapshots")
	}
	now, err := h.now(c.r.Context())
	if err != nil {
		return err
	}
	return h.Stack.Snapshots.Snapshot(c.r.Context(), &download{
		call: c, name: "sqscope-" + now.UTC().Format("20060102T150405Z") + ".jsonl",
	})
}

// download is the answer to who wants a file. Until its first byte there can
// still be an error instead.
type download struct {
	*call
	name string
}

func (d *download) Write(b []byte) (int, error) {
	if !d.begun {
		d.Header().Set("Content-Type", SnapshotType)
		d.Header().Set("Content-Disposition", fmt.Sprintf("attachment; filename=%q", d.name))
	}
	return d.call.Write(b)
}

// restore replaces everything by a file. One that is refused is read to its end
// all the same, or the client would still be sending and not hear why.
func (h *handler) restore(c *call) error {
	if err := c.only(); err != nil {
		return err
	}
	if h.Stack.Snapshots == nil {
		return absent("snapshots")
	}
	body := c.body(MaxSnapshot)
	err := h.Stack.Snapshots.Restore(c.r.Context(), body)
	if err == nil {
		return c.done()
	}
	if cause := unread(err); cause != nil {
		return cause
	}
	_, _ = io.Copy(io.Discard, body) // what is wrong is known already
	return err
}

// reset brings everything back to the start.
func (h *handler) reset(c *call) error {
	if err := c.only(); err != nil {
		return err
	}
	if h.Reset == nil {
		return absent("start to go back to")
	}
	if n, err := io.Copy(io.Discard, c.body(MaxDocument)); n > 0 || err != nil {
		if cause := unread(err); cause != nil {
			return cause
		}
		return wrong("the body", "is not empty", "no body was expected")
	}
	if err := h.Reset(c.r.Context()); err != nil {
		return err
	}
	return c.done()
}
