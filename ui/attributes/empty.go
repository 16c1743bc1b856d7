package attributes

import (
	"context"
	"fmt"
	"strings"
	"sync/atomic"
	"time"

	tea "charm.land/bubbletea/v2"

	"sqscope/backend"
	"sqscope/backend/archive"
	"sqscope/backend/guard"
	"sqscope/backend/peek"
	"sqscope/themes"
	"sqscope/ui/dialog"
	"sqscope/ui/format"
	"sqscope/ui/screen"
	"sqscope/ui/text"
)

// evidenceLimit is how long reading evidence may take: where it has to receive,
// thousands of messages take minutes.
const evidenceLimit = 10 * time.Minute

// noEmpty is why the queue cannot be purged or deleted now.
func (m *Model) noEmpty(action string) func() string {
	return func() string {
		switch {
		case m.reading != nil:
			return "evidence is being read"
		case m.Conn.Queue(m.queue) == nil:
			return "this queue is not in the list of queues"
		}
		return m.denied(action)
	}
}

func (m *Model) askPurge() tea.Cmd  { return m.askEmpty(guard.ActPurge) }
func (m *Model) askDelete() tea.Cmd { return m.askEmpty(guard.ActDeleteQueue) }

// emptyWords are an act in words: what it is called, and as a verb.
func emptyWords(act guard.Act) (verb, done string) {
	if act == guard.ActPurge {
		return "Purge", "purged"
	}
	return "Delete the queue", "deleted"
}

// askEmpty asks where the evidence comes from. Where the queue can be browsed it
// costs nothing and is not asked for; else it means receiving, which is a choice.
func (m *Model) askEmpty(act guard.Act) tea.Cmd {
	if m.Conn.Stack.Browse != nil {
		return m.askName(act, true)
	}
	verb, _ := emptyWords(act)
	receive := dialog.Choice{Label: "write evidence first", Note: "receives messages, then gives them back"}
	if err := m.Conn.Guard.CheckQueue("ReceiveMessage", m.queue.Name); err != nil {
		receive.Off = backend.AsError(err).Next
	}
	m.Env.Host.Ask(dialog.NewChoose(m.Env, text.Sprintf("%s %s: keep a copy of its messages?", verb, m.name()), []dialog.Choice{
		receive, {Label: dialog.Without, Note: "no copy is left of what is deleted"},
	}, func(i int) tea.Cmd { return m.askName(act, i == 0) }))
	return nil
}

// askName asks for the queue's name, with the count and what cannot be undone.
func (m *Model) askName(act guard.Act, evidence bool) tea.Cmd {
	verb, _ := emptyWords(act)
	form := dialog.Form{
		Title: text.Sprintf("%s %s?", verb, m.name()), Danger: true, Confirm: strings.ToLower(verb), Notes: m.emptyNotes(act),
		Fields: []dialog.Field{dialog.TypeName(m.name())},
	}
	if evidence {
		form.Notes = append(form.Notes, text.Sprintf("Its messages are written to a file first, up to %s or %d MiB.", format.Plural(m.Env.Evidence.Messages, "message"), m.Env.Evidence.Bytes>>20))
		if cost := peek.Open(m.peekOptions()).Cost(); !cost.Free {
			form.Notes = append(form.Notes, text.Sprintf("For that they are received: %s. Then they are given back, before anything is deleted.", cost.Words()))
		}
		form.Run = func([]string) tea.Cmd { return m.gatherEvidence(act) }
	} else {
		form.Notes = append(form.Notes, text.Const("No copy of them is left."))
		form.Fields = append([]dialog.Field{dialog.TypeWithout()}, form.Fields...)
		form.Run = func([]string) tea.Cmd { return m.empty(act, "", "by choice without evidence") }
	}
	m.Env.Host.Ask(dialog.NewForm(m.Env, form))
	return nil
}

// emptyNotes say how many messages go, and what else.
func (m *Model) emptyNotes(act guard.Act) []text.Safe {
	q := m.seen
	count := text.Sprintf("About %s: %s visible, %s in flight, %s delayed.", format.Plural(q.Stored(), "message"), format.Count(q.Visible), format.Count(q.InFlight), format.Count(q.Delayed))
	if q.AsOf.IsZero() {
		count = text.Const("How many messages it holds is not known.")
	}
	if q.Stored() == 0 && !q.AsOf.IsZero() {
		count = text.Const("It holds no messages, as far as is known.")
	}
	if act == guard.ActPurge { // 1.9
		return []text.Safe{count, text.Const("All of them are deleted, which cannot be undone. It may take 60 s on AWS, and messages that are sent meanwhile may go too.")}
	}
	notes := []text.Safe{count, text.Const("The queue, its settings and its messages are deleted, which cannot be undone. Whoever sends to it or receives from it gets an error.")}
	if n := len(q.Sources); n > 0 {
		names := make([]string, 0, n)
		for _, s := range first(q.Sources, 3) {
			names = append(names, s.Name)
		}
		line := text.Sprintf("It is the dead-letter queue of %s", strings.Join(names, ", "))
		if n > len(names) {
			line = text.Join(line, text.Sprintf(" and %d more", n-len(names)))
		}
		notes = append(notes, text.Join(line, text.Const(": what fails there is then lost when its retention ends.")))
	}
	return notes
}

