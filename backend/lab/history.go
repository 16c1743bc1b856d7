package lab

import (
	"encoding/json"
	"maps"
	"slices"
	"strconv"
	"strings"
	"time"

	"sqscope/backend"
)

// history is what has happened since a session began, read from the engine's
// events, and what became of each message.
type history struct {
	names  []string // path of a message's name in its body
	begin  time.Time
	events []happening
	lost   int // events that came too fast to be read, or that were forgotten
	order  []*life
	byID   map[string]*life
	purged map[string]float64 // by queue: when, of messages that are not missed yet
	moving map[string]*life   // by queue: the message that a move task is about to make another of there
	begun  bool               // what was there at the beginning is known
}

// happening is an event as checks see it. The map is replaced and not changed
// when the name of its message becomes known.
type happening struct {
	shown map[string]any
	life  *life // that it happened to; nil: to none
	named string
}

// life is one message.
type life struct {
	id       string
	name     string
	body     any
	text     string // of the body; "": it was gone before anybody looked
	group    any
	queue    string // where it is, or was last
	first    any    // queue that it was in when the session began; nil: it came later
	from     any    // queue that it was dead-lettered from
	state    string // of the engine, or how it went
	until    any
	expires  any
	sent     any
	receives int
	received []any // when
	gone     any   // when

	shown map[string]any // as checks see it; nil: it has changed since
}

// Ways in which a message goes, beside the states of one that is there.
const (
	goneDeleted = "deleted"
	goneExpired = "expired"
	gonePurged  = "purged"
	goneMoved   = "moved" // by a move task, which makes another message of it
)

// eventRoom is how many events are remembered.
const eventRoom = 20_000

func newHistory(begin time.Time, names []string) *history {
	return &history{names: names, begin: begin, byID: map[string]*life{}, purged: map[string]float64{}, moving: map[string]*life{}}
}

func (h *history) since(t time.Time) float64 { return t.Sub(h.begin).Seconds() }

// of is the life of a message, begun if it is new.
func (h *history) of(id, queue string) *life {
	l := h.byID[id]
	if l == nil {
		l = &life{id: id, name: "m" + strconv.Itoa(len(h.order)+1), queue: queue, state: string(backend.StateVisible)}
		h.byID[id], h.order = l, append(h.order, l)
	}
	return l
}

// note enters an event.
func (h *history) note(e backend.Event) {
	h.lost += int(e.Dropped)
	queue, at := nameOfARN(e.QueueArn), h.since(e.At)
	one := happening{shown: map[string]any{
		"at": at, "kind": string(e.Kind), "queue": queue, "count": e.Count, "to": orNull(nameOfARN(e.To)), "message": orNull(e.MessageId),
		"group": orNull(e.Group), "name": nil, "fault": orNull(string(e.Fault)), "action": orNull(e.Action),
	}}
	if e.MessageId != "" && e.Kind != backend.EventFault {
		one.life = h.of(e.MessageId, queue)
		one.life.note(e, at)
		h.follow(one.life, e)
	}
	if e.Kind == backend.EventPurged {
		h.purged[queue] = at
	}
	h.events = append(h.events, one)
	if over := len(h.events) - eventRoom; over > 0 {
		h.events, h.lost = h.events[over:], h.lost+over
	}
}

// follow knows a message again after a move task has made another of it.
func (h *history) follow(l *life, e backend.Event) {
	queue := nameOfARN(e.QueueArn)
	switch e.Kind {
	case backend.EventMoved:
		h.moving[nameOfARN(e.To)] = l
	case backend.EventSent:
		if was := h.moving[queue]; was != nil && was.text != "" {
			l.text, l.body, l.name = was.text, was.body, was.name
		}
		delete(h.moving, queue)
	}
}

func (l *life) note(e backend.Event, at float64) {
	l.shown = nil
	if e.Group != "" {
		l.group = e.Group
	}
	switch e.Kind {
	case backend.EventSent:
		l.sent = at
	case backend.EventReceived:
		l.receives = e.Count
		l.received = append(l.received, at)
	case backend.EventDeleted:
		l.state, l.gone = goneDeleted, at
	case backend.EventExpired:
		l.state, l.gone = goneExpired, at
	case backend.EventMoved:
		l.state, l.gone = goneMoved, at
	case backend.EventDeadLettered:
		l.from, l.queue = nameOfARN(e.QueueArn), nameOfARN(e.To)
	}
}

