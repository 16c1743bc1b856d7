package scenario

import (
	"testing"
	"time"

	"sqscope/backend"
)

// jobs are messages with business keys for one queue, which comes first.
const jobs = `[[queues]]
name = "q"
attributes = { VisibilityTimeout = "10s" }
redrive = { to = "d", max = 5 }
[[queues]]
name = "d"
[counters]
n = 1
[templates.t]
body = '{"order":"O-{{seq n}}"}'
[[messages]]
queue = "q"
template = "t"
count = 10
`

func (g *stage) counts(r *Run, name string) Counts {
	g.Helper()
	return g.actor(r, name).Counts
}

// Whoever takes longer than the visibility timeout does the work twice, unless a
// heartbeat or a longer timeout keeps the message. A worker that dies gives its
// message back when its lease ends, and with a heartbeat that is soon.
func TestTheLeaseRace(t *testing.T) {
	for name, tt := range map[string]struct {
		worker     string
		duplicates bool
		received   uint64
	}{
		"the timeout is too short": {``, true, 0},
		"a heartbeat":              {`heartbeat = { every = "4s", for = "10s" }`, false, 10},
		"a heartbeat too short":    {`heartbeat = { every = "5s", for = "1s" }`, true, 0},
		"a longer timeout":         {`visibility = "13s"`, false, 10},
	} {
		t.Run(name, func(t *testing.T) {
			s := parse(t, jobs+"[[workers]]\nname = \"w\"\nqueue = \"q\"\ncount = 2\ntakes = \"12s\"\nspread = 0\neffect = \"order\"", tt.worker)
			g := newStage(t, s)
			r := g.start(s, 1)
			g.clock.Advance(5 * time.Minute)
			c := g.counts(r, "w")
			if (c.Duplicates > 0) != tt.duplicates || c.Effects != 10 {
				t.Errorf("%d effects, %d of them again", c.Effects, c.Duplicates)
			}
			if tt.received > 0 && c.Received != tt.received {
				t.Errorf("%d deliveries, want %d", c.Received, tt.received)
			}
		})
	}
}

// A worker that dies between the side effect and the delete has it twice, unless
// it asks an idempotency key. The message id does as long as the message is the
// same one; a redriven one has another.
func TestIdempotency(t *testing.T) {
	for _, tt := range []struct {
		key                           string
		duplicates, redriven, skipped uint64
	}{
		{"", 10, 20, 0},
		{`idempotency = "message-id"`, 0, 10, 10},
		{`idempotency = "effect"`, 0, 0, 20},
	} {
		t.Run(tt.key, func(t *testing.T) {
			s := parse(t, jobs, `[[workers]]`, `name = "w"`, `queue = "q"`, `effect = "order"`, tt.key,
				`[[workers.fail]]`, `how = "crash-late"`)
			g := newStage(t, s)
			r := g.start(s, 1)
			g.clock.Advance(15 * time.Second)
			if err := r.Set(t.Context(), "w", "fail 1", "0"); err != nil {
				t.Fatal(err)
			}
			g.clock.Advance(time.Minute)
			c := g.counts(r, "w")
			if c.Effects != 10 || c.Done != 10 || c.Crashed < 10 || (c.Duplicates > 0) != (tt.duplicates > 0) {
				t.Errorf("after the crashes: %+v", c)
			}
			before := c.Duplicates
			for i := range 10 { // what a redrive would make of them
				_, err := g.sqs.SendMessage(t.Context(), backend.SendMessageInput{
					QueueUrl: "q", MessageBody: `{"order":"O-` + string(rune('1'+i%9)) + `"}`,
				})
				if err != nil {
					t.Fatal(err)
				}
			}
			g.clock.Advance(time.Minute)
			c = g.counts(r, "w")
			if again := c.Duplicates - before; (again > 0) != (tt.redriven > 0 && tt.key != `idempotency = "effect"`) {
				t.Errorf("%d effects were had again after the redrive", again)
			}
			if (c.Skipped > 0) != (tt.skipped > 0) {
				t.Errorf("%d were skipped", c.Skipped)
			}
		})
	}
}

