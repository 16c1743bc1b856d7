package fleet

import (
	"fmt"
	"slices"
	"testing"
	"time"

	"pgregory.net/rapid"

	"sqscope/backend"
)

// order runs the schedule dry: the queues by name in the order in which their
// requests would go out, all of them due.
func order(f *Fleet, now time.Time) []string {
	var out []string
	for {
		j := f.nextUrgent(now)
		if j.e == nil {
			j, _ = f.nextSteady(now)
		}
		if j.e == nil {
			return out
		}
		name := j.e.q.ARN.Name
		if j.tags {
			name += " tags"
			f.beginTags(j.e, now)
		} else {
			f.begin(j.e, now)
		}
		out = append(out, name)
	}
}

// still is a fleet whose loop does not run.
func still() *Fleet {
	f := &Fleet{
		pacer: NewPacer(Budget{}), queues: map[backend.ARN]*entry{}, byURL: map[string]*entry{}, alias: map[backend.ARN]*entry{},
		wake: make(chan struct{}, 1), maxAge: 5 * time.Second, activeAt: time.Now(), o: Options{Region: region},
	}
	f.snap.Store(&Snapshot{})
	return f
}

// with adds a queue that was read an hour ago and a bit, less the given time.
func (f *Fleet) with(name string, later time.Duration, as func(*entry)) {
	e := f.found(urlOf(name))
	e.triedAt = time.Now().Add(-time.Hour + later)
	q := *e.q
	q.AsOf = e.triedAt
	e.q = &q
	if as != nil {
		as(e)
	}
	f.arrange()
}

func TestWhatIsWorthMostIsReadFirst(t *testing.T) {
	f := still()
	f.with("calm-old", 0, nil)
	f.with("calm", time.Second, nil)
	f.with("changes", 4*time.Minute, func(e *entry) { e.stirred = 1 })
	f.with("dead-letters", 5*time.Minute, func(e *entry) { e.q.Sources = arnsOf("changes") })
	f.with("pinned", 7*time.Minute, func(e *entry) { e.pinned = true })
	f.with("guest", 8*time.Minute, func(e *entry) { e.opened = true })
	f.with("row", 9*time.Minute, func(e *entry) { e.looked = true })
	f.with("new-row", 10*time.Minute, func(e *entry) { e.looked, e.urgent, e.wanted = true, true, true })
	f.with("act", 11*time.Minute, func(e *entry) { f.ask(e) })
	f.with("never-read", 0, func(e *entry) { e.q.AsOf, e.triedAt = time.Time{}, time.Time{} })
	f.with("denied", 0, func(e *entry) {
		e.fails, e.q.AsOf, e.q.Sources = 1, time.Time{}, arnsOf("calm")
		e.triedAt = time.Now()
	})
	f.with("wanted", 0, func(e *entry) { e.wanted = true; e.triedAt = time.Now().Add(-time.Minute); e.q.AsOf = time.Now() })
	f.look = arnsOf("row", "new-row")
	want := []string{
		"act", "new-row", "new-row tags", // as soon as possible
		"row", "pinned", "guest", "wanted tags", "dead-letters", "never-read", "changes", "calm-old", "calm", "denied", // then at a steady pace
	}
	if got := order(f, time.Now()); !slices.Equal(got, want) {
		t.Errorf("read in the order\n%q, want\n%q", got, want)
	}
}

// Whatever there is to do, one of two steady requests goes to what is worth
// most, by rank and then by age, and the other to who has waited longest off
// screen.
func TestEverySteadyRequestIsForTheWorthiestOrForWhoWaitedLongest(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		f := still()
		now := time.Now()
		for i := range rapid.IntRange(1, 30).Draw(t, "queues") {
			label := fmt.Sprintf("%d ", i)
			ago := time.Duration(rapid.IntRange(0, 120).Draw(t, label+"seconds")) * time.Second
			f.with(fmt.Sprintf("q%02d", i), time.Hour-ago, func(e *entry) {
				e.looked = rapid.Bool().Draw(t, label+"looked")
				e.pinned = rapid.Bool().Draw(t, label+"pinned")
				if rapid.Bool().Draw(t, label+"dlq") {
					e.q.Sources = arnsOf("x")
				}
				e.stirred = rapid.IntRange(0, 2).Draw(t, label+"stirred")
				if rapid.Bool().Draw(t, label+"never read") {
					e.q.AsOf, e.triedAt = time.Time{}, time.Time{}
				}
			})
		}
		f.turn = rapid.IntRange(0, 3).Draw(t, "turn")
		j, next := f.nextSteady(now)
		var due []*entry
		for _, e := range f.sorted {
			if !f.dueAt(e).After(now) {
				due = append(due, e)
			} else if f.dueAt(e).Before(next) {
				t.Errorf("%s is due in %v, and the fleet sleeps for %v", e.q.ARN.Name, f.dueAt(e).Sub(now), next.Sub(now))
			}
		}
		if j.e == nil != (len(due) == 0) {
			t.Fatalf("%d are due, picked: %v", len(due), j.e)
		}
		offScreen := slices.DeleteFunc(slices.Clone(due), func(e *entry) bool { return e.looked })
		for _, e := range due {
			switch {
			case f.turn%2 == 1 && len(offScreen) > 0:
				if j.e.looked || !e.looked && e.triedAt.Before(j.e.triedAt) {
					t.Errorf("%s has waited longer than %s", e.q.ARN.Name, j.e.q.ARN.Name)
				}
			case e.rank() < j.e.rank() || e.rank() == j.e.rank() && e.triedAt.Before(j.e.triedAt):
				t.Errorf("%s of rank %d is worth more than %s of rank %d", e.q.ARN.Name, e.rank(), j.e.q.ARN.Name, j.e.rank())
			}
		}
	})
}

func TestPinnedQueuesAndDeadLettersAreKeptFresherThanTheRest(t *testing.T) {
	s := newService(t, rtt, numbered(120)...)
	s.put("queue-00001", 1, backend.AttrRedrivePolicy, `{"deadLetterTargetArn":"`+arnOf("queue-00100").String()+`","maxReceiveCount":3}`)
	watch(t, Options{}, s, func(f *Fleet) {
		f.Pin(arnsOf("queue-00050"))
		pass(time.Minute)
		before := map[string]int{}
		for _, n := range numbered(120) {
			before[n] = s.readsOf(n)
		}
		busy := 0
		for range 60 { // queue-00070 changes all the time
			busy++
			s.put("queue-00070", busy)
			pass(5 * time.Second)
		}
		for _, c := range []struct {
			name        string
			least, most int
		}{{"queue-00050", 18, 20}, {"queue-00100", 9, 10}, {"queue-00070", 9, 10}, {"queue-00002", 4, 5}} {
			if n := s.readsOf(c.name) - before[c.name]; n < c.least || n > c.most {
				t.Errorf("%s was read %d times in five minutes, want %d to %d", c.name, n, c.least, c.most)
			}
		}
	})
}
