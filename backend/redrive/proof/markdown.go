package proof

import (
	"cmp"
	"fmt"
	"maps"
	"slices"
	"strings"
	"time"

	"sqscope/backend"
	"sqscope/backend/jsonline"
)

// listed is how many messages that came back the Markdown lists.
const listed = 50

// Markdown is the report for a ticket: what, when, who, from, to, counts, groups,
// markers, digests and what came back. Names are quoted, so that none of them
// becomes markup.
func (r Report) Markdown() string {
	var b strings.Builder
	p := func(format string, args ...any) { fmt.Fprintf(&b, format+"\n", args...) }
	p("# Redrive of %s", code(nameOf(r.From)))
	p("")
	p("**%s**", plain(r.Line))
	p("")
	p("| | |")
	p("| --- | --- |")
	row := func(name, value string) {
		if value != "" {
			p("| %s | %s |", name, value)
		}
	}
	row("redrive", code(r.ID))
	row("began", stamp(r.Began))
	row("ended", stamp(r.Ended))
	row("by", who(r))
	row("from", code(r.From))
	row("to", strings.Join(each(r.To, code), "<br>"))
	row("how", plain(r.How))
	row("moved", fmt.Sprint(r.Moved))
	row("ended because", plain(r.Stop))
	row("failure", plain(r.Failure))
	r.left(p)
	r.groups(p)
	r.back(p)
	r.depths(p)
	if len(r.Markers) > 0 {
		p("\n## Markers\n")
		for _, m := range r.Markers {
			p("- %s %s", stamp(m.At), plain(m.Text))
		}
	}
	if len(r.Notes) > 0 {
		p("\n## Notes\n")
		for _, n := range r.Notes {
			p("- %s", plain(n))
		}
	}
	if len(r.Items) > 0 {
		p("\nThe ids and digests of all %d messages are in %s.", len(r.Items), code("redrive-"+r.ID+".json"))
	}
	return b.String()
}

func (r Report) left(p func(string, ...any)) {
	if len(r.Left) == 0 {
		return
	}
	p("\n## Not moved\n\n| messages | why |\n| ---: | --- |")
	for _, why := range slices.Sorted(maps.Keys(r.Left)) {
		p("| %d | %s |", r.Left[why], plain(why))
	}
}

func (r Report) groups(p func(string, ...any)) {
	type sum struct{ n, back int }
	of := map[string]*sum{}
	for _, it := range r.Items {
		s := of[it.Label]
		if s == nil {
			s = &sum{}
			of[it.Label] = s
		}
		s.n++
		if it.Fate == CameBack {
			s.back++
		}
	}
	if len(of) == 0 || len(of) == 1 && of[""] != nil {
		return
	}
	p("\n## Groups of failures\n\n| group | redriven | came back |\n| --- | ---: | ---: |")
	for _, label := range slices.SortedFunc(maps.Keys(of), func(a, b string) int { return cmp.Or(of[b].n-of[a].n, cmp.Compare(a, b)) }) {
		p("| %s | %d | %d |", plain(cmp.Or(label, "no group")), of[label].n, of[label].back)
	}
}

func (r Report) back(p func(string, ...any)) {
	n := 0
	for _, it := range r.Items {
		if it.Fate != CameBack {
			continue
		}
		if n == 0 {
			p("\n## Came back\n\n| message | was | body MD5 | attributes MD5 | group | redriven before |\n| --- | --- | --- | --- | --- | ---: |")
		}
		if n++; n <= listed {
			p("| %s | %s | %s | %s | %s | %d |", code(it.NewID), code(it.ID), code(it.Body), code(it.Attributes), code(it.Group), it.Before)
		}
	}
	if n > listed {
		p("\n%d more came back.", n-listed)
	}
}

func (r Report) depths(p func(string, ...any)) {
	if len(r.Picture.To)+len(r.Picture.Back) == 0 {
		return
	}
	p("\n## Queues at the end\n\n| queue | stored before | visible | in flight | delayed |\n| --- | ---: | ---: | ---: | ---: |")
	for _, d := range slices.Concat(r.Picture.To, r.Picture.Back) {
		p("| %s | %d | %d | %d | %d |", code(d.ARN.Name), d.Before, d.Visible, d.InFlight, d.Delayed)
	}
}

func who(r Report) string {
	parts := []string{}
	for _, s := range []string{r.Who.ARN, r.Who.Context, r.Who.Profile, r.Who.Account, r.Who.Region, r.Who.Endpoint} {
		if s != "" && !slices.Contains(parts, code(s)) {
			parts = append(parts, code(s))
		}
	}
	return strings.Join(parts, " ")
}

func nameOf(arn string) string {
	if a, ok := backend.ParseARN(arn); ok {
		return a.Name
	}
	return arn
}

func stamp(t time.Time) string {
	if t.IsZero() {
		return ""
	}
	return t.UTC().Format("2006-01-02 15:04:05 MST")
}

func each(all []string, f func(string) string) []string {
	out := make([]string, len(all))
	for i, s := range all {
		out[i] = f(s)
	}
	return out
}

// code quotes foreign text so that it cannot be markup, nor end a table's row.
func code(s string) string {
	if s == "" {
		return ""
	}
	return "`" + strings.Map(func(r rune) rune {
		if r == '`' || r == '|' || !printable(r) {
			return '_'
		}
		return r
	}, s) + "`"
}

// plain is text of ours, which may quote somebody else's.
func plain(s string) string {
	var b strings.Builder
	for _, r := range s {
		switch {
		case !printable(r):
			b.WriteByte('_')
		case strings.ContainsRune("\\`*_[]<>|#", r):
			b.WriteByte('\\')
			b.WriteRune(r)
		default:
			b.WriteRune(r)
		}
	}
	return b.String()
}

// printable leaves out what a terminal obeys, what turns text and what hides it.
func printable(r rune) bool {
	return r >= ' ' && !jsonline.Obeyed(r) && (r < 0x200b || r > 0x200f) && (r < 0x2060 || r > 0x206f) && r != 0xfeff
}
