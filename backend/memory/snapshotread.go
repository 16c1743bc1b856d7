package memory

import (
	"bufio"
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"reflect"
	"strings"
	"unicode/utf8"

	"sqscope/backend"
	"sqscope/backend/rules"
)

// world is what a snapshot holds, built and checked and not yet in force.
type world struct {
	head     headRecord
	faults   []*fault
	queues   []*queue
	tasks    []*moveTask // that are to go on
	sections map[string]json.RawMessage
}

// reader reads a snapshot line by line. It keeps no more than what it builds.
type reader struct {
	e    *Engine
	in   *bufio.Reader
	line int
	buf  []byte
	w    *world
	q    *queue // whose lines these are
	rec  queueRecord
	part int // how far the lines of the queue are, by kind
	// turns are those of the queue's groups that have had no message yet.
	turns    map[string]uint64
	noisy    []*tenant
	last     uint64          // sequence of the queue's last message so far
	names    map[string]bool // of queues
	ids      map[string]bool // of faults
	messages int
	ended    bool
}

// bad is an error at the present line.
func (r *reader) bad(format string, args ...any) error {
	err := backend.Errorf(backend.KindInvalid, "line %d: "+format, append([]any{r.line}, args...)...)
	err.Next = "use a snapshot as it was written"
	return err
}

// readWorld reads a whole snapshot, or says what is wrong with it.
func (e *Engine) readWorld(ctx context.Context, in io.Reader) (*world, error) {
	r := &reader{
		e: e, in: bufio.NewReaderSize(in, 64<<10), names: make(map[string]bool), ids: make(map[string]bool),
		w: &world{sections: make(map[string]json.RawMessage)},
	}
	for {
		if r.line%1000 == 0 {
			if err := ended(ctx); err != nil {
				return nil, err
			}
		}
		line, err := r.next()
		if errors.Is(err, io.EOF) && len(line) == 0 {
			break
		}
		if err != nil && !errors.Is(err, io.EOF) {
			return nil, fmt.Errorf("reading the snapshot: %w", err)
		}
		if err := r.take(line); err != nil {
			return nil, err
		}
	}
	r.line++
	switch {
	case r.line == 1:
		return nil, r.bad("the file is empty, and a head was expected")
	case !r.ended:
		return nil, r.bad("the file ends here, and more lines up to the end were expected")
	}
	return r.w, nil
}

// next is the next line without its end.
func (r *reader) next() ([]byte, error) {
	r.buf = r.buf[:0]
	for {
		part, err := r.in.ReadSlice('\n')
		r.buf = append(r.buf, part...)
		if !errors.Is(err, bufio.ErrBufferFull) {
			return bytes.TrimSuffix(r.buf, []byte("\n")), err
		}
	}
}

func (r *reader) take(line []byte) error {
	r.line++
	if r.ended {
		return r.bad("nothing was expected after the end")
	}
	if !utf8.Valid(line) {
		return r.bad("UTF-8 was expected")
	}
	if r.line == 1 {
		if err := r.checkVersion(line); err != nil {
			return err
		}
	}
	var rec record
	dec := json.NewDecoder(bytes.NewReader(line))
	dec.DisallowUnknownFields()
	if err := dec.Decode(&rec); err != nil {
		return r.bad("%v", err)
	}
	if _, err := dec.Token(); !errors.Is(err, io.EOF) {
		return r.bad("one JSON object was expected")
	}
	if n := members(rec); n != 1 {
		return r.bad("an object with one member was expected, not with %d", n)
	}
	if (rec.Head != nil) != (r.line == 1) {
		return r.bad("a head was expected in the first line and nowhere else")
	}
	return r.record(rec)
}

func members(rec record) (n int) {
	v := reflect.ValueOf(rec)
	for i := range v.NumField() {
		if !v.Field(i).IsNil() {
			n++
		}
	}
	return n
}

// checkVersion looks at the head before it is read in full: a newer one may have
// members that are not known here.
func (r *reader) checkVersion(line []byte) error {
	var head struct {
		Head struct {
			Snapshot string
			Version  int
		}
	}
	if err := json.Unmarshal(line, &head); err != nil || head.Head.Snapshot != snapshotFormat {
		return r.bad("this is no snapshot: the head of one was expected")
	}
	switch v := head.Head.Version; {
	case v > snapshotVersion:
		err := r.bad("the snapshot is of version %d, and this program knows up to %d", v, snapshotVersion)
		backend.AsError(err).Next = "use a newer sqscope"
		return err
	case v < 1:
		return r.bad("a version of 1 to %d was expected, not %d", snapshotVersion, v)
	}
	return nil
}

