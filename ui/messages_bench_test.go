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

// BenchmarkFind is what looking for something among 500 bodies of 256 KiB costs:
// a key until the program is ready for the next, and the whole search beside it.
func BenchmarkFind(b *testing.B) {
	m := heavy(b, 500, 256<<10)
	m.Update(press("/"))
	b.Run("key", func(b *testing.B) {
		keys := []tea.KeyPressMsg{press("s"), press("backspace")}
		var search tea.Cmd // goes on beside the program meanwhile
		for i := 0; b.Loop(); i++ {
			if cmd := m.key(keys[i%len(keys)]); cmd != nil {
				search = cmd
			}
			m.View()
		}
		work(m, search)
	})
	for _, what := range []string{"Zimt", ".json.n > 498", "/Z[ei]mt/"} {
		b.Run("search "+what, func(b *testing.B) {
			for b.Loop() {
				work(m, m.key(press("esc")))
				work(m, m.key(press("/")))
				_, cmd := m.Update(tea.PasteMsg{Content: what})
				work(m, cmd)
				if s := m.View().Content; !strings.Contains(s, "found 1 of 500") {
					b.Fatalf("it was not found:\n%s", s)
				}
			}
		})
	}
}

// heavy is a model that shows n messages with bodies of that size.
func heavy(b *testing.B, n, size int) *Model {
	b.Helper()
	engine := memory.New(memory.Options{Seed: 1, Account: "000000000000"})
	ctx, cancel := context.WithCancel(context.Background())
	group := owner.New(ctx, nil)
	b.Cleanup(func() { cancel(); group.Close(); engine.Close(); engine.Clock().Close() })
	stack := engine.Stack()
	made, err := stack.SQS.CreateQueue(ctx, backend.CreateQueueInput{QueueName: "orders"})
	if err != nil {
		b.Fatal(err)
	}
	for i := range n {
		spice := "salt"
		if i == n-1 {
			spice = "Zimt"
		}
		var body strings.Builder
		fmt.Fprintf(&body, `{"n":%d,"spice":%q,"lines":[`, i, spice)
		for body.Len() < size-100 {
			body.WriteString(`{"sku":"tea-` + strings.Repeat("x", 20) + `","count":12,"price":3.5},`)
		}
		body.WriteString(`{}]}`)
		if _, err := stack.SQS.SendMessage(ctx, backend.SendMessageInput{QueueUrl: made.QueueUrl, MessageBody: body.String()}); err != nil {
			b.Fatal(err)
		}
	}
	f := fleet.New(fleet.Options{Stack: stack, Region: "us-east-1", Group: group, Poll: 250 * time.Millisecond})
	for f.Snapshot().Known < 1 {
		<-f.Changed()
	}
	leases := peek.NewLeases(group)
	m := New(Options{Leases: leases, Theme: themes.Default(true), Name: "demo", First: []*screen.Connection{{
		Name: "demo", Level: guard.Change, Stack: stack, Guard: guard.New(guard.Change), Leases: leases,
		Watch: func() (context.Context, *fleet.Fleet, func()) { return ctx, f, func() {} },
		Place: backend.Place{Context: "demo", Embedded: true, Region: "us-east-1"},
	}}})
	m.Update(tea.WindowSizeMsg{Width: 200, Height: 50})
	work(m, m.open(screen.Spec{Kind: screen.Queues}))
	arn := backend.ARN{Partition: "aws", Region: "us-east-1", Account: "000000000000", Name: "orders"}
	work(m, m.open(screen.Spec{Kind: screen.Messages, Conn: "demo", Queue: arn}))
	if s := m.View().Content; !strings.Contains(s, "seen 500 of 500") {
		b.Fatalf("the messages are not shown:\n%s", s)
	}
	return m
}

// work runs a command and all that follows from its answers.
func work(m *Model, cmd tea.Cmd) {
	if cmd == nil {
		return
	}
	switch msg := cmd().(type) {
	case tea.BatchMsg:
		for _, c := range msg {
			work(m, c)
		}
	case screen.Answer:
		_, next := m.Update(msg)
		work(m, next)
	default:
		m.Update(msg)
	}
}
