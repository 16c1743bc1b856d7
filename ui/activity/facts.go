package activity

import (
	"cmp"
	"strings"

	"sqscope/themes"
	"sqscope/ui/format"
	"sqscope/ui/text"
	"sqscope/ui/widget"
)

// fact is a line of the details.
type fact struct {
	label, value string
	role         themes.Role
}

// paint draws facts, the first of which is the title.
func (m *Model) paint(facts []fact, w int) []string {
	t := m.Env.Theme
	var lines []string
	for i, f := range facts {
		if i == 0 {
			lines = append(lines, widget.Paragraph(text.Clean(f.value), f.role, w, t)...)
			continue
		}
		lines = append(lines, widget.Fact(f.label, text.Clean(f.value), f.role, w, t)...)
	}
	return lines
}

func (m *Model) entryLines(w int) []string {
	e, ok := m.entryHere()
	if !ok {
		return nil
	}
	return m.paint(m.entryFacts(e), w)
}

// entryFacts are all that the journal has of an act.
func (m *Model) entryFacts(e entry) []fact {
	title := e.Act.Name
	if q := queueName(e.Act.Queue); q != "" {
		title += " · " + q
	}
	ended, role := outcome(e)
	when := format.Stamp(e.At, m.Env.UTC)
	if e.Result != nil {
		when += ", took " + tookWords(e.Ended.Sub(e.At))
		if e.Result.Message != "" {
			ended += ": " + strings.Trim(e.Result.Kind+" "+e.Result.Code, " ") + ": " + e.Result.Message
		}
	}
	facts := []fact{
		{value: title, role: themes.Strong},
		{"result", ended, role},
		{"do", whatToDo(e), themes.Warn},
		{"when", when, themes.Text},
		{"who", cmp.Or(e.Who.ARN, e.Who.Profile), themes.Text},
		{"where", strings.Join(nonEmpty(e.Who.Context, e.Who.Account, e.Who.Region, e.Who.Endpoint), " · "), themes.Text},
		{"queue", e.Act.Queue, themes.Text},
		{"to", e.Act.To, themes.Text},
		{"messages", counts(e), themes.Number},
		{"evidence", e.Act.Evidence, themes.Text},
	}
	facts = append(facts, params(e.Act)...)
	ids := e.Act.Messages
	if e.Result != nil && len(e.Result.Messages) > 0 {
		ids = e.Result.Messages
	}
	for _, id := range ids {
		facts = append(facts, fact{"message", strings.Join(nonEmpty(id.ID, id.MD5), " MD5 "), themes.Dim})
	}
	return append(facts, fact{"entry", e.ID, themes.Dim})
}

func nonEmpty(words ...string) []string {
	var out []string
	for _, w := range words {
		if w != "" {
			out = append(out, w)
		}
	}
	return out
}

func (m *Model) callLines(w int) []string {
	c := m.callHere()
	if c == nil {
		return nil
	}
	t := m.Env.Theme
	lines := m.paint(m.callFacts(c), w)
	if w < 20 {
		return lines
	}
	lines = append(lines, "", t.Paint(themes.Header, "ALL OF THIS RUN"))
	for _, a := range m.log.totals.Actions {
		s := text.Sprintf("%s %s", a.Service, a.Action).Pad(min(36, w-20))
		n := format.Plural(int(a.Requests), "request")
		if a.Errors > 0 {
			n += ", " + format.Count(int(a.Errors)) + " failed"
		}
		lines = append(lines, t.Paint(themes.Text, s.String())+"  "+t.Paint(themes.Number, n))
	}
	return lines
}

// callFacts are all that is known of a request, its line for the AWS CLI before
// the rest.
func (m *Model) callFacts(c *call) []fact {
	title := c.Service + " " + c.Action
	if q := queueName(c.Queue); q != "" {
		title += " · " + q
	}
	ended, role := ending(c)
	line, whole := c.Line(c.conn.Place)
	short := ""
	switch {
	case line == "":
		line = "none: only requests to SQS have one"
	case !whole:
		short = "The line is not the whole request: of a long value only the beginning was kept."
	}
	facts := []fact{{value: title, role: themes.Strong}, {"result", ended, role}}
	if c.Err != nil {
		facts = append(facts, fact{"error", strings.Trim(c.Err.Code+": "+c.Err.Message, ": "), themes.Bad}, fact{"do", c.Err.Next, themes.Warn})
	}
	return append(
		facts,
		fact{"line", line, themes.Accent},
		fact{"", short, themes.Warn},
		fact{"when", format.Stamp(c.At, m.Env.UTC) + ", took " + tookWords(c.Took), themes.Text},
		fact{"place", c.conn.Name, themes.Text},
		fact{"messages", m.itemWords(c), themes.Text},
		fact{"billed", m.billedWords(c), themes.Text},
		fact{"request", c.RequestID, themes.Dim},
	)
}

func (m *Model) itemWords(c *call) string {
	if c.Items == 0 {
		return ""
	}
	s := format.Count(c.Items)
	if c.Failed > 0 {
		s += ", of which " + format.Count(c.Failed) + " failed"
	}
	if c.Bytes > 0 {
		s += ", " + format.Size(c.Bytes)
	}
	return s
}

func (m *Model) billedWords(c *call) string {
	switch {
	case c.conn.Place.Embedded:
		return "nothing: the engine is in this process"
	case c.Service != "SQS":
		return ""
	case c.Billed > 1:
		return format.Plural(c.Billed, "request") + ", for each 64 KiB that is begun counts"
	}
	return format.Plural(c.Billed, "request")
}
