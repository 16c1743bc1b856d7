package memory_test

import (
	"bytes"
	"flag"
	"strconv"
	"testing"
	"time"

	gocmp "github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"sqscope/backend"
	"sqscope/backend/memory"
)

var long = flag.Bool("long", false, "run the engine against the model for 10,000 steps a case")

// TestTheEngineAgainstAModel does random things with an engine and a model, with
// jumps in time and with restarts from snapshots, and compares them after each.
func TestTheEngineAgainstAModel(t *testing.T) {
	if *long {
		for name, value := range map[string]string{"rapid.steps": "10000", "rapid.checks": "10"} {
			old := flag.Lookup(name).Value.String()
			if err := flag.Set(name, value); err != nil {
				t.Fatal(err)
			}
			defer func() { _ = flag.Set(name, old) }()
		}
	}
	for _, suffix := range []string{"", ".fifo"} {
		t.Run("queue"+suffix, func(t *testing.T) {
			rapid.Check(t, func(rt *rapid.T) { runModel(t, rt, suffix) })
		})
	}
}

// machine is the engine and the model side by side.
type machine struct {
	*desk
	rt      *rapid.T
	options memory.Options
	queues  []*model // the queue and its dead-letter queue
	handles []modelHandle
}

func runModel(t *testing.T, rt *rapid.T, suffix string) {
	ahead := rapid.SampledFrom([]int{2, 120_000}).Draw(rt, "look-ahead")
	x := &machine{desk: &desk{t: t, ctx: t.Context()}, rt: rt, options: memory.Options{NoCooldown: true, LookAhead: ahead}}
	x.boot(start)
	defer func() { x.halt() }()
	max := rapid.SampledFrom([]int{0, 1, 2, 5}).Draw(rt, "maxReceiveCount")
	tenants := suffix == "" && max == 0 && rapid.Bool().Draw(rt, "tenants")
	now := func() time.Time { return x.clock.Now() }
	dlq := &model{url: x.create("dlq" + suffix), fifo: suffix != "", now: now, retention: 4 * 24 * time.Hour, ahead: ahead}
	q := &model{
		url: x.create("q" + suffix), fifo: suffix != "", now: now, retention: 4 * 24 * time.Hour, max: max, dlq: dlq,
		ahead: ahead, tenants: tenants,
	}
	if max > 0 {
		x.set(q.url, backend.AttrRedrivePolicy, redrive("dlq"+suffix, max))
	}
	x.queues = []*model{q, dlq}
	for _, m := range x.queues {
		m.turns, m.dedup = map[string]int{}, map[string]modelOriginal{}
	}
	if rapid.Bool().Draw(rt, "listened to") {
		_, err := x.Subscribe(t.Context(), 1)
		x.must(err)
	}
	rt.Repeat(map[string]func(*rapid.T){
		"send": x.doSend, "receive": x.doReceive, "delete": x.doDelete, "hide": x.doHide,
		"time": x.doTime, "purge": x.doPurge, "settings": x.doSettings,
		"snapshot": x.doSnapshot, "": x.compare,
	})
}

func (x *machine) boot(at time.Time) {
	x.options.Clock = memory.NewClock(memory.ClockOptions{Start: at, Paused: true})
	x.clock, x.Engine = x.options.Clock, memory.New(x.options)
}

func (x *machine) halt() {
	x.Engine.Close()
	x.clock.Close()
}

// doSnapshot goes on from a snapshot, on another engine or after things have
// happened on this one. The model knows nothing of it.
func (x *machine) doSnapshot(rt *rapid.T) {
	if rapid.IntRange(0, 4).Draw(rt, "rarely") > 0 {
		return
	}
	var file bytes.Buffer
	x.must(x.Snapshot(x.ctx, &file))
	if rapid.Bool().Draw(rt, "another engine") {
		x.halt()
		x.options.Seed++
		x.boot(start.Add(48 * time.Hour))
	} else {
		for _, q := range x.queues {
			x.receiveFor(q.url, 10, 5)
			x.must(x.PurgeQueue(x.ctx, backend.PurgeQueueInput{QueueUrl: q.url}))
		}
		x.pass(time.Hour)
	}
	x.must(x.Restore(x.ctx, &file))
}

func (x *machine) queue() *model {
	return x.queues[rapid.SampledFrom([]int{0, 0, 0, 1}).Draw(x.rt, "queue")]
}

func (x *machine) doSend(rt *rapid.T) {
	q := x.queue()
	in := backend.SendMessageInput{QueueUrl: q.url, MessageBody: "body"}
	m := &modelMessage{sent: q.now()}
	delay := q.delay
	if q.fifo {
		m.group = rapid.SampledFrom([]string{"a", "b", "c"}).Draw(rt, "group")
		dedup := strconv.Itoa(rapid.IntRange(0, 40).Draw(rt, "dedup"))
		in.MessageGroupId, in.MessageDeduplicationId = backend.Some(m.group), backend.Some(dedup)
		out := x.sendInput(in)
		first, ok := q.dedup[dedup]
		if ok && q.now().Sub(first.at) < 5*time.Minute {
			x.same(out.MessageId, first.id)
			return
		}
		m.id = out.MessageId
		q.dedup[dedup] = modelOriginal{m.id, q.now()}
	} else {
		if rapid.Bool().Draw(rt, "own delay") {
			s := rapid.IntRange(0, 30).Draw(rt, "delay")
			in.DelaySeconds, delay = backend.Some(s), time.Duration(s)*time.Second
		}
		if q.tenants && rapid.Bool().Draw(rt, "of a tenant") {
			in.MessageGroupId = backend.Some(rapid.SampledFrom([]string{"a", "b", "c"}).Draw(rt, "tenant"))
		}
		m.id = x.sendInput(in).MessageId
	}
	q.add(m, delay)
}

