package scenario

import (
	"flag"
	"hash/fnv"
	"testing"
	"time"
)

var long = flag.Bool("long", false, "have all scenarios play a day")

// A simulated day of the shop is the same each time, and ends with an engine that
// is consistent and ledgers that agree with it.
func TestADayOfTheShop(t *testing.T) {
	if !*long {
		t.Skip("with -long only")
	}
	t.Parallel()
	play := func(done chan<- [2]uint64) {
		s := load(t, Default)
		g := newStage(t, s)
		log := g.log()
		r := g.start(s, 11)
		digest, n := fnv.New64a(), uint64(0)
		for range 24 * 6 {
			for _, e := range log() {
				n++
				_, _ = digest.Write([]byte(e.At.String() + string(e.Kind) + e.QueueArn + e.MessageId + e.To)) // a hash takes everything
			}
			g.clock.Advance(10 * time.Minute)
		}
		g.agrees(r)
		done <- [2]uint64{n, digest.Sum64()}
	}
	first, second := make(chan [2]uint64, 1), make(chan [2]uint64, 1)
	go play(first)
	play(second)
	if a, b := <-first, <-second; a != b || a[0] < 500_000 {
		t.Errorf("a day of %d events with digest %x, and one of %d with %x", a[0], a[1], b[0], b[1])
	}
}

// agrees compares the ledgers with the engine's own counts. Only the scenario's
// actors may have used its queues.
func (g *stage) agrees(r *Run) {
	g.Helper()
	var sent, received, deleted uint64
	l := r.Ledger()
	for _, q := range l.Queues {
		sent, received, deleted = sent+q.Sent, received+q.Received, deleted+q.Deleted
		m := g.metrics(q.Queue)
		switch {
		case m.Received != q.Received:
			g.Errorf("%s: the engine delivered %d, the ledgers say %d", q.Queue, m.Received, q.Received)
		case m.Deleted > q.Deleted:
			g.Errorf("%s: the engine deleted %d, the ledgers say %d", q.Queue, m.Deleted, q.Deleted)
		}
	}
	if l.Total.Received > received || l.Total.Deleted != deleted {
		g.Errorf("actors say they received %d and deleted %d, the tallies %d and %d", l.Total.Received, l.Total.Deleted, received, deleted)
	}
	if err := g.engine.Check(); err != nil {
		g.Error(err)
	}
}
