package move

import (
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"sqscope/backend"
	"sqscope/backend/rules"
)

func TestAMessageArrivesAsItWas(t *testing.T) {
	inWorld(t, 0, func(w *world) {
		from, to := w.create("a"), w.create("b")
		old := w.send(from, "body", dressed, func(in *backend.SendMessageInput) { in.MessageGroupId = backend.Some("tenant") })
		before := w.stored(from)[0]
		r := w.run(w.options(from, to))
		after := w.stored(to)[0]
		if diff := cmp.Diff(before.MessageAttributes, after.MessageAttributes); diff != "" {
			t.Error(diff)
		}
		for _, name := range []string{backend.SysAWSTraceHeader, backend.SysMessageGroupId} {
			w.want(name, after.Attributes[name], before.Attributes[name])
		}
		w.want("left", len(w.stored(from)), 0)
		m := r.Messages[0]
		w.want("outcome", fmt.Sprint(m.ID, m.NewID, m.Outcome, m.To.Name), fmt.Sprint(old, after.MessageId, Moved, "b"))
		w.want("words", r.Words(), "1 chosen of 1 seen: 1 moved; 0 unaccounted for")
	})
}

func TestTenThousandMessagesOnA20msLink(t *testing.T) {
	inWorld(t, rtt, func(w *world) {
		const n = 10_000
		from, to := w.create("a"), w.create("b")
		for i := range n {
			w.send(from, fmt.Sprint(i))
		}
		o := w.options(from, to)
		o.wrap = func(f file) file { return unsynced{f} }
		w.sqs.calls = map[string]int{}
		start := time.Now()
		r := w.run(o)
		took := time.Since(start)
		w.want("moved", r.Count(Moved), n)
		requests, sequential := w.sqs.requests(), n*3*rtt
		t.Logf("%d requests, %v: %.1f times a sequential loop; %v", requests, took, float64(sequential)/float64(took), w.sqs.calls)
		if most := n * 3 / 10 * 11 / 10; requests > most {
			t.Errorf("%d requests, want at most %d: %v", requests, most, w.sqs.calls)
		}
		if took*10 > sequential {
			t.Errorf("took %v, a sequential loop %v", took, sequential)
		}
		if w.sqs.together > 8 {
			t.Errorf("%d requests at the same time", w.sqs.together)
		}
	})
}

// unsynced is a journal on a disk that is quick.
type unsynced struct{ file }

func (unsynced) Sync() error { return nil }

func TestOnlyWhatWasChosenMovesAndTheRestIsGivenBack(t *testing.T) {
	inWorld(t, rtt, func(w *world) {
		from, to := w.create("a"), w.create("b")
		var ids []string
		for i := range 100 {
			ids = append(ids, w.send(from, fmt.Sprint(i)))
		}
		o := w.options(from, to)
		o.IDs = []string{ids[3], ids[77], "not there"}
		r := w.run(o)
		w.want("moved by id", sorted(w.bodies(to)), []string{"3", "77"})
		w.want("missing", r.Missing, []string{"not there"})
		w.free(from)

		o.IDs = []string{ids[5], ids[50]}
		r = w.run(o)
		w.want("stop", r.Stop, StopAll)
		w.want("missing", r.Missing, []string(nil))

		o.IDs, o.Most = []string{ids[8], ids[11], ids[14], ids[17]}, 1
		r = w.run(o)
		w.want("one of four", fmt.Sprint(r.Count(Moved), len(r.Missing)), "1 3")
		w.want("words", strings.Contains(r.Words(), "3 named not reached before it ended"), true)
		w.free(from)

		o = w.options(from, to)
		o.Select = func(m backend.Message) bool { return strings.HasSuffix(m.Body, "9") }
		r = w.run(o)
		w.want("moved by filter", r.Count(Moved), 10)
		w.want("seen", r.Seen, 95)
		w.want("left", len(w.stored(from)), 85)
		w.free(from)

		o = w.options(from, to)
		o.Most = 7
		r = w.run(o)
		w.want("stop", fmt.Sprintf("%d %d %s", r.Count(Moved), r.Seen, r.Stop), "7 7 most")
		w.free(from)
	})
}

