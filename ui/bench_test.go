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
	"sqscope/themes"
	"sqscope/ui/screen"
)

// BenchmarkKey is what a key costs before the next frame can be written: Update
// and View at 200x50, with that many queues.
func BenchmarkKey(b *testing.B) {
	for _, n := range []int{100, 10000} {
		m := crowded(b, n)
		for _, key := range []struct {
			name string
			keys []tea.KeyPressMsg
		}{
			{"move", []tea.KeyPressMsg{{Code: 'j', Text: "j"}, {Code: 'k', Text: "k"}}},
			{"page", []tea.KeyPressMsg{{Code: tea.KeyPgDown}, {Code: tea.KeyPgUp}}},
			{"help", []tea.KeyPressMsg{{Code: '?', Text: "?"}, {Code: tea.KeyEscape}}},
			{"attributes", []tea.KeyPressMsg{{Code: 'a', Text: "a"}, {Code: tea.KeyEscape}}},
		} {
			b.Run(fmt.Sprintf("%s/%d", key.name, n), func(b *testing.B) {
				b.ReportAllocs()
				for i := 0; b.Loop(); i++ {
					m.Update(key.keys[i%len(key.keys)])
					m.View()
				}
			})
		}
		b.Run(fmt.Sprintf("refresh/%d", n), func(b *testing.B) {
			for b.Loop() {
				m.top().Update(screen.FleetMsg{})
				m.View()
			}
		})
	}
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
