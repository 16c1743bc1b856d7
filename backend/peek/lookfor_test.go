package peek

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"sqscope/backend"
)

func ending(with string) func(Message) bool {
	return func(m Message) bool { return strings.HasSuffix(m.Body, with) }
}

func TestLookingForOneShowsOnlyWhatMatchesAndGivesTheRestBack(t *testing.T) {
	s := newService(rtt, 400)
	far(t, s, Options{}, func(t *testing.T, p *Session, l *Leases) {
		var last Found
		f, err := p.LookFor(t.Context(), 2, ending("77"), func(f Found) {
			if f.Scanned < last.Scanned || f.Matched < last.Matched {
				t.Errorf("progress went from %+v to %+v", last, f)
			}
			last = f
		})
		if err != nil || f.Stop != StopWanted || f.Matched != 2 || f.Scanned < 178 || f.Scanned > 178+9*8 {
			t.Errorf("%+v, %v", f, err)
		}
		if diff := cmp.Diff([]string{"m0077", "m0177"}, ids(p.Messages())); diff != "" {
			t.Error(diff)
		}
		if s.hidden() != 2 || l.Count() != 2 {
			t.Errorf("%d hidden, %d on lease; want those that match", s.hidden(), l.Count())
		}
		if want := fmt.Sprintf("%d read, 2 match, of about 400, %d polls", f.Scanned, f.Receives); f.Words() != want {
			t.Errorf("says %q, want %q", f.Words(), want)
		}
		for _, h := range p.messages {
			if h.aside && (h.Body != "" || h.ReceiveCount != 1) {
				t.Errorf("%s is kept with %q, count %d", h.MessageId, h.Body, h.ReceiveCount)
			}
		}
		if c := p.Cost(); c.Messages != f.Scanned {
			t.Errorf("cost %+v for %d read", c, f.Scanned)
		}
		if err := p.Release(t.Context()); err != nil || s.hidden() != 0 {
			t.Errorf("%v, %d hidden", err, s.hidden())
		}
	})
}

func TestWhatDidNotMatchIsShownByTheNextLook(t *testing.T) {
	s := newService(rtt, 5)
	far(t, s, Options{}, func(t *testing.T, p *Session, _ *Leases) {
		if f, err := p.LookFor(t.Context(), 3, ending("3"), nil); err != nil || f.Matched != 1 || f.Scanned != 5 || f.Stop != StopAll {
			t.Errorf("%+v, %v", f, err)
		}
		look(t, p, 10)
		got := ids(p.Messages())
		slices.Sort(got)
		if diff := cmp.Diff([]string{"m0000", "m0001", "m0002", "m0003", "m0004"}, got); diff != "" {
			t.Error(diff)
		}
		if m := p.Messages()[0]; m.Body == "" {
			t.Errorf("%s has lost its body", m.MessageId)
		}
	})
}

func TestLookingForHidesNoMoreThanAgreed(t *testing.T) {
	s := newService(rtt, 300)
	far(t, s, Options{Hold: 100}, func(t *testing.T, p *Session, _ *Leases) {
		f, err := p.LookFor(t.Context(), 1, func(Message) bool { return false }, func(Found) {
			if s.hidden() > 100+9 {
				t.Errorf("%d are hidden", s.hidden())
			}
		})
		if err != nil || f.Stop != StopHeld || f.Scanned < 100 || s.hidden() != 0 {
			t.Errorf("%+v, %v, %d still hidden", f, err, s.hidden())
		}
	})
}

func TestLookingForCanBeCancelledAndGivesEverythingBack(t *testing.T) {
	s := newService(time.Second, 400)
	far(t, s, Options{}, func(t *testing.T, p *Session, l *Leases) {
		ctx, cancel := context.WithCancel(t.Context())
		time.AfterFunc(2500*time.Millisecond, cancel)
		f, err := p.LookFor(ctx, 5, ending("0000"), nil)
		if f.Stop != StopCancelled || backend.KindOf(err) != backend.KindCancelled || f.Scanned != 80 {
			t.Errorf("%+v, %v", f, err)
		}
		time.Sleep(4 * time.Second) // what was on its way has come, and gone back
		if s.hidden() != 1 || l.Count() != 1 {
			t.Errorf("%d hidden, %d on lease; only one matched", s.hidden(), l.Count())
		}
	})
}

func TestLookingForWhereAQueueCanBeBrowsedIsFree(t *testing.T) {
	withEngine(t, "orders", nil, func(t *testing.T, e *engine, stack backend.Stack) {
		e.send(numbers("a", 30)...)
		p := e.open(stack, Options{})
		f, err := p.LookFor(t.Context(), 2, ending("7"), nil)
		if err != nil || f.Matched != 2 || f.Scanned != 18 || f.Stop != StopWanted || f.About != 30 {
			t.Errorf("%+v, %v", f, err)
		}
		if diff := cmp.Diff([]string{"a07", "a17"}, bodies(p.Messages())); diff != "" {
			t.Error(diff)
		}
		f, err = p.LookFor(t.Context(), 9, ending("7"), nil)
		if err != nil || f.Stop != StopAll || f.Words() != "30 read, 3 match, of 30" {
			t.Errorf("%+v, %v: %q", f, err, f.Words())
		}
		if got := e.receive(); len(got) != 10 {
			t.Errorf("a consumer gets %v", got)
		}
	})
}

func TestLookingThroughAFIFOQueueKeepsItsOrder(t *testing.T) {
	withEngine(t, "orders.fifo", fifo, func(t *testing.T, e *engine, stack backend.Stack) {
		e.send(slices.Concat(numbers("a", 10), numbers("b", 10))...)
		p := e.open(onlySQS(stack), Options{})
		f, err := p.LookFor(t.Context(), 2, ending("5"), nil)
		if err != nil || f.Matched != 2 || f.Receives != 2 {
			t.Errorf("%+v, %v", f, err)
		}
		if err := p.Release(t.Context()); err != nil {
			t.Fatal(err)
		}
		got := slices.Concat(e.receive(), e.receive())
		for _, group := range []string{"a", "b"} {
			in := slices.DeleteFunc(slices.Clone(got), func(b string) bool { return b[:1] != group })
			if diff := cmp.Diff(numbers(group, 10), in); diff != "" {
				t.Errorf("a consumer gets group %s:\n%s", group, diff)
			}
		}
	})
}

func TestWithoutAMatchNoMoreIsReceivedThanIsWanted(t *testing.T) {
	for _, fifo := range []bool{false, true} {
		s := newService(rtt, 100)
		far(t, s, Options{FIFO: fifo}, func(t *testing.T, p *Session, _ *Leases) {
			found, err := p.LookFor(t.Context(), 12, nil, nil)
			if err != nil || found.Matched != 12 || found.Stop != StopWanted || len(p.Messages()) != 12 {
				t.Errorf("FIFO %v: %+v, %v", fifo, found, err)
			}
			if n := p.Account().Deliveries; n != 12 {
				t.Errorf("FIFO %v: for 12 messages %d were received", fifo, n)
			}
		})
	}
}