// Whoever tries a change on five messages has not touched a thousand when it turns
// out to be wrong.
func TestNoMoreAreTriedThanWasSaidThoughNoneCanBeMoved(t *testing.T) {
	inWorld(t, rtt, func(w *world) {
		from, to := w.create("a"), w.create("b")
		for i := range 100 {
			w.send(from, fmt.Sprint(i))
		}
		o := w.options(from, to)
		o.Tries = 5
		o.Transform = func(m Object) (Object, error) { return m, errors.New("it is wrong") }
		r := w.run(o)
		w.want("wrong for all", fmt.Sprintf("%d %d %d %s", len(r.Messages), r.Count(Left), r.Seen, r.Stop), "5 5 5 most")
		w.free(from)

		o.Select = func(m backend.Message) bool { return len(m.Body) == 2 }
		r = w.run(o)
		w.want("of those that match", fmt.Sprintf("%d %d %s", len(r.Messages), r.Count(Left), r.Stop), "5 5 most")
		w.free(from)

		o.Transform = func(m Object) (Object, error) {
			if strings.HasSuffix(m.Body, "1") {
				return m, errors.New("it is wrong")
			}
			return m, nil
		}
		o.Tries = 20
		r = w.run(o)
		w.want("some are moved", fmt.Sprintf("%d %d %s", len(r.Messages), r.Count(Moved)+r.Count(Left), r.Stop), "20 20 most")
		w.want("and are there", len(w.stored(to)), r.Count(Moved))
		w.free(from)
	})
}

func TestEachMessageGoesBackToTheQueueItCameFrom(t *testing.T) {
	inWorld(t, rtt, func(w *world) {
		dlq := w.create("dlq")
		var sources []string
		for _, name := range []string{"x", "y", "z"} {
			s := w.create(name, backend.AttrRedrivePolicy, w.policy(dlq))
			sources = append(sources, s)
			w.deadLetter(s, name+"1", name+"2", name+"3", name+"4")
		}
		w.send(dlq, "by hand")
		o := Options{Dir: w.dir, From: w.find(dlq), Home: true}
		var err error
		if o.To, err = Sources(w.t.Context(), o.From); err != nil {
			t.Fatal(err)
		}
		o.To = slices.DeleteFunc(o.To, func(q Queue) bool { return q.ARN.Name == "z" })
		r := w.run(o)
		w.want("x", sorted(w.bodies(sources[0])), []string{"x1", "x2", "x3", "x4"})
		w.want("y", sorted(w.bodies(sources[1])), []string{"y1", "y2", "y3", "y4"})
		w.want("left", sorted(w.bodies(dlq)), []string{"by hand", "z1", "z2", "z3", "z4"})
		w.want("outcomes", outcomes(r), map[Outcome]int{Moved: 8, Left: 5})
		for _, m := range r.Messages {
			if m.Outcome == Left && m.Why.Subject != m.ID {
				t.Errorf("left without a word about it: %v", m.Why)
			}
		}
		w.free(dlq)
	})
}

