package harm

import (
	"fmt"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"sqscope/backend"
	"sqscope/backend/fleet"
	"sqscope/backend/memory"
	"sqscope/backend/peek"
)

const day = 24 * time.Hour

var noon = time.Date(2026, 3, 14, 12, 0, 0, 0, time.UTC)

// world is an engine whose clock stands until it is moved.
type world struct {
	*testing.T
	clock *memory.Clock
	stack backend.Stack
	sqs   backend.SQS
}

func newWorld(t *testing.T) *world {
	clock := memory.NewClock(memory.ClockOptions{Start: noon, Paused: true})
	engine := memory.New(memory.Options{Clock: clock, Seed: 1, NoCooldown: true})
	t.Cleanup(func() { engine.Close(); clock.Close() })
	return &world{t, clock, engine.Stack(), engine.Stack().SQS}
}

func check[T any](w *world) func(T, error) T {
	return func(v T, err error) T {
		w.Helper()
		if err != nil {
			w.Fatal(err)
		}
		return v
	}
}

func (w *world) queue(name string, attributes map[string]string) string {
	if attributes == nil {
		attributes = map[string]string{}
	}
	if strings.HasSuffix(name, ".fifo") {
		attributes["FifoQueue"] = "true"
	}
	return check[backend.CreateQueueOutput](w)(w.sqs.CreateQueue(w.Context(), backend.CreateQueueInput{QueueName: name, Attributes: attributes})).QueueUrl
}

func (w *world) arn(url string) string {
	return check[backend.GetQueueAttributesOutput](w)(w.sqs.GetQueueAttributes(w.Context(), backend.GetQueueAttributesInput{
		QueueUrl: url, AttributeNames: []string{backend.AttrQueueArn},
	})).Attributes[backend.AttrQueueArn]
}

func (w *world) receive(url string, timeout int) []backend.Message {
	return check[backend.ReceiveMessageOutput](w)(w.sqs.ReceiveMessage(w.Context(), backend.ReceiveMessageInput{
		QueueUrl: url, VisibilityTimeout: backend.Some(timeout), MessageSystemAttributeNames: []string{backend.AttrAll},
	})).Messages
}

// die sends a message, lets it lie for a while and has it dead-lettered: then it
// is in the dead-letter queue.
func (w *world) die(source, dlq string, waits time.Duration) backend.Message {
	in := backend.SendMessageInput{QueueUrl: source, MessageBody: "x"}
	if strings.HasSuffix(source, ".fifo") {
		in.MessageGroupId, in.MessageDeduplicationId = backend.Some("g"), backend.Some("one")
	}
	check[backend.SendMessageOutput](w)(w.sqs.SendMessage(w.Context(), in))
	w.clock.Advance(waits)
	w.receive(source, 1)
	w.clock.Advance(2 * time.Second)
	if got := w.receive(source, 1); len(got) != 0 {
		w.Fatalf("it was delivered again: %v", got)
	}
	got := w.receive(dlq, 1)
	w.clock.Advance(2 * time.Second)
	if len(got) != 1 {
		w.Fatalf("%d messages in the dead-letter queue, want 1", len(got))
	}
	return got[0]
}

// stored is what the engine has of the only message of a queue.
func (w *world) stored(url string) (m backend.StoredMessage, ok bool) {
	out := check[backend.BrowseOutput](w)(w.stack.Browse.Browse(w.Context(), backend.BrowseInput{QueueUrl: url, Limit: 10}))
	if len(out.Messages) == 0 {
		return m, false
	}
	return out.Messages[0], true
}

// lostAt moves the clock to a second before the loss, when the message must be
// there, and over it, when it must be gone.
func (w *world) lostAt(url string, l Loss) {
	w.Helper()
	w.clock.Advance(l.Left(w.clock.Now()) - time.Second)
	if _, ok := w.stored(url); !ok {
		w.Errorf("it was lost before %v", l.At)
	}
	w.clock.Advance(time.Second)
	if _, ok := w.stored(url); ok {
		w.Errorf("it is still there at %v", l.At)
	}
}

func (w *world) wired(kind string, retention time.Duration) (source, dlq string) {
	dlq = w.queue("dead"+kind, map[string]string{backend.AttrMessageRetentionPeriod: strconv.Itoa(int(retention / time.Second))})
	source = w.queue("live"+kind, map[string]string{
		backend.AttrMessageRetentionPeriod: strconv.Itoa(int(4 * day / time.Second)),
		backend.AttrRedrivePolicy:          `{"deadLetterTargetArn":"` + w.arn(dlq) + `","maxReceiveCount":1}`,
	})
	return source, dlq
}