// The parts of a queue, in the order in which they come.
const (
	partGroup = iota
	partTenant
	partDuplicate
	partAttempt
	partTask
	partMessage
)

func (r *reader) record(rec record) error {
	switch {
	case rec.Head != nil:
		return r.head(*rec.Head)
	case rec.Fault != nil:
		return r.fault(*rec.Fault)
	case rec.Queue != nil:
		return r.queue(*rec.Queue)
	case rec.Group != nil:
		return r.inQueue(partGroup, func() error { return r.group(*rec.Group) })
	case rec.Tenant != nil:
		return r.inQueue(partTenant, func() error { return r.tenant(*rec.Tenant) })
	case rec.Duplicate != nil:
		return r.inQueue(partDuplicate, func() error { return r.duplicate(*rec.Duplicate) })
	case rec.Attempt != nil:
		return r.inQueue(partAttempt, func() error { return r.attempt(*rec.Attempt) })
	case rec.Task != nil:
		return r.inQueue(partTask, func() error { return r.task(*rec.Task) })
	case rec.Message != nil:
		return r.inQueue(partMessage, func() error { return r.message(*rec.Message) })
	case rec.Section != nil:
		return r.section(*rec.Section)
	}
	return r.end(*rec.End)
}

// inQueue reads a line of a queue, in the order of the parts.
func (r *reader) inQueue(part int, read func() error) error {
	switch {
	case r.q == nil:
		return r.bad("a queue was expected before this")
	case part < r.part:
		return r.bad("the lines of a queue are out of order: group, tenant, duplicate, attempt, task, message was expected")
	}
	r.part = part
	return read()
}

func (r *reader) head(h headRecord) error {
	e := r.e
	switch {
	case h.Account != e.account || h.Region != e.region:
		err := r.bad("the snapshot is of account %s in %s, and this engine is %s in %s", h.Account, h.Region, e.account, e.region)
		backend.AsError(err).Next = fmt.Sprintf("start with --account %s --region %s", h.Account, h.Region)
		return err
	case !isTime(h.Now):
		return r.bad("a time was expected, not %d", h.Now)
	case !(h.Speed >= MinSpeed && h.Speed <= MaxSpeed):
		return r.bad("a speed between %g and %d was expected, not %g", MinSpeed, MaxSpeed, h.Speed)
	case h.Created > countable || h.Faults > countable:
		return r.bad("a count below %d was expected", uint64(countable))
	}
	for name, at := range h.Deleted {
		if !isTime(at) || at > h.Now || rules.QueueName(name, strings.HasSuffix(name, ".fifo")) != nil {
			return r.bad("a deleted queue with the time of that was expected, not %q at %d", name, at)
		}
	}
	r.w.head = h
	return nil
}

// countable is what no count or sequence comes near.
const countable = 1 << 62

func isTime(at int64) bool { return at >= 0 && at <= farthest }

func (r *reader) fault(f faultRecord) error {
	if r.q != nil || len(r.w.sections) > 0 {
		return r.bad("faults were expected before queues and sections")
	}
	one := &fault{Fault: f.Fault, number: f.Number}
	var err error
	if one.dice, err = diceOf(f.Dice); err != nil {
		return r.bad("the fault's dice: %v", err)
	}
	if err := checkFault(f.Fault); err != nil {
		return r.bad("%s", backend.AsError(err).Message)
	}
	if f.ID == "" || f.Happened < 0 || f.Probability == 0 || f.Number > r.w.head.Faults {
		return r.bad("a fault that was set was expected")
	}
	if r.ids[f.ID] {
		return r.bad("the fault %s is there twice", f.ID)
	}
	r.ids[f.ID] = true
	r.w.faults = append(r.w.faults, one)
	return nil
}

func (r *reader) section(s sectionRecord) error {
	if err := r.closeQueue(); err != nil {
		return err
	}
	if _, twice := r.w.sections[s.Name]; twice || s.Name == "" || len(s.Value) == 0 {
		return r.bad("a section with a name of its own and a value was expected")
	}
	r.w.sections[s.Name] = s.Value
	return nil
}

func (r *reader) end(end endRecord) error {
	if err := r.closeQueue(); err != nil {
		return err
	}
	if end.Queues != len(r.w.queues) || end.Messages != r.messages {
		return r.bad("%d queues and %d messages were expected, and there were %d and %d",
			end.Queues, end.Messages, len(r.w.queues), r.messages)
	}
	if len(r.w.tasks) > rules.MaxMoveTasks {
		return r.bad("%d move tasks run, and at most %d were expected", len(r.w.tasks), rules.MaxMoveTasks)
	}
	r.ended = true
	return nil
}