func TestT13AFIFOMoveKeepsTheGroupAndNothingIsSwallowedUnnoticed(t *testing.T) {
	for _, c := range []struct {
		dedup Dedup
		trust bool
		want  map[Outcome]int
	}{
		{DedupNew, false, map[Outcome]int{Moved: 4}},
		// The original is less than five minutes old: by its id SQS swallows the
		// message, by its body too.
		{DedupContent, true, map[Outcome]int{Swallowed: 2, Left: 2}},
		{DedupContent, false, map[Outcome]int{Swallowed: 2, Left: 2}},
	} {
		inWorld(t, rtt, func(w *world) {
			dlq := w.create("dlq.fifo")
			from := w.create("orders.fifo", backend.AttrRedrivePolicy, w.policy(dlq), backend.AttrContentBasedDeduplication, "true")
			for _, b := range []string{"a1", "a2", "b1", "b2"} {
				w.send(from, b, dressed, func(in *backend.SendMessageInput) { in.MessageGroupId = backend.Some(b[:1]) })
			}
			w.deadLetter(from)
			for range 10 {
				_, err := w.m.ReceiveMessage(w.t.Context(), backend.ReceiveMessageInput{QueueUrl: from, VisibilityTimeout: backend.Some(0), MaxNumberOfMessages: backend.Some(10)})
				if err != nil {
					t.Fatal(err)
				}
			}
			w.want("dead letters", len(w.stored(dlq)), 4)
			o := w.options(dlq, from)
			o.Dedup, o.TrustKept = c.dedup, c.trust
			r := w.run(o)
			w.want(fmt.Sprint(c.dedup, c.trust), outcomes(r), c.want)
			for _, m := range w.stored(from) {
				w.want("group of "+m.Body, m.Attributes[backend.SysMessageGroupId], m.Body[:1])
			}
			w.want("in all", len(w.stored(from))+len(w.stored(dlq)), 4)
			w.free(dlq)
		})
	}
}

func TestT13AKeptDeduplicationIdThatSomebodyElseUsed(t *testing.T) {
	inWorld(t, rtt, func(w *world) {
		from, to := w.create("from.fifo"), w.create("to.fifo")
		w.send(from, "ours", group("g", "same"))
		w.send(to, "theirs", group("g", "same"))
		o := w.options(from, to)
		o.Dedup = DedupKeep
		r := w.run(o)
		w.want("outcomes", outcomes(r), map[Outcome]int{PossibleDuplicate: 1})
		w.want("source", w.bodies(from), []string{"ours"})
		w.want("destination", w.bodies(to), []string{"theirs"})

		w.want("once more", outcomes(w.run(o)), map[Outcome]int{Left: 1})

		// A second move with the same id knows the answer of the first.
		o.TrustKept, o.IDs = true, []string{r.Messages[0].ID}
		r = w.run(o)
		w.want("outcomes", outcomes(r), map[Outcome]int{Swallowed: 1})
		w.want("source", w.bodies(from), []string{"ours"})
		w.free(from)

		// With a new id it moves.
		o.Dedup = DedupNew
		w.want("moved", w.run(o).Count(Moved), 1)
		w.want("destination", w.bodies(to), []string{"theirs", "ours"})
	})
}

func TestASwallowedMessageIsToldByAnOlderSequenceNumber(t *testing.T) {
	n := numbers{known: map[string]bool{}, last: map[string]string{}, fresh: map[string]string{}}
	to := backend.ARN{Name: "q.fifo"}
	ask := func(own, trust bool, id, seq string) state {
		it := &item{m: backend.Message{MessageId: "old-" + id}, l: letter{digest: digest{Group: "g", Own: own}}}
		s, _ := n.judge(it, to, backend.SendMessageOutput{MessageId: id, SequenceNumber: seq}, trust)
		return s
	}
	for _, c := range []struct {
		own, trust bool
		id, seq    string
		want       state
	}{
		{false, false, "a", "00000000000000000100", stateUnknown}, // nothing to compare with
		{true, false, "b", "00000000000000000200", stateSent},
		{false, false, "c", "00000000000000000300", stateSent},    // later than what is known to be new
		{false, true, "d", "00000000000000000250", stateSwallow},  // earlier than that
		{false, true, "c", "00000000000000000300", stateSwallow},  // the same once more
		{false, false, "e", "00000000000000000299", stateSwallow}, // earlier than the last
		{false, false, "f", "00000000000000000301", stateSent},
	} {
		if got := ask(c.own, c.trust, c.id, c.seq); got != c.want {
			t.Errorf("%+v: %q", c, got)
		}
	}
}

