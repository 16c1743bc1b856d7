package compose

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"slices"
	"strings"

	tea "charm.land/bubbletea/v2"

	"sqscope/backend/config"
	"sqscope/backend/decode/document"
	"sqscope/backend/memo"
	"sqscope/backend/outbox"
	"sqscope/themes"
	"sqscope/ui/dialog"
	"sqscope/ui/external"
	"sqscope/ui/format"
	"sqscope/ui/screen"
	"sqscope/ui/text"
)

// reformatted is the body laid out, or put on one line.
type reformatted struct {
	turn int
	body string
	err  error
}

// reformat lays JSON out on lines of its own; laid out already, it goes on one line.
// No value, number or escape changes.
func (m *Model) reformat() tea.Cmd {
	turn, body := m.turn, m.body.Value()
	return m.Do(screen.ReadLimit, func(context.Context) tea.Msg {
		doc, err := document.Parse(body)
		if err != nil {
			return reformatted{turn: turn, body: body, err: err}
		}
		out := doc.Pretty().Text
		if out == body {
			var b bytes.Buffer
			err = json.Compact(&b, []byte(body))
			out = b.String()
		}
		return reformatted{turn, out, err}
	})
}

func (m *Model) reformatted(r reformatted) tea.Cmd {
	var wrong *document.Error
	switch {
	case r.turn != m.turn:
		return nil // it has been changed since
	case errors.As(r.err, &wrong):
		line, column := position(r.body, wrong.Offset)
		return m.Env.Host.Say(themes.Warn, text.Sprintf("the body is no JSON: %d:%d %s", line, column, wrong.Problem))
	case r.err != nil:
		return m.Env.Host.Fail(r.err)
	}
	m.body.Replace(r.body)
	return m.changed()
}

// edited is the body as an editor left it.
type edited struct {
	was  string
	body []byte
	err  error
}

// edit opens the body in the user's editor.
func (m *Model) edit() tea.Cmd {
	body, name, to := m.body.Value(), "body.txt", m.ID()
	if m.verdict.json {
		name = "body.json"
	}
	return external.Edit(name, []byte(body), func(after []byte, err error) tea.Msg {
		return screen.Answer{To: to, Msg: edited{body, after, err}}
	})
}

// edited takes the body. Editors end the last line; where it had no end it gets none.
func (m *Model) edited(e edited) tea.Cmd {
	var failed tea.Cmd
	if e.err != nil {
		failed = m.Env.Host.Fail(e.err)
	}
	if e.body == nil {
		return failed
	}
	after := string(e.body)
	if !strings.HasSuffix(e.was, "\n") {
		after = strings.TrimSuffix(after, "\n")
	}
	if after == e.was {
		return failed
	}
	m.body.Replace(after)
	return tea.Batch(failed, m.changed())
}

// begin takes a draft in the place of what is written, which is asked for.
func (m *Model) begin(d outbox.Draft, what string) tea.Cmd {
	take := func() tea.Cmd {
		left := "" // a queue has one of the two
		for part, v := range map[outbox.Part]string{outbox.PartDedup: d.Dedup, outbox.PartDelay: d.Delay} {
			if v != "" && !m.has(part) {
				left = "its " + part.String() + " is left out: this queue takes none"
			}
		}
		m.again, m.refused = nil, nil
		m.fill(d)
		if left != "" {
			return tea.Batch(m.judge(), m.Env.Host.Say(themes.Warn, text.Clean(left)))
		}
		return m.judge()
	}
	if m.draft().Empty() {
		return take()
	}
	m.Env.Host.Ask(dialog.NewForm(m.Env, dialog.Form{
		Title: text.Sprintf("Take %s in the place of what is written?", what), Confirm: "take it",
		Notes: []text.Safe{text.Const("The body that is written now comes back with undo; the other fields do not.")},
		Run:   func([]string) tea.Cmd { return take() },
	}))
	return nil
}

// templates are those that were saved.
type templates struct {
	memo memo.Memo
	err  error
}

func (m *Model) readTemplates() tea.Cmd {
	if m.veiled {
		return nil
	}
	store := m.Env.Memo
	return m.Do(screen.ReadLimit, func(context.Context) tea.Msg {
		all, err := store.Load()
		return templates{all, err}
	})
}

