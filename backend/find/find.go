// Package find is the filter language of the queue list: it reads what somebody
// types and tells of each queue whether it is meant. [Help] has the language.
//
// A filter may ask for something that is not known of a queue yet, its tags or
// the age of its oldest message. The answer is then [Unknown], neither yes nor
// no, so that a screen can say of how many queues it cannot tell; [Query.Needs]
// says what to fetch.
//
// A [Query] never changes and may be used from any goroutine. Matching allocates
// nothing and takes well under a microsecond a queue for names as SQS has them,
// so that ten thousand queues are filtered at each key press.
package find

import "time"

// Verdict is whether a queue is meant by a filter. The zero Verdict is Unknown.
type Verdict int8

// The three verdicts.
const (
	Unknown Verdict = iota
	No
	Yes
)

// Known is Yes or No.
func Known(yes bool) Verdict {
	if yes {
		return Yes
	}
	return No
}

// Not turns Yes and No around. Unknown stays.
func (v Verdict) Not() Verdict {
	switch v {
	case Yes:
		return No
	case No:
		return Yes
	}
	return Unknown
}

// Row is what is known of one queue. Of the zero Row only that it is no FIFO
// queue and not pinned.
type Row struct {
	Name    string
	Region  string
	Context string // the name of the context that it is listed in
	FIFO    bool
	Pinned  bool
	DLQ     Verdict // whether a RedrivePolicy names it (docs/SQS.md 6.3)
	Trouble Verdict // whether something is wrong with it

	Counts                     bool // the three counts are known
	Visible, InFlight, Delayed int  // messages, approximate on AWS (12.2)

	AgeKnown bool
	Age      time.Duration // of the oldest message; 0 if there is none

	InKnown, OutKnown, NetKnown bool
	In, Out, Net                float64 // messages a second; Net is the growth

	TagsKnown bool
	Tags      map[string]string
}

// Query is a filter that was read. The zero Query means every queue.
type Query struct {
	text  string
	words []word
}

// word is one of the words of a query, all of which must hold: of its tests at
// least one.
type word struct {
	not bool // what the rest says does not hold
	any []term
}

// term is a test, or that it fails.
type term struct {
	not bool
	test
}

// test is one question about a queue.
type test interface {
	// match answers it. The score is how well the name fits, above 0 where the
	// test is about the name and the answer is Yes.
	match(r *Row) (v Verdict, score int)
	// needs adds what must be known for an answer.
	needs(n *Needs)
}

// String is the filter as it was typed.
func (q Query) String() string { return q.text }

// Empty tells whether the filter means every queue.
func (q Query) Empty() bool { return len(q.words) == 0 }

// Match tells whether a queue is meant, and how well its name fits: the higher
// the score, the better; 0 where the filter asks for no part of a name. Scores
// are to be compared under the same query only. The row is not kept.
func (q Query) Match(r *Row) (v Verdict, score int) {
	v = Yes
	for i := range q.words {
		w, s := q.words[i].match(r)
		switch w {
		case No:
			return No, 0
		case Unknown:
			v = Unknown
		}
		score += s
	}
	return v, score
}

func (w *word) match(r *Row) (v Verdict, score int) {
	v = No
	for i := range w.any {
		t, s := w.any[i].match(r)
		if w.any[i].not {
			t, s = t.Not(), 0
		}
		switch {
		case t == Yes:
			v = Yes
		case t == Unknown && v == No:
			v = Unknown
		}
		score = max(score, s)
	}
	if w.not {
		return v.Not(), 0
	}
	return v, score
}

// Highlight appends the places in a name that the filter found to into: byte
// offsets, in order, each once, each at the start of a character. Patterns with
// * and ?, which are about the whole name, find no places.
func (q Query) Highlight(name string, into []int) []int {
	start := len(into)
	for i := range q.words {
		if q.words[i].not {
			continue
		}
		for _, t := range q.words[i].any {
			if p, ok := t.test.(places); ok && !t.not {
				into = p.places(name, into)
			}
		}
	}
	return sorted(name, into, start)
}

// Needs are the facts that a filter asks for beyond names, regions and types.
type Needs struct {
	Counts  bool // visible, in flight, delayed
	Ages    bool
	Rates   bool
	Tags    bool
	Wiring  bool // which queue is whose dead-letter queue
	Trouble bool
}

// Needs is what must be known of a queue for a verdict other than Unknown.
func (q Query) Needs() Needs {
	var n Needs
	for _, w := range q.words {
		for _, t := range w.any {
			t.needs(&n)
		}
	}
	return n
}
