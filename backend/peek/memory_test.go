package peek

import (
	"context"
	"fmt"
	"slices"
	"testing"
	"testing/synctest"
	"time"

	"github.com/google/go-cmp/cmp"

	"sqscope/backend"
	"sqscope/backend/guard"
	"sqscope/backend/memory"
	"sqscope/backend/owner"
)

// engine is the embedded engine in a bubble, with one queue.
type engine struct {
	t      *testing.T
	sqs    backend.SQS
	url    string
	leases *Leases
}

func withEngine(t *testing.T, name string, attributes map[string]string, test func(t *testing.T, e *engine, stack backend.Stack)) {
	t.Helper()
	synctest.Test(t, func(t *testing.T) {
		m := memory.New(memory.Options{Seed: 1})
		defer m.Close()
		g := owner.New(t.Context(), nil)
		defer g.Close()
		e := &engine{t: t, sqs: m, leases: NewLeases(g)}
		e.url = e.create(name, attributes)
		test(t, e, m.Stack())
		if err := m.Check(); err != nil {
			t.Error(err)
		}
	})
}

func (e *engine) create(name string, attributes map[string]string) string {
	e.t.Helper()
	out, err := e.sqs.CreateQueue(e.t.Context(), backend.CreateQueueInput{QueueName: name, Attributes: attributes})
	if err != nil {
		e.t.Fatal(err)
	}
	return out.QueueUrl
}

func (e *engine) send(bodies ...string) {
	e.t.Helper()
	for _, b := range bodies {
		in := backend.SendMessageInput{QueueUrl: e.url, MessageBody: b}
		if backend.ARNOf(e.url, "").FIFO() {
			in.MessageGroupId = backend.Some(b[:1])
			in.MessageDeduplicationId = backend.Some(b)
		}
		if _, err := e.sqs.SendMessage(e.t.Context(), in); err != nil {
			e.t.Fatal(err)
		}
	}
}

// receive is what a consumer gets now.
func (e *engine) receive() []string {
	e.t.Helper()
	out, err := e.sqs.ReceiveMessage(e.t.Context(), backend.ReceiveMessageInput{
		QueueUrl: e.url, MaxNumberOfMessages: backend.Some(10), VisibilityTimeout: backend.Some(60),
	})
	if err != nil {
		e.t.Fatal(err)
	}
	var bodies []string
	for _, m := range out.Messages {
		bodies = append(bodies, m.Body)
	}
	return bodies
}

func (e *engine) open(stack backend.Stack, o Options) *Session {
	o.Stack, o.Leases, o.URL, o.ARN = stack, e.leases, e.url, backend.ARNOf(e.url, "us-east-1")
	o.FIFO = o.ARN.FIFO()
	return Open(o)
}

func bodies(ms []Message) []string {
	out := make([]string, len(ms))
	for i, m := range ms {
		out[i] = m.Body
	}
	return out
}

// onlySQS is a stack without the abilities beyond SQS.
func onlySQS(s backend.Stack) backend.Stack { return backend.Stack{SQS: s.SQS} }

func TestWhereAQueueCanBeBrowsedLookingIsFree(t *testing.T) {
	withEngine(t, "orders", nil, func(t *testing.T, e *engine, stack backend.Stack) {
		e.send("one")
		e.receive()
		e.send("two", "three")
		if _, err := e.sqs.SendMessage(t.Context(), backend.SendMessageInput{
			QueueUrl: e.url, MessageBody: "later", DelaySeconds: backend.Some(100),
		}); err != nil {
			t.Fatal(err)
		}
		p := e.open(stack, Options{MaxReceiveCount: 1})
		if c := p.Cost(); !c.Free || c.Confirm() {
			t.Errorf("cost %+v", c)
		}
		for range 3 {
			st := look(t, p, 100)
			if st.Seen != 4 || !st.Exact || st.Words() != "seen 4 of 4" {
				t.Errorf("%+v: %q", st, st.Words())
			}
		}
		ms := p.Messages()
		want := []string{"one inFlight 1", "two visible 0", "three visible 0", "later delayed 0"}
		var got []string
		for _, m := range ms {
			got = append(got, fmt.Sprint(m.Body, " ", m.State, " ", m.ReceiveCount))
			if m.Until.IsZero() != (m.State == backend.StateVisible) || m.Expires.IsZero() || !m.LeaseEnds.IsZero() {
				t.Errorf("%s: until %v, expires %v, lease ends %v", m.Body, m.Until, m.Expires, m.LeaseEnds)
			}
		}
		if diff := cmp.Diff(want, got); diff != "" {
			t.Error(diff)
		}
		if st := look(t, p, 3); st.Seen != 3 || st.Words() != "seen 3 of about 4" {
			t.Errorf("%+v: %q", st, st.Words())
		}
		if diff := cmp.Diff([]string{"two", "three"}, e.receive()); diff != "" {
			t.Errorf("after looking a consumer gets:\n%s", diff)
		}
		if err := p.Release(t.Context()); err != nil || e.leases.Count() != 0 {
			t.Errorf("%v, %d on lease", err, e.leases.Count())
		}
	})
}

