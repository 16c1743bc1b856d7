package owner

import (
	"context"
	"strings"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"
)

func TestCloseEndsAndWaitsForEveryGoroutine(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		g := New(t.Context(), nil)
		var ended atomic.Int32
		for range 3 {
			g.Go("waiter", func(ctx context.Context) {
				<-ctx.Done()
				time.Sleep(time.Second) // virtual: the last of the work
				ended.Add(1)
			})
		}
		g.Close()
		if n := ended.Load(); n != 3 {
			t.Errorf("%d of 3 goroutines had ended when Close returned", n)
		}
		g.Close()
	})
}

func TestTheGroupEndsWithTheContextItWasMadeFrom(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		ctx, cancel := context.WithCancel(t.Context())
		g := New(ctx, nil)
		ended := false
		g.Go("waiter", func(ctx context.Context) { <-ctx.Done(); ended = true })
		cancel()
		synctest.Wait()
		if !ended {
			t.Error("the goroutine outlived the context")
		}
		g.Close()
	})
}

func TestAPanicIsRecoveredAndReportedOnce(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		type report struct {
			name  string
			value any
			stack string
		}
		reports := make(chan report, 10)
		g := New(t.Context(), func(name string, value any, stack []byte) {
			reports <- report{name, value, string(stack)}
		})
		g.Go("calm", func(ctx context.Context) { <-ctx.Done() })
		g.Go("reader", func(context.Context) { explode() })
		g.Close()
		if len(reports) != 1 {
			t.Fatalf("%d reports of one panic", len(reports))
		}
		r := <-reports
		if r.name != "reader" || r.value != "boom" || !strings.Contains(r.stack, "explode") {
			t.Errorf("reported %q, %v, stack with the culprit: %v", r.name, r.value, strings.Contains(r.stack, "explode"))
		}
	})
}

func explode() { panic("boom") }

func TestAClosedGroupStartsNothing(t *testing.T) {
	g := New(t.Context(), nil)
	if !g.Go("early", func(context.Context) {}) {
		t.Error("an open group did not start a goroutine")
	}
	g.Close()
	if g.Go("late", func(context.Context) { t.Error("started after Close") }) {
		t.Error("a closed group says that it started a goroutine")
	}
}
