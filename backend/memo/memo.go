// Package memo remembers between runs what a person arranged on the screen: the
// queues that are pinned and the views that were saved. A file that cannot be read
// is never replaced: what is in it may be wanted.
//
// The file is written whole and renamed, so that it is always one that was
// wanted; of two programs that write at once the last one's change stays.
package memo

import (
	"encoding/json"
	"errors"
	"io"
	"io/fs"
	"os"
	"slices"
	"sync"

	"sqscope/backend"
	"sqscope/backend/disk"
)

// Format is the version of the file that this program writes. A newer one is
// refused.
const Format = 1

// Memo is what is remembered.
type Memo struct {
	Pins  map[string][]string // by the place's name: ARNs of queues
	Views []View              // in the order in which they were saved
}

// View is a way to look at the list of queues.
type View struct {
	Name    string
	Filter  string
	Sort    string
	Reverse bool
	Flat    bool     // dead-letter queues not under their sources
	Columns []string // in order; none: the usual ones
}

// Pinned tells whether a queue is pinned.
func (m Memo) Pinned(place string, queue backend.ARN) bool {
	return slices.Contains(m.Pins[place], queue.String())
}

// Store is the file. Make it with [Open]. It may be used from any goroutine.
type Store struct {
	path string
	mu   sync.Mutex
}

// Open names the file; "" is a store that forgets. Nothing is read yet.
func Open(path string) *Store { return &Store{path: path} }

// file is what is written.
type file struct {
	Format int
	Memo
}

// Load reads the file. One that is not there is an empty memo. Errors:
// KindInvalid for one that is not ours or newer, else KindInternal.
func (s *Store) Load() (Memo, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.load()
}

func (s *Store) load() (Memo, error) {
	if s.path == "" {
		return Memo{}, nil
	}
	data, err := os.ReadFile(s.path)
	switch {
	case errors.Is(err, fs.ErrNotExist):
		return Memo{}, nil
	case err != nil:
		return Memo{}, s.wrong(backend.KindInternal, "cannot be read", "check its permissions", err)
	}
	var f file
	if err := json.Unmarshal(data, &f); err != nil {
		return Memo{}, s.wrong(backend.KindInvalid, "is not a memo of sqscope", "remove it to start anew", err)
	}
	if f.Format > Format {
		return Memo{}, s.wrong(backend.KindInvalid, "was written by a newer sqscope", "use that one, or remove the file", nil)
	}
	return f.Memo, nil
}

// Change reads the file, changes the memo, writes it, and returns what is
// remembered now. What a newer program wrote is not replaced.
func (s *Store) Change(change func(*Memo)) (Memo, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	m, err := s.load()
	if err != nil {
		return m, err
	}
	change(&m)
	if s.path == "" {
		return m, nil
	}
	data, err := json.MarshalIndent(file{Format, m}, "", "  ")
	if err != nil {
		return m, s.wrong(backend.KindInternal, "cannot be written", "", err)
	}
	return m, s.write(append(data, '\n'))
}

func (s *Store) write(data []byte) error {
	err := disk.Write(s.path, func(w io.Writer) error { _, err := w.Write(data); return err })
	if err != nil {
		return s.wrong(backend.KindInternal, "cannot be written", "pins and views hold for this run only", err)
	}
	return nil
}

func (s *Store) wrong(kind backend.Kind, message, next string, err error) error {
	return &backend.Error{Kind: kind, Subject: s.path, Message: message, Next: next, Err: err}
}
