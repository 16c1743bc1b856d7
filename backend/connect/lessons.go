package connect

import (
	"slices"
	"sync"

	"sqscope/backend/lab"
)

// Lessons are the lessons that can be opened by the names of their contexts: those
// that sqscope has, and a teacher's that somebody has named. The zero Lessons has
// none yet; it may be used from any goroutine.
type Lessons struct {
	mu    sync.Mutex
	known map[string]*lab.Lesson // by the context's name
}

// Load reads a lesson by its number or name or from a file, and names the context
// that is its own. The errors are those of [lab.Load].
func (c *Lessons) Load(name string) (Context, error) {
	l, err := lab.Load(name, LabScenarios)
	if err != nil {
		return Context{}, err
	}
	c.add(l)
	return Context{Name: LessonContext(l)}, nil
}

func (c *Lessons) add(all ...*lab.Lesson) {
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.known == nil {
		c.known = map[string]*lab.Lesson{}
	}
	for _, l := range all {
		c.known[LessonContext(l)] = l
	}
}

// List reads those that sqscope has; a teacher's come behind them.
func (c *Lessons) List() ([]*lab.Lesson, error) {
	all, err := lab.Lessons(LabScenarios)
	if err != nil {
		return nil, err
	}
	c.add(all...)
	c.mu.Lock()
	defer c.mu.Unlock()
	for _, l := range c.known {
		if !slices.ContainsFunc(all, func(x *lab.Lesson) bool { return x.ID == l.ID }) {
			all = append(all, l)
		}
	}
	return all, nil
}

// Of is the lesson whose context has the name, nil if none has.
func (c *Lessons) Of(context string) *lab.Lesson {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.known[context]
}
