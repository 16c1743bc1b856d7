package memory_test

import (
	"testing"
	"testing/synctest"
	"time"

	"sqscope/backend"
	"sqscope/backend/memory"
)

// causes are the ways in which a message becomes receivable (14.4.8): what to
// prepare, and then either what somebody does or how long it takes by itself.
var causes = []struct {
	name    string
	attrs   []string
	fifo    bool
	prepare func(d *desk, q string) backend.Message
	act     func(d *desk, q string, m backend.Message)
	after   time.Duration
}{
	{name: "a send", act: func(d *desk, q string, _ backend.Message) { d.send(q, "m") }},
	{
		name: "the end of a delay", after: 7 * time.Second,
		prepare: func(d *desk, q string) backend.Message {
			d.sendInput(backend.SendMessageInput{QueueUrl: q, MessageBody: "m", DelaySeconds: backend.Some(7)})
			return backend.Message{}
		},
	},
	{name: "the end of a visibility timeout", after: 7 * time.Second, prepare: taken("m")},
	{
		name: "a change of visibility to 0", prepare: taken("m"),
		act: func(d *desk, q string, m backend.Message) { d.must(d.hide(q, m, 0)) },
	},
	{
		name: "a shortened visibility timeout", after: 3 * time.Second,
		prepare: func(d *desk, q string) backend.Message {
			m := taken("m")(d, q)
			d.must(d.hide(q, m, 3))
			return m
		},
	},
	{
		name: "the unlocking of a group", fifo: true, prepare: taken("first", "m"),
		act: func(d *desk, q string, m backend.Message) { d.delete(q, m) },
	},
	{
		name: "the expiry of what locked a group", fifo: true, attrs: []string{backend.AttrMessageRetentionPeriod, "60"}, after: 5 * time.Second,
		prepare: func(d *desk, q string) backend.Message {
			d.fifo(q, "g", "first", "")
			d.receiveFor(q, 1, 1000)
			d.pass(55 * time.Second)
			d.fifo(q, "g", "m", "")
			return backend.Message{}
		},
	},
	{
		name: "a redrive", after: 100 * time.Millisecond,
		prepare: func(d *desk, q string) backend.Message {
			d.create("dlq")
			d.set(q, backend.AttrRedrivePolicy, redrive("dlq", 1))
			d.send(q, "m")
			d.receiveFor(q, 1, 0)
			d.receiveFor(q, 1, 0)
			d.start(backend.StartMessageMoveTaskInput{SourceArn: arn("dlq")})
			return backend.Message{}
		},
	},
	{
		name: "a dead letter",
		prepare: func(d *desk, q string) backend.Message {
			d.create("source", backend.AttrRedrivePolicy, redrive("q", 1))
			d.send("source", "m")
			d.receiveFor("source", 1, 0)
			return backend.Message{}
		},
		act: func(d *desk, _ string, _ backend.Message) { d.receive("source", 1) },
	},
	{
		name: "a shortened delay of a FIFO queue", fifo: true, attrs: []string{backend.AttrDelaySeconds, "900"},
		prepare: func(d *desk, q string) backend.Message { d.fifo(q, "g", "m", ""); return backend.Message{} },
		act:     func(d *desk, q string, _ backend.Message) { d.set(q, backend.AttrDelaySeconds, "0") },
	},
}

// taken sends messages, in one group where there are groups, and receives the
// first for 7 s.
func taken(bodies ...string) func(*desk, string) backend.Message {
	return func(d *desk, q string) backend.Message {
		for _, body := range bodies {
			if backend.ARNOf(q, "").FIFO() {
				d.fifo(q, "g", body, "")
			} else {
				d.send(q, body)
			}
		}
		return d.receiveFor(q, 1, 7)[0]
	}
}

func causeName(fifo bool) string {
	if fifo {
		return "q.fifo"
	}
	return "q"
}

func TestPollIsWokenByEveryCauseAtItsTime(t *testing.T) { // 5.5, 14.4.8
	for _, tc := range causes {
		t.Run(tc.name, func(t *testing.T) {
			d := open(t)
			q := d.create(causeName(tc.fifo), tc.attrs...)
			var m backend.Message
			if tc.prepare != nil {
				m = tc.prepare(d, q)
			}
			var woken []time.Time
			in := backend.ReceiveMessageInput{QueueUrl: q}
			out, _, err := d.Poll(in, func(now time.Time) { woken = append(woken, now) })
			d.must(err)
			d.want(out.Messages)
			d.pass(0)
			if len(woken) > 0 {
				t.Fatal("woken for nothing")
			}
			want := d.clock.Now().Add(tc.after)
			if tc.act != nil {
				tc.act(d, q, m)
			}
			if tc.after > 0 {
				d.pass(tc.after - time.Nanosecond)
				if len(woken) > 0 {
					t.Fatalf("woken %v early", want.Sub(woken[0]))
				}
				d.pass(time.Nanosecond)
			}
			d.pass(0)
			d.same(woken, []time.Time{want})
			d.want(d.receive(q, 1), "m")
		})
	}
}

func TestALongPollEndsByEveryCauseAtItsTime(t *testing.T) { // 5.5, 14.4.8
	for _, tc := range causes {
		t.Run(tc.name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				clock := memory.NewClock(memory.ClockOptions{})
				defer clock.Close()
				d := openWith(t, memory.Options{Clock: clock})
				q := d.create(causeName(tc.fifo), tc.attrs...)
				var m backend.Message
				if tc.prepare != nil {
					m = tc.prepare(d, q)
				}
				began := clock.Now()
				got := make(chan []backend.Message)
				go func() {
					got <- d.receiveInput(backend.ReceiveMessageInput{QueueUrl: q, WaitTimeSeconds: backend.Some(20)})
				}()
				synctest.Wait()
				if tc.act != nil {
					tc.act(d, q, m)
				}
				d.want(<-got, "m")
				if took := clock.Now().Sub(began); took != tc.after {
					t.Errorf("it took %v instead of %v", took, tc.after)
				}
			})
		})
	}
}