func TestWhereAQueueCanBeBrowsedMessagesAreDeletedById(t *testing.T) {
	withEngine(t, "orders", nil, func(t *testing.T, e *engine, stack backend.Stack) {
		e.send("one", "two", "three")
		p := e.open(stack, Options{})
		look(t, p, 100)
		all := ids(p.Messages())
		r := p.Delete(t.Context(), all[:1])
		if diff := cmp.Diff(all[:1], r.Deleted); diff != "" {
			t.Error(diff)
		}
		r = p.Delete(t.Context(), all[:2])
		if diff := cmp.Diff(map[string]backend.Kind{all[0]: backend.KindNotFound}, failed(r)); diff != "" || !slices.Equal(r.Deleted, all[1:2]) {
			t.Errorf("deleted %v, failed:\n%s", r.Deleted, diff)
		}
		if diff := cmp.Diff([]string{"three"}, bodies(p.Messages())); diff != "" {
			t.Error(diff)
		}
	})
}

func TestTheGuardHoldsBelowALook(t *testing.T) {
	withEngine(t, "orders", nil, func(t *testing.T, e *engine, stack backend.Stack) {
		e.send("one", "two", "three")
		g := guard.New(guard.View)
		for _, stack := range []backend.Stack{g.Wrap(stack), onlySQS(g.Wrap(stack))} {
			g.SetLevel(guard.View)
			p := e.open(stack, Options{})
			if st, err := p.Look(t.Context(), 10, nil); backend.KindOf(err) != backend.KindDenied || st.Stop != StopFailed {
				t.Errorf("a look at level view: %+v, %v", st, err)
			}
			g.SetLevel(guard.Peek)
			look(t, p, 10)
			all := ids(p.Messages())
			if r := p.Delete(t.Context(), all[:1]); len(r.Deleted) != 0 || r.Failed[0].Err.Kind != backend.KindDenied {
				t.Errorf("a delete at level peek: %+v", r)
			}
			g.SetLevel(guard.Change)
			if r := p.Delete(t.Context(), all); len(r.Deleted) != 0 || r.Failed[0].Err.Kind != backend.KindDenied {
				t.Errorf("a delete of many that nobody confirmed: %+v", r)
			}
			if err := p.Release(t.Context()); err != nil {
				t.Error(err)
			}
		}
		p := e.open(onlySQS(g.Wrap(stack)), Options{})
		look(t, p, 10)
		ctx := g.Allow(t.Context(), guard.Grant{Act: guard.ActDeleteMessages, ARN: p.o.ARN.String(), Count: 3})
		if r := p.Delete(ctx, ids(p.Messages())); len(r.Deleted) != 3 {
			t.Errorf("a delete of many that was confirmed: %+v", r)
		}
	})
}

var fifo = map[string]string{"FifoQueue": "true", "VisibilityTimeout": "30"}

func numbers(group string, n int) []string {
	out := make([]string, n)
	for i := range out {
		out[i] = fmt.Sprintf("%s%02d", group, i)
	}
	return out
}

func TestALookAtAFIFOQueueIsOneReceiveAndSaysWhatItBlocks(t *testing.T) {
	withEngine(t, "orders.fifo", fifo, func(t *testing.T, e *engine, stack backend.Stack) {
		e.send(slices.Concat(numbers("a", 15), numbers("b", 3))...)
		p := e.open(onlySQS(stack), Options{})
		if st := look(t, p, 100); st.Receives != 1 || st.Seen != 10 || st.Stop != StopRound {
			t.Errorf("%+v", st)
		}
		if c := p.Cost(); c.Groups != 1 {
			t.Errorf("%d groups blocked, want a: %s", c.Groups, c.Words())
		}
		if diff := cmp.Diff(numbers("a", 10), bodies(p.Messages())); diff != "" {
			t.Error(diff)
		}
		if st := look(t, p, 100); st.Seen != 13 {
			t.Errorf("asked to go on: %+v", st)
		}
		if st := look(t, p, 100); st.Stop != StopGroups || st.Words() != "seen 13 of about 18, 1 poll, 1 empty" {
			t.Errorf("with both groups locked: %+v: %q", st, st.Words())
		}
		if err := p.Release(t.Context()); err != nil {
			t.Fatal(err)
		}
		if c := p.Cost(); c.Groups != 0 {
			t.Errorf("%d groups blocked after the release", c.Groups)
		}
		got := slices.Concat(e.receive(), e.receive())
		for _, group := range []string{"a", "b"} {
			in := slices.DeleteFunc(slices.Clone(got), func(b string) bool { return b[:1] != group })
			if !slices.IsSorted(in) || len(in) == 0 {
				t.Errorf("a consumer gets group %s as %v", group, in)
			}
		}
	})
}

