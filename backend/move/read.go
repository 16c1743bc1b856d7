package move

import (
	"bufio"
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"time"

	"sqscope/backend"
)

// Move is a move as its journal has it.
type Move struct {
	ID    string
	Path  string // of the journal
	At    time.Time
	Last  time.Time // the last thing that was written
	PID   int       // of the process that began it
	From  Place
	To    []Place
	Dedup Dedup
	Edits bool // messages were transformed
	// Mapped tells that a jq expression did it. A journal without that is of a change
	// by hand, or of a sqscope that did not write it down.
	Mapped bool

	Ended   bool // nothing is left to finish
	Running bool // a process has it in hand; none but that may finish it
	Stop    Stop // why it ended

	Messages []Message        // sent, or perhaps sent, in the order in which they were
	Moved    int              // of them sent, confirmed and deleted
	Both     []Message        // sent, and perhaps not deleted yet
	Doubtful []Message        // perhaps sent: possible duplicates
	Again    time.Time        // until then some of those can be sent once more and not be there twice; zero: none can
	Problems []*backend.Error // lines that could not be read

	expr   string // digest of the expression
	lease  time.Duration
	hidden time.Time // until then messages may be on a lease of ours
	facts  map[string]*fact
	newIDs map[string]string // that the destinations gave, with the message ids they stand for
}

// fact is what the journal knows of one message.
type fact struct {
	digest
	to    string
	state state
	newID string
	at    time.Time // of the first intent
}

// Moves are the moves that have a journal here, the oldest first. A directory
// that is not there has none.
func Moves(dir string) ([]Move, error) {
	ids, err := list(dir)
	if err != nil {
		return nil, err
	}
	var all []Move
	for _, id := range ids {
		m, err := load(dir, id)
		switch {
		case errors.Is(err, fs.ErrNotExist):
			continue // its time was up
		case err != nil:
			return nil, err
		case !m.began():
			continue
		}
		if !m.Ended {
			if m.Running, err = held(m.Path); err != nil {
				return nil, unreadable(m.Path, err)
			}
		}
		all = append(all, m)
	}
	return all, nil
}

// Unfinished are the moves that have not ended, those among them too that run
// right now.
func Unfinished(dir string) ([]Move, error) {
	all, err := Moves(dir)
	var open []Move
	for _, m := range all {
		if !m.Ended {
			open = append(open, m)
		}
	}
	return open, err
}

// began tells whether anything can have been done: the first line is on the disk
// before that.
func (m *Move) began() bool { return !m.At.IsZero() || len(m.facts) > 0 }

// list are the ids of the moves with a journal, the oldest first.
func list(dir string) ([]string, error) {
	entries, err := os.ReadDir(dir)
	if err != nil && !errors.Is(err, fs.ErrNotExist) {
		return nil, unreadable(dir, err)
	}
	var ids []string
	for _, e := range entries { // by name, which begins with the time
		if m := pattern.FindStringSubmatch(e.Name()); m != nil {
			ids = append(ids, m[1])
		}
	}
	return ids, nil
}

// held tells whether a process has the lock of a journal.
func held(path string) (bool, error) {
	f, err := os.Open(path)
	if err != nil {
		return false, err
	}
	free, err := lock(f, false, false)
	return !free, errors.Join(err, f.Close())
}

// load reads a journal. Lines that are cut off or broken are noted and passed
// over; one of a newer format than ours is an error of [backend.KindUnsupported].
func load(dir, id string) (Move, error) {
	m := Move{ID: id, Path: pathOf(dir, id), facts: map[string]*fact{}, newIDs: map[string]string{}}
	f, err := os.Open(m.Path)
	if err != nil {
		return m, unreadable(m.Path, err)
	}
	defer func() { _ = f.Close() }() // it was only read
	in := bufio.NewReader(f)
	var order []string
	for n := 1; ; n++ {
		text, err := in.ReadBytes('\n')
		if err != nil && !errors.Is(err, io.EOF) {
			return m, unreadable(m.Path, err)
		}
		if len(bytes.TrimSpace(text)) > 0 {
			var l line
			bad := json.Unmarshal(text, &l)
			switch {
			case bad == nil && l.V > Version:
				return m, newer(m.Path, l.V)
			case bad != nil || l.V < 1:
				m.Problems = append(m.Problems, broken(m.Path, n, err != nil, bad))
			default:
				order = append(order, m.add(l)...)
			}
		}
		if err != nil {
			break
		}
	}
	m.sum(order)
	return m, nil
}

