package find

import (
	"cmp"
	"strings"
)

// field is a number that a row has.
type field int

const (
	visible field = iota
	inFlight
	delayed
	stored
	age // in seconds
	in
	out
	net
)

// fields are the numbers by the names under which they are asked for. Without a
// name it is the visible messages.
func fields() []string {
	return []string{"visible", "inflight", "delayed", "stored", "age", "in", "out", "net"}
}

// of is the number of a row, if it is known.
func (f field) of(r *Row) (n float64, known bool) {
	switch f {
	case visible:
		return float64(r.Visible), r.Counts
	case inFlight:
		return float64(r.InFlight), r.Counts
	case delayed:
		return float64(r.Delayed), r.Counts
	case stored:
		return float64(r.Visible + r.InFlight + r.Delayed), r.Counts
	case age:
		return r.Age.Seconds(), r.AgeKnown
	case in:
		return r.In, r.InKnown
	case out:
		return r.Out, r.OutKnown
	}
	return r.Net, r.NetKnown
}

// comparison is a number against a limit.
type comparison struct {
	field
	less, equal, more bool // what holds for which order of number and limit
	limit             float64
}

func (c *comparison) match(r *Row) (Verdict, int) {
	n, known := c.of(r)
	if !known {
		return Unknown, 0
	}
	switch cmp.Compare(n, c.limit) {
	case -1:
		return Known(c.less), 0
	case 1:
		return Known(c.more), 0
	}
	return Known(c.equal), 0
}

func (c *comparison) needs(n *Needs) {
	switch c.field {
	case age:
		n.Ages = true
	case in, out, net:
		n.Rates = true
	default:
		n.Counts = true
	}
}

// flag is a word that stands for a question of yes or no.
type flag string

const (
	flagDLQ      flag = "dlq"
	flagFIFO     flag = "fifo"
	flagStandard flag = "std"
	flagTrouble  flag = "trouble"
	flagPinned   flag = "pinned"
)

func (f flag) match(r *Row) (Verdict, int) {
	switch f {
	case flagDLQ:
		return r.DLQ, 0
	case flagFIFO:
		return Known(r.FIFO), 0
	case flagStandard:
		return Known(!r.FIFO), 0
	case flagTrouble:
		return r.Trouble, 0
	}
	return Known(r.Pinned), 0
}

func (f flag) needs(n *Needs) {
	switch f {
	case flagDLQ:
		n.Wiring = true
	case flagTrouble:
		n.Trouble = true
	}
}

// value is how the text of a region, a context or a tag must be: begin with the
// pattern, be as it says if it has * or ?, or be the whole of it in quotes.
type value struct {
	pattern
	glob, quoted bool
}

func newValue(text string, quoted bool) value {
	return value{pattern: newPattern(text), glob: !quoted && strings.ContainsAny(text, "*?"), quoted: quoted}
}

func (v *value) fits(s string) bool {
	switch {
	case v.glob:
		return v.whole(s)
	case v.quoted:
		return len(s) == len(v.text) && v.startsAt(s, 0)
	}
	return v.startsAt(s, 0)
}

// place is where a queue is.
type place struct {
	value
	context bool // its context, else its region
}

func (p *place) match(r *Row) (Verdict, int) {
	if p.context {
		return Known(p.fits(r.Context)), 0
	}
	return Known(p.fits(r.Region)), 0
}

func (*place) needs(*Needs) {}

// tag is a tag that a queue must have. The key is whole, or a pattern.
type tag struct {
	key   value
	value value // fits everything if none was asked for
}

func (t *tag) match(r *Row) (Verdict, int) {
	if !r.TagsKnown {
		return Unknown, 0
	}
	for k, v := range r.Tags {
		if t.key.fits(k) && t.value.fits(v) {
			return Yes, 0
		}
	}
	return No, 0
}

func (*tag) needs(n *Needs) { n.Tags = true }
