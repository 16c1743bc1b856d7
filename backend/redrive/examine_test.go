package redrive

import (
	"context"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"sqscope/backend"
	"sqscope/backend/move"
)

func (w *world) examine(p Plan) *Card {
	w.Helper()
	c, err := Examine(w.ctx, p)
	if err != nil {
		w.Fatal(err)
	}
	return c
}

// somebody is a place's credentials.
type somebody struct {
	backend.Credentials
	id backend.Identity
}

func (s somebody) Identity(context.Context) (backend.Identity, error) { return s.id, nil }

// kms is what knows no mappings, and says this of every key.
type kms struct {
	backend.Wiring
	err error
}

func (kms) Mappings(context.Context, backend.ARN) ([]backend.Mapping, error) { return nil, nil }

func (k kms) SendKey(context.Context, string, backend.ARN) error { return k.err }

func TestWhatStandsAgainstARedriveIsFoundBeforeAnythingIsLeased(t *testing.T) {
	to := func(w *world, name string, attributes ...string) *End {
		return &End{Stack: w.stack, Context: "test", URL: w.create(name, attributes...)}
	}
	for name, c := range map[string]struct {
		change func(w *world, p *Plan)
		text   string
	}{
		"missing destination": {func(w *world, p *Plan) {
			p.To = &End{Stack: w.stack, URL: "http://localhost:9324/000000000000/nowhere"}
		}, "does not exist"},
		"FIFO destination of SQS's task": {func(w *world, p *Plan) {
			p.Native, p.To = true, to(w, "other.fifo")
		}, "of the other kind"},
		"FIFO destination without a group": {func(w *world, p *Plan) {
			p.To = to(w, "other.fifo")
		}, "message group"},
		"the dead-letter queue itself": {func(w *world, p *Plan) {
			p.To = &End{Stack: w.stack, Context: "test", URL: w.dlq}
		}, "is the dead-letter queue itself"},
		"no source": {func(w *world, _ *Plan) {
			w.set(w.orders, backend.AttrRedrivePolicy, "")
		}, "is the dead-letter queue of no queue"},
		"too small a maximum size": {func(w *world, p *Plan) {
			w.send(w.dlq, strings.Repeat("x", 2000))
			p.To = to(w, "small", backend.AttrMaximumMessageSize, "1024")
			for _, m := range w.browse(w.dlq) {
				if len(m.Body) > 1024 {
					p.Known = append(p.Known, m.Message)
				}
			}
		}, "cannot be moved: "},
		"a policy that denies": {func(w *world, p *Plan) {
			s := w.stack
			s.Credentials = somebody{id: backend.Identity{Account: "000000000000", ARN: "arn:aws:iam::000000000000:user/ann"}}
			p.From.Stack = s
			w.set(w.orders, backend.AttrPolicy, `{"Version":"2012-10-17","Statement":[{"Sid":"No","Effect":"Deny","Principal":"*","Action":"sqs:SendMessage","Resource":"*"}]}`)
		}, "denies you sqs:SendMessage (statement No)"},
		"a queue of another account that does not allow us": {func(w *world, p *Plan) {
			s := w.stack
			s.Credentials = somebody{id: backend.Identity{Account: "111111111111", ARN: "arn:aws:iam::111111111111:user/ann"}}
			p.To = to(w, "theirs")
			p.To.Stack = s
		}, "its policy does not allow you sqs:SendMessage"},
		"a KMS key that cannot be used": {func(w *world, p *Plan) {
			p.To = to(w, "secret", backend.AttrKmsMasterKeyId, "alias/secret")
			p.To.Stack.Wiring = kms{err: backend.ErrorOf("KmsDisabled", "the key is disabled")}
		}, "cannot be used: the key is disabled"},
		"a task that runs": {func(w *world, _ *Plan) {
			if _, err := w.m.StartMessageMoveTask(w.ctx, backend.StartMessageMoveTaskInput{SourceArn: w.dlqARN.String(), MaxNumberOfMessagesPerSecond: backend.Some(1)}); err != nil {
				w.Fatal(err)
			}
		}, "is being redriven by a move task: RUNNING"},
		"a journal that cannot be written": {func(w *world, p *Plan) {
			file := filepath.Join(w.reports, "file")
			if err := os.WriteFile(file, nil, 0o600); err != nil {
				w.Fatal(err)
			}
			p.Moves = filepath.Join(file, "moves")
		}, "the journal of the move cannot be written"},
		"a full destination": {func(w *world, p *Plan) {
			w.send(w.orders, "one")
			p.Guards.Depth = 1
		}, "the redrive is to stop at 1"},
		"a choice for SQS's task": {func(_ *world, p *Plan) {
			p.Native, p.IDs = true, []string{"x"}
		}, "nothing can be chosen"},
	} {
		t.Run(name, func(t *testing.T) {
			inWorld(t, func(w *world) {
				w.dead(20)
				p := w.plan()
				c.change(w, &p)
				before := w.stored(w.dlq)
				card, err := Examine(w.ctx, p)
				if err != nil && c.text != "the journal of the move cannot be written" {
					t.Fatal(err)
				}
				if !card.Blocked() || !strings.Contains(strings.Join(card.Lines(), "\n"), "blocker: ") {
					t.Fatalf("nothing stands against it:\n%s", strings.Join(card.Lines(), "\n"))
				}
				found := false
				for _, f := range card.Of(Blocker) {
					found = found || strings.Contains(f.Text, c.text)
				}
				if !found {
					t.Errorf("want %q in\n%s", c.text, strings.Join(card.Lines(), "\n"))
				}
				if _, err := Run(w.ctx, p, nil); err == nil {
					t.Error("it ran")
				} else if e := backend.AsError(err); e.Next == "" || e.Subject == "" {
					t.Errorf("%+v", e)
				}
				for _, m := range w.browse(w.dlq) {
					if m.State != backend.StateVisible || m.Attributes[backend.SysApproximateReceiveCount] != "3" && m.Attributes[backend.SysApproximateReceiveCount] != "0" {
						t.Errorf("%s was touched: %s, %s receives", m.Body, m.State, m.Attributes[backend.SysApproximateReceiveCount])
					}
				}
				if !strings.Contains(name, "task that runs") {
					w.want("dead letters", w.stored(w.dlq), before)
				}
			})
		})
	}
}

