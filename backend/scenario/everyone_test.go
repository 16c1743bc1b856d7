package scenario

import (
	"testing"
	"time"

	"sqscope/backend"
)

// everyone is a scenario with an actor of every kind, which do all that actors
// can do.
const everyone = `format = 1
warmup = "20s"
hours = [1, 2, 0.5]
[counters]
n = 1
[lists]
who = { ada = 3, tom = 2, zoe = 1 }
kind = { fine = 8, bad = 1, deadly = 1 }
[templates.event]
let = { who = "{{pick who}}" }
body = '{"id":"E-{{seq n}}","who":"{{who}}","n":{{seq n}},"kind":"{{pick kind}}"}'
group = "{{who}}"
dedup = "{{uuid}}"
attributes = { who = "{{who}}", size = { type = "Number", value = "{{int 1 100}}" } }
[templates.task]
body = '{"token":"{{token}}","n":{{seq n}}}'
[templates.next]
body = '{"id":"{{from id none}}","n":{{from n 0}}}'
[[queues]]
name = "raw"
attributes = { VisibilityTimeout = "20s" }
redrive = { to = "dead", max = 3 }
[[queues]]
name = "dead"
[[queues]]
name = "enveloped"
attributes = { VisibilityTimeout = "9s" }
redrive = { to = "dead", max = 4 }
[[queues]]
name = "line.fifo"
attributes = { VisibilityTimeout = "15s" }
[[queues]]
name = "tasks"
attributes = { VisibilityTimeout = "25s" }
[[queues]]
name = "done"
[[queues]]
name = "quiet"
[[messages]]
queue = "raw"
message = { body = '{"kind":"deadly"}' }
dead = true
count = 3
ago = "1h"
[[topics]]
name = "events.fifo"
  [[topics.subscriptions]]
  queue = "raw"
  raw = true
  [[topics.subscriptions]]
  queue = "enveloped"
  filter = { who = ["ada", { prefix = "z" }], size = [{ numeric = [">", 20] }] }
  [[topics.subscriptions]]
  queue = "line.fifo"
  raw = true
  filter = { who = [{ anything-but = "ada" }] }
[[topics]]
name = "results"
  [[topics.subscriptions]]
  queue = "done"
[[downstreams]]
name = "service"
limit = 3
down = [{ after = "2m", until = "3m" }]
[[producers]]
name = "source"
topic = "events.fifo"
template = "event"
rate = 2
batch = 2
burst = { every = "2m", for = "20s", rate = 9, after = "30s" }
[[workers]]
name = "group"
queue = "raw"
batch = 4
takes = "1500ms"
distribution = "lognormal"
spread = 1.2
heartbeat = { every = "7s", for = "20s" }
deletes = "batch"
partial = true
effect = "id"
idempotency = "message-id"
calls = "service"
refused = { how = "give-back", after = "3s", takes = "20ms" }
  [[workers.fail]]
  body = "deadly"
  how = "crash-late"
  after = "6s"
  [[workers.fail]]
  body = "bad"
  after = "2s"
  [[workers.forward]]
  topic = "results"
  template = "next"
[[workers]]
name = "liner"
queue = "line.fifo"
count = 2
batch = 5
takes = "300ms"
distribution = "exponential"
deletes = "batch"
effect = "message-id"
order = { by = "who", number = "n" }
  [[workers.fail]]
  chance = 0.03
[[workers]]
name = "tasker"
queue = "tasks"
count = 2
takes = "12s"
distribution = "exponential"
answers = "token"
[[workers]]
name = "sweeper"
queue = "done"
batch = 10
takes = "20ms"
[[workers]]
name = "idler"
queue = "quiet"
wait = "5s"
[[lambdas]]
name = "function"
queue = "enveloped"
batch = 12
window = "3s"
pollers = 3
concurrency = 1
timeout = "8s"
takes = "700ms"
report = true
  [[lambdas.fail]]
  body = "deadly"
  how = "crash"
  [[lambdas.fail]]
  body = "bad"
[[state_machines]]
name = "machine"
queue = "tasks"
template = "task"
every = "7s"
timeout = "20s"
[[scalers]]
worker = "group"
min = 0
max = 6
backlog = 4
every = "5s"
cooldown = "20s"
boot = "3s"
[[faults]]
kind = "throttle"
action = "SendMessage"
probability = 0.02
[[faults]]
kind = "partialBatchFailure"
probability = 0.02
`

