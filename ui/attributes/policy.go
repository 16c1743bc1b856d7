package attributes

import (
	"cmp"
	"context"
	"fmt"
	"slices"
	"strings"

	tea "charm.land/bubbletea/v2"

	"sqscope/backend"
	"sqscope/backend/fleet"
	"sqscope/backend/policy"
	"sqscope/backend/rules"
	"sqscope/themes"
	"sqscope/ui/dialog"
	"sqscope/ui/text"
	"sqscope/ui/widget"
)

// statements are the queue's policy as it came, as it was read, and in words.
type statements struct {
	raw      string
	of       backend.ARN
	parsed   policy.Policy
	err      error
	readings []policy.Reading
	body     widget.Body
}

// read takes the policy of a queue, if it is another than before.
func (s *statements) read(q *fleet.Queue) {
	raw := q.Attributes[backend.AttrPolicy]
	if raw == s.raw && s.of == q.ARN {
		return
	}
	s.raw, s.of, s.err, s.readings, s.parsed = raw, q.ARN, nil, nil, policy.Policy{}
	s.body.SetDocument(widget.Prepare(raw, true))
	if raw == "" {
		return
	}
	if s.parsed, s.err = policy.Parse(raw); s.err == nil {
		s.readings = s.parsed.Words(q.ARN)
	}
}

func statementKey(r policy.Reading) string { return fmt.Sprintf("%d %s", r.Statement, r.Sid) }

// policyView draws what the policy says in words, and the policy itself beside or
// under it.
func (m *Model) policyView(w, h int) string {
	t, p := m.Env.Theme, &m.policy
	switch {
	case p.raw == "":
		lines := []string{
			t.Paint(themes.Text, "no policy: only this account, by its own IAM policies"),
			"", t.Paint(themes.Dim, "a adds a permission from a template, e writes a policy"),
		}
		return widget.Center(strings.Join(lines, "\n"), w, h)
	case p.err != nil:
		head := m.panel([]dialog.Line{{Role: themes.Bad, Text: text.Sprintf("✗ this policy cannot be read: %s", p.err.Error())}}, w, min(3, h))
		return head + "\n" + p.body.View(w, h-min(3, h), t)
	case w >= sideBySide:
		left := w * 9 / 20
		return widget.Beside(m.list().View(left, h, t, m.statementRows), p.body.View(w-left-3, h, t), left, w-left-3, t)
	}
	above := h * 3 / 5
	const title = "── JSON (pgup, pgdn) "
	rule := t.Paint(themes.Faint, title+strings.Repeat("─", max(0, w-widget.Width(title))))
	return m.list().View(w, above, t, m.statementRows) + "\n" + rule + "\n" + p.body.View(w, h-above-1, t)
}

// statementRows draws a statement: whether it allows, its name, its sentence, and
// what to look out for.
func (m *Model) statementRows(i, w int) []string {
	t, r := m.Env.Theme, m.policy.readings[i]
	sign, role := "✓ ", themes.Good
	if r.Effect == policy.Deny {
		sign, role = "✗ ", themes.Bad
	}
	head := t.Paint(role, sign+string(r.Effect)) + "  " + t.Paint(themes.Dim, text.Clean(cmp.Or(r.Sid, "without a Sid")).Truncate(max(1, w-12)).String())
	rows := []string{head}
	for _, l := range widget.Wrap(text.Clean(r.Text), w-2) {
		rows = append(rows, "  "+t.Paint(themes.Text, l.String()))
	}
	for _, warning := range r.Warnings {
		for _, l := range widget.Wrap(text.Sprintf("! %s", warning.Text), w-2) {
			rows = append(rows, "  "+t.Paint(themes.Warn, l.String()))
		}
	}
	return append(rows, "")
}

// chooseTemplate asks which of the usual statements to add.
func (m *Model) chooseTemplate() tea.Cmd {
	templates := policy.Templates()
	choices := make([]dialog.Choice, len(templates), len(templates)+1)
	for i, t := range templates {
		choices[i] = dialog.Choice{Label: t.Title, Note: t.Caution}
	}
	choices = append(choices, dialog.Choice{Label: "AddPermission", Note: "accounts and actions under a label, as SQS's own action does it"})
	m.Env.Host.Ask(dialog.NewChoose(m.Env, text.Sprintf("A permission for %s", m.name()), choices, func(i int) tea.Cmd {
		if i == len(templates) {
			return m.askPermission()
		}
		return m.fill(templates[i])
	}))
	return nil
}

