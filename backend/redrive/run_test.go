package redrive

import (
	"context"
	"errors"
	"fmt"
	"os"
	"strings"
	"testing"
	"time"

	"sqscope/backend"
	"sqscope/backend/move"
	"sqscope/backend/redrive/proof"
)

func TestAConsumerThatStillFailsStopsTheCanaryAfterAtMostTenOfAThousand(t *testing.T) {
	for name, setup := range map[string]func(w *world, p *Plan){
		"engine":           func(*world, *Plan) {},
		"SQS's own task":   func(_ *world, p *Plan) { p.Native = true },
		"SQS alone, read":  func(w *world, p *Plan) { p.From.Stack, p.Read = w.far(), true },
		"SQS alone, depth": func(w *world, p *Plan) { p.From.Stack = w.far() },
		"chosen by filter": func(w *world, p *Plan) {
			p.Select = func(m backend.Message) bool { return strings.HasSuffix(m.Body, "7") }
		},
	} {
		t.Run(name, func(t *testing.T) {
			inWorld(t, func(w *world) {
				w.dead(1000)
				w.consume(all)
				p := w.plan()
				setup(w, &p)
				r := w.run(p)
				w.want("moved", r.Moved(), 10)
				if r.Stopped == "" {
					t.Errorf("it went on: %s", r.Picture.Line())
				}
				if n := w.attempts; n > 30 {
					t.Errorf("the consumer was tried %d times", n)
				}
				w.want("dead letters", w.stored(w.dlq)+w.stored(w.orders), 1000)
				if p.Read || p.From.Stack.Browse != nil {
					if n := fate(r, proof.CameBack); n == 0 {
						t.Errorf("%s", r.Picture.Line())
					}
				}
				w.want("the source was received from by us", w.calls["ReceiveMessage orders"], 0)
			})
		})
	}
}

func TestWithTheCauseFixedTheRestFollowsAndIsProven(t *testing.T) {
	for name, setup := range map[string]func(w *world, p *Plan){
		"engine":          func(*world, *Plan) {},
		"engine, native":  func(_ *world, p *Plan) { p.Native, p.PerSecond = true, backend.Some(50) },
		"SQS alone, read": func(w *world, p *Plan) { p.From.Stack, p.Read = w.far(), true },
	} {
		t.Run(name, func(t *testing.T) {
			inWorld(t, func(w *world) {
				w.dead(300)
				w.consume(none)
				p := w.plan()
				setup(w, &p)
				var phases []Phase
				r, err := Run(w.ctx, p, func(s State) {
					if len(phases) == 0 || phases[len(phases)-1] != s.Phase {
						phases = append(phases, s.Phase)
					}
				})
				if err != nil || r.Problem != nil {
					t.Fatal(err, r.Problem)
				}
				w.settle(r)
				w.want("moved", r.Moved(), 300)
				w.want("processed", len(w.done), 300)
				for body, n := range w.done {
					w.want(body, n, 1)
				}
				w.want("phases", fmt.Sprint(phases), fmt.Sprint([]Phase{PhaseCanary, PhaseWatch, PhaseMove, PhaseProve, PhaseDone}))
				if r.Picture.Exact {
					w.want("line", r.Picture.Line(), "300 redriven: 300 processed, 0 came back")
				} else if !strings.HasPrefix(r.Picture.Line(), "300 redriven: 0 came back, 300 not back after ") {
					t.Error(r.Picture.Line())
				}
				last, err := proof.Last(w.reports)
				if err != nil || last.ID != r.ID || last.Line != r.Picture.Line() {
					t.Errorf("%v %q", err, last.Line)
				}
				if info, err := os.Stat(r.Path); err != nil || info.Mode().Perm() != 0o600 {
					t.Errorf("%v %v", info, err)
				}
			})
		})
	}
}

