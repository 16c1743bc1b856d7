package redrive

import (
	"context"
	"fmt"
	"slices"
	"time"

	"sqscope/backend"
	"sqscope/backend/redrive/proof"
)

// watcher looks at what is followed and decides whether to go on.
type watcher struct {
	f     *proof.Follower
	g     Guards
	to    []proof.Queue
	tell  func(proof.Picture) // of each look
	last  time.Time           // of a look, by our clock
	old   map[string]time.Duration
	since int // arrivals in the dead-letter queue when the rest began
	seen  int // arrivals when the dead-letter queue was last read
	err   error
}

// look looks, and keeps an error that did not stop it: what cannot be seen now may
// be seen the next time.
func (w *watcher) look(ctx context.Context, deep bool) (proof.Picture, bool) {
	p, err := w.f.Look(ctx, deep)
	w.last = time.Now()
	if ctx.Err() != nil {
		return p, false
	}
	w.err = err
	if w.tell != nil {
		w.tell(p)
	}
	return p, true
}

// canary watches the first messages for that long, of the queues' time, and tells
// whether they are no reason to stop. It ends sooner where it is known sooner.
// Where ctx ends they are one.
func (w *watcher) canary(ctx context.Context, window time.Duration) (pass bool, why string) {
	var began time.Time
	var empty emptiness
	for {
		p, ok := w.look(ctx, false)
		if !ok {
			return false, "cancelled while the canary was watched"
		}
		if began.IsZero() {
			began = p.At
		}
		over := p.At.Sub(began) >= window
		if p.Since > w.seen { // what arrived is looked at, where that is agreed
			w.seen = p.Since
			if p, ok = w.look(ctx, true); !ok {
				return false, "cancelled while the canary was watched"
			}
		}
		if why := w.bounced(p); why != "" {
			return false, why
		}
		if why := w.limits(ctx, p); why != "" {
			return false, why
		}
		if drained := empty.believed(p); over || p.Settled() || drained && w.sure(ctx) {
			return w.verdict(ctx)
		}
		if !backend.Pause(ctx, w.g.every(p.Exact)) {
			return false, "cancelled while the canary was watched"
		}
	}
}

// emptiness is since when all destinations were seen empty; zero: they are not.
type emptiness struct{ since time.Time }

// believed tells whether nothing is left in the destinations that could fail: they
// are empty, and the counts that say so are old enough to be believed. It is told
// each picture. Where the fate of each message is known, no count is needed.
func (e *emptiness) believed(p proof.Picture) bool {
	if !p.Drained() {
		e.since = time.Time{}
	} else if e.since.IsZero() {
		e.since = time.Now()
	}
	return !p.Exact && !e.since.IsZero() && time.Since(e.since) >= shortest
}

// sure looks once more, deep, before a canary passes early.
func (w *watcher) sure(ctx context.Context) bool {
	p, ok := w.look(ctx, true)
	return ok && w.bounced(p) == "" && p.Drained()
}

// verdict is that of the last look. A canary does not pass where what tells it
// could not be read.
func (w *watcher) verdict(ctx context.Context) (bool, string) {
	p, ok := w.look(ctx, true)
	switch {
	case !ok:
		return false, "cancelled while the canary was watched"
	case w.err != nil:
		return false, "what became of the canary could not be seen: " + w.err.Error()
	}
	for _, d := range slices.Concat(p.To, p.Back) {
		if d.Err != nil {
			return false, "what became of the canary could not be seen: " + d.Err.Error()
		}
	}
	if why := w.bounced(p); why != "" {
		return false, why
	}
	w.since = p.Since
	return true, ""
}

// bounced tells why the canary has failed, or "".
func (w *watcher) bounced(p proof.Picture) string {
	if n := p.Returned(); n > w.g.Tolerate {
		return fmt.Sprintf("%d of the first %d came back", n, p.Sent)
	}
	if lost := p.Fates[proof.Lost]; lost > w.g.Tolerate {
		return fmt.Sprintf("%d of the first %d are lost to expiry or a purge", lost, p.Sent)
	}
	// What arrived and was not looked at is taken for what was moved: nobody can tell
	// that it is not.
	if n := p.Since - p.Returned() - p.New; !p.Exact && (p.ReadAt.IsZero() || p.Read < p.About) && n > w.g.Tolerate {
		return fmt.Sprintf("%s arrived since the first %d were moved, and nobody looked what they are", dead(n), p.Sent)
	}
	return ""
}

func dead(n int) string { return plural(n, "dead letter") }

// steady is asked again and again while the rest moves, and looks no more often
// than the guards say.
func (w *watcher) steady(ctx context.Context) (stop bool, why string) {
	if !w.last.IsZero() && time.Since(w.last) < w.g.every(w.f.Exact()) {
		return false, ""
	}
	p, ok := w.look(ctx, false)
	if !ok {
		return false, "" // the move sees for itself that ctx has ended
	}
	if most := w.g.refill(); most >= 0 && p.Since-w.since > most {
		why := fmt.Sprintf("the dead-letter queue fills again: at least %s came", dead(p.Since-w.since))
		if n := p.Returned(); n > 0 {
			why += fmt.Sprintf(", %d of them redriven here", n)
		}
		return true, why
	}
	why = w.limits(ctx, p)
	return why != "", why
}

// limits tells which threshold a destination is beyond, or "".
func (w *watcher) limits(ctx context.Context, p proof.Picture) string {
	for _, d := range p.To {
		if w.g.Depth > 0 && d.Stored() > w.g.Depth {
			return fmt.Sprintf("%s holds %d messages, more than %d", d.ARN.Name, d.Stored(), w.g.Depth)
		}
	}
	if w.g.Climb <= 0 {
		return ""
	}
	for _, q := range w.to {
		age, ok := w.age(ctx, q, p.At)
		if !ok {
			continue
		}
		name := q.ARN.String()
		before, known := w.old[name]
		if !known {
			w.old[name] = age
			continue
		}
		w.old[name] = min(before, age)
		if age-before > w.g.Climb {
			return fmt.Sprintf("the oldest message of %s is %s old, %s more than at its best", q.ARN.Name, age.Round(time.Second), (age - before).Round(time.Second))
		}
	}
	return ""
}

// age is how old the oldest message of a queue is, where somebody measures it: the
// engine, or CloudWatch where it is switched on (docs/SQS.md 12.3).
func (w *watcher) age(ctx context.Context, q proof.Queue, now time.Time) (time.Duration, bool) {
	if q.Stack.Metrics == nil {
		return 0, false
	}
	all, err := q.Stack.Metrics.QueueMetrics(ctx, []string{q.URL})
	if err != nil { // a measure that fails is none: it stops nothing
		return 0, false
	}
	m, ok := all[q.URL]
	switch {
	case !ok:
		return 0, false
	case m.Measured.Set:
		return m.Measured.Value.Age.Value, m.Measured.Value.Age.Set
	case m.Oldest.IsZero():
		return 0, true
	}
	return now.Sub(m.Oldest), true
}
