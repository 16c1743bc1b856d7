package adminclient_test

import (
	"bytes"
	"context"
	"errors"
	"io"
	"math"
	"net/http"
	"net/http/httptest"
	"slices"
	"strings"
	"testing"
	"testing/iotest"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"

	"sqscope/backend"
	"sqscope/backend/endpoint"
	"sqscope/backend/endpoint/admin"
	"sqscope/backend/endpoint/adminclient"
	"sqscope/backend/memory"
)

var start = time.Date(2026, 3, 1, 12, 0, 0, 123_456_789, time.UTC)

// place is an engine whose clock stands still, and the way to it through the
// admin API.
type place struct {
	*testing.T
	engine *memory.Engine
	local  backend.Stack
	remote backend.Stack
	client *adminclient.Client
	server *endpoint.Server
	resets int
}

func open(t *testing.T) *place {
	t.Helper()
	clock := memory.NewClock(memory.ClockOptions{Start: start, Paused: true})
	t.Cleanup(clock.Close)
	p := &place{T: t, engine: memory.New(memory.Options{Seed: 1, Clock: clock})}
	p.local = p.engine.Stack()
	p.local.SQS = p.engine
	p.server = endpoint.New(p.engine.Stack().SQS, endpoint.Options{
		OnPanic: func(v any) { t.Error(v) },
		Admin: admin.New(admin.Options{Stack: p.local, Token: "secret", Reset: func(context.Context) error {
			p.resets++
			return nil
		}}),
	})
	if err := p.server.Listen(t.Context(), "127.0.0.1:0"); err != nil {
		t.Fatal(err)
	}
	served := make(chan error, 1)
	go func() { served <- p.server.Serve() }()
	t.Cleanup(func() {
		if err := p.server.Shutdown(context.Background()); err != nil {
			t.Error(err)
		}
		if err := <-served; err != nil {
			t.Error(err)
		}
		if err := p.engine.Check(); err != nil {
			t.Error(err)
		}
		p.engine.Close()
	})
	transport := &http.Transport{}
	t.Cleanup(transport.CloseIdleConnections)
	p.client = adminclient.New(p.server.URL(), "secret", &http.Client{Transport: transport, Timeout: time.Nanosecond})
	p.remote = p.client.Stack()
	return p
}

func (p *place) must(err error) {
	p.Helper()
	if err != nil {
		p.Fatal(err)
	}
}

// fill makes a queue with a message in every state, and returns its URL.
func (p *place) fill() string {
	p.Helper()
	ctx := p.Context()
	out, err := p.engine.CreateQueue(ctx, backend.CreateQueueInput{QueueName: "orders"})
	p.must(err)
	for _, body := range []string{"in flight", "visible \x7f\u0085\u202e <b>&", "delayed"} {
		in := backend.SendMessageInput{QueueUrl: out.QueueUrl, MessageBody: body, MessageAttributes: map[string]backend.MessageAttribute{
			"kind":  {DataType: "String.sort", StringValue: backend.Some("é\u2028")},
			"bytes": {DataType: "Binary", BinaryValue: []byte{0, 0xff, 0x80}},
		}}
		if body == "delayed" {
			in.DelaySeconds, in.MessageAttributes = backend.Some(60), nil
		}
		_, err := p.engine.SendMessage(ctx, in)
		p.must(err)
		if body == "in flight" {
			_, err := p.engine.ReceiveMessage(ctx, backend.ReceiveMessageInput{QueueUrl: out.QueueUrl})
			p.must(err)
		}
	}
	return out.QueueUrl
}

// same calls an ability here and through the API and compares what comes back:
// the answer, and of an error everything but its cause.
func same[T any](p *place, what string, call func(backend.Stack) (T, error)) T {
	p.Helper()
	want, wantErr := call(p.local)
	got, err := call(p.remote)
	if diff := cmp.Diff(want, got); diff != "" {
		p.Errorf("%s: -engine +API\n%s", what, diff)
	}
	sameError(p, what, wantErr, err)
	return want
}

func sameError(p *place, what string, want, got error) {
	p.Helper()
	if (want == nil) != (got == nil) {
		p.Errorf("%s: the engine says %v, the API %v", what, want, got)
	}
	if want == nil || got == nil {
		return
	}
	var e *backend.Error
	if !errors.As(got, &e) {
		p.Errorf("%s: %T is no *backend.Error", what, got)
	}
	if diff := cmp.Diff(backend.AsError(want), e, cmpopts.IgnoreFields(backend.Error{}, "Err")); diff != "" {
		p.Errorf("%s: -engine +API\n%s", what, diff)
	}
}

