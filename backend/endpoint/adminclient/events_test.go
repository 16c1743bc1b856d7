package adminclient

import (
	"io"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"sqscope/backend"
)

const stream = `:

id: 3
event: sent
data: {"seq":3,"at":"2026-03-01T12:00:00.000Z","kind":"sent","queueArn":"q","messageId":"m"}

event: dropped
data: {"dropped":5}

:

id: 9
event: of later versions
data: {"seq":9,"at":"2026-03-01T12:00:01.000Z","kind":"of later versions","more":{}}

id: 10
event: purged
data: {"seq":10,"at":"2026-03-01T12:00:01.000Z","kind":"purged","count":7}

`

// Whoever counts what was seen and what is said to be lost gets every number.
func TestWhatIsLostIsSaid(t *testing.T) {
	at := time.Date(2026, 3, 1, 12, 0, 0, 0, time.UTC)
	out := make(chan backend.Event, 10)
	deliver(strings.NewReader(stream), out)
	var got []backend.Event
	for len(out) > 0 {
		got = append(got, <-out)
	}
	if diff := cmp.Diff([]backend.Event{
		{Seq: 3, At: at, Kind: backend.EventSent, QueueArn: "q", MessageId: "m"},
		{Seq: 9, At: at.Add(time.Second), Kind: "of later versions", Dropped: 5},
		{Seq: 10, At: at.Add(time.Second), Kind: backend.EventPurged, Count: 7},
	}, got); diff != "" {
		t.Error(diff)
	}
}

// There is room for one event, which is taken shortly before the last comes.
func TestWhatDoesNotFitIsLostAndSaid(t *testing.T) {
	out := make(chan backend.Event, 1)
	lines := strings.SplitAfter(stream, "\n")
	deliver(&slow{lines: lines, before: "event: purged\n", then: func() {
		if e := <-out; e.Seq != 3 {
			t.Errorf("event %d came first", e.Seq)
		}
	}}, out)
	if e := <-out; e.Seq != 10 || e.Dropped != 6 {
		t.Errorf("%d were said to be lost before event %d", e.Dropped, e.Seq)
	}
}

// slow is a stream that comes line by line and does something before one.
type slow struct {
	lines  []string
	before string
	then   func()
}

func (s *slow) Read(b []byte) (int, error) {
	if s.lines[0] == s.before {
		s.then()
	}
	if s.lines[0] == "" {
		return 0, io.EOF
	}
	n := copy(b, s.lines[0])
	s.lines = s.lines[1:]
	return n, nil
}

func TestAStreamThatMakesNoSenseEnds(t *testing.T) {
	out := make(chan backend.Event, 10)
	for _, text := range []string{
		"event: sent\ndata: {\n\n" + stream, "event: dropped\ndata: 5\n\n" + stream, "data: " + strings.Repeat("x", maxEvent) + "\n\n" + stream,
	} {
		if deliver(strings.NewReader(text), out); len(out) > 0 {
			t.Errorf("events after %.20q", text)
		}
	}
}
