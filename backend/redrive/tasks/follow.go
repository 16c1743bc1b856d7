package tasks

import (
	"context"
	"time"

	"sqscope/backend"
)

const (
	countsLag = time.Minute // how old counts may be (docs/SQS.md 12.2)
	minPause  = time.Second // between two requests
	maxPause  = 10 * time.Second
	lostAfter = 2 * time.Minute // a task that was started and is not listed for so long
	tries     = 10              // requests in a row that may fail
)

// Following is how a task is followed.
type Following struct {
	Progress func(Progress) // nil: nobody listens
	// Watch is asked after each answer while the task is RUNNING, and may take its
	// time. With stop the task is cancelled, and followed until that is done. nil:
	// nobody watches.
	Watch func(context.Context, Progress) (stop bool, why string)
	Every time.Duration // between requests at first, 1 s at least; 0: 2 s
}

// Result is how following ended.
type Result struct {
	Progress
	Why string // of Watch, which had the task cancelled; "": it did not
}

// Follow watches a task until it is done, and returns how it ended. When ctx ends
// it returns at once with kind cancelled, and the task goes on by itself: Cancel
// stops it. Errors that may pass are told in the Progress and tried again.
func (d Desk) Follow(ctx context.Context, t Task, f Following) (Result, error) {
	w := follow{d: d, f: f, began: time.Now()}
	w.r.Task, w.r.Left = t, -1
	w.pause = max(minPause, f.Every)
	if f.Every == 0 {
		w.pause = 2 * time.Second
	}
	w.first = w.pause
	for {
		if err := w.ask(ctx); err != nil {
			return w.r, err
		}
		if f.Progress != nil {
			f.Progress(w.r.Progress)
		}
		if w.r.Listed && w.r.Status.Done() {
			return w.r, nil
		}
		if err := w.watch(ctx); err != nil {
			return w.r, err
		}
		if !backend.Pause(ctx, w.pause) {
			return w.r, d.gaveUp(ctx)
		}
	}
}

func (d Desk) gaveUp(ctx context.Context) error {
	e := *backend.AsError(ctx.Err())
	e.Subject, e.Next = d.Source.Name, "the move task goes on by itself; cancel it to stop it"
	return &e
}

// follow is one following under way.
type follow struct {
	d      Desk
	f      Following
	r      Result
	began  time.Time
	first  time.Duration
	pause  time.Duration
	failed int // requests in a row

	base  int // moved at the first answer
	since time.Time
}

// ask lists the tasks once.
func (w *follow) ask(ctx context.Context) error {
	all, err := w.d.History(ctx)
	if err != nil {
		if ctx.Err() != nil {
			return w.d.gaveUp(ctx)
		}
		if w.failed++; w.failed >= tries || !backend.KindOf(err).Passing() {
			return err
		}
		w.r.Err, w.pause = backend.AsError(err), min(2*w.pause, maxPause)
		return nil
	}
	w.failed, w.r.Err, w.r.AsOf = 0, nil, time.Now()
	t, ok := w.find(all)
	switch {
	case ok:
		w.take(t)
	case w.r.Listed || time.Since(w.began) > lostAfter:
		e := backend.Errorf(backend.KindNotFound, "SQS does not list the move task any more")
		e.Action, e.Subject, e.Next = "ListMessageMoveTasks", w.d.Source.Name, "look at the depths of the queues to see what it moved"
		return e
	}
	return nil
}

// find is the task among those that are listed. One that was just started is known
// by its handle while it runs; if it is done before it was seen, it is the one that
// was not there before.
func (w *follow) find(all []Task) (Task, bool) {
	for _, t := range all {
		switch {
		case !w.r.Started.IsZero():
			if t.Started.Equal(w.r.Started) {
				return t, true
			}
		case t.TaskHandle != "" && t.TaskHandle == w.r.TaskHandle:
			return t, true
		}
	}
	if w.r.Started.IsZero() && len(all) > 0 && all[0].TaskHandle == "" && all[0].Started.After(w.r.after) {
		return all[0], true
	}
	return Task{}, false
}

// take notes what is listed, without losing the handle and the number to move.
func (w *follow) take(t Task) {
	before, now := w.r, time.Now()
	w.r.MoveTask = t.MoveTask
	w.r.Mine = before.Mine
	if t.TaskHandle == "" {
		w.r.TaskHandle = before.TaskHandle
	}
	if !before.Listed {
		w.r.Listed, w.r.Changed, w.base, w.since = true, now, w.r.Moved(), now
		return
	}
	if total := before.ApproximateNumberOfMessagesToMove; total >= 0 {
		w.r.ApproximateNumberOfMessagesToMove = total
	}
	if w.r.Moved() != before.Moved() || w.r.Status != before.Status {
		w.r.Changed, w.pause = now, w.first
	} else {
		w.pause = min(w.pause+w.first/2, maxPause)
	}
	w.r.Left = -1
	if past := now.Sub(w.since).Seconds(); past > 0 && w.r.Moved() > w.base {
		w.r.Rate = float64(w.r.Moved()-w.base) / past
		w.r.Left = time.Duration(float64(max(0, w.r.Total()-w.r.Moved())) / w.r.Rate * float64(time.Second))
	}
}

// watch asks whether to go on, and cancels the task if not.
func (w *follow) watch(ctx context.Context) error {
	if w.f.Watch == nil || w.r.Why != "" || w.r.Status != backend.TaskRunning {
		return nil
	}
	stop, why := w.f.Watch(ctx, w.r.Progress)
	if !stop {
		return nil
	}
	w.r.Why, w.pause = why, w.first
	_, err := w.d.Cancel(ctx, w.r.Task)
	switch k := backend.KindOf(err); {
	case err == nil:
	case k == backend.KindNotFound || k == backend.KindConflict || k == backend.KindInvalid: // it ended meanwhile: the list says how
		w.r.Err = backend.AsError(err)
	case k.Passing() && ctx.Err() == nil:
		w.r.Err, w.r.Why = backend.AsError(err), "" // once more after the next answer
	default:
		e := *backend.AsError(err)
		e.Next = "the task goes on: cancel it with rights that allow it"
		return &e
	}
	return nil
}
