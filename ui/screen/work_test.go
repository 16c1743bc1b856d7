package screen

import (
	"context"
	"testing"
	"testing/synctest"
	"time"

	tea "charm.land/bubbletea/v2"

	"sqscope/backend"
	"sqscope/ui/text"
)

// bench is a screen's base without a program.
func bench(t *testing.T) *Base {
	ctx, cancel := context.WithCancel(t.Context())
	t.Cleanup(cancel)
	env := &Env{Works: NewWorks(), Conns: []*Connection{{Name: "here", Context: ctx}}}
	b := NewBase(env, Spec{Kind: Tasks})
	return &b
}

func TestAWorkGoesOnWhenItsScreenIsLeftAndEndsWithClose(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		b := bench(t)
		w := &Work{Spec: Spec{Kind: Tasks}, Name: text.Const("a work")}
		cmd := b.Begin(w, func(ctx context.Context) tea.Msg {
			<-ctx.Done()
			time.Sleep(3 * time.Second) // what is on its way is finished
			return "ended"
		})
		answers := make(chan tea.Msg, 1)
		go func() { answers <- cmd() }()
		b.End()
		synctest.Wait()
		if !w.Going() || len(b.Env.Works.Going()) != 1 {
			t.Fatal("it ended with its screen")
		}
		began := time.Now()
		if err := b.Env.Works.Close(t.Context()); err != nil {
			t.Fatal(err)
		}
		if d := time.Since(began); d != 3*time.Second || w.Going() {
			t.Errorf("after %s it goes on: %v", d, w.Going())
		}
		if a, ok := (<-answers).(Answer); !ok || a.Msg != "ended" || a.To != b.ID() {
			t.Errorf("the answer is %+v", a)
		}
	})
}

func TestAWorkThatDoesNotEndInTimeIsSaid(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		b := bench(t)
		w := &Work{Spec: Spec{Kind: Tasks}, Name: text.Const("a work")}
		cmd := b.Begin(w, func(context.Context) tea.Msg { time.Sleep(time.Hour); return nil })
		go cmd()
		synctest.Wait()
		ctx, cancel := context.WithTimeout(t.Context(), 5*time.Second)
		defer cancel()
		if err := b.Env.Works.Close(ctx); backend.KindOf(err) != backend.KindTimeout {
			t.Errorf("the error is %v", err)
		}
		w.Wait(t.Context())
	})
}

func TestAnotherWorkOfItsScreenTakesThePlaceOfOneThatHasEnded(t *testing.T) {
	b := bench(t)
	begin := func(kind Kind) *Work {
		w := &Work{Spec: Spec{Kind: kind}}
		b.Begin(w, func(context.Context) tea.Msg { return nil })()
		return w
	}
	begin(Tasks)
	other, second := begin(Redrive), begin(Tasks)
	if all := b.Env.Works.Of(Spec{Kind: Tasks}); len(all) != 1 || all[0] != second {
		t.Errorf("of the screen there are %d", len(all))
	}
	if all := b.Env.Works.Of(Spec{Kind: Redrive}); len(all) != 1 || all[0] != other {
		t.Errorf("of the other screen there are %d", len(all))
	}
}

func TestASelectionIsFreshUntilItIsTaken(t *testing.T) {
	b := bench(t)
	q := backend.ARN{Name: "dead"}
	b.Select(q, Selection{Label: "3 marked", IDs: []string{"a", "b", "c"}})
	if s, fresh := b.TakeSelection(q); !fresh || s.All() || s.Label != "3 marked" {
		t.Errorf("took %+v, %v", s, fresh)
	}
	if s, fresh := b.TakeSelection(q); fresh || !s.All() {
		t.Errorf("took %+v, %v again", s, fresh)
	}
}
