package ui

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"
	"unicode/utf8"

	tea "charm.land/bubbletea/v2"

	"sqscope/backend"
	"sqscope/backend/fleet"
	"sqscope/backend/guard"
	"sqscope/backend/memory"
	"sqscope/backend/owner"
	"sqscope/backend/peek"
	"sqscope/keymap"
	"sqscope/themes"
	"sqscope/ui/screen"
)

// BenchmarkKey is what a key costs before the next frame can be written: Update
// and View at 200x50, with that many queues. Each key of the queue list is
// pressed, and then the key that takes one back from where it led.
func BenchmarkKey(b *testing.B) {
	for _, n := range []int{100, 10000} {
		m := crowded(b, n)
		for _, binding := range m.bindings() {
			a := m.env.Keys.Action(binding.Action)
			switch a.ID {
			case keymap.Quit, keymap.ForceQuit, keymap.Suspend:
				continue // there is no frame after them
			}
			b.Run(fmt.Sprintf("%s/%d", a.ID, n), func(b *testing.B) {
				key, back := press(a.Keys[0]), press("esc")
				var took []time.Duration
				for b.Loop() {
					start := time.Now()
					m.Update(key)
					m.View()
					took = append(took, time.Since(start))
					for len(m.dialogs) > 0 || len(m.stack) > 1 || m.top().Typing() {
						m.Update(back)
					}
				}
				slices.Sort(took)
				b.ReportMetric(float64(took[len(took)/2].Nanoseconds())/1e6, "ms/key") // the median
			})
		}
		b.Run(fmt.Sprintf("typed in the filter/%d", n), func(b *testing.B) {
			m.Update(press("/"))
			keys := []tea.KeyPressMsg{press("s"), press("backspace")}
			for i := 0; b.Loop(); i++ {
				m.Update(keys[i%len(keys)])
				m.View()
			}
			m.Update(press("esc"))
		})
		b.Run(fmt.Sprintf("refresh/%d", n), func(b *testing.B) {
			for b.Loop() {
				m.top().Update(screen.FleetMsg{})
				m.View()
			}
		})
	}
}

// press is the press of a key by its name.
func press(name string) tea.KeyPressMsg {
	named := map[string]rune{
		"up": tea.KeyUp, "down": tea.KeyDown, "pgup": tea.KeyPgUp, "pgdown": tea.KeyPgDown, "home": tea.KeyHome, "end": tea.KeyEnd,
		"enter": tea.KeyEnter, "esc": tea.KeyEscape, "tab": tea.KeyTab, "space": tea.KeySpace, "backspace": tea.KeyBackspace,
	}
	if code, ok := named[name]; ok {
		return tea.KeyPressMsg{Code: code}
	}
	r, _ := utf8.DecodeRuneInString(name)
	return tea.KeyPressMsg{Code: r, Text: name}
}

// crowded is a model at 200x50 that shows n queues, all of them read.
func crowded(b *testing.B, n int) *Model {
	b.Helper()
	engine := memory.New(memory.Options{Seed: 1})
	sqs := engine.Stack().SQS
	for i := range n {
		if _, err := sqs.CreateQueue(context.Background(), backend.CreateQueueInput{QueueName: fmt.Sprintf("team-%02d-service-%05d", i%37, i)}); err != nil {
			b.Fatal(err)
		}
	}
	ctx, cancel := context.WithCancel(context.Background())
	group := owner.New(ctx, nil)
	stack := engine.Stack()
	f := fleet.New(fleet.Options{Stack: stack, Region: "us-east-1", Group: group, Poll: 250 * time.Millisecond})
	for f.Snapshot().Known < n {
		<-f.Changed()
	}
	group.Close() // nothing changes while it is measured
	b.Cleanup(func() { cancel(); engine.Close(); engine.Clock().Close() })
	leases := peek.NewLeases(group)
	m := New(Options{Leases: leases, Theme: themes.Default(true), Name: "demo", First: []*screen.Connection{{
		Name: "demo", Level: guard.Change, Stack: stack, Guard: guard.New(guard.Change), Leases: leases,
		Watch: func() (context.Context, *fleet.Fleet, func()) { return ctx, f, func() {} },
		Place: backend.Place{Context: "demo", Embedded: true, Region: "us-east-1"},
	}}})
	m.Update(tea.WindowSizeMsg{Width: 200, Height: 50})
	settle(m, m.open(screen.Spec{Kind: screen.Queues}))
	if first := m.View().Content; !strings.Contains(first, "team-00-service-00000") {
		b.Fatalf("the screen shows no queues:\n%s", first)
	}
	return m
}

// settle runs a command and what follows from it, as the program would.
func settle(m *Model, cmd tea.Cmd) {
	if cmd == nil {
		return
	}
	switch msg := cmd().(type) {
	case tea.BatchMsg:
		for _, c := range msg {
			settle(m, c)
		}
	default:
		m.Update(msg)
	}
}