func (m *Model) peekOptions() peek.Options {
	q := m.seen
	return peek.Options{Stack: m.Conn.Stack, Leases: m.Conn.Leases, URL: q.URL, ARN: q.ARN, FIFO: q.FIFO, MaxReceiveCount: q.Redrive.MaxReceiveCount, Visible: q.Visible}
}

// gathered is the evidence of an act that has yet to be done.
type gathered struct {
	act  guard.Act
	got  archive.Gathered
	path string // "": there was nothing to write
	err  error
}

// gatherEvidence reads the messages and writes them. It ends with the screen.
func (m *Model) gatherEvidence(act guard.Act) tea.Cmd {
	o, dir, most, queue := m.peekOptions(), m.Env.EvidenceDir, m.Env.Evidence, m.queue
	now := time.Now() // the world's time: the engine's can stand still
	read := &atomic.Int64{}
	m.reading = read
	return m.Do(evidenceLimit, func(ctx context.Context) tea.Msg {
		got, err := archive.Gather(ctx, o, most, func(n int) { read.Store(int64(n)) })
		out := gathered{act: act, got: got, err: err}
		if err == nil && len(got.Records) > 0 {
			_, done := emptyWords(act)
			out.path, out.err = archive.Evidence(dir, done, queue, now, got.Records)
		}
		return out
	})
}

// gathered goes on if everything was written. If not, that is said, and going on
// takes a second word.
func (m *Model) gathered(g gathered) tea.Cmd {
	m.reading = nil
	if backend.KindOf(g.err) == backend.KindCancelled && g.err != nil {
		return nil
	}
	var cmds []tea.Cmd
	if g.got.Held != nil {
		cmds = append(cmds, m.Env.Host.Fail(g.got.Held))
	}
	if g.err == nil && g.got.Whole() {
		evidence := g.path
		if evidence == "" {
			evidence = "the queue was empty"
		}
		return tea.Batch(append(cmds, m.empty(g.act, g.path, evidence))...)
	}
	verb, _ := emptyWords(g.act)
	var notes []text.Safe
	evidence := "none: "
	if g.path != "" {
		notes = append(notes, text.Sprintf("%s are in %s.", format.Plural(len(g.got.Records), "message"), g.path))
		evidence = g.path + ", not all: "
	}
	if g.err != nil {
		notes = append(notes, text.Sprintf("No evidence: %s", g.err.Error()))
		evidence += backend.KindOf(g.err).String()
	} else {
		notes = append(notes, text.Sprintf("About %s could not be written: %s.", format.Plural(g.got.Missing, "message"), g.got.Why))
		evidence += g.got.Why
	}
	m.Env.Host.Ask(dialog.NewForm(m.Env, dialog.Form{
		Title: text.Sprintf("%s %s although not everything was written?", verb, m.name()), Danger: true, Confirm: strings.ToLower(verb),
		Notes:  append(notes, text.Const("Going on deletes those without a copy, which cannot be undone.")),
		Fields: []dialog.Field{dialog.TypeWithout()},
		Run:    func([]string) tea.Cmd { return m.empty(g.act, g.path, evidence) },
		Cancel: func() tea.Cmd { return m.Env.Host.Say(themes.Good, text.Const("nothing was deleted")) },
	}))
	return tea.Batch(cmds...)
}

// emptied is the answer to a purge or a deletion.
type emptied struct {
	act   guard.Act
	queue string
	path  string
	err   error
}

// Late says what was done after the screen had gone.
func (e emptied) Late() (themes.Role, text.Safe) {
	_, done := emptyWords(e.act)
	line := text.Sprintf("%s is %s", e.queue, done)
	switch {
	case e.err != nil:
		return themes.Bad, text.Sprintf("%s was not %s: %s", e.queue, done, e.err.Error())
	case e.path != "":
		line = text.Join(line, text.Sprintf(" · evidence in %s", e.path))
	}
	return themes.Good, line
}

// empty does it, with the grant that the dialogs have earned.
func (m *Model) empty(act guard.Act, path, evidence string) tea.Cmd {
	sqs, g, arn, url, count := m.Conn.Stack.SQS, m.Conn.Guard, m.queue, m.seen.URL, m.seen.Stored()
	return m.Act(func(ctx context.Context) tea.Msg {
		ctx = g.Allow(ctx, guard.Grant{Act: act, ARN: arn.String(), Count: count, Evidence: evidence})
		out := emptied{act: act, queue: arn.Name, path: path}
		switch act {
		case guard.ActPurge:
			out.err = sqs.PurgeQueue(ctx, backend.PurgeQueueInput{QueueUrl: url})
		case guard.ActDeleteQueue:
			out.err = sqs.DeleteQueue(ctx, backend.DeleteQueueInput{QueueUrl: url})
		default:
			out.err = fmt.Errorf("%s empties no queue", act)
		}
		return out
	})
}

// emptied says what was done; from a queue that is gone the way leads back to the
// list.
func (m *Model) emptied(e emptied) tea.Cmd {
	if e.err != nil {
		return m.Env.Host.Fail(e.err)
	}
	said := m.Env.Host.Say(e.Late())
	if e.act == guard.ActDeleteQueue {
		m.Conn.Fleet.Refresh(m.queue)
		m.Conn.Fleet.RefreshAll()
		return tea.Batch(m.Env.Host.Open(screen.Spec{Kind: screen.Queues}), said)
	}
	m.Conn.Fleet.Refresh(m.queue)
	return said
}