func TestBrowsesLikeTheEngine(t *testing.T) {
	p := open(t)
	queueURL := p.fill()
	for _, c := range []struct {
		what string
		in   backend.BrowseInput
	}{
		{"everything", backend.BrowseInput{QueueUrl: queueURL, Limit: 10}},
		{"a page", backend.BrowseInput{QueueUrl: queueURL, Limit: 2}},
		{"by name", backend.BrowseInput{QueueUrl: "orders", Limit: 1}},
		{"beyond the end", backend.BrowseInput{QueueUrl: queueURL, After: math.MaxUint64, Limit: 1}},
		{"of another host", backend.BrowseInput{QueueUrl: "https://sqs.us-east-1.amazonaws.com/000000000000/orders", Limit: 1}},
		{"of another account", backend.BrowseInput{QueueUrl: "http://localhost/111111111111/orders", Limit: 1}},
		{"no such queue", backend.BrowseInput{QueueUrl: "http://localhost/000000000000/none", Limit: 1}},
		{"no queue", backend.BrowseInput{Limit: 1}},
		{"no limit", backend.BrowseInput{QueueUrl: queueURL}},
		{"too many", backend.BrowseInput{QueueUrl: queueURL, Limit: 10_001}},
	} {
		same(p, c.what, func(s backend.Stack) (backend.BrowseOutput, error) { return s.Browse.Browse(t.Context(), c.in) })
	}
	page := same(p, "first", func(s backend.Stack) (backend.BrowseOutput, error) {
		return s.Browse.Browse(t.Context(), backend.BrowseInput{QueueUrl: queueURL, Limit: 2})
	})
	same(p, "the rest", func(s backend.Stack) (backend.BrowseOutput, error) {
		return s.Browse.Browse(t.Context(), backend.BrowseInput{QueueUrl: queueURL, After: page.Next, Limit: 2})
	})
}

func TestRemovesMessagesInAnyState(t *testing.T) {
	p := open(t)
	queueURL := p.fill()
	all, err := p.remote.Browse.Browse(t.Context(), backend.BrowseInput{QueueUrl: queueURL, Limit: 10})
	p.must(err)
	var ids []string
	for _, m := range all.Messages {
		ids = append(ids, m.MessageId)
	}
	unknown := []string{"none", strings.Repeat("x", 40<<10)[:20<<10], "more"} // so long that it takes several requests
	out, err := p.remote.Browse.RemoveMessages(t.Context(), backend.RemoveMessagesInput{
		QueueUrl: queueURL, MessageIds: slices.Concat(unknown, ids),
	})
	p.must(err)
	if diff := cmp.Diff(ids, out.Successful); diff != "" {
		t.Error(diff)
	}
	direct, err := p.local.Browse.RemoveMessages(t.Context(), backend.RemoveMessagesInput{QueueUrl: queueURL, MessageIds: unknown})
	p.must(err)
	if diff := cmp.Diff(direct.Failed, out.Failed); diff != "" {
		t.Error(diff)
	}
	rest, err := p.local.Browse.Browse(t.Context(), backend.BrowseInput{QueueUrl: queueURL, Limit: 10})
	p.must(err)
	if len(rest.Messages) > 0 {
		t.Errorf("%d messages are left", len(rest.Messages))
	}
	same(p, "no such queue", func(s backend.Stack) (backend.BatchOutput, error) {
		return s.Browse.RemoveMessages(t.Context(), backend.RemoveMessagesInput{QueueUrl: "none", MessageIds: ids})
	})
}

func TestTellsTotalsLikeTheEngine(t *testing.T) {
	p := open(t)
	queueURL := p.fill()
	urls := []string{queueURL, "orders", "none", "http://localhost/111111111111/orders"}
	for i := range 1000 {
		urls = append(urls, strings.Repeat("h", i%40)+"://x/000000000000/orders")
	}
	got := same(p, "totals", func(s backend.Stack) (map[string]backend.QueueMetrics, error) {
		return s.Metrics.QueueMetrics(t.Context(), urls)
	})
	if got["orders"].Sent != 3 {
		t.Errorf("totals %v", got["orders"])
	}
	same(p, "of none", func(s backend.Stack) (map[string]backend.QueueMetrics, error) {
		return s.Metrics.QueueMetrics(t.Context(), nil)
	})
}