// chooseTemplate offers those that are for this queue, and to keep one.
func (m *Model) chooseTemplate(t templates) tea.Cmd {
	if t.err != nil {
		return m.Env.Host.Fail(t.err)
	}
	var fit []outbox.Template
	var choices []dialog.Choice
	add := func(all []outbox.Template, from string) {
		for _, c := range all {
			if config.Fits(c.Queues, m.queue.Name) {
				fit = append(fit, c)
				choices = append(choices, dialog.Choice{Label: c.Name, Note: from + beginning(c.Body)})
			}
		}
	}
	add(m.Env.Templates, "")
	mine := len(fit)
	add(t.memo.Templates, "saved · ")
	keep := dialog.Choice{Label: "keep this one …", Note: "as a template, also for the next runs"}
	if m.draft().Empty() {
		keep.Off = "nothing is written"
	}
	drop := dialog.Choice{Label: "remove one …", Note: "of those that were saved"}
	if len(fit) == mine {
		drop.Off = "none was saved; those of the configuration stay"
	}
	choices = append(choices, keep, drop)
	m.Env.Host.Ask(dialog.NewChoose(m.Env, text.Sprintf("Templates for %s", m.queue.Name), choices, func(i int) tea.Cmd {
		switch {
		case i == len(fit):
			return m.askName()
		case i > len(fit):
			return m.dropTemplate(fit[mine:])
		}
		return m.begin(fit[i].Draft, fit[i].Name)
	}))
	return nil
}

// beginning is the first of a body, on one line.
func beginning(body string) string { return text.Beginning(body, 200).String() }

// saved says what became of the templates.
type saved struct {
	words string
	err   error
}

func (m *Model) saved(s saved) tea.Cmd {
	if s.err != nil {
		return m.Env.Host.Fail(s.err)
	}
	return m.Env.Host.Say(themes.Good, text.Clean(s.words))
}

// remember changes the memo beside the program.
func (m *Model) remember(words string, change func(*memo.Memo)) tea.Cmd {
	store := m.Env.Memo
	return m.Do(screen.ActLimit, func(context.Context) tea.Msg {
		_, err := store.Change(change)
		return saved{words, err}
	})
}

func (m *Model) askName() tea.Cmd {
	d := m.draft()
	m.Env.Host.Ask(dialog.NewForm(m.Env, dialog.Form{
		Title: text.Const("Keep this message as a template"), Confirm: "keep",
		Notes: []text.Safe{text.Const("It is written to sqscope's state folder as it stands, readable by you alone. One of the same name is replaced.")},
		Fields: []dialog.Field{
			{Label: "name", Check: func(v string) string {
				if v == "" {
					return "a template has a name"
				}
				return ""
			}},
			{Label: "queues", Value: m.queue.Name, Hint: "a pattern; empty: all queues"},
		},
		Run: func(v []string) tea.Cmd {
			return m.remember("kept as the template "+v[0], func(all *memo.Memo) {
				all.SaveTemplate(outbox.Template{Name: v[0], Queues: v[1], Draft: d})
			})
		},
	}))
	return nil
}

func (m *Model) dropTemplate(mine []outbox.Template) tea.Cmd {
	choices := make([]dialog.Choice, len(mine))
	for i, t := range mine {
		choices[i] = dialog.Choice{Label: t.Name, Note: beginning(t.Body)}
	}
	m.Env.Host.Ask(dialog.NewChoose(m.Env, text.Const("Remove which template?"), choices, func(i int) tea.Cmd {
		name := mine[i].Name
		return m.remember("removed the template "+name, func(all *memo.Memo) {
			all.Templates = slices.DeleteFunc(all.Templates, func(t outbox.Template) bool { return t.Name == name })
		})
	}))
	return nil
}

// history is what was sent in earlier runs.
type history struct {
	sent []memo.Sent
	err  error
}

func (m *Model) readHistory() tea.Cmd {
	if m.veiled {
		return nil
	}
	store, queue := m.Env.Memo, m.queue.String()
	if !m.Env.History {
		return m.chooseSent(history{})
	}
	return m.Do(screen.ReadLimit, func(context.Context) tea.Msg {
		all, err := store.Load()
		return history{all.Sent[queue], err}
	})
}

// chooseSent offers what was sent to this queue before, the last one first.
func (m *Model) chooseSent(h history) tea.Cmd {
	if h.err != nil {
		return m.Env.Host.Fail(h.err)
	}
	all := slices.Clone(m.Sent(m.queue))
	for _, s := range h.sent {
		if !slices.ContainsFunc(all, func(o memo.Sent) bool { return o.MessageId == s.MessageId }) {
			all = append(all, s)
		}
	}
	if len(all) == 0 {
		words := text.Sprintf("nothing was sent to %s from here in this run", m.queue.Name)
		if !m.Env.History {
			words = text.Join(words, text.Const("; history = true in the configuration remembers it for the next ones"))
		}
		return m.Env.Host.Say(themes.Dim, words)
	}
	choices := make([]dialog.Choice, len(all))
	for i, s := range all {
		choices[i] = dialog.Choice{Label: format.Stamp(s.At, m.Env.UTC), Note: beginning(s.Draft.Body)}
		if s.Draft.Body == "" {
			choices[i].Off = "it was too long to be remembered"
		}
	}
	m.Env.Host.Ask(dialog.NewChoose(m.Env, text.Sprintf("Sent to %s", m.queue.Name), choices, func(i int) tea.Cmd {
		return m.begin(all[i].Draft, "it")
	}))
	return nil
}