func (w *world) set(url, name, value string) {
	w.Helper()
	if err := w.m.SetQueueAttributes(w.ctx, backend.SetQueueAttributesInput{QueueUrl: url, Attributes: map[string]string{name: value}}); err != nil {
		w.Fatal(err)
	}
}

// mapped is a place where a Lambda function may receive.
type mapped struct {
	backend.Wiring
	all []backend.Mapping
}

func (m mapped) Mappings(context.Context, backend.ARN) ([]backend.Mapping, error) { return m.all, nil }

func TestTheCardSaysWhoReceivesThere(t *testing.T) {
	for name, c := range map[string]struct {
		change func(w *world, p *Plan)
		alive  Alive
		text   string
	}{
		"nobody known":                {func(*world, *Plan) {}, AliveUnknown, "whether anybody receives from it is not known"},
		"a backlog that nobody takes": {func(w *world, _ *Plan) { w.send(w.orders, "waiting") }, AliveNo, "nobody seems to receive"},
		"in flight": {func(w *world, _ *Plan) {
			w.send(w.orders, "busy")
			if _, err := w.m.ReceiveMessage(w.ctx, backend.ReceiveMessageInput{QueueUrl: w.orders}); err != nil {
				w.Fatal(err)
			}
		}, AliveYes, "1 message in flight, so somebody receives"},
		"a Lambda function": {func(_ *world, p *Plan) {
			p.From.Stack.Wiring = mapped{all: []backend.Mapping{{FunctionArn: "arn:fn", State: "Enabled"}}}
		}, AliveYes, "the Lambda function arn:fn receives from it"},
		"a Lambda function that is off": {func(_ *world, p *Plan) {
			p.From.Stack.Wiring = mapped{all: []backend.Mapping{{FunctionArn: "arn:fn", State: "Disabled"}}}
		}, AliveUnknown, "has a Lambda mapping that is Disabled"},
	} {
		t.Run(name, func(t *testing.T) {
			inWorld(t, func(w *world) {
				w.dead(20)
				p := w.plan()
				c.change(w, &p)
				card := w.examine(p)
				lines := strings.Join(card.Lines(), "\n")
				if card.To[0].Alive != c.alive || !strings.Contains(lines, c.text) || card.Blocked() {
					t.Errorf("alive %v:\n%s", card.To[0].Alive, lines)
				}
			})
		})
	}
}

