package compose

import (
	"cmp"
	"context"
	"maps"
	"slices"

	tea "charm.land/bubbletea/v2"

	"sqscope/backend/decode"
	"sqscope/backend/decode/document"
	"sqscope/backend/outbox"
	"sqscope/themes"
	"sqscope/ui/dialog"
	"sqscope/ui/format"
	"sqscope/ui/screen"
	"sqscope/ui/text"
)

// seen is what masks leave of a message that is sent again.
type seen struct {
	masked bool
	left   string // of the body
}

// revealed says that the journal has it, or why not, that the body is shown.
type revealed struct{ err error }

// compared is what differs from the message that is sent again.
type compared struct {
	draft outbox.Draft
	lines []dialog.Line
}

// unveil finds out whether masks hide something of the message that is sent again.
// Until then its body is not shown.
func (m *Model) unveil() tea.Cmd {
	if m.again == nil || m.again.Settled {
		return nil
	}
	msg := m.again.Message
	masks := m.Env.MasksFor(m.again.Queue, msg)
	if len(masks) == 0 {
		m.again.Settled, m.again.Body = true, msg.Body
		return nil
	}
	m.veiled = true
	m.body.SetValue("")
	return m.Do(screen.ReadLimit, func(ctx context.Context) tea.Msg {
		r := decode.Masked(ctx, decode.Decode(ctx, msg.Body, msg.MessageAttributes), masks)
		return seen{r.Masked, r.Body()}
	})
}

// askMasks asks what to send of a message of which masks hide something.
func (m *Model) askMasks(s seen) tea.Cmd {
	if !s.masked {
		return m.settle(m.again.Message.Body)
	}
	choices := []dialog.Choice{
		{Label: "as it is", Note: "all of it is shown here, and the journal keeps that it was"},
		{Label: "as masks leave it", Note: "what they hide is sent as " + decode.Hidden},
	}
	choices[0].Off = m.Conn.NoReveal()
	m.Env.Host.Ask(dialog.NewChoose(m.Env, text.Const("Masks hide parts of this message"), choices, func(i int) tea.Cmd {
		if i == 1 {
			return m.settle(s.left)
		}
		conn, again := m.Conn, *m.again
		return m.Do(screen.ReadLimit, func(ctx context.Context) tea.Msg { return revealed{conn.Reveal(ctx, again.Queue, again.Message)} })
	}))
	return nil
}

func (m *Model) reveal(r revealed) tea.Cmd {
	if r.err != nil {
		return m.Env.Host.Fail(r.err)
	}
	return m.settle(m.again.Message.Body)
}

// settle begins with a body.
func (m *Model) settle(body string) tea.Cmd {
	m.veiled, m.again.Settled, m.again.Body = false, true, body
	m.body.SetValue(body)
	return m.changed()
}

// compare finds what a draft changes of the message that it began as.
func (m *Model) compare(d outbox.Draft) tea.Cmd {
	was := outbox.DraftOf(m.again.Message)
	was.Body = m.again.Body
	return m.Do(screen.ReadLimit, func(ctx context.Context) tea.Msg {
		return compared{d, differences(ctx, was, d)}
	})
}

// review shows what differs, and sends it if that is meant.
func (m *Model) review(c compared) tea.Cmd {
	m.Env.Host.Ask(dialog.NewReview(m.Env, dialog.Review{
		Title: text.Sprintf("Send again to %s?", m.queue.Name), Confirm: "send",
		Lines: append([]dialog.Line{{Role: themes.Dim, Text: text.Sprintf("against %s of %s", m.again.Message.MessageId, m.again.Queue.Name)}, {}}, c.lines...),
		Run:   func() tea.Cmd { return m.deliver(c.draft) },
	}))
	return nil
}

// mostDifferences is how many lines of a body's differences are shown.
const mostDifferences = 200

// differences say how a draft differs from another one, part by part.
func differences(ctx context.Context, was, is outbox.Draft) (lines []dialog.Line) {
	say := func(role themes.Role, format string, args ...any) {
		lines = append(lines, dialog.Line{Role: role, Text: text.Sprintf(format, args...)})
	}
	bodyDifferences(ctx, was.Body, is.Body, say)
	changes(say, "group id", was.Group, is.Group)
	changes(say, "dedup id", was.Dedup, is.Dedup)
	changes(say, "delay", was.Delay, is.Delay)
	changes(say, "trace", was.Trace, is.Trace)
	before, after := byName(was.Attributes), byName(is.Attributes)
	both := maps.Clone(before)
	maps.Copy(both, after)
	for _, name := range slices.Sorted(maps.Keys(both)) {
		changes(say, "attribute "+name, before[name], after[name])
	}
	return lines
}

func byName(all []outbox.Attribute) map[string]string {
	out := map[string]string{}
	for _, a := range all {
		if !a.Empty() {
			out[a.Name] = cmp.Or(a.Type, "String") + " " + a.Value
		}
	}
	return out
}

func changes(say func(themes.Role, string, ...any), what, was, is string) {
	switch {
	case was == is:
	case was == "":
		say(themes.Good, "+ %s: %s", what, is)
	case is == "":
		say(themes.Bad, "- %s: %s", what, was)
	default:
		say(themes.Warn, "~ %s: %s → %s", what, was, is)
	}
}

func bodyDifferences(ctx context.Context, was, is string, say func(themes.Role, string, ...any)) {
	if was == is {
		say(themes.Dim, "the body is the same, byte for byte")
		return
	}
	a, err1 := document.Parse(was)
	b, err2 := document.Parse(is)
	if err1 != nil || err2 != nil {
		lineDifferences(ctx, was, is, say)
		return
	}
	found, whole := document.Compare(ctx, a, b)
	if len(found) == 0 && whole {
		say(themes.Dim, "the body says the same, and is written otherwise")
	}
	for i, c := range found {
		if i == mostDifferences {
			break
		}
		switch c.Op {
		case document.Added:
			say(themes.Good, "+ %s: %s", c.Path, c.New)
		case document.Removed:
			say(themes.Bad, "- %s: %s", c.Path, c.Old)
		default:
			say(themes.Warn, "~ %s: %s → %s", c.Path, c.Old, c.New)
		}
	}
	if n := len(found) - mostDifferences; n > 0 || !whole {
		say(themes.Dim, "… and more")
	}
}

func lineDifferences(ctx context.Context, was, is string, say func(themes.Role, string, ...any)) {
	shown := 0
	for _, l := range document.CompareLines(ctx, was, is) {
		if l.Op == document.Same {
			continue
		}
		if shown++; shown > mostDifferences {
			say(themes.Dim, "… and more")
			return
		}
		if l.Op == document.Added {
			say(themes.Good, "+ %d: %s", l.B, l.Text)
		} else {
			say(themes.Bad, "- %d: %s", l.A, l.Text)
		}
	}
	if shown == 0 {
		say(themes.Dim, "the body has the same lines, which end otherwise: %s against %s", format.Size(len(was)), format.Size(len(is)))
	}
}
