package memory

import (
	"bufio"
	"cmp"
	"context"
	"encoding/json"
	"io"
	"maps"
	"slices"
	"strconv"
	"strings"

	"sqscope/backend"
	"sqscope/backend/rules"
)

// snapshots is the engine as [backend.Snapshots].
type snapshots struct{ e *Engine }

var _ backend.Snapshots = snapshots{}

func (s snapshots) Snapshot(ctx context.Context, w io.Writer) error { return s.e.Snapshot(ctx, w) }
func (s snapshots) Restore(ctx context.Context, r io.Reader) error  { return s.e.Restore(ctx, r) }

// Keeper is somebody who keeps a section of the snapshots beside the engine's:
// a scenario its actors.
type Keeper interface {
	// Save is the section as JSON on one line. It is called while no event
	// runs, and must not move the clock.
	Save() (json.RawMessage, error)
	// Load looks into a section, nil if the snapshot has none, and says what is
	// wrong with it, or how to put it in force. Apply is called when the engine
	// holds what the snapshot held and no event runs; it must not move the clock
	// either. It may never be called.
	Load(section json.RawMessage) (apply func(), err error)
}

// Keep has somebody keep the section of that name from now on, instead of who
// did. A nil keeper gives the section up.
func (e *Engine) Keep(name string, k Keeper) {
	e.sections.Lock()
	defer e.sections.Unlock()
	if k == nil {
		delete(e.keepers, name)
		return
	}
	if e.keepers == nil {
		e.keepers = make(map[string]Keeper)
	}
	e.keepers[name] = k
}

// Section is what the snapshot that was restored last had under a name. Sections
// that nobody keeps stay as they are, and the next snapshot has them again.
func (e *Engine) Section(name string) (json.RawMessage, bool) {
	e.sections.Lock()
	defer e.sections.Unlock()
	value, ok := e.restored[name]
	return slices.Clone(value), ok
}

// Snapshot writes everything that the engine holds, exactly, as one file (see
// [backend.Snapshots]). What it holds is copied in one go, with time and all
// queues standing still, which costs O(n) in messages but not their bodies.
func (e *Engine) Snapshot(ctx context.Context, w io.Writer) error {
	const action = "Snapshot"
	if err := e.ready(ctx); err != nil {
		return about(action, "", err)
	}
	p, err := e.picture()
	if err == nil {
		err = p.write(ctx, w)
	}
	return about(action, "", err)
}

// picture is an engine at one moment.
type picture struct {
	head     headRecord
	faults   []faultRecord
	queues   []queuePicture
	sections map[string]json.RawMessage
}

type queuePicture struct {
	record     queueRecord
	groups     []groupRecord
	tenants    []tenantRecord
	duplicates []duplicateRecord
	attempts   []attemptRecord
	tasks      []taskRecord
	messages   []message
}

func (e *Engine) picture() (*picture, error) {
	e.clock.turn.Lock()
	defer e.clock.turn.Unlock()
	sections, err := e.save()
	if err != nil {
		return nil, err
	}
	queues, unlock := e.lockAll()
	defer unlock()
	now, pace := e.clock.now(), e.clock.current()
	e.deleted.prune(now)
	p := &picture{sections: sections, head: headRecord{
		Snapshot: snapshotFormat, Version: snapshotVersion, Account: e.account, Region: e.region,
		Now: now, Paused: pace.paused, Speed: pace.speed, Seed: word(e.seed), Secret: word(e.secret), Created: e.created,
		Deleted: make(map[string]int64),
	}}
	for name, d := range e.deleted.values {
		p.head.Deleted[name] = d.value
	}
	p.faults, p.head.Faults = e.faults.picture()
	for _, q := range queues {
		q.advance(now)
		p.queues = append(p.queues, q.picture())
		q.settle()
	}
	return p, nil
}

