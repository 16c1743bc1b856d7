package lab

import (
	"cmp"
	"context"
	"fmt"
	"slices"
	"strconv"
	"strings"

	tea "charm.land/bubbletea/v2"

	"sqscope/backend"
	lessons "sqscope/backend/lab"
	"sqscope/keymap"
	"sqscope/themes"
	"sqscope/ui/dialog"
	"sqscope/ui/format"
	"sqscope/ui/screen"
	"sqscope/ui/text"
	"sqscope/ui/widget"
)

// receive is what a ReceiveMessage of the learner's own consumer asks for.
type receive struct {
	queue      string
	most       int
	wait       backend.Opt[int] // left out: the queue's
	visibility backend.Opt[int]
}

// queue is the one that a receive is most likely of.
func (p *Page) queue() string {
	if p.last.queue != "" {
		return p.last.queue
	}
	if l := p.lesson.Session.Lesson(); l.Program != nil {
		return l.Program.Queue
	}
	for _, q := range p.Conn.Fleet.Snapshot().Queues {
		return q.ARN.Name
	}
	return ""
}

// names are the queues of the lesson.
func (p *Page) names() []string {
	var names []string
	for _, q := range p.Conn.Fleet.Snapshot().Queues {
		names = append(names, q.ARN.Name)
	}
	return names
}

// isQueue says what is wrong with the name of a queue.
func (p *Page) isQueue(v string) string {
	if slices.Contains(p.names(), v) {
		return ""
	}
	return "there is no such queue in this lesson"
}

func (p *Page) askReceive() tea.Cmd {
	whole := func(lowest, highest int, empty string) func(string) string {
		return func(v string) string {
			if n, err := strconv.Atoi(v); v == "" && empty != "" || err == nil && n >= lowest && n <= highest {
				return ""
			}
			return fmt.Sprintf("type a number from %d to %d%s", lowest, highest, empty)
		}
	}
	p.Env.Host.Ask(dialog.NewForm(p.Env, dialog.Form{
		Title: text.Const("Receive as a consumer"),
		Notes: []text.Safe{text.Sprintf("One ReceiveMessage. What comes is in flight until you delete it or its visibility timeout is over. Queues: %s.", strings.Join(p.names(), ", "))},
		Fields: []dialog.Field{
			{Label: "queue", Value: p.queue(), Check: p.isQueue},
			{Label: "at most", Value: strconv.Itoa(cmp.Or(p.last.most, 1)), Check: whole(1, 10, "")},
			{Label: "wait", Value: shown(p.last.wait), Hint: "WaitTimeSeconds, 0 to 20; empty: the queue's", Check: whole(0, 20, ", or nothing for the queue's")},
			{Label: "visibility", Value: shown(p.last.visibility), Hint: "timeout in seconds; empty: the queue's", Check: whole(0, 43200, ", or nothing for the queue's")},
		},
		Confirm: "receive",
		Run: func(v []string) tea.Cmd {
			most, err := strconv.Atoi(v[1])
			if err != nil {
				return p.Env.Host.Fail(err)
			}
			p.last = receive{v[0], most, optional(v[2]), optional(v[3])}
			return p.receive(p.last)
		},
	}))
	return nil
}

// optional is a number that may be left out.
func optional(s string) backend.Opt[int] {
	n, err := strconv.Atoi(s)
	if err != nil {
		return backend.Opt[int]{}
	}
	return backend.Some(n)
}

func shown(o backend.Opt[int]) string {
	if !o.Set {
		return ""
	}
	return strconv.Itoa(o.Value)
}

func (p *Page) nothingReceived() string {
	if p.last.queue == "" {
		return p.Env.Keys.Action(keymap.LessonReceive).Key() + " receives for the first time"
	}
	return ""
}

func (p *Page) receiveAgain() tea.Cmd { return p.receive(p.last) }

