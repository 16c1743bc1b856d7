package triage

import (
	"cmp"
	"slices"
	"strings"
	"time"

	"sqscope/backend/peek"
	"sqscope/backend/triage/harm"
)

// grouping is what was found, in the order of the groups' sizes.
func (f *finder) grouping(facts Facts) Grouping {
	f.arrange()
	out := Grouping{Read: len(f.messages)}
	sent := make([]time.Time, len(f.messages))
	for i := range f.messages {
		t := sentOf(&f.messages[i])
		sent[i] = t
		if t.IsZero() {
			continue
		}
		if out.First.IsZero() || t.Before(out.First) {
			out.First = t
		}
		if t.After(out.Last) {
			out.Last = t
		}
	}
	axis := newAxis(out.First, out.Last)
	for _, c := range f.cells {
		out.Groups = append(out.Groups, f.group(c, facts, sent, axis, out.Last.Sub(out.First)))
	}
	slices.SortFunc(out.Groups, func(a, b Group) int {
		return cmp.Or(len(b.Members)-len(a.Members), cmp.Compare(a.ID, b.ID))
	})
	return out
}

func (f *finder) group(c *cell, facts Facts, sent []time.Time, axis Axis, whole time.Duration) Group {
	id := c.id()
	g := Group{ID: id, Title: c.heading(), Label: f.rules.Labels[id], Cause: c.cause, Evidence: c.evidence(), Members: c.members}
	if title := f.titled(g.Members); title != "" {
		g.Title = title
	}
	slices.SortFunc(g.Members, func(a, b int) int {
		return cmp.Or(sent[a].Compare(sent[b]), strings.Compare(f.messages[a].MessageId, f.messages[b].MessageId))
	})
	var times []time.Time
	var receives []int
	g.Smallest = g.Members[0]
	for _, i := range g.Members {
		if !sent[i].IsZero() {
			times = append(times, sent[i])
		}
		receives = append(receives, receivesOf(&f.messages[i]))
		if len(f.messages[i].Message.Body) < len(f.messages[g.Smallest].Message.Body) {
			g.Smallest = i
		}
	}
	slices.Sort(receives)
	g.Receives = Receives{receives[0], receives[len(receives)/2], receives[len(receives)-1]}
	if len(times) > 0 {
		g.First, g.Last = times[0], times[len(times)-1]
	}
	g.Arrivals = arrivals(axis, times, whole, facts.Markers)
	g.Advice = f.advise(c, g.Arrivals)
	g.Loss = harm.OfMessages(len(g.Members), func(n int) peek.Message { return f.messages[g.Members[n]].Message }, facts.Queue)
	return g
}
