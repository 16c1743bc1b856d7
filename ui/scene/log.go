package scene

import (
	"context"
	"time"

	tea "charm.land/bubbletea/v2"

	"sqscope/backend"
	"sqscope/themes"
	"sqscope/ui/format"
	"sqscope/ui/screen"
	"sqscope/ui/text"
)

// logRoom is how many events are remembered.
const logRoom = 16_384

// log are the events since the screen was opened, the last ones of them.
type log struct {
	ring    []backend.Event
	first   int       // of the ring, once it is full
	since   time.Time // from when on nothing has been forgotten
	dropped uint64    // that never came
	life    []backend.Event
}

func (l *log) add(e backend.Event, follow string) {
	l.dropped += e.Dropped
	if e.Dropped > 0 {
		l.since = e.At
	}
	if len(l.ring) < logRoom {
		l.ring = append(l.ring, e)
	} else {
		l.since = l.ring[l.first].At
		l.ring[l.first] = e
		l.first = (l.first + 1) % logRoom
	}
	if follow != "" && e.MessageId == follow {
		l.life = append(l.life, e)
	}
}

// each visits the events, the last one first, until visit says no.
func (l *log) each(visit func(e *backend.Event) bool) {
	for i := range l.ring {
		if !visit(&l.ring[(l.first+len(l.ring)-1-i)%len(l.ring)]) {
			return
		}
	}
}

// trace finds what is known of a message.
func (l *log) trace(message string) {
	l.life = nil
	for i := range l.ring {
		if e := &l.ring[(l.first+i)%len(l.ring)]; message != "" && e.MessageId == message {
			l.life = append(l.life, *e)
		}
	}
}

// cut forgets what came after an instant to which time was turned back.
func (l *log) cut(at time.Time, follow string) {
	kept := make([]backend.Event, 0, len(l.ring))
	for i := range l.ring {
		e := l.ring[(l.first+i)%len(l.ring)]
		if e.At.After(at) || e.Kind == backend.EventRestored {
			continue
		}
		kept = append(kept, e)
	}
	l.ring, l.first = kept, 0
	l.trace(follow)
}

type listening struct {
	events <-chan backend.Event
	err    error
}

// listen subscribes to the engine's events until the screen is left.
func (m *Model) listen() tea.Cmd {
	if m.Conn.Stack.Events == nil {
		return nil
	}
	ctx, cancel := context.WithCancel(m.Conn.Context)
	m.hush = cancel
	events := m.Conn.Stack.Events
	return m.Do(screen.ReadLimit, func(context.Context) tea.Msg {
		ch, err := events.Subscribe(ctx, eventRoom)
		return listening{ch, err}
	})
}

func (m *Model) listened(l listening) tea.Cmd {
	if l.err != nil {
		return m.Env.Host.Fail(l.err)
	}
	m.events = l.events
	m.log.since = m.picture.At
	return nil
}

// drain takes the events that have come. It does not wait for any.
func (m *Model) drain(now time.Time) {
	for m.events != nil {
		select {
		case e, ok := <-m.events:
			if !ok {
				m.events = nil
				return
			}
			if m.log.since.IsZero() {
				m.log.since = e.At
			}
			if e.Kind == backend.EventRestored {
				m.log.cut(e.At, m.follow)
				m.sparks = nil
			}
			m.log.add(e, m.follow)
			m.study.forget(&e)
			m.shoot(e, now)
		default:
			return
		}
	}
}

// shoot makes a spark of what no actor does: a message goes to another queue.
func (m *Model) shoot(e backend.Event, now time.Time) {
	to, ok := backend.ParseARN(e.To)
	from, is := backend.ParseARN(e.QueueArn)
	if !ok || !is || m.Env.LowMotion || m.covered || len(m.sparks) >= most {
		return
	}
	m.sparks = append(m.sparks, spark{
		Flight: backend.Flight{Kind: deadLettered, From: from.Name, To: to.Name, MessageId: e.MessageId}, born: now,
	})
}

// eventLine is an event in words: of which message, if that is to be said, and
// of which queue, unless that is the given one.
func (m *Model) eventLine(e *backend.Event, named bool, of string, w int) string {
	t := m.Env.Theme
	queue, _ := backend.ParseARN(e.QueueArn)
	to, _ := backend.ParseARN(e.To)
	in := func(word string) string {
		if e.QueueArn == of {
			return ""
		}
		return " " + word + " " + queue.Name
	}
	sign, role, what := "·", themes.Text, string(e.Kind)+in("of")
	switch e.Kind {
	case backend.EventSent:
		sign, what = "●", "sent"+in("to")
	case backend.EventDuplicate:
		sign, role, what = "≠", themes.Warn, "swallowed as a duplicate"+in("by")
	case backend.EventReceived:
		sign, what = "◐", "received "+times(e.Count)+in("from")
	case backend.EventVisible:
		sign, role, what = "◁", themes.Warn, "visible"+in("in")
	case backend.EventDeleted:
		sign, role, what = "✓", themes.Good, "deleted"+in("from")
	case backend.EventExpired:
		sign, role, what = "✗", themes.Bad, "expired, lost"+in("in")
	case backend.EventDeadLettered:
		sign, role, what = "▼", themes.DLQ, "to "+to.Name+in("from")
	case backend.EventMoved:
		sign, what = "▲", "moved to "+to.Name+in("from")
	case backend.EventFault:
		sign, role, what = "!", themes.Warn, "fault "+string(e.Fault)+" in "+e.Action+in("of")
	case backend.EventQueueCreated:
		sign, what = "+", "queue made"+in("·")
	case backend.EventQueueDeleted:
		sign, role, what = "✗", themes.Bad, "queue deleted"+in("·")
	case backend.EventRestored:
		sign, role, what = "↺", themes.Warn, "everything is as a snapshot says"
	case backend.EventPurged:
		sign, role, what = "✗", themes.Bad, "purged, "+format.Plural(e.Count, "message")+in("of")
	}
	if named && e.MessageId != "" {
		if e.Group != "" {
			what = text.Clean(e.Group).Truncate(groupRoom).String() + " " + what
		}
		what = short(e.MessageId) + " " + what
	}
	at := format.Clock(e.At, m.Env.UTC)
	return t.Paint(themes.Dim, at) + " " + t.Paint(role, text.Clean(sign+" "+what).Truncate(max(1, w-len(at)-1)).String())
}

// times says how often a message was received.
func times(n int) string {
	if n <= 1 {
		return "once"
	}
	return format.Count(n) + " times"
}

// short is the beginning of an id, as far as somebody tells it from others.
func short(id string) string {
	if len(id) > 8 {
		return id[:8]
	}
	return id
}
