// Package deletion is the part of a screen that deletes messages that were read:
// by a typed name where they are several, after a copy of each has been written as
// evidence, and with a word on every one that is not known to be gone.
package deletion

import (
	"context"
	"fmt"
	"strings"
	"time"

	tea "charm.land/bubbletea/v2"

	"sqscope/backend"
	"sqscope/backend/archive"
	"sqscope/backend/guard"
	"sqscope/backend/peek"
	"sqscope/backend/rules"
	"sqscope/themes"
	"sqscope/ui/dialog"
	"sqscope/ui/format"
	"sqscope/ui/screen"
	"sqscope/ui/text"
)

// Of is what a deletion needs of its screen.
type Of struct {
	Queue   backend.ARN
	Session func() *peek.Session
	Message func(id string) *peek.Message   // nil: it has gone
	Begins  func(m *peek.Message) text.Safe // how its body begins, as masks leave it
	Gone    func(ids []string)              // told which were deleted; may be nil
}

// Deletion is the part of a screen. Make it with [New].
type Deletion struct {
	base *screen.Base
	of   Of
}

// New makes the part of a screen that deletes messages of a queue.
func New(base *screen.Base, of Of) *Deletion { return &Deletion{base, of} }

// Update takes the answers to the commands of a deletion, and tells whether msg was
// one: then messages may have gone.
func (x *Deletion) Update(msg tea.Msg) (cmd tea.Cmd, done bool) {
	if d, ok := msg.(deleted); ok {
		return x.deleted(d), true
	}
	return nil, false
}

// deletion is what somebody has decided to delete.
type deletion struct {
	ids      []string
	copied   int    // of them, those that evidence may be written of, the first ones
	evidence string // where it was written, for another try
}

// Ask asks whether messages that are there are to be deleted: several by the
// queue's name. Notes are said besides.
func (x *Deletion) Ask(ids []string, notes ...text.Safe) {
	d := deletion{ids: ids, copied: x.copies(ids)}
	form := dialog.Form{
		Danger: true, Confirm: "delete",
		Title: text.Sprintf("Delete %s from %s?", format.Plural(len(ids), "message"), x.of.Queue.Name),
		Run:   func([]string) tea.Cmd { return x.delete(d) },
	}
	switch {
	case len(ids) == 1:
		form.Notes = []text.Safe{text.Sprintf("Message %s", ids[0]), x.begins(ids[0]).Truncate(70)}
	case d.copied < len(ids):
		form.Notes = []text.Safe{
			text.Sprintf("Of %d of them no copy is left: evidence is limited to %s and %s.", len(ids)-d.copied, format.Plural(x.base.Env.Evidence.Messages, "message"), format.Size(x.base.Env.Evidence.Bytes)),
			text.Sprintf("The other %d are written to a file first; its name is said afterwards.", d.copied),
		}
		form.Fields = []dialog.Field{dialog.TypeWithout(), dialog.TypeName(x.of.Queue.Name)}
	default:
		form.Notes = []text.Safe{text.Const("They are written to a file first, as evidence; its name is said afterwards.")}
		form.Fields = []dialog.Field{dialog.TypeName(x.of.Queue.Name)}
	}
	form.Notes = append(form.Notes, notes...)
	form.Notes = append(form.Notes, text.Const("A deleted message cannot be brought back. It is called deleted only when that is confirmed."))
	if stale := x.stale(ids); stale > 0 {
		form.Notes = append(form.Notes, text.Sprintf("The lease of %s is over: they are received once more to be deleted, which counts.", format.Plural(stale, "message")))
	}
	x.base.Env.Host.Ask(dialog.NewForm(x.base.Env, form))
}

// copies is of how many of these messages evidence may be written.
func (x *Deletion) copies(ids []string) (n int) {
	bytes := 0
	for _, id := range ids {
		msg := x.of.Message(id)
		bytes += rules.Size(msg.Body, msg.MessageAttributes)
		if n == x.base.Env.Evidence.Messages || bytes > x.base.Env.Evidence.Bytes {
			break
		}
		n++
	}
	return n
}

// begins is the beginning of a message's body.
func (x *Deletion) begins(id string) text.Safe {
	if msg := x.of.Message(id); msg != nil {
		return x.of.Begins(msg)
	}
	return text.Safe{}
}

// stale counts the messages whose handle cannot be used any more.
func (x *Deletion) stale(ids []string) (n int) {
	now, free := time.Now(), x.base.Conn.Stack.Browse != nil
	for _, id := range ids {
		if msg := x.of.Message(id); !free && msg != nil && !msg.Leased(now) {
			n++
		}
	}
	return n
}

type deleted struct {
	deletion
	result peek.Result
	err    error
}