// receive receives once, and shows what has come.
func (p *Page) receive(r receive) tea.Cmd {
	hand := p.lesson.Session.Hand()
	p.choose(consumer)
	return p.Act(func(ctx context.Context) tea.Msg {
		got, err := hand.Receive(ctx, r.queue, r.most, r.wait, r.visibility)
		if err != nil {
			return acted{err: err}
		}
		if len(got) == 0 {
			return acted{what: text.Sprintf("an empty answer from %s; it is a request all the same", r.queue), role: themes.Warn}
		}
		names := make([]string, len(got))
		for i, g := range got {
			names[i] = g.Name
		}
		return acted{what: text.Sprintf("received %s from %s: %s", format.Plural(len(got), "message"), r.queue, strings.Join(names, ", ")), role: themes.Good}
	})
}

func deliveryKey(n int) string { return "delivery " + strconv.Itoa(n) }

// delivery is the one under the cursor.
func (p *Page) delivery() (r lessons.Receipt, ok bool) {
	for _, r := range p.lesson.Session.Hand().Receipts() {
		if deliveryKey(r.Number) == p.mine.Key() {
			return r, true
		}
	}
	return r, false
}

func (p *Page) noDelivery() string {
	switch _, ok := p.delivery(); {
	case p.pane != consumer:
		return p.Env.Keys.Action(keymap.LessonPane).Key() + " goes to your consumer, which has the receipt handles"
	case !ok:
		return p.Env.Keys.Action(keymap.LessonReceive).Key() + " receives first: it takes a receipt handle"
	}
	return ""
}

func (p *Page) delete() tea.Cmd {
	d, ok := p.delivery()
	if !ok {
		return nil
	}
	hand := p.lesson.Session.Hand()
	return p.Act(func(ctx context.Context) tea.Msg {
		if err := hand.Delete(ctx, d.Number); err != nil {
			return acted{err: err}
		}
		return acted{what: text.Sprintf("SQS has accepted the delete of %s with the handle of delivery %d", d.Name, d.Number), role: themes.Good}
	})
}

func (p *Page) askHide() tea.Cmd {
	d, ok := p.delivery()
	if !ok {
		return nil
	}
	hand := p.lesson.Session.Hand()
	p.Env.Host.Ask(dialog.NewForm(p.Env, dialog.Form{
		Title: text.Sprintf("Hide %s for how long from now on?", d.Name),
		Notes: []text.Safe{text.Const("One ChangeMessageVisibility with the receipt handle of this delivery. 0 gives the message back at once.")},
		Fields: []dialog.Field{{Label: "seconds", Hint: "0 to 43200", Check: func(v string) string {
			if _, err := strconv.Atoi(v); err != nil {
				return "type whole seconds"
			}
			return ""
		}}},
		Confirm: "change",
		Run: func(v []string) tea.Cmd {
			seconds, err := strconv.Atoi(v[0])
			if err != nil {
				return p.Env.Host.Fail(err)
			}
			return p.Act(func(ctx context.Context) tea.Msg {
				if err := hand.Hide(ctx, d.Number, seconds); err != nil {
					return acted{err: err}
				}
				return acted{what: text.Sprintf("%s is hidden for %ds from now on", d.Name, seconds), role: themes.Good}
			})
		},
	}))
	return nil
}

// copy copies the receipt handle.
func (p *Page) copy() tea.Cmd {
	d, ok := p.delivery()
	if !ok {
		return nil
	}
	return p.Env.Host.Clipboard(text.Sprintf("the receipt handle of delivery %d", d.Number), d.Handle)
}

