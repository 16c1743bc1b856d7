package attributes

import (
	"cmp"
	"context"

	tea "charm.land/bubbletea/v2"

	"sqscope/backend"
	"sqscope/backend/rules"
	"sqscope/themes"
	"sqscope/ui/dialog"
	"sqscope/ui/text"
	"sqscope/ui/widget"
)

// tagsView draws the tags.
func (m *Model) tagsView(w, h int) string {
	q := m.Conn.Queue(m.queue)
	switch {
	case q.Tags == nil && q.TagsErr != nil:
		return m.failed(q.TagsErr, w, h)
	case q.Tags == nil:
		return m.say(themes.Dim, text.Const("reading the tags …"), w, h)
	case len(m.tags) == 0:
		lines := m.Env.Theme.Paint(themes.Text, "no tags") + "\n\n" + m.Env.Theme.Paint(themes.Dim, "a adds one")
		return widget.Center(lines, w, h)
	}
	widest := 0
	for _, k := range m.tags {
		widest = max(widest, text.Clean(k).Width())
	}
	return m.list().View(w, h, m.Env.Theme, func(i, w int) []string {
		label := min(widest, w/2)
		key := text.Clean(m.tags[i]).TruncateMiddle(label).Pad(label + 3)
		value, role := text.Clean(q.Tags[m.tags[i]]), themes.Strong
		if value.Empty() {
			value, role = text.Const("(empty)"), themes.Dim
		}
		return []string{m.Env.Theme.Paint(themes.Dim, key.String()) + m.Env.Theme.Paint(role, value.Truncate(max(1, w-label-3)).String())}
	})
}

// askTag asks for a tag: a new one, or another value for one that is there.
func (m *Model) askTag(key, value string) tea.Cmd {
	set := func(v []string) map[string]string { return map[string]string{v[0]: v[1]} }
	title := text.Sprintf("A tag for %s", m.name())
	if key != "" {
		title = text.Sprintf("The tag %s of %s", key, m.name())
	}
	m.Env.Host.Ask(dialog.NewForm(m.Env, dialog.Form{
		Title:  title,
		Fields: []dialog.Field{{Label: "key", Value: key, Check: tagKey}, {Label: "value", Value: value, Hint: "may be empty"}},
		Preview: func(v []string) []dialog.Line {
			if v[0] == "" {
				return nil
			}
			if err := rules.Tags(m.name(), m.seen.Tags, set(v)); err != nil {
				return []dialog.Line{{Role: themes.Bad, Text: text.Sprintf("✗ %s", backend.AsError(err).Message)}}
			}
			old, there := m.seen.Tags[v[0]]
			switch {
			case !there:
				return []dialog.Line{{Role: themes.Good, Text: text.Sprintf("+ %s = %s", v[0], cmp.Or(v[1], "(empty)"))}}
			case old == v[1]:
				return []dialog.Line{{Role: themes.Dim, Text: text.Const("it is so already")}}
			}
			return []dialog.Line{{Role: themes.Strong, Text: text.Sprintf("%s: %s → %s", v[0], old, v[1])}}
		},
		Confirm: "tag",
		Run: func(v []string) tea.Cmd {
			if err := rules.Tags(m.name(), m.seen.Tags, set(v)); err != nil {
				return m.Env.Host.Fail(err)
			}
			sqs, in, of := m.Conn.Stack.SQS, backend.TagQueueInput{QueueUrl: m.seen.URL, Tags: set(v)}, m.queue
			return m.Act(func(ctx context.Context) tea.Msg {
				return wrote{change: change{of: of}, said: text.Sprintf("tagged %s with %s=%s", of.Name, v[0], v[1]), err: sqs.TagQueue(ctx, in)}
			})
		},
	}))
	return nil
}

func tagKey(v string) string {
	if v == "" {
		return "a tag needs a key"
	}
	return ""
}

// askUntag asks before a tag is taken away.
func (m *Model) askUntag(key string) tea.Cmd {
	sqs, in, of := m.Conn.Stack.SQS, backend.UntagQueueInput{QueueUrl: m.seen.URL, TagKeys: []string{key}}, m.queue
	m.Env.Host.Ask(dialog.NewForm(m.Env, dialog.Form{
		Title:   text.Sprintf("Take the tag %s from %s?", key, m.name()),
		Notes:   []text.Safe{text.Sprintf("%s = %s", key, m.seen.Tags[key]), text.Const("Bills and permissions that go by tags no longer see it.")},
		Confirm: "take it away",
		Run: func([]string) tea.Cmd {
			return m.Act(func(ctx context.Context) tea.Msg {
				return wrote{change: change{of: of}, said: text.Sprintf("took the tag %s from %s", key, of.Name), err: sqs.UntagQueue(ctx, in)}
			})
		},
	}))
	return nil
}