// delete writes the evidence, unless an earlier try has, and deletes. What of many
// could not be written is named to the guard and so in the journal.
func (x *Deletion) delete(d deletion) tea.Cmd {
	session, g, queue, dir := x.of.Session(), x.base.Conn.Guard, x.of.Queue, x.base.Env.EvidenceDir
	now := time.Now() // the world's time: the engine's can stand still
	var copies []peek.Message
	if len(d.ids) > 1 && d.evidence == "" {
		for _, id := range d.ids[:d.copied] {
			if msg := x.of.Message(id); msg != nil {
				copies = append(copies, *msg)
			}
		}
		if n := d.copied - len(copies); n > 0 {
			return x.base.Env.Host.Fail(backend.Errorf(backend.KindConflict, "%d of %d marked messages are no longer in the list; nothing was deleted", n, len(d.ids)))
		}
	}
	return x.base.Act(func(ctx context.Context) tea.Msg {
		if len(d.ids) > 1 && d.evidence == "" && len(copies) > 0 {
			records := make([]archive.Record, len(copies))
			for i, msg := range copies {
				records[i] = archive.RecordOf(queue, msg.Message, msg.State)
			}
			path, err := archive.Evidence(dir, "delete", queue, now, records)
			if err != nil {
				return deleted{deletion: d, err: err}
			}
			d.evidence = path
		}
		if len(d.ids) > 1 || d.evidence != "" {
			grant := guard.Grant{Act: guard.ActDeleteMessages, ARN: queue.String(), Count: len(d.ids), Evidence: d.evidence}
			if d.copied < len(d.ids) {
				grant.Evidence = strings.TrimSpace(fmt.Sprintf("%s of %d of %d, by choice", d.evidence, d.copied, len(d.ids)))
			}
			ctx = g.Allow(ctx, grant)
		}
		return deleted{deletion: d, result: session.Delete(ctx, d.ids)}
	})
}

// Late says what was deleted after the screen had gone.
func (d deleted) Late() (themes.Role, text.Safe) {
	role, line := themes.Good, text.Sprintf("deleted %s", format.Plural(len(d.result.Deleted), "message"))
	if d.err != nil {
		return themes.Bad, text.Sprintf("nothing was deleted: %s", d.err.Error())
	}
	if failed := len(d.result.Failed); failed > 0 {
		role, line = themes.Warn, text.Join(line, text.Sprintf(" · %d not: %s", failed, d.result.Failed[0].Err.Error()))
	}
	if d.evidence != "" {
		line = text.Join(line, text.Sprintf(" · evidence in %s", d.evidence))
	}
	return role, line
}

// deleted says what is known to be gone, and of each of the others why it is not.
func (x *Deletion) deleted(d deleted) tea.Cmd {
	x.base.Conn.Fleet.Refresh(x.of.Queue)
	if d.err != nil {
		return x.base.Env.Host.Fail(d.err)
	}
	if x.of.Gone != nil {
		x.of.Gone(d.result.Deleted)
	}
	if len(d.result.Failed) > 0 {
		x.notDeleted(d)
	}
	return x.base.Env.Host.Say(d.Late())
}

func (x *Deletion) notDeleted(d deleted) {
	results := dialog.Results{
		Title: text.Sprintf("%d of %s deleted", len(d.result.Deleted), format.Plural(len(d.ids), "message")),
		Notes: []dialog.Line{{Role: themes.Good, Text: text.Sprintf("Confirmed to be gone: %d.", len(d.result.Deleted))}},
		Rows:  x.Failures(d.ids, d.result.Failed, "deleted"),
		Word:  "try just these again",
		Again: func() tea.Cmd {
			again := deletion{evidence: d.evidence}
			for _, f := range d.result.Failed {
				again.ids = append(again.ids, f.MessageId)
			}
			again.copied = len(again.ids)
			return x.delete(again)
		},
	}
	if d.evidence != "" {
		results.Notes = append(results.Notes, dialog.Line{Role: themes.Dim, Text: text.Sprintf("evidence in %s", d.evidence)})
	}
	x.base.Env.Host.Ask(dialog.NewResults(x.base.Env, results))
}

// Failures are what did not happen to each of these messages that failed, in their
// order, and why: that they were deleted, or what done says instead.
func (x *Deletion) Failures(ids []string, failed []peek.Failure, done string) (rows []dialog.Outcome) {
	why := make(map[string]*backend.Error, len(failed))
	for _, f := range failed {
		why[f.MessageId] = f.Err
	}
	for _, id := range ids {
		e := why[id]
		if e == nil {
			continue
		}
		o := dialog.Outcome{Role: themes.Bad, Sign: "✗", What: text.Join(text.Clean(id), text.Const("  "), x.begins(id)), Why: text.Sprintf("not %s: %s", done, e.Bare())}
		if unknown(e) {
			o.Role, o.Sign, o.Why = themes.Warn, "?", text.Sprintf("not known whether it was %s: %s", done, e.Bare())
		}
		rows = append(rows, o)
	}
	return rows
}

// unknown tells whether after an error it may have been done all the same: no
// answer came, or none that says it. What SQS says of an entry is known.
func unknown(e *backend.Error) bool {
	switch e.Kind {
	case backend.KindNetwork, backend.KindTimeout, backend.KindCancelled:
		return true
	case backend.KindInternal:
		return e.Code == "" || e.Status >= 500
	}
	return false
}