func TestTheClockIsTheSame(t *testing.T) {
	p := open(t)
	ctx := t.Context()
	same(p, "an engine where nothing happens", func(s backend.Stack) (time.Time, error) { return s.Clock.NextEvent(ctx) })
	p.fill()
	p.must(p.remote.Clock.StepClock(ctx, 1500*time.Millisecond))
	next := same(p, "the next event", func(s backend.Stack) (time.Time, error) { return s.Clock.NextEvent(ctx) })
	if next != start.Add(30*time.Second) {
		t.Errorf("next event at %v", next)
	}
	p.must(p.remote.Clock.JumpClock(ctx, next)) // to the nanosecond, or it would be too early
	p.must(p.remote.Clock.SetClock(ctx, true, 2.5))
	state := same(p, "the state", func(s backend.Stack) (backend.ClockState, error) { return s.Clock.Clock(ctx) })
	if diff := cmp.Diff(backend.ClockState{Now: next, Paused: true, Speed: 2.5}, state); diff != "" {
		t.Error(diff)
	}
	for what, call := range map[string]func(backend.Clock) error{
		"backwards":        func(c backend.Clock) error { return c.StepClock(ctx, -1) },
		"not at all":       func(c backend.Clock) error { return c.StepClock(ctx, 0) },
		"into the past":    func(c backend.Clock) error { return c.JumpClock(ctx, start) },
		"at no speed":      func(c backend.Clock) error { return c.SetClock(ctx, true, 0) },
		"at too much":      func(c backend.Clock) error { return c.SetClock(ctx, true, 1e9) },
		"at what it does":  func(c backend.Clock) error { return c.SetClock(ctx, true, 2.5) },
		"to where it is":   func(c backend.Clock) error { return c.JumpClock(ctx, next) },
		"a context's end":  func(c backend.Clock) error { return c.JumpClock(ended(t), next) },
		"to the year zero": func(c backend.Clock) error { return c.JumpClock(ctx, time.Time{}) },
	} {
		want, got := call(p.local.Clock), call(p.remote.Clock)
		if backend.KindOf(want) != backend.KindOf(got) || (want == nil) != (got == nil) {
			t.Errorf("%s: the engine says %v, the API %v", what, want, got)
		}
	}
	if err := p.remote.Clock.SetClock(ctx, true, math.NaN()); backend.KindOf(err) != backend.KindInvalid {
		t.Errorf("no number: %v", err)
	}
}

func ended(t *testing.T) context.Context {
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	return ctx
}

func TestFaultsAreTheSame(t *testing.T) {
	p := open(t)
	ctx := t.Context()
	full := backend.Fault{
		ID: "slow/é ?", Kind: backend.FaultLatency, Queue: "orders.fifo", Action: "SendMessage", Duration: 1500 * time.Millisecond,
		Probability: 0.25, Count: 3, After: start.Add(time.Hour), Until: start.Add(2 * time.Hour),
	}
	set, err := p.remote.Faults.SetFault(ctx, full)
	p.must(err)
	if diff := cmp.Diff(full, set); diff != "" {
		t.Error(diff)
	}
	set, err = p.remote.Faults.SetFault(ctx, backend.Fault{Kind: backend.FaultServerError, Happened: 7})
	p.must(err)
	if diff := cmp.Diff(backend.Fault{ID: set.ID, Kind: backend.FaultServerError, Status: 500, Probability: 1}, set); diff != "" || set.ID == "" {
		t.Error(diff)
	}
	same(p, "all", func(s backend.Stack) ([]backend.Fault, error) { return s.Faults.ListFaults(ctx) })
	for what, f := range map[string]backend.Fault{
		"no kind":         {},
		"an unknown kind": {Kind: "none"},
		"no duration":     {Kind: backend.FaultLatency},
		"a wrong status":  {Kind: backend.FaultServerError, Status: 404},
	} {
		same(p, what, func(s backend.Stack) (backend.Fault, error) { return s.Faults.SetFault(ctx, f) })
	}
	ids := []string{full.ID, "none"}
	sameError(p, "one is not there", p.local.Faults.ClearFaults(ctx, ids), p.remote.Faults.ClearFaults(ctx, ids))
	if list := same(p, "nothing changed", func(s backend.Stack) ([]backend.Fault, error) { return s.Faults.ListFaults(ctx) }); len(list) != 2 {
		t.Errorf("faults %v", list)
	}
	p.must(p.remote.Faults.ClearFaults(ctx, ids[:1]))
	p.must(p.remote.Faults.ClearFaults(ctx, nil))
	if list := same(p, "none is left", func(s backend.Stack) ([]backend.Fault, error) { return s.Faults.ListFaults(ctx) }); len(list) != 0 {
		t.Errorf("faults %v", list)
	}
}