// see enters what a queue holds now.
func (h *history) see(queue string, stored []backend.StoredMessage) {
	there := make(map[string]bool, len(stored))
	for i := range stored {
		m := &stored[i]
		there[m.MessageId] = true
		l := h.of(m.MessageId, queue)
		l.queue, l.state, l.gone, l.shown = queue, string(m.State), nil, nil
		l.expires, l.until = h.since(m.Expires), nil
		if !m.Until.IsZero() {
			l.until = h.since(m.Until)
		}
		if l.text == "" {
			h.read(l, m)
		}
		l.receives = m.Receives()
	}
	if at, purged := h.purged[queue]; purged {
		for _, l := range h.order {
			if l.queue == queue && l.gone == nil && !there[l.id] {
				l.state, l.gone, l.shown = gonePurged, at, nil
			}
		}
		delete(h.purged, queue)
	}
}

// seen ends a look at all queues. bodies are those of messages that were sent and
// may be gone already.
func (h *history) seen(body func(id string) string) {
	for _, l := range h.order {
		if !h.begun {
			l.first, l.shown = l.queue, nil
		}
		if l.text != "" {
			continue
		}
		if text := body(l.id); text != "" {
			h.read(l, &backend.StoredMessage{Message: backend.Message{Body: text}})
		}
	}
	h.begun = true
}

// read takes what stays the same of a message.
func (h *history) read(l *life, m *backend.StoredMessage) {
	l.text, l.body, l.shown = m.Body, m.Body, nil
	var parsed any
	if json.Unmarshal([]byte(m.Body), &parsed) == nil {
		l.body = parsed
	}
	if group := m.Attributes[backend.SysMessageGroupId]; group != "" {
		l.group = group
	}
	if arn := m.Attributes[backend.SysDeadLetterQueueSourceArn]; arn != "" {
		l.from = nameOfARN(arn)
	}
	if ms, err := strconv.ParseInt(m.Attributes[backend.SysSentTimestamp], 10, 64); err == nil && l.sent == nil {
		l.sent = h.since(time.UnixMilli(ms))
	}
	if h.names == nil {
		return
	}
	v := l.body
	for _, key := range h.names {
		member, _ := v.(map[string]any)
		v = member[key]
	}
	switch v := v.(type) {
	case string:
		l.name = v
	case float64:
		l.name = strconv.FormatFloat(v, 'f', -1, 64)
	}
}

// state puts the messages and events into a state. What has not changed since the
// last time is the same map again, which nobody may change.
func (h *history) state(state map[string]any) {
	messages, byName := make([]any, len(h.order)), map[string]any{}
	for i, l := range h.order {
		if l.shown == nil {
			l.shown = map[string]any{
				"id": l.id, "name": l.name, "body": l.body, "text": l.text, "group": l.group, "queue": l.queue, "from": l.from,
				"first": l.first, "state": l.state, "until": l.until, "expires": l.expires, "sent": l.sent, "receives": l.receives,
				"received": slices.Clone(l.received), "gone": l.gone,
			}
		}
		messages[i] = l.shown
		if byName[l.name] == nil {
			byName[l.name] = l.shown
		}
	}
	events, byKind := make([]any, len(h.events)), map[string][]any{}
	for i := range h.events {
		e := &h.events[i]
		if e.life != nil && e.named != e.life.name {
			e.named, e.shown = e.life.name, maps.Clone(e.shown)
			e.shown["name"] = e.named
		}
		events[i] = e.shown
		kind := e.shown["kind"].(string)
		byKind[kind] = append(byKind[kind], e.shown)
	}
	kinds := map[string]any{}
	for _, kind := range backend.EventKinds() {
		kinds[string(kind)] = byKind[string(kind)]
	}
	state["messages"], state["byName"], state["events"], state["byKind"] = messages, byName, events, kinds
}

// known are the names of messages, of one queue or of all.
func (h *history) known(queue string) []string {
	var names []string
	seen := map[string]bool{}
	for _, l := range h.order {
		if (queue == "" || l.queue == queue || l.from == queue) && !seen[l.name] {
			seen[l.name] = true
			names = append(names, l.name)
		}
	}
	return names
}

// nameOfARN is the queue of an ARN, "" for none.
func nameOfARN(arn string) string { return arn[strings.LastIndex(arn, ":")+1:] }
