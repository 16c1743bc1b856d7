package scenario

import (
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"sqscope/backend"
)

// Every knob takes the value that it shows, and says what it is.
func TestEveryKnobTakesItsOwnValue(t *testing.T) {
	s := parseEveryone(t)
	g := newStage(t, s)
	r := g.start(s, 1)
	knobs, err := r.Knobs(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	subjects := map[string]int{}
	for _, k := range knobs {
		subjects[k.Subject]++
		if k.Says == "" {
			t.Errorf("%s %s says nothing", k.Subject, k.Name)
		}
		if err := r.Set(t.Context(), k.Subject, k.Name, k.Value); err != nil {
			t.Errorf("%s %s does not take %q: %v", k.Subject, k.Name, k.Value, err)
		}
	}
	for _, subject := range []string{"source", "group", "function", "machine", "group-scaler", "service", "raw", "line.fifo", AllQueues} {
		if subjects[subject] == 0 {
			t.Errorf("%s has no knobs", subject)
		}
	}
	again, err := r.Knobs(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	if d := cmp.Diff(knobs, again); d != "" {
		t.Errorf("turning all to where they were has changed something: %s", d)
	}
	g.clock.Advance(time.Minute)
}

// What a knob does is felt from then on.
func TestKnobsAreFelt(t *testing.T) {
	s := parse(t, jobs, `[[producers]]`, `name = "p"`, `queue = "q"`, `template = "t"`, `every = "10m"`,
		`[[downstreams]]`, `name = "service"`, `[[workers]]`, `name = "w"`, `queue = "q"`, `takes = "50ms"`, `calls = "service"`,
		`[[workers.fail]]`, `chance = 0`)
	g := newStage(t, s)
	r := g.start(s, 1)
	set := func(subject, name, value string) {
		t.Helper()
		if err := r.Set(t.Context(), subject, name, value); err != nil {
			t.Fatal(err)
		}
	}
	g.clock.Advance(10 * time.Second)
	set("p", "rate", "20")
	g.clock.Advance(10 * time.Second)
	if n := g.counts(r, "p").Done; n < 150 || n > 250 {
		t.Errorf("%d messages in 10 s at 20 a second", n)
	}
	set("w", "workers", "0")
	g.clock.Advance(time.Second)
	before := g.counts(r, "w")
	g.clock.Advance(10 * time.Second)
	if now := g.counts(r, "w"); now != before {
		t.Errorf("nobody is there, and yet %+v became %+v", before, now)
	}
	set("w", "workers", "20")
	set("w", "fail 1", "1")
	g.clock.Advance(time.Second) // for those that were at work
	before = g.counts(r, "w")
	g.clock.Advance(5 * time.Second)
	if c := g.counts(r, "w"); c.Done > before.Done || c.Failed == before.Failed {
		t.Errorf("all should fail: %+v", c)
	}
	set("w", "fail 1", "0")
	set("service", "down", "true")
	before = g.counts(r, "w")
	g.clock.Advance(5 * time.Second)
	if c := g.counts(r, "w"); c.Throttled == before.Throttled || c.Done-before.Done > 20 {
		t.Errorf("the service is down: %+v", c)
	}
	set("service", "down", "false")
	set(AllQueues, "throttle", "1")
	g.clock.Advance(time.Second)
	before = g.counts(r, "p")
	g.clock.Advance(5 * time.Second)
	if c := g.counts(r, "p"); c.Done > before.Done || c.Refused == before.Refused || backend.KindOf(g.actor(r, "p").Err) != backend.KindThrottled {
		t.Errorf("everything is throttled: %+v", c)
	}
	set(AllQueues, "throttle", "0")
	set("q", "VisibilityTimeout", "3m")
	set("q", maxReceiveCount, "2")
	out, err := g.sqs.GetQueueAttributes(t.Context(), backend.GetQueueAttributesInput{QueueUrl: "q", AttributeNames: []string{"All"}})
	if err != nil || out.Attributes[backend.AttrVisibilityTimeout] != "180" || !strings.Contains(out.Attributes[backend.AttrRedrivePolicy], "2") {
		t.Errorf("the queue: %v, %v", out.Attributes, err)
	}
}

// What is beyond SQS's limits is refused with SQS's own reason, what is beyond an
// actor's with what it takes, and nothing has changed.
func TestKnobsAreRefused(t *testing.T) {
	s := parseEveryone(t)
	g := newStage(t, s)
	r := g.start(s, 1)
	before, err := r.Knobs(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	for _, tt := range []struct {
		subject, name, value string
		kind                 backend.Kind
		says                 string
	}{
		{"group", "batch", "11", backend.KindInvalid, "Must be between 1 and 10, if provided."},
		{"group", "batch", "ten", backend.KindInvalid, `"ten" (take MaxNumberOfMessages of a receive, 1 to 10)`},
		{"group", "wait", "long", backend.KindInvalid, `"long" (take WaitTimeSeconds of a receive, 0s to 20s)`},
		{"group", "visibility", "mine", backend.KindInvalid, `"mine" (take VisibilityTimeout of a receive, 0s to 12h, or queue)`},
		{"group", "wait", "21s", backend.KindInvalid, "Must be >= 0 and <= 20, if provided."},
		{"group", "wait", "1500ms", backend.KindInvalid, "whole seconds"},
		{"group", "visibility", "13h", backend.KindInvalid, "Must be >= 0 and <= 43200, if provided."},
		{"group", "fail 1", "1.5", backend.KindInvalid, "0 to 1"},
		{"group", "idempotency", "always", backend.KindInvalid, "message-id or effect"},
		{"group", "workers", "3", backend.KindNotFound, ""}, // its scaler decides
		{"liner", "workers", "1001", backend.KindInvalid, "0 to 1000"},
		{"liner", "wrokers", "1", backend.KindNotFound, "workers"},
		{"linr", "workers", "1", backend.KindNotFound, "liner"},
		{"source", "rate", "-1", backend.KindInvalid, "0 to 1000"},
		{"source", "rate", "NaN", backend.KindInvalid, "0 to 1000"},
		{"function", "maximum", "1", backend.KindInvalid, "2 to 1000"},
		{"function", "report", "perhaps", backend.KindInvalid, "true or false"},
		{"group-scaler", "min", "7", backend.KindInvalid, "not above max"},
		{"service", "limit", "-1", backend.KindInvalid, "0 to 1000"},
		{"raw", "VisibilityTimeout", "13h", backend.KindInvalid, "VisibilityTimeout"},
		{"raw", "DelaySeconds", "16m", backend.KindInvalid, "DelaySeconds"},
		{"raw", "MessageRetentionPeriod", "30s", backend.KindInvalid, "MessageRetentionPeriod"},
		{"raw", maxReceiveCount, "1001", backend.KindInvalid, "maxReceiveCount"},
		{"tasks", maxReceiveCount, "3", backend.KindConflict, "no dead-letter queue"},
		{"raw", "throttle", "2", backend.KindInvalid, "0 to 1"},
		{"raw", "VisibilityTimout", "1", backend.KindNotFound, "VisibilityTimeout"},
		{AllQueues, "VisibilityTimeout", "1", backend.KindNotFound, ""},
	} {
		err := r.Set(t.Context(), tt.subject, tt.name, tt.value)
		if err == nil || backend.KindOf(err) != tt.kind || !strings.Contains(err.Error(), tt.says) {
			t.Errorf("%s %s = %s: %v, want %v with %q", tt.subject, tt.name, tt.value, err, tt.kind, tt.says)
		}
	}
	after, err := r.Knobs(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	if d := cmp.Diff(before, after); d != "" {
		t.Errorf("something has changed: %s", d)
	}
	r.Stop()
	if err := r.Set(t.Context(), "liner", "workers", "1"); backend.KindOf(err) != backend.KindConflict {
		t.Errorf("after the stop: %v", err)
	}
}

// A queue that somebody else has made has knobs as well, until it is gone.
func TestQueuesFromOutsideHaveKnobs(t *testing.T) {
	g := newStage(t, parseEveryone(t))
	r := g.start(parseEveryone(t), 1)
	sqs := g.engine.Stack().SQS
	if _, err := sqs.CreateQueue(t.Context(), backend.CreateQueueInput{QueueName: "guest"}); err != nil {
		t.Fatal(err)
	}
	for name, value := range map[string]string{backend.AttrVisibilityTimeout: "2m", string(backend.FaultThrottle): "0.5"} {
		if err := r.Set(t.Context(), "guest", name, value); err != nil {
			t.Errorf("%s: %v", name, err)
		}
	}
	knobs, err := r.Knobs(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	set := map[string]string{}
	for _, k := range knobs {
		if k.Subject == "guest" {
			set[k.Name] = k.Value
		}
	}
	if set[backend.AttrVisibilityTimeout] != "120s" || set[backend.AttrMessageRetentionPeriod] != "4d" || set[string(backend.FaultThrottle)] != "0.5" {
		t.Errorf("its knobs are %v", set)
	}
	if err := r.Set(t.Context(), "guest", string(backend.FaultThrottle), "0"); err != nil {
		t.Fatal(err)
	}
	if err := sqs.DeleteQueue(t.Context(), backend.DeleteQueueInput{QueueUrl: "guest"}); err != nil {
		t.Fatal(err)
	}
	if err := r.Set(t.Context(), "guest", backend.AttrVisibilityTimeout, "1m"); backend.KindOf(err) != backend.KindNotFound {
		t.Errorf("after it is gone: %v", err)
	}
}

// A snapshot keeps what was turned, and the future is the same with it.
func TestSnapshotsKeepTheKnobs(t *testing.T) {
	s := parseEveryone(t)
	a := newStage(t, s)
	before := a.start(s, 8)
	a.clock.Advance(10 * time.Second)
	for _, k := range [][3]string{
		{"source", "rate", "5"},
		{"group", "heartbeat", "3s"},
		{"group", "batch", "2"},
		{"group", "fail 1", "0.5"},
		{"group", "together", "false"},
		{"liner", "workers", "5"},
		{"function", "concurrency", "2"},
		{"function", "batch", "3"},
		{"machine", "timeout", "9s"},
		{"group-scaler", "max", "3"},
		{"service", "limit", "50"},
		{"raw", maxReceiveCount, "7"},
		{AllQueues, "duplicateDelivery", "0.1"},
	} {
		a.clock.Advance(time.Second)
		if err := before.Set(t.Context(), k[0], k[1], k[2]); err != nil {
			t.Fatal(err)
		}
	}
	for range 5 {
		a.clock.Advance(3 * time.Second)
		b, after := restored(t, a.snapshot())
		was, err := before.Knobs(t.Context())
		if err != nil {
			t.Fatal(err)
		}
		is, err := after.Knobs(t.Context())
		if err != nil {
			t.Fatal(err)
		}
		if d := cmp.Diff(was, is); d != "" {
			t.Error(d)
		}
		sameFuture(t, a, b, 5, 10*time.Second)
	}
}

// Pictures, ledgers and knobs may be asked for and turned while the clock is at
// work.
func TestKnobsBesideTheClock(t *testing.T) {
	s := parseEveryone(t)
	g := newStage(t, s)
	r := g.start(s, 1)
	done := make(chan struct{})
	go func() {
		defer close(done)
		g.clock.Advance(2 * time.Minute)
	}()
	var flown uint64
	for i := range 60 {
		flown = r.Picture(flown).Flown
		r.Ledger()
		if err := r.Set(t.Context(), "liner", "workers", []string{"0", "3", "1"}[i%3]); err != nil {
			t.Fatal(err)
		}
		if err := r.Set(t.Context(), "source", "rate", "7"); err != nil {
			t.Fatal(err)
		}
		if _, err := r.Knobs(t.Context()); err != nil {
			t.Fatal(err)
		}
	}
	<-done
}
