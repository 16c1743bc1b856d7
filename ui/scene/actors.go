package scene

import (
	"fmt"
	"slices"
	"strings"

	"sqscope/backend"
	"sqscope/themes"
	"sqscope/ui/format"
	"sqscope/ui/text"
	"sqscope/ui/widget"
)

// kindWords are the kinds of actors in words.
func kindWords(k backend.ActorKind) string {
	switch k {
	case backend.ActorWorker:
		return "group of workers"
	case backend.ActorLambda:
		return "Lambda function, event source mapping"
	case backend.ActorTopic:
		return "SNS topic"
	case backend.ActorStateMachine:
		return "state machine that waits for task tokens"
	case backend.ActorScaler:
		return "scales a group of workers"
	case backend.ActorDownstream:
		return "service that consumers call"
	case backend.OutsideSender:
		return "no actor: sends from outside"
	case backend.OutsideReceiver:
		return "no actor: receives from outside"
	}
	return string(k)
}

func (m *Model) actorLines(f *backend.Figure, w int) []string {
	t := m.Env.Theme
	out := []string{t.Paint(themes.Strong, text.Clean(f.Name).TruncateMiddle(w).String()), t.Paint(themes.Dim, text.Const(kindWords(f.Kind)).Truncate(w).String())}
	add := func(label string, value text.Safe, role themes.Role) {
		out = append(out, widget.Fact(label, value, role, w, t)...)
	}
	if f.Err != nil {
		add("error", text.Clean(f.Err.Error()), themes.Bad)
	}
	add("from", text.Clean(strings.Join(f.Reads, ", ")), themes.Text)
	add("to", text.Clean(strings.Join(f.Writes, ", ")), themes.Text)
	if g := f.Gauge; g.Limit > 0 || g.Peak > 0 {
		add("load", text.Sprintf("%d of %s · at most %d so far", g.Level, limit(g.Limit), g.Peak), themes.Text)
	}
	add("counts", text.Clean(countWords(&f.Counts)), themes.Text)
	for i, says := range f.Says {
		if i == 0 {
			out = append(out, m.heading("Subscriptions"))
		}
		out = append(out, widget.Paragraph(text.Clean(says), themes.Text, w, t)...)
	}
	if len(f.Hands) == 0 {
		return out
	}
	out = append(out, m.heading(handsTitle(f)))
	for i := range f.Hands {
		out = append(out, m.handLine(&f.Hands[i], w))
	}
	return out
}

func limit(n int) string {
	if n == 0 {
		return "no limit"
	}
	return format.Count(n)
}

func handsTitle(f *backend.Figure) string {
	switch f.Kind {
	case backend.ActorLambda:
		return "Invocations"
	case backend.ActorStateMachine:
		return "Open tasks"
	}
	return "Workers"
}

// handLine is a worker: what it holds and for how long yet.
func (m *Model) handLine(h *backend.Hand, w int) string {
	t := m.Env.Theme
	glyph, role := handGlyph(h)
	if len(h.Messages) == 0 && h.Until.IsZero() {
		return t.Paint(role, glyph+" "+string(h.State))
	}
	line := t.Paint(role, glyph+" ")
	if !h.Until.IsZero() {
		const width = 8
		c := newCanvas(width, 1)
		bar(c, 0, 0, width, int(m.picture.At.Sub(h.Since).Milliseconds()), int(h.Until.Sub(h.Since).Milliseconds()))
		line += c.strings(t)[0] + t.Paint(themes.Text, fmt.Sprintf(" %6s ", brief(h.Until.Sub(m.picture.At))))
	}
	words := string(h.State)
	if len(h.Messages) > 0 {
		words = short(h.Messages[0])
		if slices.Contains(h.Messages, m.follow) {
			words += followed
		}
		if h.Failing {
			words += " will fail"
		}
		if n := len(h.Messages) - 1; n > 0 {
			words += " +" + format.Count(n)
		}
	}
	return widget.Fit(line+t.Paint(themes.Text, text.Clean(words).Truncate(w).String()), w)
}

// countWords are the counts that are not zero.
func countWords(c *backend.Counts) string {
	var out []string
	for _, part := range []struct {
		word string
		n    uint64
	}{
		{"done", c.Done},
		{"failed", c.Failed},
		{"sent", c.Sent},
		{"refused", c.Refused},
		{"received", c.Received},
		{"empty receives", c.Empty},
		{"deleted", c.Deleted},
		{"heartbeats", c.Extended},
		{"side effects", c.Effects},
		{"duplicate effects", c.Duplicates},
		{"duplicates prevented", c.Skipped},
		{"out of order", c.OutOfOrder},
		{"crashes", c.Crashed},
		{"throttled", c.Throttled},
		{"given up unseen", c.Unseen},
		{"invocations", c.Invocations},
		{"timed out", c.TimedOut},
		{"late answers", c.Late},
		{"filtered", c.Filtered},
		{"lost", c.Lost},
		{"requests", c.Requests},
	} {
		if part.n > 0 {
			out = append(out, format.Count(int(part.n))+" "+part.word)
		}
	}
	if len(out) == 0 {
		return "nothing yet"
	}
	return strings.Join(out, " · ")
}