func TestT18NothingIsTakenForWantOfADestination(t *testing.T) {
	inWorld(t, rtt, func(w *world) {
		from, to, fifo := w.create("a"), w.create("b"), w.create("c.fifo")
		w.send(from, "precious")
		ok := w.options(from, to)
		for name, spoil := range map[string]func(*Options){
			"none":           func(o *Options) { o.To = nil },
			"two":            func(o *Options) { o.To = append(o.To, o.To[0]) },
			"itself":         func(o *Options) { o.To[0] = o.From },
			"without group":  func(o *Options) { o.To[0] = w.find(fifo) },
			"bad dedup":      func(o *Options) { o.Dedup = "guess" },
			"no such queue":  func(o *Options) { o.To[0].URL = strings.Replace(to, "/b", "/nope", 1) },
			"another queue":  func(o *Options) { o.To[0].URL = fifo },
			"no such source": func(o *Options) { o.From.URL = "nope" },
		} {
			o := ok
			o.To = slices.Clone(ok.To)
			spoil(&o)
			w.sqs.calls = map[string]int{}
			_, err := Run(w.t.Context(), o)
			if e := (*backend.Error)(nil); !errors.As(err, &e) || e.Next == "" {
				t.Errorf("%s: %v", name, err)
			}
			w.want(name+": leased", w.sqs.calls["ReceiveMessage"], 0)
		}
		entries, err := os.ReadDir(w.dir)
		w.want("journals", fmt.Sprint(len(entries), err), "0 <nil>")
	})
}

func TestT18ADestinationThatGoesAwayKeepsNothing(t *testing.T) {
	inWorld(t, rtt, func(w *world) {
		from, to := w.create("a"), w.create("b")
		for i := range 95 {
			w.send(from, fmt.Sprint(i))
		}
		o := w.options(from, to)
		var sent atomic.Int32
		w.sqs.before = func(action string, _ any) error {
			if action == "SendMessageBatch" {
				if sent.Add(1) == 3 {
					if err := w.m.DeleteQueue(w.t.Context(), backend.DeleteQueueInput{QueueUrl: to}); err != nil {
						t.Error(err)
					}
				}
			}
			return nil
		}
		r, err := Run(w.t.Context(), o)
		if backend.KindOf(err) != backend.KindNotFound || r.Stop != StopFailed {
			t.Errorf("%v, %v", r.Stop, err)
		}
		w.want("moved and left", r.Count(Moved)+len(w.stored(from)), 95)
		w.want("in both", r.Count(Both), 0)
		w.free(from)
	})
}

func TestAFIFOGroupKeepsItsOrder(t *testing.T) {
	inWorld(t, rtt, func(w *world) {
		from, to := w.create("from.fifo"), w.create("to.fifo")
		for i := range 60 {
			g := []string{"a", "b", "c"}[i%3]
			w.send(from, fmt.Sprintf("%s%02d", g, i), group(g, fmt.Sprint(i)))
		}
		r := w.run(w.options(from, to))
		w.want("moved", r.Count(Moved), 60)
		w.inOrder(to)
	})
}

// inOrder checks the order of each group, by bodies that sort in it.
func (w *world) inOrder(url string) {
	w.t.Helper()
	last := map[string]string{}
	for _, m := range w.stored(url) {
		g := m.Attributes[backend.SysMessageGroupId]
		if m.Body < last[g] {
			w.t.Errorf("%s came after %s", m.Body, last[g])
		}
		last[g] = m.Body
	}
}

func TestAFailedSendStopsItsGroup(t *testing.T) {
	inWorld(t, rtt, func(w *world) {
		from, to := w.create("from.fifo"), w.create("to.fifo")
		for i := range 12 {
			g := []string{"a", "b"}[i%2]
			w.send(from, fmt.Sprintf("%s%02d", g, i), group(g, fmt.Sprint(i)))
		}
		w.sqs.SQS = refusing{w.m, func(body string) bool { return body == "a04" }}
		r := w.run(w.options(from, to))
		w.want("outcomes", outcomes(r), map[Outcome]int{Moved: 8, Failed: 1, Left: 3})
		w.want("source", w.bodies(from), []string{"a04", "a06", "a08", "a10"})
		w.inOrder(to)
		w.free(from)
	})
}