// viewConsumer draws what the learner's own consumer has received.
func (p *Page) viewConsumer(w, h int) string {
	t, all := p.Env.Theme, p.lesson.Session.Hand().Receipts()
	key := p.Env.Keys.Action(keymap.LessonReceive).Key()
	if len(all) == 0 {
		lines := []string{
			t.Paint(themes.Text, "Here you are a consumer: you receive, and nobody deletes but you."), "",
			t.Paint(themes.Key, key) + t.Paint(themes.Text, " receives. Every receipt handle that comes is kept here, old ones too."),
		}
		for i, l := range lines {
			lines[i] = widget.Fit(l, min(w, 72))
		}
		return widget.Center(strings.Join(lines, "\n"), w, h)
	}
	foot := ""
	if queues := queueLines(p.Conn, min(w-2, 70), t); p.w < wide && h > len(queues)+6 { // else the task has them
		queues = append([]string{queueHead(min(w-2, 70), t)}, queues...)
		h -= len(queues) + 1
		foot = "\n" + strings.Repeat(" ", w)
		for _, l := range queues {
			foot += "\n" + widget.Fit(" "+l, w)
		}
	}
	head := widget.Fit("   "+t.Paint(themes.Header, text.Const(deliveryLine("#", "MESSAGE", "QUEUE", "COUNT", "RECEIVED", "HANDLE")).String()), w) + "\n"
	now := p.Conn.Now()
	p.mine.Single = true
	return head + p.mine.View(w, h-1, t, func(i, w int) []string {
		r := all[i]
		handle, role := "latest", themes.Text
		switch {
		case r.Deleted:
			handle, role = "✓ delete accepted", themes.Good
		case !r.Latest:
			handle, role = "old: a later delivery has another", themes.Dim
		}
		line := text.Clean(deliveryLine(strconv.Itoa(r.Number), r.Name, r.Queue, strconv.Itoa(r.Count), format.Until(r.At, now), handle))
		return []string{t.Paint(role, line.Truncate(w).String())}
	}) + foot
}

func deliveryLine(number, name, queue, count, at, handle string) string {
	cell := func(s string, w int) string { return text.Clean(s).Pad(w).String() }
	return cell(number, 3) + " " + cell(name, 14) + " " + cell(queue, 14) + " " + cell(count, 5) + " " + cell(at, 12) + " " + handle
}

// served says that the engine is served.
type served struct {
	url string
	err error
}

func (p *Page) noProgram() string {
	switch l := p.lesson.Session.Lesson(); {
	case l.Program == nil:
		return "this lesson is done by hand"
	case p.lesson.Serve == nil:
		return "the engine cannot be served here"
	}
	return ""
}

func (p *Page) serve() tea.Cmd {
	serve := p.lesson.Serve
	return p.Do(screen.ActLimit, func(ctx context.Context) tea.Msg {
		url, err := serve(ctx)
		return served{url, err}
	})
}

// served asks for the language of the program to begin with.
func (p *Page) served(s served) tea.Cmd {
	if s.err != nil {
		return p.Env.Host.Fail(s.err)
	}
	p.Conn.Place.Listen = s.url
	program := p.lesson.Session.Lesson().Program
	all := lessons.Languages()
	choices := make([]dialog.Choice, len(all))
	for i, l := range all {
		choices[i] = dialog.Choice{Label: string(l)}
	}
	p.Env.Host.Ask(dialog.NewChoose(p.Env, text.Sprintf("The engine is served at %s. A program in which language?", s.url), choices, func(i int) tea.Cmd {
		source, err := program.Snippet(all[i], p.Conn.Place)
		if err != nil {
			return p.Env.Host.Fail(err)
		}
		r := dialog.Review{Title: text.Sprintf("A %s in %s, at %s", string(program.Role), string(all[i]), s.url), Confirm: "copy it"}
		for _, l := range text.Lines(strings.TrimSuffix(source, "\n")) {
			r.Lines = append(r.Lines, dialog.Line{Role: themes.Text, Text: l})
		}
		r.Run = func() tea.Cmd { return p.Env.Host.Clipboard(text.Const("the program"), source) }
		p.Env.Host.Ask(dialog.NewReview(p.Env, r))
		return nil
	}))
	return nil
}
