package admin

import (
	"bufio"
	"context"
	"io"
	"net/http"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"sqscope/backend"
)

// listener reads a stream of events in a bubble.
type listener struct {
	*testing.T
	lines  *bufio.Reader
	header http.Header
	leave  context.CancelFunc
	ended  chan struct{}
}

// piped is an answer that is read while it is written.
type piped struct {
	io.Writer
	header http.Header
}

func (p piped) Header() http.Header { return p.header }
func (p piped) WriteHeader(int)     {}
func (p piped) Flush()              {}

// listen waits until the stream has begun.
func listen(t *testing.T, h http.Handler, path string) *listener {
	t.Helper()
	r, w := io.Pipe()
	l := &listener{T: t, lines: bufio.NewReader(r), header: http.Header{}, ended: make(chan struct{})}
	ctx, cancel := context.WithCancel(t.Context())
	l.leave = func() {
		cancel()
		r.Close()
		<-l.ended
	}
	go func() {
		defer close(l.ended)
		h.ServeHTTP(piped{w, l.header}, request("GET", path, "").WithContext(ctx))
		w.Close()
	}()
	l.wants(":", "")
	return l
}

func (l *listener) wants(lines ...string) {
	l.Helper()
	for _, want := range lines {
		got, err := l.lines.ReadString('\n')
		if err != nil {
			l.Fatal(err)
		}
		if strings.TrimSuffix(got, "\n") != want {
			l.Errorf("got  %s\nwant %s", got, want)
		}
	}
}

const orders = "arn:aws:sqs:us-east-1:000000000000:orders"

func TestEventsComeAsTheyHappen(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		d := newDesk(t)
		l := listen(t, d, "events")
		defer l.leave()
		if got := l.header.Get("Content-Type"); got != "text/event-stream" {
			t.Errorf("content type %s", got)
		}
		url := d.queue("orders", nil)
		l.wants("id: 1", "event: queueCreated", `data: {"seq":1,"at":"2026-03-01T12:00:00.000Z","kind":"queueCreated","queueArn":"`+orders+`"}`, "")
		id := d.send(url, "m", 0)
		l.wants("id: 2", "event: sent", `data: {"seq":2,"at":"2026-03-01T12:00:00.000Z","kind":"sent","queueArn":"`+orders+`","messageId":"`+id+`"}`, "")
	})
}

func TestAStreamThatHasNothingToTellSaysSo(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		d := newDesk(t)
		l := listen(t, d, "events")
		defer l.leave()
		for range 3 {
			begin := time.Now()
			l.wants(":", "")
			if took := time.Since(begin); took != Heartbeat {
				t.Errorf("after %v", took)
			}
		}
	})
}

func TestEventsOfOneQueueAndKind(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		d := newDesk(t)
		l := listen(t, d, "events?queue=orders&queue=other&kind=sent&kind=restored")
		defer l.leave()
		for _, name := range []string{"billing", "orders"} {
			d.send(d.queue(name, nil), "m", 0)
		}
		l.wants("id: 4", "event: sent")
		if data, _ := l.lines.ReadString('\n'); !strings.Contains(data, orders) {
			t.Errorf("%s", data)
		}
		l.wants("")
		d.answers("PUT", "snapshot", d.ask("GET", "snapshot", "").Body.String(), 204, "")
		l.wants("id: 5", "event: restored", `data: {"seq":5,"at":"2026-03-01T12:00:00.000Z","kind":"restored"}`, "")
	})
}

// A message that goes to another queue concerns both.
func TestEventsOfTheQueueWhereAMessageWent(t *testing.T) {
	c := call{query: map[string][]string{"queue": {"orders-dlq"}}}
	wanted, err := c.wanted()
	if err != nil {
		t.Fatal(err)
	}
	if !wanted(backend.Event{Kind: backend.EventDeadLettered, QueueArn: orders, To: orders + "-dlq"}) {
		t.Error("the dead-letter queue does not hear of it")
	}
	if wanted(backend.Event{Kind: backend.EventDeadLettered, QueueArn: orders, To: orders + "-other"}) {
		t.Error("another queue's")
	}
}

// told is a place where these events happen.
type told struct {
	backend.Events
	events chan backend.Event
}

func (e told) Subscribe(context.Context, int) (<-chan backend.Event, error) { return e.events, nil }

func TestLostEventsAreAnEventOfTheirOwn(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		events := make(chan backend.Event, 3)
		l := listen(t, New(Options{Token: "secret", Stack: backend.Stack{Events: told{events: events}}}), "events?queue=orders")
		events <- backend.Event{Seq: 8, At: start, Kind: backend.EventSent, QueueArn: orders + "2", Dropped: 7}
		events <- backend.Event{Seq: 10, At: start, Kind: backend.EventSent, QueueArn: orders, Dropped: 1}
		l.wants("event: dropped", `data: {"dropped":7}`, "", "event: dropped", `data: {"dropped":1}`, "", "id: 10")
		l.wants("event: sent", `data: {"seq":10,"at":"2026-03-01T12:00:00.000Z","kind":"sent","queueArn":"`+orders+`"}`, "")
		close(events) // the engine is closed
		<-l.ended
		l.leave()
	})
}

func TestAStreamEndsWithItsClient(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		d := newDesk(t)
		listen(t, d, "events").leave() // waits for the end
	})
}
