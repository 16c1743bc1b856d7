package triage

import (
	"slices"
	"strings"
	"time"

	"sqscope/backend/decode"
	"sqscope/backend/decode/document"
	"sqscope/backend/triage/arrange"
)

// valueAt is what a message has at a place, "" for nothing.
func valueAt(m *Message, r decode.Result, place string) string {
	if name, ok := strings.CutPrefix(place, arrange.AttributePlace); ok {
		if a, ok := m.MessageAttributes[name]; ok {
			return a.StringValue.Value
		}
		return m.Attributes[name]
	}
	if last := r.Last(); last.Doc != nil {
		n := last.Doc.Root()
		for _, step := range steps(place) {
			if step == "[]" {
				n = n.First()
			} else {
				n = n.Get(strings.Trim(step, `"`))
			}
		}
		if n.Kind() == document.String {
			return shorten(n.Text())
		}
		return shorten(n.Raw())
	}
	t := newTable(nil)
	t.begin()
	formatOf(r).fill(&t, r)
	for _, mark := range t.end() {
		if mark.value >= 0 && t.path(mark.column) == place {
			return shorten(t.columns[mark.column].texts[mark.value])
		}
	}
	return ""
}

// steps takes a path apart: names, in quotes or not, and [].
func steps(path string) []string {
	var out []string
	for path != "" {
		end := 0
		switch {
		case path[0] == '.':
			path = path[1:]
			continue
		case strings.HasPrefix(path, "[]"):
			end = 2
		case path[0] == '"':
			end = strings.IndexByte(path[1:], '"') + 2
			if end < 2 {
				end = len(path)
			}
		default:
			if end = strings.IndexAny(path, ".["); end <= 0 {
				end = len(path)
			}
		}
		out, path = append(out, path[:end]), path[end:]
	}
	return out
}

// byRule groups by the places of a rule, and notes what splits and titles need.
func (f *finder) byRule(i int, r decode.Result) bool {
	m := &f.messages[i]
	for _, place := range f.rules.Titles {
		f.letters[i].titles = append(f.letters[i].titles, valueAt(m, r, place))
	}
	for _, s := range f.rules.Splits {
		if s.By != "" {
			f.letters[i].places = append(f.letters[i].places, valueAt(m, r, s.By))
		}
	}
	if len(f.rules.By) == 0 {
		return false
	}
	parts := []string{"rule"}
	var says []string
	for _, place := range f.rules.By {
		v := valueAt(m, r, place)
		parts = append(parts, place, v)
		if v == "" {
			v = "nothing"
		}
		says = append(says, place+" is "+v)
	}
	f.join(i, ByRule, parts...)
	f.letters[i].cell.title = strings.Join(says, ", ")
	f.letters[i].cell.says = []string{"grouped by your rule"}
	return true
}

// arrange applies the splits and then the merges.
func (f *finder) arrange() {
	at := 0
	for _, s := range f.rules.Splits {
		of := func(i int) (part, words string) { return f.side(i, s) }
		if s.By != "" {
			place := at
			at++
			of = func(i int) (string, string) {
				v := f.letters[i].places[place]
				return v, s.By + " is " + v
			}
		}
		if c := f.withID(s.Group); c != nil {
			f.split(c, of)
		}
	}
	for _, m := range f.rules.Merges {
		var cells []*cell
		for _, id := range slices.Sorted(slices.Values(m.Groups)) {
			if c := f.withID(id); c != nil {
				cells = append(cells, c)
			}
		}
		if len(cells) == 0 {
			continue
		}
		var titles []string
		for _, c := range cells {
			titles = append(titles, c.heading())
		}
		first := *slices.MaxFunc(cells, func(a, b *cell) int { return len(a.members) - len(b.members) })
		one := f.merge(cells, ByRule, append([]string{"merge"}, slices.Sorted(slices.Values(m.Groups))...)...)
		one.title = strings.Join(titles, " + ")
		one.says = append([]string{"you merged these groups"}, first.evidence()...)
	}
}

// titled is the title that the rules make of a group, "" where they make none.
func (f *finder) titled(members []int) string {
	var parts []string
	for at := range f.rules.Titles {
		v := f.letters[members[0]].titles[at]
		if v != "" && !slices.ContainsFunc(members, func(i int) bool { return f.letters[i].titles[at] != v }) {
			parts = append(parts, v)
		}
	}
	return strings.Join(parts, " · ")
}

// side is the part of a split that a message is in.
func (f *finder) side(i int, s arrange.Split) (part, words string) {
	m := &f.messages[i]
	switch {
	case len(s.Messages) > 0 && slices.Contains(s.Messages, m.MessageId):
		return "chosen", "chosen by hand"
	case len(s.Messages) > 0:
		return "rest", "the rest"
	case sentOf(m).Before(s.At):
		return "before", "sent before " + s.At.Format(time.DateTime)
	}
	return "after", "sent from " + s.At.Format(time.DateTime) + " on"
}

func (f *finder) withID(id string) *cell {
	for _, c := range f.cells {
		if c.id() == id {
			return c
		}
	}
	return nil
}

func (f *finder) split(c *cell, of func(int) (part, words string)) {
	delete(f.cells, c.key)
	for _, i := range c.members {
		part, words := of(i)
		f.join(i, c.cause, "split", c.key, part)
		one := f.letters[i].cell
		if one.title != "" {
			continue
		}
		one.cause, one.failure, one.format = ByRule, c.failure, c.format
		one.title = c.heading() + ", " + words
		one.says = append([]string{"you split this group: " + words}, c.evidence()...)
	}
}