// fill asks for what a template leaves open and shows what it would add.
func (m *Model) fill(t policy.Template) tea.Cmd {
	if len(t.Parameters) == 0 {
		return m.reviewStatement(t, nil)
	}
	form := dialog.Form{
		Title: text.Sprintf("%s: %s", m.name(), t.Title), Confirm: "show the difference",
		Preview: func(v []string) []dialog.Line { return m.templatePreview(t, v) },
		Run:     func(v []string) tea.Cmd { return m.reviewStatement(t, v) },
	}
	if t.Caution != "" {
		form.Notes = []text.Safe{text.Sprintf("Careful: %s", t.Caution)}
	}
	for _, p := range t.Parameters {
		hint := p.Label + ", such as " + p.Example
		if p.Default != "" {
			hint = p.Label + "; empty: " + p.Default
		}
		form.Fields = append(form.Fields, dialog.Field{Label: p.Name, Hint: hint, Check: func(v string) string { return refused(p.Check(m.queue, v)) }})
	}
	m.Env.Host.Ask(dialog.NewForm(m.Env, form))
	return nil
}

// refused is an error in the words that a field has room for.
func refused(err error) string {
	if err == nil {
		return ""
	}
	e := backend.AsError(err)
	if e.Next != "" {
		return e.Message + ": " + e.Next
	}
	return e.Message
}

func valuesOf(t policy.Template, v []string) map[string]string {
	values := map[string]string{}
	for i, p := range t.Parameters {
		if i < len(v) && v[i] != "" {
			values[p.Name] = v[i]
		}
	}
	return values
}

// templatePreview is the statement in words as it is being filled in, or the
// first thing that is wrong with it.
func (m *Model) templatePreview(t policy.Template, v []string) []dialog.Line {
	for i, p := range t.Parameters {
		if v[i] == "" && p.Default == "" {
			continue
		}
		if err := p.Check(m.queue, v[i]); err != nil {
			return []dialog.Line{{Role: themes.Bad, Text: text.Sprintf("✗ %s %s", p.Name, refused(err))}}
		}
	}
	s, err := t.Fill(m.queue, valuesOf(t, v))
	if err != nil {
		return []dialog.Line{{Role: themes.Dim, Text: text.Const("what is filled in is said here in words")}}
	}
	return m.inWords(s)
}

// inWords says a statement, and what to look out for in it.
func (m *Model) inWords(s policy.Statement) []dialog.Line {
	r := policy.Policy{Version: policy.Version2012, Statements: []policy.Statement{s}}.Words(m.queue)[0]
	lines := []dialog.Line{{Role: themes.Strong, Text: text.Clean(r.Text)}}
	for _, w := range r.Warnings {
		lines = append(lines, dialog.Line{Role: themes.Warn, Text: text.Sprintf("! %s", w.Text)})
	}
	return lines
}

func (m *Model) reviewStatement(t policy.Template, v []string) tea.Cmd {
	s, err := t.Fill(m.queue, valuesOf(t, v))
	if err != nil {
		return m.Env.Host.Fail(err)
	}
	first := m.inWords(s)
	if t.Caution != "" {
		first = append(first, dialog.Line{Role: themes.Warn, Text: text.Sprintf("! %s", t.Caution)})
	}
	set := map[string]string{backend.AttrPolicy: m.policy.parsed.With(s).JSON()}
	return m.review(m.queue, text.Sprintf("Add this permission to %s?", m.name()), set, first)
}

// isLabel tells what AddPermission and RemovePermission take for a label
// (docs/SQS.md 1.10).
func isLabel(s string) bool {
	const letters = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_-"
	return s != "" && len(s) <= rules.MaxBatchEntryId && strings.Trim(s, letters) == ""
}