func TestASnapshotGoesThereAndBack(t *testing.T) {
	p := open(t)
	ctx := t.Context()
	queueURL := p.fill()
	var want, got bytes.Buffer
	p.must(p.local.Snapshots.Snapshot(ctx, &want))
	p.must(p.remote.Snapshots.Snapshot(ctx, &got))
	if !bytes.Equal(want.Bytes(), got.Bytes()) {
		t.Errorf("the engine writes\n%s\nthe API\n%s", &want, &got)
	}
	p.must(p.engine.DeleteQueue(ctx, backend.DeleteQueueInput{QueueUrl: queueURL}))
	p.must(p.remote.Snapshots.Restore(ctx, &got))
	got.Reset()
	p.must(p.remote.Snapshots.Snapshot(ctx, &got))
	if !bytes.Equal(want.Bytes(), got.Bytes()) {
		t.Errorf("before\n%s\nafter\n%s", &want, &got)
	}
	half := want.String()[:want.Len()/2]
	for what, file := range map[string]string{"empty": "", "cut short": half, "not one": strings.Repeat("x\n", 1<<20)} {
		sameError(p, what, p.local.Snapshots.Restore(ctx, strings.NewReader(file)), p.remote.Snapshots.Restore(ctx, strings.NewReader(file)))
	}
	own := errors.New("the disk is gone")
	file := io.MultiReader(strings.NewReader(half), iotest.ErrReader(own))
	if err := p.remote.Snapshots.Restore(ctx, file); !errors.Is(err, own) || backend.KindOf(err) != backend.KindInternal {
		t.Errorf("a reader that fails: %v (%v)", err, backend.KindOf(err))
	}
	if err := p.remote.Snapshots.Snapshot(ctx, failing{own}); !errors.Is(err, own) || backend.KindOf(err) != backend.KindInternal {
		t.Errorf("a writer that fails: %v (%v)", err, backend.KindOf(err))
	}
	got.Reset()
	p.must(p.local.Snapshots.Snapshot(ctx, &got))
	if !bytes.Equal(want.Bytes(), got.Bytes()) {
		t.Error("a file that was refused has changed something")
	}
}

type failing struct{ err error }

func (f failing) Write([]byte) (int, error) { return 0, f.err }

func TestEventsAreTheSame(t *testing.T) {
	p := open(t)
	ctx, cancel := context.WithCancel(t.Context())
	defer cancel()
	here, err := p.local.Events.Subscribe(ctx, 100)
	p.must(err)
	there, err := p.remote.Events.Subscribe(ctx, 100)
	p.must(err)
	p.fill()
	_, err = p.remote.Faults.SetFault(ctx, backend.Fault{Kind: backend.FaultThrottle})
	p.must(err)
	if _, err := p.engine.Stack().SQS.ListQueues(ctx, backend.ListQueuesInput{}); err == nil {
		t.Error("the fault did not happen")
	}
	p.must(p.remote.Clock.StepClock(ctx, time.Hour))
	for n := len(here); n > 0; n-- {
		if diff := cmp.Diff(<-here, <-there); diff != "" {
			t.Error(diff)
		}
	}
	cancel()
	for range there { // ends
	}
}

func TestTheStreamEndsWithTheServer(t *testing.T) {
	p := open(t)
	there, err := p.remote.Events.Subscribe(t.Context(), 1)
	p.must(err)
	ctx, cancel := context.WithTimeout(t.Context(), 5*time.Second)
	defer cancel()
	p.must(p.server.Shutdown(ctx)) // cuts nothing off
	if e, open := <-there; open {
		t.Errorf("an event: %v", e)
	}
	if _, err := p.remote.Clock.Clock(t.Context()); backend.KindOf(err) != backend.KindNetwork {
		t.Errorf("a server that has stopped: %v", err)
	}
}

func TestResetIsAsked(t *testing.T) {
	p := open(t)
	p.must(p.client.Reset(t.Context()))
	if p.resets != 1 {
		t.Errorf("%d resets", p.resets)
	}
}

func TestWhoIsNotTheAdminAPIIsRecognized(t *testing.T) {
	elsewhere := ""
	page := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if r.URL.Path == "/_sqscope/clock" {
			http.Redirect(w, r, elsewhere, http.StatusTemporaryRedirect)
			return
		}
		http.Error(w, "<html>", http.StatusNotFound)
	}))
	defer page.Close()
	other := httptest.NewServer(http.HandlerFunc(func(_ http.ResponseWriter, r *http.Request) {
		t.Errorf("the token went elsewhere: %v", r.Header)
	}))
	defer other.Close()
	elsewhere = other.URL
	c := adminclient.New(page.URL, "secret", nil)
	if _, err := c.ListFaults(t.Context()); backend.KindOf(err) != backend.KindUnsupported {
		t.Errorf("another server: %v", err)
	}
	if _, err := c.Clock(t.Context()); backend.KindOf(err) != backend.KindUnsupported {
		t.Errorf("a redirect: %v", err)
	}
	p := open(t)
	_, err := adminclient.New(p.server.URL()+"/", "wrong", nil).Clock(t.Context())
	if backend.KindOf(err) != backend.KindCredentials || strings.Contains(err.Error(), "wrong") {
		t.Errorf("a wrong token: %v", err)
	}
}