// save collects the sections.
func (e *Engine) save() (map[string]json.RawMessage, error) {
	e.sections.Lock()
	keepers, sections := maps.Clone(e.keepers), maps.Clone(e.restored)
	e.sections.Unlock()
	if sections == nil {
		sections = make(map[string]json.RawMessage)
	}
	for name, k := range keepers {
		value, err := k.Save()
		if err != nil {
			return nil, err
		}
		sections[name] = value
	}
	return sections, nil
}

// lockAll takes all queues, in the order of their creation, and the table of
// names.
func (e *Engine) lockAll() (queues []*queue, unlock func()) {
	byNumber := func(a, b *queue) int {
		if a.number < b.number {
			return -1
		}
		return 1
	}
	for {
		queues = e.all()
		slices.SortFunc(queues, byNumber)
		for _, q := range queues {
			q.mu.Lock()
		}
		e.mu.Lock()
		unlock = func() {
			e.mu.Unlock()
			for _, q := range queues {
				q.mu.Unlock()
			}
		}
		if same := slices.Clone(e.sorted); len(same) == len(queues) {
			slices.SortFunc(same, byNumber)
			if slices.Equal(same, queues) {
				return queues, unlock
			}
		}
		unlock() // a queue came or went meanwhile
	}
}

func (f *faults) picture() (list []faultRecord, given uint64) {
	f.mu.Lock()
	defer f.mu.Unlock()
	for _, one := range f.list {
		list = append(list, faultRecord{one.Fault, one.number, diceBytes(one.dice)})
	}
	return list, f.given
}

func (q *queue) picture() queuePicture {
	s := q.settings.Load()
	p := queuePicture{record: queueRecord{
		Name: q.name, Number: q.number, ID: word(q.id), Created: q.created, Modified: q.modified, Purged: q.purged,
		Attributes: savedAttributes(s.Settings), Tags: maps.Clone(q.tags), Dice: diceBytes(q.dice),
		Seq: q.seq, Turns: q.turns, Numbers: q.numbers,
		Sent: q.counts.sent, Received: q.counts.received, Deleted: q.counts.deleted, Expired: q.counts.expired, Echoed: q.echoed,
	}}
	if q.fifo {
		p.record.Scope = &scopeRecord{q.scope.now, q.scope.next, q.scope.at}
	}
	if g := q.shown; g.at != 0 {
		p.record.Shown = &gaugeRecord{g.at, g.visible, g.inFlight, g.delayed}
	}
	for id, g := range q.groups {
		p.groups = append(p.groups, groupRecord{id, g.turn})
	}
	if q.fair != nil {
		busy := q.fair.busy
		p.record.Busy = &busy
		for _, t := range q.fair.tenants {
			p.tenants = append(p.tenants, q.fair.picture(t))
		}
	}
	q.dedup.each(func(k dedupKey, at int64, of original) {
		p.duplicates = append(p.duplicates, duplicateRecord{at, k.group, k.id, of.id.String(), of.number})
	})
	q.attempts.each(func(id string, at int64, taken []replayed) {
		r := attemptRecord{At: at, ID: id}
		for _, one := range taken {
			r.Taken = append(r.Taken, receipt{one.seq, one.receipt})
		}
		p.attempts = append(p.attempts, r)
	})
	for _, t := range q.tasks {
		p.tasks = append(p.tasks, t.picture())
	}
	p.messages = make([]message, 0, q.messages.n)
	for m := q.messages.after(0); m != nil; m = q.messages.after(m.seq) {
		p.messages = append(p.messages, *m)
	}
	return p
}

func (f *fair) picture(t *tenant) tenantRecord {
	r := tenantRecord{ID: t.id, Noisy: t.isNoisy, Idle: t.idle, Busy: t.busy}
	if t.stored == 0 && f.due.has(t) {
		r.Due = f.due.slots[t.at[inDue]-1].key
	}
	return r
}