// What a message spent in a standard source is gone from its dead-letter queue's
// retention: it counts from the first send (docs/SQS.md 6.2).
func TestAStandardDeadLetterCountsFromItsFirstSend(t *testing.T) {
	w := newWorld(t)
	source, dlq := w.wired("", 5*day)
	sent := w.clock.Now()
	m := w.die(source, dlq, 3*day)
	l := OfMessage(peek.Message{Message: m}, Queue{Retention: 5 * day})
	if l.Bound != Exact || !l.At.Equal(sent.Add(5*day)) {
		t.Fatalf("lost at %v (%s), want %v", l.At, l.Sign(), sent.Add(5*day))
	}
	w.lostAt(dlq, l)
}

// A FIFO dead letter counts from its move, of which SQS tells no time: a received
// one lives at least as long as the time sent says. An engine tells it to the
// second.
func TestAFIFODeadLetterCountsFromItsMove(t *testing.T) {
	w := newWorld(t)
	source, dlq := w.wired(".fifo", 5*day)
	m := w.die(source, dlq, 3*day)
	moved := w.clock.Now().Add(-2 * time.Second)
	received := OfMessage(peek.Message{Message: m}, Queue{FIFO: true, Retention: 5 * day})
	if received.Bound != AtLeast || received.At.After(moved.Add(5*day)) {
		t.Errorf("received: %v (%s), want a bound from below", received.At, received.Sign())
	}
	s, _ := w.stored(dlq)
	l := OfMessage(peek.Message{Message: s.Message, Expires: s.Expires}, Queue{FIFO: true, Retention: 5 * day})
	if l.Bound != Exact || !l.At.Equal(moved.Add(5*day)) {
		t.Fatalf("lost at %v (%s), want %v", l.At, l.Sign(), moved.Add(5*day))
	}
	w.lostAt(dlq, l)
}

// A redriven message is a new one: all retention is before it (7.3).
func TestARedrivenMessageCountsAnew(t *testing.T) {
	for _, kind := range []string{"", ".fifo"} {
		w := newWorld(t)
		source, dlq := w.wired(kind, 14*day)
		w.die(source, dlq, 3*day)
		w.clock.Advance(day)
		check[backend.StartMessageMoveTaskOutput](w)(w.sqs.StartMessageMoveTask(w.Context(), backend.StartMessageMoveTaskInput{SourceArn: w.arn(dlq)}))
		w.clock.Advance(time.Minute)
		s, ok := w.stored(source)
		if !ok {
			t.Fatal("it was not redriven")
		}
		got := w.receive(source, 1)
		if len(got) != 1 {
			t.Fatalf("%d received", len(got))
		}
		l := OfMessage(peek.Message{Message: got[0]}, Queue{FIFO: kind != "", Retention: 4 * day})
		if l.Bound != Exact || !l.At.Equal(s.Expires) || l.Left(w.clock.Now()) < 4*day-time.Minute {
			t.Errorf("%q: lost at %v (%s), the engine says %v", kind, l.At, l.Sign(), s.Expires)
		}
		w.lostAt(source, l)
	}
}

func queueOf(name string, trend []int, sources int, oldest time.Time, source string) *fleet.Queue {
	q := &fleet.Queue{
		ARN:        backend.ARN{Partition: "aws", Region: "us-east-1", Account: "000000000000", Name: name},
		Attributes: map[string]string{backend.AttrMessageRetentionPeriod: "345600"}, // 4 days
		AsOf:       noon, Trend: trend, Oldest: oldest, OldestSource: source,
	}
	if n := len(trend); n > 0 {
		q.Visible, q.Grew, q.Over = trend[n-1], trend[n-1]-trend[0], time.Duration(n-1)*5*time.Second
	}
	for range sources {
		q.Sources = append(q.Sources, q.ARN)
	}
	return q
}

// What is known of a queue that was not read, or not whole, is a bound.
func TestLossOfAQueue(t *testing.T) {
	const read = "soonest of 143 read"
	exact := Loss{noon.Add(time.Hour), Exact, read}
	for _, c := range []struct {
		name   string
		oldest time.Time
		source string
		read   Read
		want   Loss
	}{
		{"nothing read", time.Time{}, "", Read{}, Loss{}},
		{"an engine's oldest", noon.Add(-day), fleet.SourceEngine, Read{}, Loss{noon.Add(3 * day), Exact, fleet.SourceEngine}},
		{"CloudWatch's oldest", noon.Add(-day), "CloudWatch", Read{}, Loss{noon.Add(3 * day), AtMost, "CloudWatch"}},
		{"all read", time.Time{}, "", Read{143, true, exact}, exact},
		{"some read", time.Time{}, "", Read{143, false, exact}, Loss{exact.At, AtMost, read + " of about 150"}},
		{"read sooner than CloudWatch's", noon.Add(-day), "CloudWatch", Read{143, false, exact}, Loss{exact.At, AtMost, read + " of about 150"}},
		{"CloudWatch's sooner than read", noon.Add(-4*day + time.Minute), "CloudWatch", Read{143, false, exact}, Loss{noon.Add(time.Minute), AtMost, "CloudWatch"}},
		{"only known from below", time.Time{}, "", Read{143, false, Loss{exact.At, AtLeast, read}}, Loss{}},
	} {
		q := queueOf("q", []int{150}, 1, c.oldest, c.source)
		if diff := cmp.Diff(c.want, OfQueue(q, c.read)); diff != "" {
			t.Errorf("%s (-want +got):\n%s", c.name, diff)
		}
	}
}

