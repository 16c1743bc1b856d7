// Package memo remembers between runs what a person arranged on the screen: the
// queues that are pinned, the views and templates that were saved, the columns, groups
// and markers of a queue's messages and, if the configuration says so, what was sent.
// A file that cannot be read is never replaced: what is in it may be wanted.
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
	"time"

	"sqscope/backend"
	"sqscope/backend/disk"
	"sqscope/backend/outbox"
	"sqscope/backend/triage/arrange"
)

// Format is the version of the file that this program writes. A newer one is
// refused.
const Format = 1

// Memo is what is remembered.
type Memo struct {
	Pins  map[string][]string // by the place's name: ARNs of queues
	Views []View              // in the order in which they were saved

	// MessageColumns are the columns of the message list that were chosen for a
	// queue, by its ARN.
	MessageColumns map[string][]string `json:",omitempty"`

	// Groups are what was arranged for the groups of dead letters of a queue, and
	// Markers what happened when, by the queue's ARN.
	Groups  map[string]arrange.Rules    `json:",omitempty"`
	Markers map[string][]arrange.Marker `json:",omitempty"`

	Templates []outbox.Template `json:",omitempty"` // in the order in which they were saved
	Sent      map[string][]Sent `json:",omitempty"` // by the queue's ARN, the last one first
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

// Sent is a message that was sent from the composer.
type Sent struct {
	At        time.Time
	MessageId string
	Draft     outbox.Draft
}

// How much is remembered of what was sent to a queue.
const (
	MostSent      = 20       // messages
	MostSentBytes = 64 << 10 // of a message: a longer one is remembered without its body
)

// Latest are those that are remembered of what was sent, the last one first.
func Latest(sent []Sent) []Sent { return sent[:min(len(sent), MostSent)] }

// NoteSent remembers a message that was sent to a queue. Bodies can be secrets: only
// who was told to keep them may call this.
func (m *Memo) NoteSent(queue backend.ARN, s Sent) {
	if s.Draft.Size() > MostSentBytes {
		s.Draft.Body = ""
	}
	if m.Sent == nil {
		m.Sent = map[string][]Sent{}
	}
	m.Sent[queue.String()] = Latest(append([]Sent{s}, m.Sent[queue.String()]...))
}

// SaveTemplate keeps a template, in place of one of that name.
func (m *Memo) SaveTemplate(t outbox.Template) {
	for i := range m.Templates {
		if m.Templates[i].Name == t.Name {
			m.Templates[i] = t
			return
		}
	}
	m.Templates = append(m.Templates, t)
}

// Pinned tells whether a queue is pinned.
func (m Memo) Pinned(place string, queue backend.ARN) bool {
	return slices.Contains(m.Pins[place], queue.String())
}

// MostMarkers is how many markers are remembered of a queue: the latest.
const MostMarkers = 20

// AddMarker remembers a marker of a queue, in the order of their times.
func (m *Memo) AddMarker(queue backend.ARN, marker arrange.Marker) {
	all := append(slices.Clone(m.Markers[queue.String()]), marker)
	slices.SortStableFunc(all, func(a, b arrange.Marker) int { return a.At.Compare(b.At) })
	if m.Markers == nil {
		m.Markers = map[string][]arrange.Marker{}
	}
	m.Markers[queue.String()] = all[max(0, len(all)-MostMarkers):]
}

// ArrangeGroups remembers what is arranged for the groups of a queue.
func (m *Memo) ArrangeGroups(queue backend.ARN, rules arrange.Rules) {
	if m.Groups == nil {
		m.Groups = map[string]arrange.Rules{}
	}
	m.Groups[queue.String()] = rules
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