func parseEveryone(t testing.TB) *Scenario {
	t.Helper()
	s, err := Parse("everyone.toml", []byte(everyone))
	if err != nil {
		t.Fatal(err)
	}
	return s
}

// Everybody does what there is to do, so that the other tests of this scenario
// show something.
func TestEveryoneIsBusy(t *testing.T) {
	s := parseEveryone(t)
	g := newStage(t, s)
	r := g.start(s, 3)
	most := map[string]int{}
	for range 120 {
		g.clock.Advance(10 * time.Second)
		for _, f := range r.Picture(0).Actors {
			most[f.Name] = max(most[f.Name], f.Gauge.Peak)
		}
	}
	c := r.Ledger().Total
	for name, n := range map[string]uint64{
		"Done": c.Done, "Failed": c.Failed, "Requests": c.Requests, "Sent": c.Sent, "Refused": c.Refused, "Received": c.Received,
		"Empty": c.Empty, "Deleted": c.Deleted, "Extended": c.Extended, "Effects": c.Effects, "Skipped": c.Skipped,
		"Crashed": c.Crashed, "Throttled": c.Throttled, "Unseen": c.Unseen, "Invocations": c.Invocations, "TimedOut": c.TimedOut,
		"Late": c.Late, "Filtered": c.Filtered,
	} {
		if n == 0 {
			t.Errorf("nothing of %s", name)
		}
	}
	for _, name := range []string{"group", "machine", "service"} {
		if most[name] < 2 {
			t.Errorf("the gauge of %s went up to %d", name, most[name])
		}
	}
	for _, a := range r.Ledger().Actors {
		if a.Done == 0 && a.Name != "idler" {
			t.Errorf("%s did nothing: %+v", a.Name, a)
		}
	}
}

// Wherever a run with actors of all kinds is cut, it goes on the same.
func TestEveryoneMayBeCutAnywhere(t *testing.T) {
	t.Parallel()
	s := parseEveryone(t)
	a := newStage(t, s)
	a.start(s, 4)
	for i := range 20 {
		a.clock.Advance(time.Duration(i*i) * 19_876_543 * time.Nanosecond)
		file := a.snapshot()
		b, _ := restored(t, file)
		if again := b.snapshot(); again != file {
			t.Fatalf("the restored engine differs: %s", firstDifference(file, again))
		}
		sameFuture(t, a, b, 4, time.Second)
	}
}

// The same seed gives the same log of events in every scenario that is built in:
// over an hour, with -long over a day. For the shop there are tests of their own.
func TestSameSeedSameEventsEverywhere(t *testing.T) {
	t.Parallel()
	for _, name := range Names() {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			s := load(t, name)
			a, b := newStage(t, s), newStage(t, s)
			logA, logB := a.log(), b.log()
			a.start(s, 7)
			b.start(s, 7)
			span, n := time.Hour, 0
			switch {
			case name == Default:
				t.Skip("TestSameSeedSameEvents, and TestADayOfTheShop with -long")
			case *long:
				span = 24 * time.Hour
			}
			for begin := a.clock.Now(); a.clock.Now().Sub(begin) < span; {
				la, lb := logA(), logB()
				n += len(la)
				compareLogs(t, la, lb)
				a.clock.Advance(5 * time.Minute)
				b.clock.Advance(5 * time.Minute)
			}
			if len(s.producers) > 0 && n < 1000 {
				t.Errorf("only %d events", n)
			}
		})
	}
}

func compareLogs(t *testing.T, a, b []backend.Event) {
	t.Helper()
	for i := range min(len(a), len(b)) {
		if a[i] != b[i] {
			t.Fatalf("event %d: %v, and %v", i, a[i], b[i])
		}
	}
	if len(a) != len(b) {
		t.Fatalf("%d events, and %d", len(a), len(b))
	}
}
