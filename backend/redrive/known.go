package redrive

import (
	"time"

	"sqscope/backend"
	"sqscope/backend/move"
	"sqscope/backend/redrive/proof"
	"sqscope/backend/rules"
	"sqscope/backend/triage/harm"
)

// history tells what earlier redrives know of the messages.
func (e *examination) history() {
	c, p := e.c, e.p
	if p.History == nil {
		h, problems, err := proof.Load(p.Moves, p.Reports)
		for _, problem := range problems {
			c.say(Note, c.From.ARN, "", "", "has an earlier redrive that cannot be read whole: %s", problem.Error())
		}
		if err != nil {
			c.say(Warning, c.From.ARN, "", "", "may have been redriven before: %s", backend.AsError(err).Error())
		}
		p.History = h
	}
	runs := map[string]int{} // index in c.Again
	before := 0
	for _, m := range e.chosen {
		past := p.History.Of(m)
		c.Times = max(c.Times, len(past))
		if len(past) > 0 {
			before++
		}
		for _, x := range past {
			i, ok := runs[x.Run]
			if !ok {
				i = len(c.Again)
				runs[x.Run], c.Again = i, append(c.Again, Again{Run: x.Run, At: x.At})
			}
			c.Again[i].Messages++
			c.Again[i].Watched = c.Again[i].Watched || x.Fate != ""
			// It is here again, whatever that redrive saw of it.
			if x.ByID || x.Fate == proof.CameBack {
				c.Again[i].CameBack++
			}
		}
	}
	if before > 0 {
		c.say(Warning, c.From.ARN, "", "see to the cause first", "has %s that %s redriven before, up to %s, and came back", plural(before, "message"), was(before), plural(c.Times, "time"))
	}
}

func was(n int) string {
	if n == 1 {
		return "was"
	}
	return "were"
}

// messages tries the known messages: where they go, and which cannot.
func (e *examination) messages() {
	c := e.c
	if len(c.To) == 0 || len(e.chosen) == 0 {
		return
	}
	for i := range c.To {
		c.To[i].Count = 0
	}
	c.Left = map[string]int{}
	o := e.p.options(c)
	left := 0
	for _, m := range e.chosen {
		out, _ := o.Try(m)
		e.tried = append(e.tried, out)
		if out.Outcome != move.Moved {
			left++
			c.Left[out.Why.Message]++
			continue
		}
		for i := range c.To {
			if c.To[i].ARN == out.To {
				c.To[i].Count++
			}
		}
	}
	for why, n := range c.Left {
		level := Warning
		if left == len(e.chosen) {
			level = Blocker
		}
		c.say(level, c.From.ARN, "1.11", "edit them or choose another destination", "has %s of the %d read that cannot be moved: %s", plural(n, "message"), len(e.chosen), why)
	}
	e.retention()
}

// retention warns of messages that expire before they can have been moved: on a
// standard dead-letter queue they have the age of their first send (6.2).
func (e *examination) retention() {
	keep := seconds(e.c.From.Attributes, backend.AttrMessageRetentionPeriod)
	if keep == 0 || e.p.From.Stack.Clock != nil { // an engine's messages age by its own clock
		return
	}
	soon := 0
	for _, m := range e.chosen {
		if at, _ := rules.Expiry(m.Attributes, e.c.From.ARN.FIFO(), keep); !at.IsZero() && time.Until(at) < time.Hour {
			soon++
		}
	}
	if soon > 0 {
		e.c.say(Warning, e.c.From.ARN, "6.2", "lengthen its retention first, or export them", "loses %s within the hour", plural(soon, "message"))
	}
}

// effort is what it takes.
func (e *examination) effort() {
	c, p := e.c, e.p
	switch {
	case p.IDs != nil:
		c.Count = len(p.IDs)
	case p.Select != nil && len(p.Known) > 0:
		c.Count = len(e.chosen)
	}
	if p.Most > 0 && (c.Count < 0 || c.Count > p.Most) {
		c.Count = p.Most
	}
	c.Canary = p.Guards.canary()
	c.Window, c.Cut = p.Guards.window(c)
	c.Exact = proof.Exact(p.From.Stack, p.stackTo())
	c.Reads = p.Read && !c.Exact
	if c.Cut {
		c.say(Warning, backend.ARN{}, "6.1", "set a longer one, or shorten the visibility timeout", "the canary is watched for %s, and a message that fails by time-out may come back later than that", harm.Span(c.Window))
	}
	n := max(c.Count, 0)
	if c.Canary >= n && n > 0 {
		c.Canary = 0
		c.say(Note, c.From.ARN, "", "", "has no more of them than a canary would be: all are moved, and watched afterwards")
	}
	c.Requests = 3 * ((n + 9) / 10)
	if p.Native {
		c.Requests = 1 + 3*((c.Canary+9)/10)
		if p.PerSecond.Set {
			c.Takes = time.Duration(float64(n) / float64(p.PerSecond.Value) * float64(time.Second))
		}
		return
	}
	c.Takes = p.Guards.takes(n - c.Canary)
}
