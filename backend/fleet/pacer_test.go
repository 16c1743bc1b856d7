package fleet

import (
	"context"
	"math"
	"testing"
	"time"

	"golang.org/x/time/rate"

	"sqscope/backend"
	"sqscope/backend/owner"
)

func rateOf(p *Pacer, now time.Time) float64 {
	pace, _ := p.pace(now)
	return math.Round(pace.Rate*1000) / 1000
}

func TestAThrottledRequestHalvesTheRateAndTimeGivesItBack(t *testing.T) {
	start := time.Unix(1_000_000, 0)
	p := NewPacer(Budget{})
	p.look(nil, true)
	now := start
	for _, want := range []float64{5, 2.5, 1.25, 0.625, 0.5, 0.5} {
		now = now.Add(time.Second)
		p.throttled(now, now)
		if got := rateOf(p, now); got != want {
			t.Errorf("after another: %v, want %v", got, want)
		}
	}
	pace, changes := p.pace(now)
	if !pace.Throttled.Equal(now) || pace.Full != 10 || !changes.Equal(now.Add(recoverEvery)) {
		t.Errorf("%+v, which changes %v later", pace, changes.Sub(now))
	}
	for i, want := range []float64{0.5, 1.5, 2.5, 3.5, 4.5, 5.5, 6.5, 7.5, 8.5, 9.5, 10, 10} {
		if got := rateOf(p, now.Add(time.Duration(i)*recoverEvery)); got != want {
			t.Errorf("after %d times 5 s: %v, want %v", i, got, want)
		}
	}
	if _, changes := p.pace(now.Add(time.Hour)); !changes.IsZero() {
		t.Error("the full rate is said to change")
	}
}

func TestRequestsThatWereOutTogetherAreThrottledOnce(t *testing.T) {
	now := time.Unix(1_000_000, 0)
	p := NewPacer(Budget{})
	p.look(nil, true)
	for i := range 32 {
		p.throttled(now, now.Add(time.Duration(20+i)*time.Millisecond))
	}
	if got := rateOf(p, now.Add(time.Second)); got != 5 {
		t.Errorf("32 requests that were out together make the rate %v, want 5", got)
	}
	if p.rich(now.Add(time.Second)) {
		t.Error("what was saved for bursts is still there")
	}
}

func TestABudgetBelowTheLowestRateStaysAsItIs(t *testing.T) {
	now := time.Unix(1_000_000, 0)
	p := NewPacer(Budget{Background: 0.2})
	p.look(nil, true)
	p.throttled(now, now)
	if got := rateOf(p, now); got != 0.2 {
		t.Errorf("the rate is %v", got)
	}
}

func TestFleetsOfOneAccountAndRegionShareABudget(t *testing.T) {
	a, b := newService(t, rtt, numbered(500)...), newService(t, rtt, numbered(500)...)
	p := NewPacer(Budget{})
	watch(t, Options{Pacer: p}, a, func(f *Fleet) {
		group := owner.New(context.Background(), nil)
		defer group.Close()
		g := New(Options{Pacer: p, Stack: backend.Stack{SQS: b}, Region: region, Group: group})
		pass(time.Minute)
		m, n := a.requests(), b.requests()
		if m+n > 601 || m+n < 500 {
			t.Errorf("%d requests in a minute, want hardly more than 600", m+n)
		}
		if m < 3*n/4 || n < 3*m/4 {
			t.Errorf("one starves: %d requests and %d", m, n)
		}

		a.set(func() { a.bucket = rate.NewLimiter(0, 0) })
		f.Refresh(arnOf("queue-00000"))
		pass(time.Second)
		if got := g.Snapshot().Pace; got.Rate > 5 || got.Full != 10 || got.Throttled.IsZero() {
			t.Errorf("one is throttled, and the other shows %+v", got)
		}
		a.set(func() { a.bucket = nil })

		// While one is looked at, what the other does not need is there for it.
		pass(3 * time.Minute)
		group.Close()
		before := a.requests()
		f.RefreshAll()
		pass(30 * time.Second)
		if n := a.requests() - before; n < 250 {
			t.Errorf("alone again it sends %d requests in half a minute", n)
		}
	})
}

func TestAFleetThatNobodyLooksAtIsIdleOnlyIfAllThatShareItsBudgetAre(t *testing.T) {
	now := time.Unix(1_000_000, 0)
	p := NewPacer(Budget{})
	one, two := &Fleet{}, &Fleet{}
	p.look(one, true)
	p.look(two, false)
	if got := p.adjust(now); got != 10 {
		t.Errorf("somebody looks at one of two: %v a second", got)
	}
	p.look(one, false)
	if got := p.adjust(now); got != 1 {
		t.Errorf("nobody looks: %v a second", got)
	}
	p.look(two, true)
	p.leave(two)
	if got := p.adjust(now); got != 1 {
		t.Errorf("the one that was looked at has ended: %v a second", got)
	}
}