// add takes one line, and returns the ids of messages that are new with it.
func (m *Move) add(l line) (fresh []string) {
	m.Last = l.At
	switch {
	case !l.Hidden.IsZero():
		m.hide(l.Hidden)
	case l.Move != nil:
		m.At, m.PID, m.From = l.At, l.Move.PID, l.Move.From.export()
		m.Dedup, m.Edits, m.lease = l.Move.Dedup, l.Move.Edits, l.Move.Lease
		m.expr, m.Mapped = l.Move.Map, l.Move.Map != ""
		for _, to := range l.Move.To {
			m.To = append(m.To, to.export())
		}
	case l.Send != nil:
		m.hide(l.At.Add(m.lease))
		for _, d := range l.Send.Messages {
			f := m.facts[d.ID]
			if f == nil || f.state != stateIntended && f.state != stateUnknown {
				f = &fact{at: l.At}
				if m.facts[d.ID] == nil {
					fresh = append(fresh, d.ID)
				}
				m.facts[d.ID] = f
			}
			f.digest, f.to, f.state = d, l.Send.To, stateIntended
		}
	case l.Sent != nil:
		for _, a := range l.Sent {
			if f := m.facts[a.ID]; f != nil {
				f.state, f.newID = a.State, a.NewID
			}
			if a.NewID != "" {
				m.newIDs[a.NewID] = a.ID
			}
		}
	case l.Deleted != nil:
		for _, id := range l.Deleted {
			if f := m.facts[id]; f != nil {
				f.state = stateDeleted
			}
		}
	case l.End != nil:
		m.Ended, m.Stop = true, l.End.Stop
	}
	return fresh
}

func (m *Move) hide(until time.Time) {
	if until.After(m.hidden) {
		m.hidden = until
	}
}

// MappedBy tells whether messages may have been changed by a jq expression: by this
// one where the journal tells, else by any.
func (m *Move) MappedBy(expr string) bool { return m.expr == "" || m.expr == mapDigest(expr) }

// sum sets what follows from the facts.
func (m *Move) sum(order []string) {
	for _, id := range order {
		msg, ok := m.facts[id].message()
		if !ok {
			continue
		}
		m.Messages = append(m.Messages, msg)
		switch msg.Outcome {
		case Moved:
			m.Moved++
		case Both:
			m.Both = append(m.Both, msg)
		default:
			m.Doubtful = append(m.Doubtful, msg)
			if until := m.facts[id].again(); until.After(m.Again) {
				m.Again = until
			}
		}
	}
}

// message is what a journal knows of a message that was sent, or perhaps was.
func (f *fact) message() (Message, bool) {
	arn, _ := backend.ParseARN(f.to) // what we wrote; a broken one is the zero ARN
	msg := Message{
		ID: f.ID, MD5: f.MD5, NewID: f.newID, NewMD5: f.NewMD5, NewAttributes: f.NewAttributes, Group: f.Group, To: arn, Outcome: Moved,
	}
	switch f.state {
	case stateSent:
		msg.Outcome, msg.Why = Both, notDeleted()
	case stateIntended, stateUnknown:
		msg.Outcome, msg.Why = PossibleDuplicate, noAnswer(nil)
	case stateNot, stateSwallow:
		return msg, false
	case stateDeleted:
	}
	return msg, true
}

func newer(path string, v int) error {
	return &backend.Error{
		Kind: backend.KindUnsupported, Subject: path, Next: "use the sqscope that wrote it, or a newer one",
		Message: fmt.Sprintf("the journal of a move has format %d, this sqscope reads up to %d", v, Version),
	}
}

func broken(path string, n int, cut bool, err error) *backend.Error {
	e := &backend.Error{
		Kind: backend.KindInvalid, Subject: path, Err: err, Next: "the rest was read; what this line said is lost",
		Message: fmt.Sprintf("line %d is no record", n),
	}
	if cut {
		e.Message = fmt.Sprintf("the last line, %d, is cut off", n)
		e.Next = "all before it was read; the write that it belongs to was not completed"
	}
	return e
}

func unreadable(path string, err error) error {
	return &backend.Error{Kind: backend.KindInternal, Subject: path, Message: "the journal of a move could not be read: " + err.Error(), Next: "nothing was changed in it", Err: err}
}