func TestTheCanaryIsWatchedUntilAFailingMessageWouldBeBack(t *testing.T) {
	for _, c := range []struct {
		visibility time.Duration
		receives   int
		guards     Guards
		want       time.Duration
		cut        bool
	}{
		{30 * time.Second, 5, Guards{}, 3 * time.Minute, false},
		{time.Second, 2, Guards{}, shortest, false},
		{12 * time.Hour, 3, Guards{}, longest, true},
		{30 * time.Second, 0, Guards{}, unknowing, false},
		{30 * time.Second, 5, Guards{Window: time.Minute}, time.Minute, true},
	} {
		d := Destination{Visibility: c.visibility, Queue: move.Queue{MaxReceiveCount: c.receives}}
		got, cut := c.guards.window(&Card{To: []Destination{d}})
		if got != c.want || cut != c.cut {
			t.Errorf("%v x %d: %v %v, want %v %v", c.visibility, c.receives, got, cut, c.want, c.cut)
		}
	}
}

func TestTheRateGrowsFromSlowToFastAfterTheCanary(t *testing.T) {
	g := Guards{Slow: 2, Fast: 50, Over: time.Minute}
	last := 0.0
	for s := range 120 {
		r := g.rate(time.Duration(s) * time.Second)
		if r < last || r < 2 || r > 50 {
			t.Fatalf("after %d s %v, before it %v", s, r, last)
		}
		last = r
	}
	if g.rate(0) != 2 || last != 50 {
		t.Errorf("from %v to %v", g.rate(0), last)
	}
	// 26 a second for a minute, then 50.
	for n, want := range map[int]time.Duration{1560: time.Minute, 1560 + 500: 70 * time.Second, 0: 0} {
		if got := g.takes(n).Round(time.Second); got != want {
			t.Errorf("%d messages take %v, want %v", n, got, want)
		}
	}
	if (Guards{}).rate(time.Hour) != 0 || (Guards{}).takes(5) != -1 {
		t.Error("no limit is not a rate")
	}
}

func TestAQuarantineQueueIsMadeOnTheSpot(t *testing.T) {
	inWorld(t, func(w *world) {
		w.dead(3)
		end, err := Quarantine(w.ctx, End{Stack: w.stack, Context: "test", URL: w.dlq}, "")
		if err != nil {
			t.Fatal(err)
		}
		again, err := Quarantine(w.ctx, End{Stack: w.stack, Context: "test", URL: w.dlq}, "")
		if err != nil || again.URL != end.URL {
			t.Errorf("the second time: %v %v", again.URL, err)
		}
		q, err := move.Find(w.ctx, w.m, "", end.URL)
		if err != nil || q.ARN.Name != "orders-dlq-quarantine" || q.Attributes[backend.AttrMessageRetentionPeriod] != "1209600" {
			t.Errorf("%+v %v", q, err)
		}
		tags, err := w.m.ListQueueTags(w.ctx, backend.ListQueueTagsInput{QueueUrl: end.URL})
		if err != nil || tags.Tags["quarantine-of"] != "orders-dlq" {
			t.Errorf("%v %v", tags, err)
		}
		p := w.plan()
		p.To, p.Guards, p.Prove = &end, Guards{Canary: -1}, -1
		r := w.run(p)
		w.want("in quarantine", w.stored(end.URL), 3)
		if !strings.Contains(strings.Join(r.Card.Lines(), "\n"), "has no dead-letter queue") {
			t.Error(r.Card.Lines())
		}

		w.set(end.URL, backend.AttrMessageRetentionPeriod, "3600")
		if _, err := Quarantine(w.ctx, End{Stack: w.stack, URL: w.dlq}, ""); backend.KindOf(err) != backend.KindConflict || backend.AsError(err).Next == "" {
			t.Errorf("%v", err)
		}
		if _, err := Quarantine(w.ctx, End{Stack: w.stack, URL: w.dlq}, "no good"); backend.KindOf(err) != backend.KindInvalid {
			t.Errorf("%v", err)
		}
	})
	long := backend.ARN{Name: strings.Repeat("x", 75) + ".fifo"}
	if n := QuarantineName(long); len(n) != 80 || !strings.HasSuffix(n, "-quarantine.fifo") {
		t.Error(n)
	}
}
