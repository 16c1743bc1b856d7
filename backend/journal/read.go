package journal

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"maps"
	"os"
	"path/filepath"
	"time"

	"sqscope/backend"
)

// Entry is an act as it stands in the journal.
type Entry struct {
	ID     string
	At     time.Time // of the intent
	Who    Who
	Act    Act
	Result *Result // nil: under way, or nobody knows how it ended
	Ended  time.Time
}

// Page is a part of the journal, the newest act first. Problems are lines that
// could not be read; what they said is missing.
type Page struct {
	Entries  []Entry
	Problems []*backend.Error
}

// Reader reads the journal backwards, as it was when the reader was made: what
// is written later is not seen, so that pages fit together. It is for one
// goroutine at a time, and holds no file open between calls.
type Reader struct {
	dir     string
	files   []section // that have something left to read, the oldest first
	results map[string]line
}

// section is the part of a file that is yet to be read.
type section struct {
	name name
	end  int64 // bytes from the start
}

// Newest is a reader at the end of the journal. A journal that has no line yet is
// no error.
func (j *Journal) Newest() (*Reader, error) {
	r := &Reader{dir: j.dir, results: map[string]line{}}
	all, err := files(j.dir)
	if err != nil && !errors.Is(err, fs.ErrNotExist) {
		return nil, unreadable(j.dir, err)
	}
	for _, n := range all {
		info, err := os.Stat(filepath.Join(j.dir, n.String()))
		switch {
		case errors.Is(err, fs.ErrNotExist):
			continue // it was the oldest, and its time was up
		case err != nil:
			return nil, unreadable(n.String(), err)
		}
		r.files = append(r.files, section{n, info.Size()})
	}
	return r, nil
}

// Next returns the next acts, at most n; fewer mean that there are no more. A
// line of a newer format than ours is an error of [backend.KindUnsupported], and
// the reader stays before it.
func (r *Reader) Next(ctx context.Context, n int) (Page, error) {
	var page Page
	for len(r.files) > 0 && len(page.Entries) < n {
		if err := r.read(ctx, &page, n); err != nil {
			return page, err
		}
	}
	return page, nil
}

// read reads backwards in the newest file that is left.
func (r *Reader) read(ctx context.Context, page *Page, n int) error {
	at := &r.files[len(r.files)-1]
	path := filepath.Join(r.dir, at.name.String())
	f, err := os.Open(path)
	if errors.Is(err, fs.ErrNotExist) {
		r.files = r.files[:len(r.files)-1]
		return nil // its time was up meanwhile
	}
	if err != nil {
		return unreadable(path, err)
	}
	defer func() { _ = f.Close() }() // it was only read
	lines := backwards{file: f, end: at.end}
	for len(page.Entries) < n {
		if err := ctx.Err(); err != nil {
			return backend.AsError(err)
		}
		text, ok, err := lines.next()
		if err != nil {
			return unreadable(path, err)
		}
		if !ok {
			r.files = r.files[:len(r.files)-1]
			return nil
		}
		if len(bytes.TrimSpace(text)) > 0 {
			if err := r.take(page, text, path, lines.end, lines.end+int64(len(text)) == at.end); err != nil {
				return err
			}
		}
		at.end = lines.end
	}
	return nil
}

// take reads one line, which may have lost its end: a result waits for its
// intent, which comes later because we read backwards.
func (r *Reader) take(page *Page, text []byte, path string, offset int64, endless bool) error {
	var l line
	err := json.Unmarshal(text, &l)
	switch {
	case err == nil && l.V > Version:
		return &backend.Error{
			Kind: backend.KindUnsupported, Subject: path, Next: "use the sqscope that wrote it, or a newer one",
			Message: fmt.Sprintf("the journal has format %d here, this sqscope reads up to %d", l.V, Version),
		}
	case err != nil || l.V < 1 || l.ID == "" || l.Act == nil && l.Result == nil:
		page.Problems = append(page.Problems, remains(path, offset, endless, err))
	case l.Act == nil:
		r.results[l.ID] = l
	default:
		e := Entry{ID: l.ID, At: l.At, Act: *l.Act}
		if l.Who != nil {
			e.Who = *l.Who
		}
		if l.Result != nil {
			e.Result, e.Ended = l.Result, l.At
		} else if end, ok := r.results[l.ID]; ok {
			e.Result, e.Ended = end.Result, end.At
			delete(r.results, l.ID)
		}
		page.Entries = append(page.Entries, e)
	}
	return nil
}

// Unfinished are the acts without a result, but those of this process that are
// under way. Acts of another process that runs are among them.
func (j *Journal) Unfinished(ctx context.Context) (Page, error) {
	// With mu held no line is written, so what runs and what stands in the
	// files belong together.
	j.mu.Lock()
	running := maps.Clone(j.running)
	r, err := j.Newest()
	j.mu.Unlock()
	if err != nil {
		return Page{}, err
	}
	var open Page
	for {
		const batch = 1000
		page, err := r.Next(ctx, batch)
		open.Problems = append(open.Problems, page.Problems...)
		for _, e := range page.Entries {
			if _, runs := running[e.ID]; e.Result == nil && !runs {
				open.Entries = append(open.Entries, e)
			}
		}
		if err != nil || len(page.Entries) < batch {
			return open, err
		}
	}
}

func remains(path string, offset int64, endless bool, err error) *backend.Error {
	e := &backend.Error{
		Kind: backend.KindInvalid, Subject: path, Err: err, Next: "the rest was read; what this line said is lost",
		Message: fmt.Sprintf("the line at byte %d is no record", offset),
	}
	if endless {
		e.Message = fmt.Sprintf("the last line, at byte %d, is cut off", offset)
	}
	return e
}

func unreadable(path string, err error) error {
	return &backend.Error{Kind: backend.KindInternal, Subject: path, Message: "the journal could not be read: " + err.Error(), Next: "nothing was changed in it", Err: err}
}
