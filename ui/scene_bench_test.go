package ui

import (
	"context"
	"fmt"
	"strings"
	"testing"
	"time"

	tea "charm.land/bubbletea/v2"

	"sqscope/backend"
	"sqscope/backend/fleet"
	"sqscope/backend/guard"
	"sqscope/backend/memory"
	"sqscope/backend/owner"
	"sqscope/backend/peek"
	"sqscope/backend/scenario"
	"sqscope/themes"
	"sqscope/ui/screen"
)

// crowd is a scenario of ten queues, fifty actors and about 5,000 messages, of
// which some hundred a second come and go.
func crowd(t testing.TB) *scenario.Scenario {
	t.Helper()
	var b strings.Builder
	b.WriteString("format = 1\ntitle = \"Crowd\"\ndescription = \"Many.\"\n\n[templates.job]\nbody = \"{\\\"job\\\":\\\"{{seq job}}\\\"}\"\n\n[counters]\njob = 1\n")
	for q := range 10 {
		fmt.Fprintf(&b, "\n[[queues]]\nname = \"queue-%d\"\n", q)
		fmt.Fprintf(&b, "\n[[messages]]\nqueue = \"queue-%d\"\ncount = 500\nago = \"10m\"\ntemplate = \"job\"\n", q)
		for p := range 2 {
			fmt.Fprintf(&b, "\n[[producers]]\nname = \"producer-%d-%d\"\nqueue = \"queue-%d\"\ntemplate = \"job\"\nrate = 5\n", q, p, q)
		}
		for w := range 3 {
			fmt.Fprintf(&b, "\n[[workers]]\nname = \"worker-%d-%d\"\nqueue = \"queue-%d\"\ncount = 3\nbatch = 1\ntakes = \"900ms\"\n", q, w, q)
		}
	}
	s, err := scenario.Parse("crowd.toml", []byte(b.String()))
	if err != nil {
		t.Fatal(err)
	}
	return s
}

// bareScene is the program at the scene of a scenario, without a terminal and with
// a clock that stands.
func bareScene(t testing.TB, s *scenario.Scenario, w, h int, calm bool) (*Model, *memory.Engine, backend.Stage) {
	t.Helper()
	engine := memory.New(memory.Options{Seed: 1, Clock: memory.NewClock(memory.ClockOptions{Paused: true})})
	run, err := s.Start(context.Background(), engine, 1)
	if err != nil {
		t.Fatal(err)
	}
	ctx, cancel := context.WithCancel(context.Background())
	group := owner.New(ctx, nil)
	stack := engine.Stack()
	stack.Stage = run.Stage()
	f := fleet.New(fleet.Options{Stack: stack, Region: "us-east-1", Group: group, Poll: 250 * time.Millisecond})
	for f.Snapshot().Known < len(s.Queues()) {
		<-f.Changed()
	}
	group.Close()
	t.Cleanup(func() { cancel(); run.Stop(); engine.Close(); engine.Clock().Close() })
	leases := peek.NewLeases(group)
	m := New(Options{Leases: leases, Theme: themes.Default(true), Name: "demo", LowMotion: calm, First: []*screen.Connection{{
		Name: "demo", Level: guard.Change, Stack: stack, Guard: guard.New(guard.Change), Leases: leases,
		Watch: func() (context.Context, *fleet.Fleet, func()) { return ctx, f, func() {} },
		Place: backend.Place{Context: "demo", Embedded: true, Region: "us-east-1"},
	}}})
	m.Update(tea.WindowSizeMsg{Width: w, Height: h})
	m.open(screen.Spec{Kind: screen.Queues})
	settle(m, m.open(screen.Spec{Kind: screen.Scene, Conn: "demo"}))
	return m, engine, stack.Stage
}

// BenchmarkSceneFrame is what a frame of the scene costs at 140x40 while
// everything moves: taking the picture, Update and View. Thirty of them are a
// second's.
func BenchmarkSceneFrame(b *testing.B) {
	m, engine, _ := bareScene(b, crowd(b), 140, 40, false)
	clock := engine.Clock()
	var advancing time.Duration
	for b.Loop() {
		start := time.Now()
		clock.Advance(time.Second / 30) // what the actors do is not the screen's
		advancing += time.Since(start)
		settle(m, m.top().Show())
		m.View()
	}
	b.ReportMetric(float64(b.Elapsed()-advancing)/float64(b.N)/1e6, "ms/frame")
	b.ReportMetric(float64(b.Elapsed()-advancing)/float64(b.N)*30/1e7, "%core")
}

// A scene in which everything moves writes what has changed, and little more.
func TestACrowdedSceneWritesOnlyWhatHasChanged(t *testing.T) {
	t.Parallel()
	onScreen(t, setup{w: 140, h: 40, play: crowd(t)}, func(t *testing.T, d *desk) {
		d.Press("S")
		d.Wait(5 * time.Second)
		before, cells, frames := d.Written(), 0, 0
		for range 150 {
			was := d.Text()
			d.Wait(time.Second / 30)
			if n := differing(was, d.Text()); n > 0 {
				cells, frames = cells+n, frames+1
			}
		}
		wrote := d.Written() - before
		t.Logf("%d bytes for %d changed cells in %d frames of 140x40", wrote, cells, frames)
		if cells == 0 || wrote > int64(cells*bytesACell+frames*bytesAFrame) {
			t.Errorf("%d bytes for %d changed cells in %d frames", wrote, cells, frames)
		}
	})
}
