package attributes

import (
	"bytes"
	"encoding/json"
	"strings"

	tea "charm.land/bubbletea/v2"

	"sqscope/backend"
	"sqscope/backend/policy"
	"sqscope/backend/rules"
	"sqscope/themes"
	"sqscope/ui/dialog"
	"sqscope/ui/format"
	"sqscope/ui/screen"
	"sqscope/ui/text"
	"sqscope/ui/widget"
)

// editor is the policy while it is being edited, with what is wrong with it.
type editor struct {
	area widget.Area
	was  string
	err  error
}

// openEditor edits the policy, set out as one reads it.
func (m *Model) openEditor() tea.Cmd {
	m.editor = &editor{area: widget.NewArea(), was: strings.Join(jsonLines(m.policy.raw), "\n")}
	m.editor.area.Placeholder = text.Const(`{"Version": "2012-10-17", "Statement": [ … ]}; empty takes the policy away`)
	m.editor.area.SetValue(m.editor.was)
	m.editor.area.Key("ctrl+home", "")
	m.editor.check()
	return nil
}

// check reads what is there, so that a mistake is said where it is.
func (e *editor) check() {
	e.err = nil
	if v := strings.TrimSpace(e.area.Value()); v != "" {
		_, e.err = policy.Parse(v)
	}
}

func (e *editor) paste(s string) {
	e.area.Paste(s)
	e.check()
}

func (m *Model) editorKey(msg tea.KeyPressMsg) tea.Cmd {
	stroke := msg.String()
	if cmd, done := screen.Dispatch(m.Env, m.Bindings(), stroke); done {
		return cmd
	}
	if m.editor.area.Key(stroke, msg.Text) {
		m.editor.check()
	}
	return nil
}

// value is the policy as it would be set: without the blanks that only people
// need, since its size is limited (docs/SQS.md 3.3).
func (e *editor) value() string {
	v := strings.TrimSpace(e.area.Value())
	var b bytes.Buffer
	if json.Compact(&b, []byte(v)) != nil {
		return v
	}
	return b.String()
}

// saveEditor shows what would change. What SQS would refuse stays in the editor.
func (m *Model) saveEditor() tea.Cmd {
	set := map[string]string{backend.AttrPolicy: m.editor.value()}
	if m.editor.err != nil {
		return m.Env.Host.Say(themes.Bad, text.Sprintf("not saved: %s", m.editor.err.Error()))
	}
	if why := m.refusal(set); why != "" {
		return m.Env.Host.Say(themes.Bad, text.Sprintf("not saved: %s", why))
	}
	m.Env.Host.Ask(dialog.NewReview(m.Env, dialog.Review{
		Title: text.Sprintf("Set the policy of %s?", m.name()), Lines: m.preview(m.queue, set), Confirm: "set",
		Run: func() tea.Cmd {
			m.editor = nil
			return m.set(m.queue, set)
		},
	}))
	return nil
}

// closeEditor leaves, and asks first if something was typed.
func (m *Model) closeEditor() tea.Cmd {
	if m.editor.area.Value() == m.editor.was {
		m.editor = nil
		return nil
	}
	m.Env.Host.Ask(dialog.NewForm(m.Env, dialog.Form{
		Title: text.Const("Drop what was typed?"), Notes: []text.Safe{text.Const("The policy stays as it is.")}, Confirm: "drop it",
		Run: func([]string) tea.Cmd { m.editor = nil; return nil },
	}))
	return nil
}

// editorView draws the text, and under it what is wrong with it or what it says.
func (m *Model) editorView(w, h int) string {
	t, e := m.Env.Theme, m.editor
	below := min(4, h/3)
	size := text.Sprintf(" %s of %s bytes ", format.Count(len(e.value())), format.Count(rules.MaxPolicyBytes))
	rule := t.Paint(themes.Faint, "──"+size.String()+strings.Repeat("─", max(0, w-2-size.Width())))
	return e.area.View(w, h-below, t) + "\n" + widget.Fit(rule, w) + "\n" + m.panel(m.editorLines(), w, below-1)
}

func (m *Model) editorLines() []dialog.Line {
	v := strings.TrimSpace(m.editor.area.Value())
	switch {
	case m.editor.err != nil:
		return []dialog.Line{{Role: themes.Bad, Text: text.Sprintf("✗ %s", m.editor.err.Error())}}
	case v == "":
		return []dialog.Line{{Role: themes.Dim, Text: text.Const("no policy: only this account, by its own IAM policies")}}
	}
	p, err := policy.Parse(v)
	if err != nil {
		return nil // it is the same text that was read without an error
	}
	var lines []dialog.Line
	for _, r := range p.Words(m.queue) {
		lines = append(lines, dialog.Line{Role: themes.Good, Text: text.Sprintf("✓ %s", r.Text)})
		for _, w := range r.Warnings {
			lines = append(lines, dialog.Line{Role: themes.Warn, Text: text.Sprintf("! %s", w.Text)})
		}
	}
	return lines
}

// Cursor is in the text that is edited.
func (m *Model) Cursor() (x, y int, ok bool) {
	if m.editor == nil {
		return 0, 0, false
	}
	x, y = m.editor.area.Cursor()
	return x, y + 1, true
}
