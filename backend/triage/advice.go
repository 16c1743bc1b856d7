package triage

import (
	"fmt"
	"strings"
	"time"
)

// Act is what can be done with a group.
type Act int

// The acts.
const (
	Fix     Act = iota // what is wrong, then redrive
	Redrive            // as they are
	Drop               // after keeping evidence
)

// String is the act in words.
func (a Act) String() string {
	return [...]string{"fix, then redrive", "redrive", "drop"}[a]
}

// Advice is what a reader of the group would do, and why. It is a suggestion: what
// a consumer does with a message cannot be seen here.
type Advice struct {
	Act Act
	Why string // a sentence without its full stop
}

// advise suggests what the cause allows.
func (f *finder) advise(c *cell, a Arrivals) Advice {
	switch c.cause {
	case ByError:
		return f.adviseError(c.failure)
	case ByBlank:
		return Advice{Drop, "there is nothing in them that could be processed; find out who sends them"}
	case ByBroken:
		return Advice{Drop, "what is missing cannot be put back here; have the sender send them again once it is mended"}
	case ByVerdict:
		return Advice{Drop, "they say that they were refused, and will be refused again; ask who owns the decision first"}
	case ByRelease:
		return Advice{Fix, "one release made all of them; mend it or have the consumer take what it sends, and edit what cannot be taken"}
	case ByFault:
		return Advice{Fix, "the consumer meets what the rest of their kind has not; have it take that, or edit the messages"}
	}
	switch {
	case c.cause == ByFormat:
		return Advice{Fix, "nothing else here is of this format; the consumer may not read it, or they came to the wrong queue"}
	case a.Burst && a.Within <= overrun:
		return Advice{Redrive, "nothing is seen to be wrong with them and they came in a short burst, as when a consumer is overrun or down for a while; redrive a few, slowly"}
	}
	return Advice{Fix, "nothing is seen to be wrong with them; look for one of them in the consumer's log first"}
}

// overrun is how long a burst may take that overran a consumer.
const overrun = 15 * time.Minute

// adviseError tells errors that pass from those that stay by their words.
func (f *finder) adviseError(e failure) Advice {
	for _, s := range []string{e.typ, e.text} {
		low := strings.ToLower(s)
		for _, w := range append(split(s), strings.FieldsFunc(low, func(r rune) bool { return !inWord(r) })...) {
			if f.words.passing[w] {
				return Advice{Redrive, fmt.Sprintf("the error says %q, which passes; see that it has, then redrive a few", w)}
			}
		}
	}
	return Advice{Fix, "the error stands in them and is not of a kind that passes by itself"}
}

// heading is a group's title, made from what tells it.
func (c *cell) heading() string {
	switch c.cause {
	case ByError:
		switch {
		case c.failure.typ == "":
			return shorten(c.failure.text)
		case c.failure.text == "":
			return c.failure.typ
		}
		return c.failure.typ + ": " + shorten(c.failure.text)
	case ByBlank:
		return "nothing in the body"
	case ByBroken:
		return c.format.String() + ": " + c.format.broken
	case ByRelease:
		return "one release: " + c.title
	case ByFormat:
		return c.format.String()
	case Other:
		return "nothing tells them apart: " + c.format.String()
	}
	return c.title
}

// evidence says what tells the cell.
func (c *cell) evidence() []string {
	switch c.cause {
	case ByError:
		says := []string{"an error stands in " + c.failure.where}
		if c.failure.at != "" {
			says = append(says, "it happened at "+c.failure.at)
		}
		return append(says, c.says...)
	case ByBlank:
		return append([]string{"the body is {}, [], null, an empty text or blanks"}, c.says...)
	case ByBroken:
		return append([]string{fmt.Sprintf("the body begins as %s does; %s", c.format.name, c.format.broken)}, c.says...)
	case ByVerdict:
		return append([]string{"they say of themselves that they were refused"}, c.says...)
	case ByRelease:
		return append([]string{"all are of this release, and nothing else here is"}, c.says...)
	case ByFault:
		return append([]string{"most others of their kind differ in it"}, c.says...)
	case ByKind:
		return append([]string{"they have a form of their own"}, c.says...)
	case ByFormat:
		return append([]string{"all that is of this format and has no error in it"}, c.says...)
	case Other:
		return append([]string{"no error, no fault and no kind was found that tells some of them from the rest"}, c.says...)
	}
	return c.says
}
