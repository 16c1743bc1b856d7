package move

import (
	"fmt"
	"slices"
	"sync/atomic"
	"testing"
	"time"

	"pgregory.net/rapid"

	"sqscope/backend"
)

// TestTroubleOfEveryKindLosesNothing sets faults in the engine at random, moves,
// takes them back, and finishes what is unfinished.
func TestTroubleOfEveryKindLosesNothing(t *testing.T) {
	kinds := []backend.FaultKind{
		backend.FaultThrottle, backend.FaultServerError, backend.FaultLatency, backend.FaultDuplicateDelivery,
		backend.FaultShortBatch, backend.FaultPartialBatchFailure, backend.FaultLaggingCounts, backend.FaultVisibilityThrottle,
		backend.FaultExpiredToken, backend.FaultAccessDenied,
	}
	for seed := range 40 {
		// Drawn outside of the bubble, where rapid's own time is real.
		type plan struct {
			fifo   bool
			faults []backend.Fault
		}
		p := rapid.Custom(func(rt *rapid.T) plan {
			p := plan{fifo: rapid.Bool().Draw(rt, "fifo")}
			for range rapid.IntRange(1, 3).Draw(rt, "faults") {
				f := backend.Fault{Kind: rapid.SampledFrom(kinds).Draw(rt, "kind"), Probability: rapid.Float64Range(0.02, 0.6).Draw(rt, "probability")}
				if f.Kind == backend.FaultLatency || f.Kind == backend.FaultLaggingCounts {
					f.Duration = time.Duration(rapid.IntRange(1, 90).Draw(rt, "duration")) * time.Second
				}
				if f.Kind == backend.FaultAccessDenied || f.Kind == backend.FaultExpiredToken {
					f.Count = 2
				}
				p.faults = append(p.faults, f)
			}
			return p
		}).Example(seed)
		t.Logf("seed %d: fifo %v %+v", seed, p.fifo, p.faults)
		inWorld(t, rtt, func(w *world) { w.troubled(fmt.Sprint(seed), p.fifo, p.faults) })
		if t.Failed() {
			return
		}
	}
}

func (w *world) troubled(what string, fifo bool, faults []backend.Fault) {
	suffix := ""
	if fifo {
		suffix = ".fifo"
	}
	from, to := w.create("from"+suffix), w.create("to"+suffix)
	for i := range 120 {
		in := []func(*backend.SendMessageInput){dressed}
		g := string(rune('a' + i%5))
		if fifo {
			in = append(in, group(g, fmt.Sprint(i)))
		}
		w.send(from, fmt.Sprintf("%s%05d", g, i), in...)
	}
	before := map[string]backend.StoredMessage{}
	for _, m := range w.stored(from) {
		before[m.Body] = m
	}
	o := w.options(from, to)
	o.wrap = func(f file) file { return unsynced{f} }
	w.sqs.SQS = w.m.Stack().SQS
	for _, f := range faults {
		if _, err := w.m.SetFault(w.t.Context(), f); err != nil {
			w.t.Fatal(err)
		}
	}
	r, _ := Run(w.t.Context(), o)
	if err := w.m.ClearFaults(w.t.Context(), nil); err != nil {
		w.t.Fatal(err)
	}
	named := map[string]bool{}
	note := func(r Result) {
		for _, m := range r.Messages {
			named[m.ID] = m.Outcome == PossibleDuplicate || named[m.ID] && m.Outcome != Moved
		}
	}
	note(r)
	if r.ID != "" && r.Open {
		again, err := Resume(w.t.Context(), r.ID, o)
		if err != nil || again.Open {
			w.t.Errorf("%s: %v %s", what, err, again.Words())
		}
		note(again)
	}
	for _, f := range faults {
		if f.Kind == backend.FaultDuplicateDelivery {
			// SQS has messages twice in the source, which nobody can know of that does
			// not come again; in the destination they are once.
			w.want(what+": different ones in the destination", len(slices.Compact(sorted(w.bodies(to)))), len(w.bodies(to)))
			return
		}
	}
	w.accounted(what, from, to, before, named)
	for _, m := range r.Messages {
		if (m.Outcome == Moved) != (m.Why == nil) {
			w.t.Errorf("%s: %+v without a word", what, m)
		}
	}
	time.Sleep(defaultLease)
	w.free(from)
}

