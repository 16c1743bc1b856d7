package move

import (
	"crypto/rand"
	"errors"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"sync"
	"time"

	"sqscope/backend"
	"sqscope/backend/disk"
)

// keep is how many journals of ended moves stay.
const keep = 32

// file is what a journal is written to.
type file interface {
	Write([]byte) (int, error)
	Sync() error
	Close() error
}

// log writes the journal of one move, from any goroutine. After the first failure
// nothing more is written: what follows a torn line could not be relied on.
//
// Lock order: syncing before mu.
type log struct {
	id   string
	path string

	mu      sync.Mutex // guards what follows, and the order of lines
	file    file
	written int   // lines
	broken  error // why nothing more is written

	syncing sync.Mutex // guards synced, and a sync that is under way
	synced  int        // the first so many lines are on the disk
}

var pattern = regexp.MustCompile(`^move-(\d{8}T\d{6}-[A-Z2-7]{26})\.jsonl$`)

func pathOf(dir, id string) string { return filepath.Join(dir, "move-"+id+".jsonl") }

// create begins the journal of a new move, with the lock on it. Journals of moves
// that ended long ago are removed; that this failed is no reason not to move.
func create(o Options) (l *log, problems []*backend.Error, err error) {
	if err := os.MkdirAll(o.Dir, 0o700); err != nil {
		return nil, nil, unwritable(o.Dir, err)
	}
	if err := tidy(o.Dir); err != nil {
		problems = append(problems, backend.AsError(err))
	}
	now := time.Now()
	id := now.UTC().Format("20060102T150405-") + rand.Text()
	f, err := os.OpenFile(pathOf(o.Dir, id), os.O_APPEND|os.O_CREATE|os.O_EXCL|os.O_WRONLY, 0o600)
	if err != nil {
		return nil, nil, unwritable(o.Dir, err)
	}
	l = &log{id: id, path: f.Name(), file: f}
	if o.wrap != nil {
		l.file = o.wrap(f)
	}
	// Somebody may be looking at this very moment whether the lock is held, which
	// takes no time.
	if _, err = lock(f, true, true); err == nil {
		err = l.put(line{At: now, Move: headerOf(o, os.Getpid())}, true)
	}
	if err == nil {
		err = disk.SyncDir(o.Dir)
	}
	if err != nil {
		return nil, nil, unwritable(l.path, errors.Join(err, l.file.Close()))
	}
	return l, problems, nil
}

// put writes a line, and with sync returns only when it is on the disk.
func (l *log) put(ln line, sync bool) error {
	text, err := ln.encode()
	if err != nil {
		return err
	}
	n, err := l.append(text)
	if err != nil || !sync {
		return err
	}
	l.syncing.Lock()
	defer l.syncing.Unlock()
	if n <= l.synced {
		return nil // somebody else's sync did it
	}
	l.mu.Lock()
	n, err = l.written, l.broken
	l.mu.Unlock()
	if err != nil {
		return err
	}
	if err := l.file.Sync(); err != nil {
		l.mu.Lock()
		defer l.mu.Unlock()
		l.broken = err
		return err
	}
	l.synced = n
	return nil
}

// append returns the number of the line.
func (l *log) append(text []byte) (int, error) {
	l.mu.Lock()
	defer l.mu.Unlock()
	if l.broken != nil {
		return 0, l.broken
	}
	if _, err := l.file.Write(text); err != nil {
		l.broken = err
		return 0, err
	}
	l.written++
	return l.written, nil
}

// tidy removes the oldest journals of moves that have ended, beyond those that
// are kept.
func tidy(dir string) error {
	ids, err := list(dir)
	if err != nil {
		return err
	}
	kept := 0
	var errs []error
	for _, id := range slices.Backward(ids) {
		if kept++; kept <= keep {
			continue
		}
		m, err := load(dir, id)
		if err == nil && (m.Ended || !m.began()) {
			err = os.Remove(m.Path)
		}
		if err != nil && !errors.Is(err, os.ErrNotExist) { // another process may have been first
			errs = append(errs, err)
		}
	}
	if err := errors.Join(errs...); err != nil {
		return &backend.Error{Kind: backend.KindInternal, Subject: dir, Message: "old journals of moves could not be removed: " + err.Error(), Next: "remove them yourself; messages are moved all the same", Err: err}
	}
	return nil
}

func unwritable(path string, err error) error {
	return &backend.Error{Kind: backend.KindInternal, Subject: path, Message: "the journal of the move could not be written: " + err.Error(), Next: "nothing is sent or deleted without it; make room or rights there and try again", Err: err}
}