// askPermission asks for what AddPermission takes.
func (m *Model) askPermission() tea.Cmd {
	input := func(v []string) backend.AddPermissionInput {
		return backend.AddPermissionInput{QueueUrl: m.seen.URL, Label: v[0], AWSAccountIds: words(v[1]), Actions: words(v[2])}
	}
	m.Env.Host.Ask(dialog.NewForm(m.Env, dialog.Form{
		Title: text.Sprintf("AddPermission on %s", m.name()),
		Fields: []dialog.Field{
			{Label: "label", Hint: "its name, to remove it by: letters, digits, - and _", Check: func(v string) string {
				if !isLabel(v) {
					return "1 to 80 letters, digits, - and _"
				}
				return ""
			}},
			{Label: "accounts", Hint: "numbers of twelve digits, with blanks or commas between"},
			{Label: "actions", Value: "SendMessage", Hint: "SendMessage, ReceiveMessage, … or *"},
		},
		Preview: func(v []string) []dialog.Line {
			if v[0] == "" || v[1] == "" {
				return nil
			}
			if err := rules.AddPermission(input(v)); err != nil {
				return []dialog.Line{{Role: themes.Bad, Text: text.Sprintf("✗ %s", backend.AsError(err).Message)}}
			}
			return m.inWords(m.permission(input(v)))
		},
		Confirm: "add",
		Run: func(v []string) tea.Cmd {
			sqs, in, of := m.Conn.Stack.SQS, input(v), m.queue
			return m.Act(func(ctx context.Context) tea.Msg {
				return wrote{change: change{of: of}, said: text.Sprintf("added the permission %s to %s", in.Label, of.Name), err: sqs.AddPermission(ctx, in)}
			})
		},
	}))
	return nil
}

// permission is the statement that AddPermission makes (docs/SQS.md 10.2).
func (m *Model) permission(in backend.AddPermissionInput) policy.Statement {
	s := policy.Statement{Sid: in.Label, Effect: policy.Allow, Resource: policy.Element[string]{Values: []string{m.queue.String()}}}
	for _, account := range in.AWSAccountIds {
		s.Principal.Values = append(s.Principal.Values, policy.Principal{Type: policy.AWS, ID: "arn:" + m.queue.Partition + ":iam::" + account + ":root"})
	}
	for _, action := range in.Actions {
		s.Action.Values = append(s.Action.Values, "SQS:"+action)
	}
	return s
}

// words are a list as people write it.
func words(s string) []string {
	return strings.FieldsFunc(s, func(r rune) bool { return r == ',' || r == ' ' || r == ';' })
}

// askRemoveStatement shows what goes with a statement. SQS removes it by its
// label where it has one; else the policy is set without it.
func (m *Model) askRemoveStatement(i int) tea.Cmd {
	r, rest := m.policy.readings[i], m.policy.parsed
	rest.Statements = slices.Delete(slices.Clone(rest.Statements), i, i+1)
	doc := ""
	if len(rest.Statements) > 0 {
		doc = rest.JSON()
	}
	set := map[string]string{backend.AttrPolicy: doc}
	twice := slices.ContainsFunc(rest.Statements, func(s policy.Statement) bool { return s.Sid == r.Sid })
	if !isLabel(r.Sid) || twice {
		return m.review(m.queue, text.Sprintf("Remove this statement from %s?", m.name()), set, nil)
	}
	sqs, in, of := m.Conn.Stack.SQS, backend.RemovePermissionInput{QueueUrl: m.seen.URL, Label: r.Sid}, m.queue
	c := change{of: of, set: set, old: before(m.seen.Attributes, set)}
	m.Env.Host.Ask(dialog.NewReview(m.Env, dialog.Review{
		Title: text.Sprintf("Remove %s from the policy of %s?", r.Sid, m.name()), Confirm: "remove", Danger: true,
		Lines: append([]dialog.Line{{Role: themes.Strong, Text: text.Clean(r.Text)}}, m.preview(of, set)...),
		Run: func() tea.Cmd {
			return m.Act(func(ctx context.Context) tea.Msg {
				return wrote{change: c, said: text.Sprintf("removed %s from the policy of %s", in.Label, of.Name), err: sqs.RemovePermission(ctx, in)}
			})
		},
	}))
	return nil
}