func TestWhatComesBackLaterIsToldFromNewFailures(t *testing.T) {
	for name, far := range map[string]bool{"engine": false, "SQS alone": true} {
		t.Run(name, func(t *testing.T) {
			inWorld(t, func(w *world) {
				w.dead(100)
				w.consume(func(body string) bool { return strings.HasSuffix(body, "99") || strings.HasPrefix(body, "new") })
				p := w.plan()
				if far {
					p.From.Stack, p.Read = w.far(), true
				}
				p.Guards.Tolerate = 1
				p.Guards.Refill = -1
				p.Label = nil
				began := false
				r, err := Run(w.ctx, p, func(s State) {
					if s.Phase == PhaseMove && !began {
						began = true
						w.send(w.orders, "new 1")
						w.send(w.orders, "new 2")
					}
				})
				if err != nil {
					t.Fatal(err)
				}
				w.settle(r)
				w.want("came back", fate(r, proof.CameBack), 1)
				w.want("new failures", r.Picture.New, 2)
				w.want("of unknown age", r.Picture.Unknown, 0)
				md, err := os.ReadFile(r.Path)
				if err != nil || !strings.Contains(string(md), "## Came back") || !strings.Contains(string(md), "2 new failures") {
					t.Errorf("%v\n%s", err, md)
				}
				if strings.Contains(string(md), "order 99") {
					t.Error("a body is in the report")
				}
				// The one that came back carries its count, by its id and by its content.
				h, _, err := proof.Load(w.moves, w.reports)
				if err != nil {
					t.Fatal(err)
				}
				for _, m := range w.browse(w.dlq) {
					times := h.Times(m.Message)
					if want := map[bool]int{true: 1, false: 0}[m.Body == "order 99"]; times != want {
						t.Errorf("%s was redriven %d times, want %d", m.Body, times, want)
					}
				}
				for _, m := range w.browse(w.dlq) {
					p.Known = append(p.Known, m.Message)
				}
				p.History = nil
				card, err := Examine(w.ctx, p)
				if err != nil {
					t.Fatal(err)
				}
				if lines := strings.Join(card.Lines(), "\n"); !strings.Contains(lines, "redriven before, up to 1 time, and came back") {
					t.Error(lines)
				}
			})
		})
	}
}

func TestARefillStopsTheRest(t *testing.T) {
	for name, native := range map[string]bool{"selective": false, "SQS's own task": true} {
		t.Run(name, func(t *testing.T) {
			inWorld(t, func(w *world) {
				w.dead(1000)
				w.consume(none)
				p := w.plan()
				p.Native, p.PerSecond = native, backend.Some(5)
				p.Guards.Slow, p.Guards.Fast = 5, 5
				p.Guards.Refill = 5
				r, err := Run(w.ctx, p, func(s State) {
					if s.Phase == PhaseMove {
						w.mu.Lock()
						w.broken = all // it breaks after the canary has passed
						w.mu.Unlock()
					}
				})
				if err != nil {
					t.Fatal(err)
				}
				w.settle(r)
				if !strings.Contains(r.Stopped, "fills again") || r.Moved() > 300 {
					t.Errorf("%d moved, stopped %q", r.Moved(), r.Stopped)
				}
				if native && (r.Task == nil || r.Task.Status != backend.TaskCancelled) {
					t.Errorf("%+v", r.Task)
				}
			})
		})
	}
}

func TestThresholdsOfTheDestinationStopIt(t *testing.T) {
	for name, c := range map[string]struct {
		guards Guards
		why    string
	}{
		"depth": {Guards{Canary: -1, Depth: 50, Slow: 10, Fast: 10}, "holds"},
		"age":   {Guards{Canary: -1, Climb: 20 * time.Second, Slow: 10, Fast: 10}, "old"},
	} {
		t.Run(name, func(t *testing.T) {
			inWorld(t, func(w *world) { // nobody consumes
				w.dead(500)
				p := w.plan()
				p.Guards = c.guards
				r := w.run(p)
				if !strings.Contains(r.Stopped, c.why) || r.Moved() > 350 || r.Moved() < 40 {
					t.Errorf("%d moved, stopped %q", r.Moved(), r.Stopped)
				}
			})
		})
	}
}