func TestAFIFOQueueIsGivenBackFromTheEnd(t *testing.T) {
	inWorld(t, rtt, func(w *world) {
		from, to := w.create("from.fifo"), w.create("to.fifo")
		var want []string
		for _, g := range []string{"a", "b", "c"} {
			for i := range 5 {
				w.send(from, fmt.Sprint(g, i), group(g, fmt.Sprint(g, i)))
				want = append(want, fmt.Sprint(g, i))
			}
		}
		var given []string
		w.sqs.before = func(_ string, in any) error {
			if in, ok := in.(backend.ChangeMessageVisibilityBatchInput); ok {
				for _, e := range in.Entries {
					given = append(given, w.sqs.bodies[e.ReceiptHandle])
				}
			}
			return nil
		}
		o := w.options(from, to)
		o.Select = func(backend.Message) bool { return false }
		r := w.run(o)
		slices.Reverse(want)
		w.want("given back", given, want)
		w.want("stop", fmt.Sprintf("%s %d", r.Stop, r.Released), "groups 15")
		w.free(from)
	})
}

func TestStandardAndFIFO(t *testing.T) {
	inWorld(t, rtt, func(w *world) {
		plain, fifo, other := w.create("a"), w.create("b.fifo"), w.create("c")
		w.send(plain, "one")
		w.send(plain, "two", func(in *backend.SendMessageInput) { in.MessageGroupId = backend.Some("tenant") })
		o := w.options(plain, fifo)
		o.Group = "chosen"
		w.want("moved", w.run(o).Count(Moved), 2)
		groups := map[string]string{}
		for _, m := range w.stored(fifo) {
			groups[m.Body] = m.Attributes[backend.SysMessageGroupId]
		}
		w.want("groups", groups, map[string]string{"one": "chosen", "two": "tenant"})
		w.want("moved", w.run(w.options(fifo, other)).Count(Moved), 2)
		w.want("back", sorted(w.bodies(other)), []string{"one", "two"})
	})
}

func TestATransformationMayChangeFourThings(t *testing.T) {
	inWorld(t, rtt, func(w *world) {
		from, to := w.create("from.fifo"), w.create("to.fifo", backend.AttrMaximumMessageSize, "1024")
		for name, c := range map[string]struct {
			change func(Object) (Object, error)
			want   Outcome
		}{
			"body":          {func(o Object) (Object, error) { o.Body = "new"; return o, nil }, Moved},
			"base64":        {func(o Object) (Object, error) { o.Body, o.BodyEncoding = "bmV3", "base64"; return o, nil }, Moved},
			"attributes":    {func(o Object) (Object, error) { o.MessageAttributes = nil; return o, nil }, Moved},
			"group":         {func(o Object) (Object, error) { o.Attributes[backend.SysMessageGroupId] = "h"; return o, nil }, Moved},
			"id":            {func(o Object) (Object, error) { o.MessageId = "x"; return o, nil }, Left},
			"queue":         {func(o Object) (Object, error) { o.QueueArn = "x"; return o, nil }, Left},
			"state":         {func(o Object) (Object, error) { o.State = backend.StateDelayed; return o, nil }, Left},
			"sent at":       {func(o Object) (Object, error) { o.Attributes[backend.SysSentTimestamp] = "0"; return o, nil }, Left},
			"new attribute": {func(o Object) (Object, error) { o.Attributes["X"] = "0"; return o, nil }, Left},
			"no trace":      {func(o Object) (Object, error) { delete(o.Attributes, backend.SysAWSTraceHeader); return o, nil }, Left},
			"failure":       {func(o Object) (Object, error) { return o, errors.New("no") }, Left},
			"too long":      {func(o Object) (Object, error) { o.Body = strings.Repeat("x", 1025); return o, nil }, Left},
			"empty":         {func(o Object) (Object, error) { o.Body = ""; return o, nil }, Left},
			"bad base64":    {func(o Object) (Object, error) { o.BodyEncoding = "base64"; return o, nil }, Left},
			"bad encoding":  {func(o Object) (Object, error) { o.BodyEncoding = "rot13"; return o, nil }, Left},
			"bad attribute": {func(o Object) (Object, error) {
				a := o.MessageAttributes["n"]
				s := "x"
				a.StringValue = &s
				o.MessageAttributes["n"] = a
				return o, nil
			}, Left},
			"changed in part": {func(o Object) (Object, error) { *o.MessageAttributes["n"].StringValue = "2"; return o, nil }, Moved},
		} {
			body := "old! " + name
			w.send(from, body, dressed, group("g-"+strings.ReplaceAll(name, " ", "-"), strings.ReplaceAll(name, " ", "-")))
			o := w.options(from, to)
			o.Select = func(m backend.Message) bool { return m.Body == body }
			o.Transform = c.change
			r := w.run(o)
			w.want(name, outcomes(r), map[Outcome]int{c.want: 1})
			if c.want == Left && r.Messages[0].Why.Next == "" {
				t.Errorf("%s: %v", name, r.Messages[0].Why)
			}
			if c.want == Moved {
				m := w.stored(to)[len(w.stored(to))-1]
				w.want("digest", rules.MD5OfBody(m.Body), r.Messages[0].NewMD5)
			}
			w.free(from)
		}
	})
}

