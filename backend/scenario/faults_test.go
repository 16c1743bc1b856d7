package scenario

import (
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/google/go-cmp/cmp"

	"sqscope/backend"
	"sqscope/backend/memory"
)

// The engine gets the faults as the file declares them, with their times counted
// from the start of the actors.
func TestFaultsAreSet(t *testing.T) {
	s := parse(t, `warmup = "10s"`, `[[queues]]`, `name = "q"`,
		`[[messages]]`, `queue = "q"`, `message = { body = "x" }`, `ago = "1h"`,
		`[[faults]]`, `kind = "throttle"`, `queue = "q"`, `action = "SendMessage"`, `probability = 0.25`, `after = "2m"`, `until = "3m"`,
		`[[faults]]`, `id = "mine"`, `kind = "serverError"`, `status = 503`, `count = 5`,
		`[[faults]]`, `kind = "latency"`, `duration = "1500ms"`, `until = "1h"`)
	g := newStage(t, s)
	g.start(s, 1)
	start := g.clock.Now().Add(-10 * time.Second)
	want := []backend.Fault{
		{
			ID: "scenario-1", Kind: backend.FaultThrottle, Queue: "q", Action: "SendMessage", Probability: 0.25,
			After: start.Add(2 * time.Minute), Until: start.Add(3 * time.Minute),
		},
		{ID: "mine", Kind: backend.FaultServerError, Status: 503, Probability: 1, Count: 5, After: start},
		{ID: "scenario-3", Kind: backend.FaultLatency, Duration: 1500 * time.Millisecond, Probability: 1, After: start, Until: start.Add(time.Hour)},
	}
	got, err := g.engine.ListFaults(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	if d := cmp.Diff(want, got); d != "" {
		t.Error(d)
	}
}

// Faults happen to actors at their time and not before, and a worker goes on
// when they are over.
func TestActorsMeetFaults(t *testing.T) {
	const head = `
[[queues]]
name = "q"
[templates.t]
body = "x"
[[producers]]
queue = "q"
template = "t"
every = "1s"
jitter = 0
[[workers]]
queue = "q"
takes = "10ms"
[[faults]]
queue = "q"
after = "1m"
until = "2m"
`
	for _, tt := range []struct {
		fault      string
		who        string
		code       string
		low, limit uint64 // failed in the minute
	}{
		{`kind = "throttle"` + "\n" + `action = "SendMessage"`, "q-producer", "RequestThrottled", 59, 61},
		{`kind = "serverError"` + "\n" + `action = "SendMessage"` + "\n" + `probability = 0.5`, "q-producer", "InternalFailure", 15, 45},
		{`kind = "expiredToken"` + "\n" + `action = "SendMessage"` + "\n" + `count = 3`, "q-producer", "ExpiredToken", 3, 3},
		{`kind = "accessDenied"` + "\n" + `action = "DeleteMessage"`, "q-worker", "AccessDenied", 60, 120},
	} {
		t.Run(strings.ReplaceAll(tt.fault, "\n", " "), func(t *testing.T) {
			s := parse(t, head+tt.fault)
			g := newStage(t, s)
			r := g.start(s, 1)
			g.clock.Advance(59 * time.Second)
			if a := g.actor(r, tt.who); a.Failed > 0 {
				t.Errorf("before its time: %+v", a)
			}
			g.clock.Advance(62 * time.Second)
			a := g.actor(r, tt.who)
			if a.Failed < tt.low || a.Failed > tt.limit || backend.CodeOf(a.Err) != tt.code {
				t.Errorf("in its time: %+v, want %d to %d of %s", a, tt.low, tt.limit, tt.code)
			}
			before := a.Done
			g.clock.Advance(2 * time.Minute)
			if b := g.actor(r, tt.who); b.Failed != a.Failed || b.Done < before+100 {
				t.Errorf("after it: %+v, then %+v", a, b)
			}
		})
	}
}

// A worker whose poll fails rests, and comes back.
func TestAWorkerRestsAfterAFailedPoll(t *testing.T) {
	s := parse(t, `[[queues]]`, `name = "q"`, `[[messages]]`, `queue = "q"`, `message = { body = "x" }`,
		`[[workers]]`, `queue = "q"`, `takes = "10ms"`, `[[faults]]`, `kind = "serverError"`, `action = "ReceiveMessage"`, `count = 2`)
	g := newStage(t, s)
	r := g.start(s, 1)
	g.clock.Advance(9 * time.Second)
	if a := g.actor(r, "q-worker"); a.Done != 0 || a.Err == nil {
		t.Errorf("while it rests: %+v", a)
	}
	g.clock.Advance(2 * time.Second)
	if a := g.actor(r, "q-worker"); a.Done != 1 {
		t.Errorf("after two rests: %+v", a)
	}
}

// Actors are part of the clock, which would stand for ever if they waited for
// it; other clients of the engine do feel the latency.
func TestActorsDoNotFeelLatency(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s := parse(t, `[[queues]]`, `name = "q"`, `[templates.t]`, `body = "x"`, `[[producers]]`, `queue = "q"`, `template = "t"`, `every = "1s"`,
			`[[faults]]`, `kind = "latency"`, `duration = "30s"`)
		clock := memory.NewClock(memory.ClockOptions{})
		engine := memory.New(memory.Options{Clock: clock})
		defer clock.Close()
		defer engine.Close()
		r, err := s.Start(t.Context(), engine, 1)
		if err != nil {
			t.Fatal(err)
		}
		defer r.Stop()
		began := time.Now()
		if _, err := engine.Stack().SQS.SendMessage(t.Context(), backend.SendMessageInput{QueueUrl: "q", MessageBody: "y"}); err != nil {
			t.Fatal(err)
		}
		if d := time.Since(began); d != 30*time.Second {
			t.Errorf("a client waited for %v", d)
		}
		if a := r.Ledger().Actors[0]; a.Done < 20 {
			t.Errorf("the producer stood still: %+v", a)
		}
	})
}

// Messages that are there when the actors start come to no harm by faults.
func TestFaultsSpareTheSettingUp(t *testing.T) {
	s := parse(t, `[[queues]]`, `name = "q"`, `redrive = { to = "d", max = 1 }`, `[[queues]]`, `name = "d"`,
		`[[messages]]`, `queue = "q"`, `message = { body = "x" }`, `dead = true`, `count = 5`, `ago = "1h"`,
		`[[faults]]`, `kind = "accessDenied"`)
	g := newStage(t, s)
	g.start(s, 1)
	if out, err := g.engine.Browse(t.Context(), backend.BrowseInput{QueueUrl: "d", Limit: 10}); err != nil || len(out.Messages) != 5 {
		t.Errorf("%d dead letters, want 5 (%v)", len(out.Messages), err)
	}
	// Nor by those that somebody else had set before.
	other := newStage(t, s)
	if _, err := other.engine.SetFault(t.Context(), backend.Fault{Kind: backend.FaultServerError}); err != nil {
		t.Fatal(err)
	}
	other.start(s, 1)
}
