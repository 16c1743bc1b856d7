package proof

import (
	"context"
	"slices"
	"time"

	"sqscope/backend"
)

// room is for events between two looks; when it is not enough, the queues are
// browsed.
const room = 1 << 16

// keepEarly is how long ends of messages are kept that nobody has added yet: a
// consumer may be done with a message before the send is booked here.
const keepEarly = time.Minute

// events is what an engine tells of the queues that are followed.
type events struct {
	in    <-chan backend.Event
	early map[string]early
	// moved are the messages that a task of SQS took away and whose successors are
	// yet to be told, by destination: the next one sent there is it.
	moved map[string]*Item
	old   map[string]backend.Message // in From at the start, by id
	// strangers were sent to Back by somebody: perhaps by a consumer that sends on
	// what it could not process.
	strangers []string
}

type early struct {
	fate Fate
	at   time.Time // of our clock
}

// listen subscribes, and then reads what Back and From hold, so that nothing that
// arrives later is taken for old.
func (f *Follower) listen(ctx context.Context) error {
	in, err := f.o.From.Stack.Events.Subscribe(ctx, room)
	if err != nil {
		return err
	}
	f.events = events{in: in, early: map[string]early{}, moved: map[string]*Item{}, old: map[string]backend.Message{}}
	for _, q := range f.watched() {
		from := q.ARN == f.o.From.ARN
		if !from && !f.isBack(q.ARN.String()) {
			continue
		}
		stored, err := browse(ctx, q)
		if err != nil {
			return err
		}
		for id, m := range stored {
			f.known[id] = true
			if from {
				f.events.old[id] = m.Message
			}
		}
	}
	return nil
}

func browse(ctx context.Context, q Queue) (map[string]backend.StoredMessage, error) {
	all := map[string]backend.StoredMessage{}
	for out, err := range backend.Pages(ctx, q.Stack.Browse, q.URL, 10_000) {
		if err != nil {
			return nil, err
		}
		for _, m := range out.Messages {
			all[m.MessageId] = m
		}
	}
	return all, nil
}

func (f *Follower) isBack(arn string) bool { return among(f.o.Back, arn) }

func (f *Follower) isTo(arn string) bool { return among(f.o.To, arn) }

func among(all []Queue, arn string) bool {
	return slices.ContainsFunc(all, func(q Queue) bool { return q.ARN.String() == arn })
}

// hear takes the events since the last look. Where some were dropped, the queues
// are looked at instead.
func (f *Follower) hear(ctx context.Context) error {
	dropped := false
	for {
		select {
		case ev, ok := <-f.events.in:
			if !ok {
				return backend.Errorf(backend.KindCancelled, "the events of %s have ended", f.o.From.ARN.Name)
			}
			dropped = dropped || ev.Dropped > 0
			f.happened(ev)
			continue
		default:
		}
		break
	}
	for id, e := range f.events.early {
		if time.Since(e.at) > keepEarly {
			delete(f.events.early, id)
		}
	}
	if dropped {
		return f.lookAround(ctx)
	}
	return f.meet(ctx)
}

// meet looks at what was sent to Back: only its content tells what it is.
func (f *Follower) meet(ctx context.Context) error {
	if len(f.events.strangers) == 0 {
		return nil
	}
	for _, q := range f.o.Back {
		stored, err := browse(ctx, q)
		if err != nil {
			return err
		}
		for _, id := range f.events.strangers {
			if m, ok := stored[id]; ok {
				f.judge(m.Message)
			}
		}
	}
	f.events.strangers = nil
	return nil
}

func (f *Follower) happened(ev backend.Event) {
	it := f.byNew[ev.MessageId]
	switch ev.Kind {
	case backend.EventMoved:
		if ev.QueueArn == f.o.From.ARN.String() {
			f.events.moved[ev.To] = f.successor(ev)
		}
	case backend.EventSent:
		if next := f.events.moved[ev.QueueArn]; next != nil {
			delete(f.events.moved, ev.QueueArn)
			next.NewID, next.Fate = ev.MessageId, Waiting
			f.Add(*next)
		} else if f.isBack(ev.QueueArn) && it == nil {
			f.events.strangers = append(f.events.strangers, ev.MessageId)
		}
	case backend.EventReceived:
		if it != nil && f.isTo(ev.QueueArn) {
			it.Fate = InFlight
		}
	case backend.EventVisible:
		if it != nil && f.isTo(ev.QueueArn) {
			it.Fate = Waiting
		}
	case backend.EventDeleted, backend.EventExpired:
		if f.isTo(ev.QueueArn) {
			f.ended(ev.MessageId, map[backend.EventKind]Fate{backend.EventDeleted: Processed, backend.EventExpired: Lost}[ev.Kind])
		}
	case backend.EventDeadLettered:
		switch {
		case f.isBack(ev.To) && it == nil && !f.isTo(ev.QueueArn):
			f.arrived(ev.MessageId)
		case f.isBack(ev.To):
			f.ended(ev.MessageId, CameBack)
		case f.isTo(ev.QueueArn):
			f.ended(ev.MessageId, Elsewhere)
		}
	case backend.EventPurged, backend.EventQueueDeleted:
		f.swept(ev.QueueArn)
	default:
	}
}

// successor is the item of a message that a task of SQS took, but for its new id.
func (f *Follower) successor(ev backend.Event) *Item {
	m := f.events.old[ev.MessageId]
	it := &Item{Digest: digestOf(m), ID: ev.MessageId, To: ev.To, At: ev.At, Group: m.Attributes[backend.SysMessageGroupId]}
	if f.o.Past != nil {
		it.Before = f.o.Past(m)
	}
	return it
}

// ended notes the end of a message, which may be one that nobody has added yet. A
// message that went from a destination to Back and was not redriven is a new
// failure.
func (f *Follower) ended(id string, fate Fate) {
	if it := f.byNew[id]; it != nil {
		it.Fate = fate
		return
	}
	f.events.early[id] = early{fate, time.Now()}
	if fate == CameBack {
		f.arrived(id)
	}
}

// catchUp gives a message that is added the end that it has come to meanwhile.
func (e *events) catchUp(f *Follower, id string) {
	if x, ok := e.early[id]; ok {
		f.byNew[id].Fate = x.fate
		delete(e.early, id)
	}
	delete(f.fresh, id)
}

func (f *Follower) arrived(id string) {
	if !f.known[id] {
		f.fresh[id] = true
	}
}

// swept is for a queue that was purged or deleted with all that was in it.
func (f *Follower) swept(arn string) {
	for _, it := range f.items {
		if it.To == arn && !it.Fate.settled() {
			it.Fate = Lost
		}
	}
}

// lookAround finds the messages where they are now. Those that are nowhere were
// processed, or have expired: a browse cannot tell which.
func (f *Follower) lookAround(ctx context.Context) error {
	in := map[string]Fate{}
	for _, q := range f.watched() {
		stored, err := browse(ctx, q)
		if err != nil {
			if backend.KindOf(err) == backend.KindNotFound {
				continue
			}
			return err
		}
		for id, m := range stored {
			switch {
			case f.isBack(q.ARN.String()) && f.byNew[id] != nil:
				in[id] = CameBack
			case f.isBack(q.ARN.String()):
				f.arrived(id)
			case m.State == backend.StateInFlight:
				in[id] = InFlight
			default:
				in[id] = Waiting
			}
		}
	}
	for id, it := range f.byNew {
		if fate, ok := in[id]; ok {
			it.Fate = fate
		} else if !it.Fate.settled() {
			it.Fate = Processed
		}
	}
	return nil
}