func TestTheCanaryGoesAloneAndIsAskedAbout(t *testing.T) {
	for _, selected := range []bool{false, true} {
		inWorld(t, rtt, func(w *world) {
			from, to := w.create("a"), w.create("b")
			for i := range 1000 {
				w.send(from, fmt.Sprint(i))
			}
			o := w.options(from, to)
			if selected {
				o.Select = func(backend.Message) bool { return true }
			}
			o.Canary = 7
			asked := 0
			o.Watch = func(_ ctx, p Progress) (bool, string) {
				if !p.Canary {
					return false, ""
				}
				asked++
				w.want("moved before it is asked", fmt.Sprint(p.Sent, p.Deleted, len(w.stored(to))), "7 7 7")
				time.Sleep(time.Hour) // to see whether they come back
				return true, "3 of 7 came back"
			}
			r := w.run(o)
			w.want("stopped", fmt.Sprintf("%d %d %s %s", asked, r.Count(Moved), r.Stop, r.Why), "1 7 watch 3 of 7 came back")
			w.free(from)

			o.Watch = func(ctx, Progress) (bool, string) { return false, "" }
			r = w.run(o)
			w.want("went on", r.Count(Moved), 993)
		})
	}
}

func TestWatchStopsBetweenBatches(t *testing.T) {
	inWorld(t, rtt, func(w *world) {
		from, to := w.create("a"), w.create("b")
		for i := range 500 {
			w.send(from, fmt.Sprint(i))
		}
		o := w.options(from, to)
		o.Watch = func(_ ctx, p Progress) (bool, string) { return p.Deleted >= 50, "enough" }
		r := w.run(o)
		if n := r.Count(Moved); n < 50 || n > 50+8*10 || r.Stop != StopWatch {
			t.Errorf("%s after %d", r.Stop, n)
		}
		w.want("in all", len(w.stored(from))+len(w.stored(to)), 500)
		w.free(from)
	})
}

