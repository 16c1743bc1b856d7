package redrive

import (
	"context"
	"time"

	"sqscope/backend"
	"sqscope/backend/move"
	"sqscope/backend/redrive/proof"
)

// lookTime is for the last look, and for one report.
const lookTime = 2 * time.Minute

// finish watches what was moved, and writes the report: at once, so that there is
// one whatever happens, and again when more is known. Ctx is the caller's;
// following lasts longer.
func (r *run) finish(ctx, following context.Context, err error) {
	window := r.p.Prove
	if window == 0 {
		window = r.card.Window
	}
	r.write(err, false)
	if err == nil && r.result.Stopped == "" && window > 0 && r.result.Moved() > 0 {
		r.until(ctx, window)
		r.enter(PhaseProve)
		r.prove(ctx, window)
	}
	last, cancel := context.WithTimeout(following, lookTime)
	defer cancel()
	p, lookErr := r.f.Look(last, true)
	r.result.Picture, r.state.Picture = p, p
	if lookErr != nil {
		r.result.Problem = lookErr
	}
	r.write(err, true)
	r.enter(PhaseDone)
}

// prove looks until everything is settled or the time is over. What goes wrong
// with a look is told by the last one.
func (r *run) prove(ctx context.Context, window time.Duration) {
	var began time.Time
	var empty emptiness
	for {
		p, ok := r.w.look(ctx, false)
		if !ok {
			return
		}
		if began.IsZero() {
			began = p.At
		}
		if drained := empty.believed(p); p.Settled() || drained || p.At.Sub(began) >= window {
			return
		}
		if !backend.Pause(ctx, r.p.Guards.every(p.Exact)) {
			return
		}
	}
}

// write writes the report as things stand.
func (r *run) write(failure error, last bool) {
	rep := proof.Report{
		ID: r.result.ID, Began: r.began, Ended: time.Now(), At: time.Now(), Who: r.p.Who, From: r.card.From.ARN.String(), How: r.how(),
		Moved: r.result.Moved(), Left: r.left(), Markers: r.p.Markers, Items: r.f.Items(), Settled: last,
		Picture: r.result.Picture, Line: r.result.Picture.Line(), Stop: r.ended(),
	}
	if !last {
		rep.Line = "moved; what became of the messages is not known yet"
	}
	if failure != nil {
		rep.Failure = backend.AsError(failure).Error()
	}
	for _, d := range r.card.To {
		rep.To = append(rep.To, d.ARN.String())
	}
	for _, m := range r.result.Moves {
		rep.Moves = append(rep.Moves, m.ID)
		rep.Notes = append(rep.Notes, "move "+m.ID+": "+m.Words())
		for _, problem := range m.Problems {
			rep.Notes = append(rep.Notes, problem.Error())
		}
	}
	if r.result.Task != nil {
		rep.Notes = append(rep.Notes, "move task "+r.result.Task.ID()+": "+r.result.Task.Words(time.Now()))
	}
	for _, f := range r.card.Of(Warning) {
		about := f.Text
		if f.Queue.Name != "" {
			about = f.Queue.Name + " " + about
		}
		rep.Notes = append(rep.Notes, "known before: "+about)
	}
	r.result.Report = rep
	if r.p.Reports == "" {
		return
	}
	path, err := proof.Save(r.p.Reports, rep)
	if err != nil {
		r.result.Problem = err
		return
	}
	r.result.Path = path
}

// ended is why nothing more is moved, in words.
func (r *run) ended() string {
	switch {
	case r.result.Stopped != "":
		return r.result.Stopped
	case r.result.Task != nil:
		return "SQS's own task is " + string(r.result.Task.Status)
	case len(r.result.Moves) > 0:
		return r.result.Moves[len(r.result.Moves)-1].Stop.Words()
	}
	return "nothing was moved"
}

// left are the messages that were chosen and not moved, by reason.
func (r *run) left() map[string]int {
	left := map[string]int{}
	last := map[string]move.Message{} // what the canary could not move is tried again
	for i, m := range r.result.Moves {
		for _, x := range m.Messages {
			last[x.ID] = x
		}
		if i == len(r.result.Moves)-1 && len(m.Missing) > 0 {
			left[m.Absence()] = len(m.Missing)
		}
	}
	for _, x := range last {
		if x.Outcome != move.Moved && x.Why != nil {
			left[string(x.Outcome)+": "+x.Why.Message]++
		}
	}
	return left
}