func TestLossOfSeveral(t *testing.T) {
	at := func(d time.Duration) peek.Message { return peek.Message{Expires: noon.Add(d)} }
	of := func(m ...peek.Message) Loss {
		return OfMessages(len(m), func(i int) peek.Message { return m[i] }, Queue{})
	}
	if l := of(at(day), at(time.Hour), at(2*day)); l.Bound != Exact || !l.At.Equal(noon.Add(time.Hour)) || l.Source != "soonest of 3 read" {
		t.Errorf("%+v", l)
	}
	if l := of(at(day), peek.Message{}); l.Bound != AtMost {
		t.Errorf("with one that is not known: %+v, want a bound from above", l)
	}
	if l := of(peek.Message{}); l.Bound != Unknown || l.Sign() != "?" {
		t.Errorf("of one that is not known: %+v", l)
	}
}

// What is lost first needs somebody first, then what grows, then what holds most.
func TestOrderOfHarm(t *testing.T) {
	broken := queueOf("unread", nil, 1, time.Time{}, "")
	broken.AsOf, broken.Err = time.Time{}, &backend.Error{Kind: backend.KindDenied, Message: "not allowed"}
	s := &fleet.Snapshot{DLQs: []*fleet.Queue{
		queueOf("empty", []int{4, 0}, 1, noon, ""),
		broken,
		queueOf("large", []int{5000, 5000}, 1, time.Time{}, ""),
		queueOf("shared", []int{40, 40}, 3, time.Time{}, ""),
		queueOf("alone", []int{40, 40}, 1, time.Time{}, ""),
		queueOf("grows", []int{3, 5, 10}, 1, time.Time{}, ""),
		queueOf("soon", []int{2}, 1, noon.Add(-4*day+20*time.Hour), "CloudWatch"),
		queueOf("near", []int{1}, 1, time.Time{}, ""),
	}}
	read := map[backend.ARN]Read{s.DLQs[7].ARN: {1, true, Loss{noon.Add(30 * time.Minute), Exact, "soonest of 1 read"}}}
	var got []string
	for _, r := range Order(s, read, noon) {
		got = append(got, fmt.Sprintf("%d %s: %s", r.Urgency, r.Queue.ARN.Name, r.Reason))
	}
	want := []string{
		"0 near: the first is lost in 30m · 1 message · 1 source",
		"1 soon: the first is lost in ≤20h · 2 messages · 1 source",
		"2 grows: 7 more in 10s · 10 messages · 1 source · nobody has read when the first message is lost",
		"3 large: 5000 messages · 1 source · nobody has read when the first message is lost",
		"3 shared: 40 messages · 3 sources · nobody has read when the first message is lost",
		"3 alone: 40 messages · 1 source · nobody has read when the first message is lost",
		"4 unread: what it holds could not be read: not allowed",
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("order (-want +got):\n%s", diff)
	}
}

// A longer retention is offered first, unless it may come too late.
func TestRemedies(t *testing.T) {
	acts := func(q Queue, left time.Duration) (out []Keep) {
		for _, r := range Remedies(q, Loss{noon.Add(left), Exact, ""}, noon) {
			out = append(out, r.Act)
			if r.Act == Retain && !r.Until.Equal(noon.Add(left+10*day)) {
				t.Errorf("kept until %v", r.Until)
			}
		}
		return out
	}
	for name, c := range map[string]struct{ got, want []Keep }{
		"in time":         {acts(Queue{Retention: 4 * day}, day), []Keep{Retain, Move, Export}},
		"late":            {acts(Queue{Retention: 4 * day}, time.Minute), []Keep{Export, Retain, Move}},
		"longest already": {acts(Queue{Retention: 14 * day}, day), []Keep{Move, Export}},
	} {
		if !slices.Equal(c.got, c.want) {
			t.Errorf("%s: %v, want %v", name, c.got, c.want)
		}
	}
}

func TestSpan(t *testing.T) {
	for d, want := range map[time.Duration]string{
		0: "0s", 59 * time.Second: "59s", 252 * time.Second: "4m 12s", 3*day + 21*time.Hour + time.Minute: "3d 21h", 2 * time.Hour: "2h", 3*day + 2*time.Hour: "3d 02h",
	} {
		if got := Span(d); got != want {
			t.Errorf("%v is %q, want %q", d, got, want)
		}
	}
}