func (x *machine) doReceive(rt *rapid.T) {
	q := x.queue()
	n, s := rapid.IntRange(1, 10).Draw(rt, "n"), rapid.IntRange(0, 20).Draw(rt, "visibility")
	got := x.receiveFor(q.url, n, s)
	if q.tenants {
		q.rankAs(got)
	}
	want := q.receive(n, time.Duration(s)*time.Second)
	var g, w []string
	for _, m := range got {
		g = append(g, m.MessageId+" "+m.Attributes[backend.SysApproximateReceiveCount])
	}
	for i, m := range want {
		w = append(w, m.id+" "+strconv.Itoa(m.receives))
		if i < len(got) {
			x.handles = append(x.handles, modelHandle{q, m, m.receipts, got[i].ReceiptHandle})
		}
	}
	if diff := gocmp.Diff(w, g); diff != "" {
		rt.Fatalf("received (-model +engine):\n%s", diff)
	}
}

func (x *machine) handle(rt *rapid.T) (modelHandle, bool) {
	if len(x.handles) == 0 {
		return modelHandle{}, false
	}
	return x.handles[len(x.handles)-1-rapid.IntRange(0, min(20, len(x.handles)-1)).Draw(rt, "handle")], true
}

func (x *machine) doDelete(rt *rapid.T) {
	h, some := x.handle(rt)
	if !some {
		return
	}
	err := x.DeleteMessage(x.ctx, backend.DeleteMessageInput{QueueUrl: h.q.url, ReceiptHandle: h.handle})
	found, ok := h.usable()
	if (err == nil) != ok {
		rt.Fatalf("delete: %v", err)
	}
	if found {
		h.q.remove(h.m)
	}
}

func (x *machine) doHide(rt *rapid.T) {
	h, some := x.handle(rt)
	if !some {
		return
	}
	s := rapid.SampledFrom([]int{0, 0, 1, 7, 30, 43200}).Draw(rt, "seconds")
	err := x.hide(h.q.url, backend.Message{ReceiptHandle: h.handle}, s)
	found, _ := h.usable()
	d := time.Duration(s) * time.Second
	ok := found && !h.q.now().Add(d).After(h.m.taken.Add(12*time.Hour))
	if (err == nil) != ok {
		rt.Fatalf("visibility: %v", err)
	}
	if ok && (s > 0 || h.m.state == backend.StateInFlight) {
		h.q.hide(h.m, backend.StateInFlight, d)
	}
}

func (x *machine) doTime(rt *rapid.T) {
	x.pass(rapid.SampledFrom([]time.Duration{time.Millisecond, time.Second, 10 * time.Second, time.Minute, 13 * time.Hour}).Draw(rt, "by"))
	for _, q := range x.queues {
		q.tick()
	}
}

func (x *machine) doPurge(rt *rapid.T) {
	if rapid.IntRange(0, 9).Draw(rt, "rarely") > 0 {
		return
	}
	q := x.queue()
	x.must(x.PurgeQueue(x.ctx, backend.PurgeQueueInput{QueueUrl: q.url}))
	q.list, q.dedup = nil, map[string]modelOriginal{}
}

func (x *machine) doSettings(rt *rapid.T) {
	q := x.queue()
	delay, retention := rapid.IntRange(0, 20).Draw(rt, "delay"), rapid.SampledFrom([]int{60, 3600, 345600}).Draw(rt, "retention")
	x.set(q.url, backend.AttrDelaySeconds, strconv.Itoa(delay), backend.AttrMessageRetentionPeriod, strconv.Itoa(retention))
	changed := q.delay != time.Duration(delay)*time.Second
	q.delay, q.retention = time.Duration(delay)*time.Second, time.Duration(retention)*time.Second
	for _, m := range q.list {
		if q.fifo && changed && m.receipts == 0 && !m.dead {
			m.state, m.until = backend.StateDelayed, m.sent.Add(q.delay)
		}
	}
	q.tick()
}

// compare holds what is stored, in order and with states, against the model, and
// the engine against itself.
func (x *machine) compare(rt *rapid.T) {
	if err := x.Check(); err != nil {
		rt.Fatal(err)
	}
	type seen struct {
		ID    string
		State backend.State
		Until time.Time
	}
	for _, q := range x.queues {
		q.tick() // a dead letter may arrive beyond its retention
		var want, got []seen
		for _, m := range q.list {
			want = append(want, seen{m.id, m.state, m.until})
		}
		out, err := x.Browse(x.ctx, backend.BrowseInput{QueueUrl: q.url, Limit: 10_000})
		x.must(err)
		for _, m := range out.Messages {
			got = append(got, seen{m.MessageId, m.State, m.Until})
		}
		var n depth
		for _, m := range q.list {
			n[map[backend.State]int{backend.StateInFlight: 1, backend.StateDelayed: 2}[m.state]]++
		}
		if got := x.depth(q.url); got != n {
			rt.Fatalf("%s says %v visible, in flight, delayed; the model %v", q.url, got, n)
		}
		if diff := gocmp.Diff(want, got); diff != "" {
			rt.Fatalf("%s stores (-model +engine):\n%s", q.url, diff)
		}
	}
}