func TestALeaseThatEndsBeforeTheDeleteIsTakenAnew(t *testing.T) {
	for _, suffix := range []string{"", ".fifo"} {
		inWorld(t, rtt, func(w *world) {
			from, to := w.create("from"+suffix), w.create("to"+suffix)
			for i := range 20 {
				if suffix == "" {
					w.send(from, fmt.Sprint(i))
				} else {
					w.send(from, fmt.Sprint(i), group("g", fmt.Sprint(i)))
				}
			}
			o := w.options(from, to)
			o.Lease = 4 * time.Second
			var slow atomic.Int32
			w.sqs.after = func(action string, _ any) error {
				if action == "SendMessageBatch" && slow.Add(1) <= 2 {
					time.Sleep(3500 * time.Millisecond)
				}
				return nil
			}
			r := w.run(o)
			w.want("outcomes", outcomes(r), map[Outcome]int{Moved: 20})
			w.want("destination", len(w.stored(to)), 20)
			w.want("source", len(w.stored(from)), 0)
		})
	}
}

func TestAMessageThatAConsumerHasMeanwhileIsNotDeleted(t *testing.T) {
	inWorld(t, rtt, func(w *world) {
		from, to := w.create("a"), w.create("b")
		w.send(from, "x")
		o := w.options(from, to)
		o.Lease = 4 * time.Second
		w.sqs.after = func(action string, _ any) error {
			if action == "SendMessageBatch" {
				time.Sleep(5 * time.Second)
				_, err := w.m.ReceiveMessage(w.t.Context(), backend.ReceiveMessageInput{QueueUrl: from, VisibilityTimeout: backend.Some(60)})
				return err
			}
			return nil
		}
		r, err := Run(w.t.Context(), o)
		w.want("outcomes", fmt.Sprint(outcomes(r), r.Open, backend.KindOf(err)), "map[both:1] true conflict")
		w.want("the consumer's", w.stored(from)[0].State, backend.StateInFlight)

		time.Sleep(time.Minute)
		r, err = Resume(w.t.Context(), r.ID, o)
		w.want("finished", fmt.Sprint(outcomes(r), err, len(w.stored(from)), len(w.stored(to))), "map[moved:1] <nil> 0 1")
	})
}

func TestASendWithoutAnAnswerIsNamed(t *testing.T) {
	for _, suffix := range []string{"", ".fifo"} {
		inWorld(t, rtt, func(w *world) {
			from, to := w.create("from"+suffix), w.create("to"+suffix)
			for i := range 30 {
				if suffix == "" {
					w.send(from, fmt.Sprint(i))
				} else {
					w.send(from, fmt.Sprint(i), group(fmt.Sprint(i), fmt.Sprint(i)))
				}
			}
			var sent atomic.Int32
			w.sqs.after = func(action string, _ any) error {
				if action == "SendMessageBatch" && sent.Add(1) == 1 {
					return errDead
				}
				return nil
			}
			r := w.run(w.options(from, to))
			if suffix == "" {
				w.want("outcomes", outcomes(r), map[Outcome]int{Moved: 20, PossibleDuplicate: 10})
				w.want("kept", len(w.stored(from)), 10)
			} else { // SQS knows them again
				w.want("outcomes", outcomes(r), map[Outcome]int{Moved: 30})
			}
			w.want("destination", len(w.stored(to)), 30)
			w.free(from)
		})
	}
}

func TestAnEntryOfWhichNothingIsSaidIsNotTakenAsDone(t *testing.T) {
	inWorld(t, rtt, func(w *world) {
		from, to := w.create("a"), w.create("b")
		for i := range 10 {
			w.send(from, fmt.Sprint(i))
		}
		w.sqs.short = func(out *backend.SendMessageBatchOutput) {
			out.Successful = out.Successful[1:]
			out.Successful[0].MD5OfMessageBody = "d41d8cd98f00b204e9800998ecf8427e"
			out.Successful[1].MD5OfMessageAttributes = "d41d8cd98f00b204e9800998ecf8427e"
		}
		r := w.run(w.options(from, to))
		w.want("outcomes", outcomes(r), map[Outcome]int{Moved: 7, PossibleDuplicate: 3})
		w.want("kept", len(w.stored(from)), 3)
		w.free(from)
	})
}

func TestADeleteThatIsNotAllowedStopsAfterOneBatch(t *testing.T) {
	inWorld(t, rtt, func(w *world) {
		from, to := w.create("a"), w.create("b")
		for i := range 100 {
			w.send(from, fmt.Sprint(i))
		}
		w.sqs.before = func(action string, _ any) error {
			if action == "DeleteMessageBatch" {
				return backend.ErrorOf(backend.ErrAccessDenied, "no")
			}
			return nil
		}
		o := w.options(from, to)
		r, err := Run(w.t.Context(), o)
		w.want("error", backend.KindOf(err), backend.KindDenied)
		w.want("outcomes", outcomes(r), map[Outcome]int{Both: 10})
		w.want("open", r.Open, true)
		w.free(from)

		w.sqs.before = nil
		r, err = Resume(w.t.Context(), r.ID, o)
		w.want("resumed", fmt.Sprint(outcomes(r), err), "map[moved:10] <nil>")
		w.want("source", len(w.stored(from)), 90)
	})
}