// A batch with one bad message: each is deleted by itself, or all fail together,
// or those that were processed are deleted and only the bad one comes back.
func TestABatchWithOneBadMessage(t *testing.T) {
	for _, tt := range []struct {
		deletes    string
		left       int
		duplicates bool
	}{
		{`deletes = "each"`, 0, false},
		{"deletes = \"batch\"\npartial = true", 0, false},
		{`deletes = "batch"`, 9, true}, // nothing of that batch is ever deleted
	} {
		t.Run(tt.deletes, func(t *testing.T) {
			s := parse(t, jobs, `[[workers]]`, `name = "w"`, `queue = "q"`, `batch = 10`, `takes = "10ms"`, `effect = "order"`, tt.deletes,
				`[[workers.fail]]`, `body = '"O-10"'`)
			g := newStage(t, s)
			r := g.start(s, 1)
			g.clock.Advance(2 * time.Minute)
			if n := len(g.browse("d")); n != 1+tt.left {
				t.Errorf("%d dead letters, want %d", n, 1+tt.left)
			}
			if c := g.counts(r, "w"); (c.Duplicates > 0) != tt.duplicates {
				t.Errorf("%d were processed again", c.Duplicates)
			}
		})
	}
}

// Processing times are spread as the file says.
func TestDistributions(t *testing.T) {
	for _, tt := range []struct {
		shape      string
		median, p9 time.Duration
	}{
		{"spread = 0.5", 100 * time.Millisecond, 140 * time.Millisecond},
		{"distribution = \"exponential\"", 69 * time.Millisecond, 230 * time.Millisecond},
		{"distribution = \"lognormal\"\nspread = 1", 100 * time.Millisecond, 360 * time.Millisecond},
	} {
		s := parse(t, jobs, `[[workers]]`, `name = "w"`, `queue = "q"`, `takes = "100ms"`, tt.shape)
		g := newStage(t, s)
		r := g.start(s, 1)
		h := r.workers[0].handling
		below := func(limit time.Duration) (share float64) {
			const tries = 4000
			for range tries {
				if h.time(nil) < limit {
					share += 1. / tries
				}
			}
			return share
		}
		if m, p := below(tt.median), below(tt.p9); m < 0.46 || m > 0.54 || p < 0.88 || p > 0.92 {
			t.Errorf("%s: %.0f %% are under %v and %.0f %% under %v", tt.shape, 100*m, tt.median, 100*p, tt.p9)
		}
	}
}

// A downstream takes what its limit allows in each second, and a worker gives
// back what it refuses; nothing is lost by that.
func TestADownstreamWithALimit(t *testing.T) {
	s := parse(t, jobs, `[[downstreams]]`, `name = "service"`, `limit = 2`, `down = [{ after = "2s", until = "4s" }]`,
		`[[workers]]`, `name = "w"`, `queue = "q"`, `count = 10`, `takes = "10ms"`, `spread = 0`, `calls = "service"`, `effect = "order"`,
		`refused = { after = "1s", takes = "5ms" }`)
	g := newStage(t, s)
	r := g.start(s, 1)
	g.clock.Advance(500 * time.Millisecond)
	f := r.Picture(0).Actors[1]
	if f.Kind != Downstream || f.Gauge != (Gauge{Level: 10, Limit: 2, Peak: 10}) {
		t.Errorf("after ten calls in a second: %+v", f)
	}
	if c := g.counts(r, "service"); c.Done != 2 || c.Refused != 8 {
		t.Errorf("the service: %+v", c)
	}
	g.clock.Advance(1500 * time.Millisecond)
	taken := g.counts(r, "service").Done
	if taken != 4 {
		t.Errorf("%d calls were taken in two seconds, want 4", taken)
	}
	g.clock.Advance(2 * time.Second)
	if c := g.counts(r, "service"); c.Done != taken {
		t.Errorf("it took %d calls while it was down", c.Done-taken)
	}
	g.clock.Advance(10 * time.Second)
	if c := g.counts(r, "w"); c.Done+uint64(len(g.browse("d"))) != 10 || c.Effects != c.Done || c.Throttled == 0 {
		t.Errorf("the workers: %+v", c)
	}
}