func TestCancellingStopsAtOnceAndTheReportIsWritten(t *testing.T) {
	for name, native := range map[string]bool{"selective": false, "SQS's own task": true} {
		t.Run(name, func(t *testing.T) {
			inWorld(t, func(w *world) {
				w.dead(200)
				w.consume(none)
				ctx, cancel := context.WithCancel(w.ctx)
				p := w.plan()
				p.Native, p.PerSecond, p.Guards = native, backend.Some(2), Guards{Canary: -1, Slow: 2, Fast: 2}
				r, err := Run(ctx, p, func(s State) {
					if s.Moved >= 20 || s.Task.Moved() >= 20 {
						cancel()
					}
				})
				cancel()
				if err != nil || r.Stopped != "cancelled" || r.Moved() < 20 || r.Moved() > 30 {
					t.Errorf("%v: %d moved, stopped %q", err, r.Moved(), r.Stopped)
				}
				w.settle(r)
				if last, err := proof.Last(w.reports); err != nil || last.Moved != r.Moved() || last.Stop != "cancelled" {
					t.Errorf("%v %+v", err, last)
				}
				time.Sleep(time.Minute)
				w.want("left", w.stored(w.dlq), 200-r.Moved())
			})
		})
	}
}

func TestEachGoesHomeWhereADLQIsShared(t *testing.T) {
	inWorld(t, func(w *world) {
		other := w.create("returns", backend.AttrRedrivePolicy, w.policy(3))
		w.dead(12)
		for i := range 5 {
			w.send(other, fmt.Sprintf("return %d", i))
		}
		for w.stored(other) > 0 {
			if _, err := w.m.ReceiveMessage(w.ctx, backend.ReceiveMessageInput{QueueUrl: other, MaxNumberOfMessages: backend.Some(10), VisibilityTimeout: backend.Some(0)}); err != nil {
				t.Fatal(err)
			}
		}
		w.send(w.dlq, "by hand")
		p := w.plan()
		p.Guards = Guards{Canary: -1}
		p.Prove = -1
		for _, m := range w.browse(w.dlq) {
			p.Known = append(p.Known, m.Message)
		}
		rehearsed, err := Rehearse(w.ctx, p)
		if err != nil {
			t.Fatal(err)
		}
		w.want("rehearsed", len(rehearsed.Messages), 18)
		for _, d := range rehearsed.To {
			w.want(d.ARN.Name, d.Count, map[string]int{"orders": 12, "returns": 5}[d.ARN.Name])
		}
		w.want("nothing was done", w.stored(w.dlq), 18)
		r := w.run(p)
		w.want("moved", fmt.Sprint(r.Moved(), w.stored(w.orders), w.stored(other), w.stored(w.dlq)), "17 12 5 1")
		w.want("left", len(r.Report.Left), 1)
	})
}

func TestAnEditedMessageIsFollowedAsWhatItBecame(t *testing.T) {
	inWorld(t, func(w *world) {
		w.dead(3)
		w.consume(func(body string) bool { return !strings.HasSuffix(body, "fixed") })
		p := w.plan()
		p.Transform = func(o move.Object) (move.Object, error) { o.Body += " fixed"; return o, nil }
		r := w.run(p)
		w.want("line", r.Picture.Line(), "3 redriven: 3 processed, 0 came back")
		w.want("body", w.done["order 1 fixed"], 1)
	})
}

// What the canary could not move is not tried again where there is a limit, and is
// one message in any case.
func TestAMessageThatStaysIsCountedOnceAndNoMoreAreTriedThanWasSaid(t *testing.T) {
	inWorld(t, func(w *world) {
		w.dead(40)
		w.consume(func(string) bool { return false })
		p := w.plan()
		p.Most = 20
		p.Guards.Canary = 5
		p.Transform = func(o move.Object) (move.Object, error) {
			if strings.HasSuffix(o.Body, "1") || strings.HasSuffix(o.Body, "3") {
				return o, errors.New("it is wrong")
			}
			return o, nil
		}
		r := w.run(p)
		left := 0
		for _, n := range r.Report.Left {
			left += n
		}
		w.want("tried", r.Moved()+left, 20)
		w.want("moved or there", r.Moved()+w.stored(w.dlq), 40)

		p.Transform = func(o move.Object) (move.Object, error) { return o, errors.New("it is wrong") }
		r = w.run(p)
		w.want("none can be moved", fmt.Sprint(r.Moved(), r.Report.Left), "0 map[left: the transformation failed: it is wrong:20]")
	})
}