func TestTheRateIsKept(t *testing.T) {
	for _, rate := range []float64{1, 4, 25} {
		inWorld(t, rtt, func(w *world) {
			from, to := w.create("a"), w.create("b")
			for i := range 100 {
				w.send(from, fmt.Sprint(i))
			}
			o := w.options(from, to)
			o.Rate = Steady(rate)
			start, worst := time.Now(), 0.0
			o.Progress = func(p Progress) {
				if p.Leased > 30 {
					t.Errorf("%d on lease at %v a second", p.Leased, rate)
				}
				if p.Elapsed > 2*time.Second {
					worst = max(worst, float64(p.Sent)/p.Elapsed.Seconds())
				}
			}
			w.want("moved", w.run(o).Count(Moved), 100)
			took := time.Since(start).Seconds()
			if least := 90 / rate; took < least || took > 105/rate+4 {
				t.Errorf("100 at %v a second took %v s", rate, took)
			}
			if worst > rate*1.5+5 {
				t.Errorf("%v a second at times, want %v", worst, rate)
			}
		})
	}
	if r := Ramp(1, 11, 10*time.Second); r(0, 0) != 1 || r(0, 5*time.Second) != 6 || r(0, time.Minute) != 11 {
		t.Error("a ramp does not grow as it says")
	}
}

func TestCancellingFinishesWhatIsInHand(t *testing.T) {
	inWorld(t, rtt, func(w *world) {
		from, to := w.create("a"), w.create("b")
		for i := range 500 {
			w.send(from, fmt.Sprint(i))
		}
		o := w.options(from, to)
		c, cancel := withCancel(w.t)
		w.sqs.after = func(action string, _ any) error {
			if action == "SendMessageBatch" && len(w.stored(to)) >= 50 {
				cancel()
			}
			return nil
		}
		r, err := Run(c, o)
		w.want("stop", fmt.Sprintf("%s %v", r.Stop, err), "cancelled <nil>")
		w.want("open", r.Open, false)
		w.want("moved", r.Count(Moved), len(w.stored(to)))
		w.want("in all", len(w.stored(from))+len(w.stored(to)), 500)
		w.free(from)
		open, err := Unfinished(w.dir)
		w.want("unfinished", fmt.Sprint(len(open), err), "0 <nil>")
	})
}

func TestBetweenTwoContexts(t *testing.T) {
	inWorld(t, rtt, func(w *world) {
		from := w.create("same")
		w.send(from, "x", dressed)
		other := newEngine(w.t)
		out, err := other.CreateQueue(w.t.Context(), backend.CreateQueueInput{QueueName: "same"})
		if err != nil {
			t.Fatal(err)
		}
		to, err := Find(w.t.Context(), other, "elsewhere", out.QueueUrl)
		if err != nil {
			t.Fatal(err)
		}
		o := Options{Dir: w.dir, From: w.find(from), To: []Queue{to}}
		w.want("moved", w.run(o).Count(Moved), 1)
		w.want("left", len(w.stored(from)), 0)
		all, err := Moves(w.dir)
		if err != nil || len(all) != 1 || all[0].To[0].Context != "elsewhere" || !all[0].Ended || all[0].Moved != 1 {
			t.Errorf("%+v, %v", all, err)
		}
	})
}

func TestLargeMessagesShareRequestsByTheirSize(t *testing.T) {
	inWorld(t, rtt, func(w *world) {
		from, to := w.create("a"), w.create("b")
		for i := range 12 {
			w.send(from, fmt.Sprint(i)+strings.Repeat("x", 400<<10))
		}
		w.want("moved", w.run(w.options(from, to)).Count(Moved), 12)
	})
}

func TestTheJournalHoldsNoBodies(t *testing.T) {
	inWorld(t, rtt, func(w *world) {
		from, to := w.create("a"), w.create("b")
		w.send(from, "secret body", dressed)
		o := w.options(from, to)
		o.Transform = func(o Object) (Object, error) { o.Body += " edited"; return o, nil }
		w.run(o)
		files, err := filepath.Glob(filepath.Join(w.dir, "*"))
		if err != nil || len(files) != 1 {
			t.Fatal(files, err)
		}
		text, err := os.ReadFile(files[0])
		if err != nil {
			t.Fatal(err)
		}
		if strings.Contains(string(text), "secret") || strings.Contains(string(text), "Root=") {
			t.Errorf("the journal has what is in messages:\n%s", text)
		}
		info, err := os.Stat(files[0])
		if err != nil || info.Mode().Perm() != 0o600 {
			t.Errorf("%v %v", info.Mode(), err)
		}
	})
}