// A scaler has more workers at once where the backlog wants them, and fewer when
// its cooldown is over; nobody loses what they hold by going.
func TestAScalerFollowsTheBacklog(t *testing.T) {
	s := parse(t, jobs, `[[messages]]`, `queue = "q"`, `template = "t"`, `count = 90`,
		`[[workers]]`, `name = "w"`, `queue = "q"`, `takes = "6s"`, `spread = 0`, `effect = "order"`,
		`[[scalers]]`, `worker = "w"`, `min = 1`, `max = 8`, `backlog = 10`, `every = "10s"`, `cooldown = "1m"`, `boot = "5s"`)
	g := newStage(t, s)
	r := g.start(s, 1)
	size := func(state HandState) (n int) {
		for _, h := range r.Picture(0).Actors[0].Hands {
			if h.State == state {
				n++
			}
		}
		return n
	}
	g.clock.Advance(9 * time.Second)
	if n := size(HandWorking); n != 1 {
		t.Errorf("%d at work before it looks", n)
	}
	g.clock.Advance(2 * time.Second)
	if n := size(HandAway); n != 7 {
		t.Errorf("%d boot, want 7", n)
	}
	g.clock.Advance(5 * time.Second)
	if n := size(HandWorking); n != 8 {
		t.Errorf("%d at work, want 8", n)
	}
	g.clock.Advance(49 * time.Second)
	if f := r.Picture(0).Actors[1]; f.Gauge.Level != 8 {
		t.Errorf("%d are wanted before the cooldown is over", f.Gauge.Level)
	}
	g.clock.Advance(6 * time.Second)
	if f := r.Picture(0).Actors[1]; f.Gauge.Level >= 8 {
		t.Errorf("%d are wanted after it", f.Gauge.Level)
	}
	g.clock.Advance(5 * time.Minute)
	c := g.counts(r, "w")
	if n := len(r.Picture(0).Actors[0].Hands); n != 1 || c.Done != 100 || c.Duplicates != 0 || c.Received != 100 {
		t.Errorf("%d workers are left, who did %+v", n, c)
	}
	if f := r.Picture(0).Actors[1]; f.Kind != Scaler || f.Gauge != (Gauge{Level: 1, Limit: 8, Peak: 8}) {
		t.Errorf("the scaler: %+v", f)
	}
}

// A state machine waits for the answer with its token. One that comes too late is
// nobody's any more.
func TestTaskTokens(t *testing.T) {
	for _, tt := range []struct {
		takes               string
		done, timedOut, top uint64
	}{
		{"2s", 5, 0, 5},
		{"12s", 0, 5, 5},
	} {
		s := parse(t, `[[queues]]`, `name = "q"`, `[templates.t]`, `body = '{"in":{"token":"{{token}}"}}'`,
			`[[state_machines]]`, `name = "m"`, `queue = "q"`, `template = "t"`, `every = "10s"`, `jitter = 0`, `timeout = "10s"`,
			`[[workers]]`, `name = "w"`, `queue = "q"`, `count = 5`, `takes = "`+tt.takes+`"`, `spread = 0`, `answers = "in.token"`)
		g := newStage(t, s)
		r := g.start(s, 1)
		g.clock.Advance(11 * time.Second)
		f := r.Picture(0).Actors[1]
		if f.Kind != StateMachine || len(f.Hands) != 1 || f.Hands[0].State != HandWaiting || f.Hands[0].Until.Sub(f.Hands[0].Since) != 10*time.Second {
			t.Errorf("one task waits, but the picture is %+v", f)
		}
		g.clock.Advance(52 * time.Second)
		m, w := g.counts(r, "m"), g.counts(r, "w")
		if m.Done-tt.done > 1 || m.TimedOut-tt.timedOut > 1 || w.Late != min(m.TimedOut, w.Done) || w.Done < 4 {
			t.Errorf("takes %s: %d answered, %d timed out, %d answers late", tt.takes, m.Done, m.TimedOut, w.Late)
		}
	}
}

// A standard queue that gives back what failed is out of order; a FIFO queue is
// not.
func TestOutOfOrder(t *testing.T) {
	for queue, ordered := range map[string]bool{"q": false, "q.fifo": true} {
		dedup := ""
		if ordered {
			dedup = `dedup = "{{uuid}}"`
		}
		s := parse(t, `[[queues]]`, `name = "`+queue+`"`, `[counters]`, `n = 1`,
			`[templates.t]`, `body = '{"n":{{seq n}},"g":"a"}'`, `group = "a"`, dedup,
			`[[messages]]`, `queue = "`+queue+`"`, `template = "t"`, `count = 30`,
			`[[workers]]`, `name = "w"`, `queue = "`+queue+`"`, `takes = "10ms"`, `order = { by = "g", number = "n" }`,
			`[[workers.fail]]`, `chance = 0.2`, `after = "3s"`)
		g := newStage(t, s)
		r := g.start(s, 1)
		g.clock.Advance(5 * time.Minute)
		if c := g.counts(r, "w"); c.Done != 30 || (c.OutOfOrder == 0) != ordered {
			t.Errorf("%s: %d were processed, %d out of order", queue, c.Done, c.OutOfOrder)
		}
	}
}
