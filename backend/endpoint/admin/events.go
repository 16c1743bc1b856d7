package admin

import (
	"fmt"
	"net/http"
	"slices"
	"time"

	"sqscope/backend"
)

const (
	// EventsType is the media type of the stream of events.
	EventsType = "text/event-stream"
	// DroppedEvent is the name of what the stream says where events were lost.
	DroppedEvent = "dropped"
	// Heartbeat is how often a stream that has nothing to tell says so.
	Heartbeat = 15 * time.Second

	// eventRoom is how many events wait for a client that reads slowly.
	eventRoom = 4096
	// eventBatch is how many bytes of events go out together, about.
	eventBatch = 32 << 10
)

// Event is a [backend.Event] as JSON. Seq is the id of the event in the stream,
// Kind is its name there.
type Event struct {
	Seq       uint64            `json:"seq"`
	At        Time              `json:"at"`
	Kind      backend.EventKind `json:"kind"`
	QueueArn  string            `json:"queueArn,omitempty"`
	MessageID string            `json:"messageId,omitempty"`
	To        string            `json:"to,omitempty"`
	Count     int               `json:"count,omitempty"`
	Fault     backend.FaultKind `json:"fault,omitempty"`
	Action    string            `json:"action,omitempty"`
}

// Dropped says how many events were lost before the one that follows.
type Dropped struct {
	Dropped uint64 `json:"dropped"`
}

func eventOf(e backend.Event) Event {
	return Event{e.Seq, Time(e.At), e.Kind, e.QueueArn, e.MessageId, e.To, e.Count, e.Fault, e.Action}
}

// Backend is the event as package backend has it.
func (e Event) Backend() backend.Event {
	return backend.Event{
		Seq: e.Seq, At: e.At.Std(), Kind: e.Kind, QueueArn: e.QueueArn, MessageId: e.MessageID, To: e.To, Count: e.Count,
		Fault: e.Fault, Action: e.Action,
	}
}

// streamEvents tells what happens from now on as server-sent events, until the
// client leaves or the server stops. When the answer has begun nothing is missed.
func (h *handler) streamEvents(c *call) error {
	if err := c.only("queue", "kind"); err != nil {
		return err
	}
	wanted, err := c.wanted()
	if err != nil {
		return err
	}
	if h.Stack.Events == nil {
		return absent("events")
	}
	ctx := c.r.Context()
	events, err := h.Stack.Events.Subscribe(ctx, eventRoom)
	if err != nil {
		return err
	}
	c.Header().Set("Content-Type", EventsType)
	c.WriteHeader(http.StatusOK)
	heartbeat := time.NewTicker(Heartbeat)
	defer heartbeat.Stop()
	text := []byte(":\n\n") // the head goes out with the first byte
	for {
		if len(text) > 0 {
			_, err := c.Write(text)
			if err == nil {
				err = c.control.Flush()
			}
			if err != nil {
				return nil // who does not read has left
			}
		}
		select {
		case <-ctx.Done():
			return nil
		case <-heartbeat.C:
			text = append(text[:0], ":\n\n"...)
		case e, open := <-events:
			text = text[:0]
			for open {
				if text, err = appendEvent(text, e, wanted(e)); err != nil {
					return err
				}
				if len(events) == 0 || len(text) > eventBatch {
					break
				}
				e, open = <-events // what is there already goes with it
			}
			if !open {
				return nil
			}
		}
	}
}

// appendEvent adds an event as it goes over the wire, and what was lost before
// it, which is said even if the event itself is not wanted.
func appendEvent(text []byte, e backend.Event, wanted bool) ([]byte, error) {
	if e.Dropped > 0 {
		doc, err := encode(Dropped{e.Dropped})
		if err != nil {
			return nil, err
		}
		text = fmt.Appendf(text, "event: %s\ndata: %s\n", DroppedEvent, doc)
	}
	if wanted {
		doc, err := encode(eventOf(e))
		if err != nil {
			return nil, err
		}
		text = fmt.Appendf(text, "id: %d\nevent: %s\ndata: %s\n", e.Seq, e.Kind, doc)
	}
	return text, nil
}

// wanted tells which events the parameters ask for. A queue is called by its
// name; what concerns no queue concerns all.
func (c *call) wanted() (func(backend.Event) bool, error) {
	queues, kinds := c.query["queue"], c.query["kind"]
	known := backend.EventKinds()
	for _, k := range kinds {
		if !slices.Contains(known, backend.EventKind(k)) {
			return nil, wrong("kind", fmt.Sprintf("%q is no kind of event", k), "one of "+words(known)+" was expected")
		}
	}
	return func(e backend.Event) bool {
		return (len(kinds) == 0 || slices.Contains(kinds, string(e.Kind))) &&
			(len(queues) == 0 || e.QueueArn == "" || names(queues, e.QueueArn) || names(queues, e.To))
	}, nil
}

func names(queues []string, arn string) bool {
	a, ok := backend.ParseARN(arn)
	return ok && slices.Contains(queues, a.Name)
}