// recorder notes what is given back, in which order.
type recorder struct {
	backend.SQS
	handles [][]string
}

func (r *recorder) ChangeMessageVisibilityBatch(ctx context.Context, in backend.ChangeMessageVisibilityBatchInput) (backend.BatchOutput, error) {
	var part []string
	for _, e := range in.Entries {
		part = append(part, e.ReceiptHandle)
	}
	r.handles = append(r.handles, part)
	return r.SQS.ChangeMessageVisibilityBatch(ctx, in)
}

func TestAFIFOQueueGetsTheLastDeliveredBackFirst(t *testing.T) {
	withEngine(t, "orders.fifo", fifo, func(t *testing.T, e *engine, stack backend.Stack) {
		e.send(slices.Concat(numbers("a", 8), numbers("b", 8), numbers("c", 8))...)
		r := &recorder{SQS: stack.SQS}
		p := e.open(backend.Stack{SQS: r}, Options{})
		for range 3 {
			look(t, p, 100)
		}
		turn := map[string]int{}
		for _, h := range p.messages {
			turn[h.ReceiptHandle] = h.turn
		}
		if err := p.Release(t.Context()); err != nil {
			t.Fatal(err)
		}
		last := len(turn) + 1
		for _, part := range r.handles {
			for _, h := range part {
				if turn[h] >= last {
					t.Fatalf("delivery %d was given back after %d", turn[h], last)
				}
				last = turn[h]
			}
		}
		if len(r.handles) != (len(turn)+9)/10 {
			t.Errorf("%d requests for %d messages", len(r.handles), len(turn))
		}
	})
}

func TestT7AnExpiredFIFOHandleIsLeasedAnew(t *testing.T) {
	withEngine(t, "orders.fifo", fifo, func(t *testing.T, e *engine, stack backend.Stack) {
		e.send(numbers("a", 3)...)
		p := e.open(onlySQS(stack), Options{})
		look(t, p, 10)
		all := ids(p.Messages())
		if err := stack.Clock.StepClock(t.Context(), 20*time.Second); err != nil { // the lease is over for SQS only
			t.Fatal(err)
		}
		r := p.Delete(t.Context(), all[:2])
		if len(r.Deleted) != 2 || len(r.Failed) != 0 {
			t.Errorf("%+v", r)
		}
		if diff := cmp.Diff([]string{"a02"}, e.receive()); diff != "" {
			t.Errorf("a consumer gets:\n%s", diff)
		}
	})
}

func TestALookMovesNothingToTheDeadLetterQueueUnasked(t *testing.T) {
	withEngine(t, "dead", nil, func(t *testing.T, e *engine, stack backend.Stack) {
		dead := e.url
		e.url = e.create("orders", map[string]string{
			"RedrivePolicy": `{"deadLetterTargetArn":"arn:aws:sqs:us-east-1:000000000000:dead","maxReceiveCount":1}`,
		})
		e.send("one", "two")
		p := e.open(onlySQS(stack), Options{MaxReceiveCount: 1})
		look(t, p, 10)
		if err := p.Release(t.Context()); err != nil {
			t.Fatal(err)
		}
		if st := look(t, p, 10); st.Stop != StopDeadLetter {
			t.Errorf("%+v", st)
		}
		moved := func() string {
			out, err := e.sqs.GetQueueAttributes(t.Context(), backend.GetQueueAttributesInput{
				QueueUrl: dead, AttributeNames: []string{backend.AttrMessages},
			})
			if err != nil {
				t.Fatal(err)
			}
			return out.Attributes[backend.AttrMessages]
		}
		if n := moved(); n != "0" {
			t.Errorf("%s messages were dead-lettered by looking", n)
		}
		p.AcceptDeadLettering()
		look(t, p, 10)
		if n := moved(); n != "2" {
			t.Errorf("%s messages were dead-lettered by a look that was told so", n)
		}
	})
}