func (t *moveTask) picture() taskRecord {
	r := taskRecord{
		ID: t.id.String(), To: t.to, Rate: t.rate.Value, Status: t.status, Reason: t.reason, Started: t.started,
		Total: t.total, Moved: t.moved, Last: t.last, Interval: t.interval, Due: t.due,
	}
	if !t.status.Done() {
		r.Wake, r.Order = t.wake, t.order
	}
	return r
}

// savedAttributes are settings as CreateQueue takes them. Those that are not
// shown are among them.
func savedAttributes(s rules.Settings) map[string]string {
	attrs := s.Attributes()
	attrs[backend.AttrKmsDataKeyReusePeriodSeconds] = strconv.Itoa(s.KmsDataKeyReusePeriodSeconds)
	return attrs
}

// write puts a picture into words, without any lock.
func (p *picture) write(ctx context.Context, w io.Writer) error {
	out := bufio.NewWriterSize(w, 64<<10)
	l := lines{ctx: ctx, enc: json.NewEncoder(out)}
	l.enc.SetEscapeHTML(false)
	l.write(record{Head: &p.head})
	for i := range p.faults {
		l.write(record{Fault: &p.faults[i]})
	}
	end := endRecord{Queues: len(p.queues)}
	for i := range p.queues {
		p.queues[i].write(&l)
		end.Messages += len(p.queues[i].messages)
	}
	for _, name := range slices.Sorted(maps.Keys(p.sections)) {
		l.write(record{Section: &sectionRecord{name, p.sections[name]}})
	}
	l.write(record{End: &end})
	if l.err == nil {
		l.err = out.Flush()
	}
	return l.err
}

func (p *queuePicture) write(l *lines) {
	l.write(record{Queue: &p.record})
	slices.SortFunc(p.groups, func(a, b groupRecord) int { return cmp.Compare(a.Turn, b.Turn) })
	slices.SortFunc(p.tenants, func(a, b tenantRecord) int { return strings.Compare(a.ID, b.ID) })
	for i := range p.groups {
		l.write(record{Group: &p.groups[i]})
	}
	for i := range p.tenants {
		l.write(record{Tenant: &p.tenants[i]})
	}
	for i := range p.duplicates {
		l.write(record{Duplicate: &p.duplicates[i]})
	}
	for i := range p.attempts {
		l.write(record{Attempt: &p.attempts[i]})
	}
	for i := range p.tasks {
		l.write(record{Task: &p.tasks[i]})
	}
	for i := range p.messages {
		l.write(record{Message: p.messages[i].record()})
	}
}

// lines writes records until something goes wrong.
type lines struct {
	ctx context.Context
	enc *json.Encoder
	n   int
	err error
}

func (l *lines) write(r record) {
	if l.n++; l.err == nil && l.n%1000 == 0 {
		l.err = ended(l.ctx)
	}
	if l.err == nil {
		l.err = l.enc.Encode(r)
	}
}

// record is a copy of a message in words.
func (m *message) record() *messageRecord {
	r := &messageRecord{
		Seq: m.seq, ID: m.id.String(), Body: m.body, State: m.state.backend(), Until: m.until, Sent: m.sent, First: m.first,
		Received: m.received, Rank: m.rank, Receives: m.receives, Receipts: m.receipts, Changed: m.changed,
		Dedup: m.dedup, Number: m.number,
	}
	if m.group != nil {
		r.Group = m.group.id
	}
	x := m.extras
	if x == nil {
		return r
	}
	r.Trace, r.Source, r.Sender = x.trace, x.source, x.sender
	if x.group != "" {
		r.Group = x.group
	}
	if x.attributes != nil {
		r.Attributes = make(map[string]attributeRecord, len(x.attributes))
	}
	for _, a := range x.attributes {
		saved := attributeRecord{Type: a.DataType, Binary: a.BinaryValue}
		if a.StringValue.Set {
			saved.String = &a.StringValue.Value
		}
		r.Attributes[a.name] = saved
	}
	return r
}
