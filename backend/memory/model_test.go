package memory_test

import (
	"cmp"
	"slices"
	"strconv"
	"testing"
	"time"

	gocmp "github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"sqscope/backend"
	"sqscope/backend/memory"
)

// model is a queue as docs/SQS.md tells it, without a thought of speed: a list
// in order of arrival that is searched for everything.
type model struct {
	url       string
	fifo      bool
	now       func() time.Time
	list      []*modelMessage
	seq       int // also hands out ranks
	retention time.Duration
	delay     time.Duration
	max       int // receives; 0: no dead-letter queue
	dlq       *model
	turns     map[string]int // of groups
	turn      int
	dedup     map[string]modelOriginal
}

type modelOriginal struct {
	id string
	at time.Time
}

type modelMessage struct {
	id, group          string
	seq, rank          int
	sent, until, taken time.Time
	state              backend.State
	receives, receipts int
	dead               bool
}

// tick does what time does: messages expire and become visible.
func (q *model) tick() {
	now := q.now()
	q.list = slices.DeleteFunc(q.list, func(m *modelMessage) bool { return !m.sent.Add(q.retention).After(now) })
	due := slices.DeleteFunc(slices.Clone(q.list), func(m *modelMessage) bool {
		return m.state == backend.StateVisible || m.until.After(now)
	})
	slices.SortFunc(due, func(a, b *modelMessage) int { return cmp.Or(a.until.Compare(b.until), a.seq-b.seq) })
	for _, m := range due {
		q.show(m)
	}
}

func (q *model) show(m *modelMessage) {
	m.state, m.until = backend.StateVisible, time.Time{}
	if !q.fifo && q.max > 3 && m.receipts >= 3 {
		q.seq++
		m.rank = q.seq
	}
}

func (q *model) hide(m *modelMessage, s backend.State, d time.Duration) {
	if d > 0 {
		m.state, m.until = s, q.now().Add(d)
	} else {
		q.show(m)
	}
}

func (q *model) add(m *modelMessage, delay time.Duration) {
	if q.fifo && !slices.ContainsFunc(q.list, func(o *modelMessage) bool { return o.group == m.group }) {
		q.turn++
		q.turns[m.group] = q.turn
	}
	q.seq++
	m.seq, m.rank, m.receipts, m.state, m.until = q.seq, q.seq, 0, backend.StateVisible, time.Time{}
	if delay > 0 {
		m.state, m.until = backend.StateDelayed, q.now().Add(delay)
	}
	q.list = append(q.list, m)
}

func (q *model) remove(m *modelMessage) {
	q.list = slices.DeleteFunc(q.list, func(o *modelMessage) bool { return o == m })
}

// order is the visible messages in the order in which they would be received.
func (q *model) order() []*modelMessage {
	var out []*modelMessage
	locked := map[string]bool{}
	for _, m := range q.list {
		if m.state != backend.StateVisible || q.fifo && locked[m.group] {
			locked[m.group] = true
			continue
		}
		out = append(out, m)
	}
	slices.SortStableFunc(out, func(a, b *modelMessage) int {
		if q.fifo {
			return q.turns[a.group] - q.turns[b.group]
		}
		return a.rank - b.rank
	})
	return out
}

func (q *model) receive(n int, d time.Duration) []*modelMessage {
	var got []*modelMessage
	for _, m := range q.order() {
		if len(got) == n {
			break
		}
		if q.max > 0 && m.receipts >= q.max {
			q.remove(m)
			m.dead = true
			if q.fifo {
				m.sent = q.now()
			}
			q.dlq.add(m, 0)
			continue
		}
		got = append(got, m)
	}
	turned := map[string]bool{}
	for _, m := range got {
		if q.fifo && !turned[m.group] {
			turned[m.group] = true
			q.turn++
			q.turns[m.group] = q.turn
		}
		m.receives, m.receipts, m.taken = m.receives+1, m.receipts+1, q.now()
		q.hide(m, backend.StateInFlight, d)
	}
	return got
}

// modelHandle is a receipt handle and what it stands for.
type modelHandle struct {
	q       *model
	m       *modelMessage
	receipt int
	handle  string
}

// usable tells whether an action with the handle finds its message; ok is
// whether it succeeds.
func (h modelHandle) usable() (found, ok bool) {
	if !slices.Contains(h.q.list, h.m) {
		return false, true
	}
	fresh := h.m.state == backend.StateInFlight && h.m.receipts == h.receipt
	return !h.q.fifo || fresh, !h.q.fifo || fresh
}

func TestTheEngineAgainstAModel(t *testing.T) {
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
	queues  []*model // the queue and its dead-letter queue
	handles []modelHandle
}

func runModel(t *testing.T, rt *rapid.T, suffix string) {
	clock := memory.NewClock(memory.ClockOptions{Start: start, Paused: true})
	defer clock.Close()
	e := memory.New(memory.Options{Clock: clock, NoCooldown: true})
	defer e.Close()
	x := &machine{desk: &desk{Engine: e, t: t, ctx: t.Context(), clock: clock}, rt: rt}
	max := rapid.SampledFrom([]int{0, 1, 2, 5}).Draw(rt, "maxReceiveCount")
	dlq := &model{url: x.create("dlq" + suffix), fifo: suffix != "", now: clock.Now, retention: 4 * 24 * time.Hour}
	q := &model{url: x.create("q" + suffix), fifo: suffix != "", now: clock.Now, retention: 4 * 24 * time.Hour, max: max, dlq: dlq}
	if max > 0 {
		x.set(q.url, backend.AttrRedrivePolicy, redrive("dlq"+suffix, max))
	}
	x.queues = []*model{q, dlq}
	for _, m := range x.queues {
		m.turns, m.dedup = map[string]int{}, map[string]modelOriginal{}
	}
	if rapid.Bool().Draw(rt, "listened to") {
		_, err := e.Subscribe(t.Context(), 1)
		x.must(err)
	}
	rt.Repeat(map[string]func(*rapid.T){
		"send": x.doSend, "receive": x.doReceive, "delete": x.doDelete, "hide": x.doHide,
		"time": x.doTime, "purge": x.doPurge, "settings": x.doSettings, "": x.compare,
	})
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
		m.id = x.sendInput(in).MessageId
	}
	q.add(m, delay)
}

func (x *machine) doReceive(rt *rapid.T) {
	q := x.queue()
	n, s := rapid.IntRange(1, 10).Draw(rt, "n"), rapid.IntRange(0, 20).Draw(rt, "visibility")
	got := x.receiveFor(q.url, n, s)
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
		if diff := gocmp.Diff(want, got); diff != "" {
			rt.Fatalf("%s stores (-model +engine):\n%s", q.url, diff)
		}
	}
}
