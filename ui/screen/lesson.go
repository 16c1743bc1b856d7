package screen

import (
	"context"
	"sync"
	"time"

	"sqscope/backend"
	"sqscope/backend/lab"
)

// Lesson is a lesson of the lab that somebody works at. The place that it is about
// has an engine of its own.
type Lesson struct {
	Session  *lab.Session
	Progress *lab.Progress // where it is kept what came of it
	// Serve answers the learner's own programs from then on, and tells where.
	Serve func(ctx context.Context) (url string, err error)

	// Standing is how it stood when the root looked last, and Seen whether that was
	// ever. They belong to the program's one goroutine.
	Standing lab.Standing
	Knobs    []backend.Knob
	Seen     bool

	mu    sync.Mutex
	noted lab.Result // that Progress knows of
}

// Look judges what has been done, and keeps what has come of it since the last
// time. It may be called from any goroutine. With an error of the progress file
// the standing is right nevertheless.
func (l *Lesson) Look(ctx context.Context) (lab.Standing, error) {
	l.mu.Lock()
	defer l.mu.Unlock()
	now, err := l.Session.Look(ctx)
	if err != nil {
		return now, err
	}
	is := l.Session.Result(time.Now())
	more := lab.Result{Runs: is.Runs - l.noted.Runs, Misses: is.Misses - l.noted.Misses}
	if l.noted.Passed.IsZero() {
		more.Passed = is.Passed
	}
	if more == (lab.Result{}) {
		return now, nil
	}
	if !more.Passed.IsZero() {
		l.noted.Passed = more.Passed
	}
	l.noted.Runs, l.noted.Misses = is.Runs, is.Misses
	return now, l.Progress.Add(l.Session.Lesson().ID, more)
}

// LessonMsg says that a lesson was looked at.
type LessonMsg struct{}

// Classroom is the lessons that there are.
type Classroom struct {
	Lessons  func() ([]*lab.Lesson, error)
	Progress *lab.Progress
	// Context is the name of a lesson's context, by which [Host.Connect] opens it.
	Context func(l *lab.Lesson) string
}
