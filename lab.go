package main

import (
	"context"
	"runtime/debug"
	"slices"
	"sync"

	"sqscope/backend/connect"
	"sqscope/backend/lab"
	"sqscope/ui/cli"
	"sqscope/ui/screen"
)

// class is the lessons that can be opened: those that sqscope has, and a teacher's
// that the command line names.
type class struct {
	progress *lab.Progress

	mu  sync.Mutex             // contexts are opened in commands
	own map[string]*lab.Lesson // by the context's name
}

// load reads a lesson, and tells the name of its context.
func (c *class) load(name string) (string, error) {
	l, err := lab.Load(name, connect.LabScenarios)
	if err != nil {
		return "", err
	}
	c.mu.Lock()
	defer c.mu.Unlock()
	c.own[connect.LessonContext(l)] = l
	return connect.LessonContext(l), nil
}

// list are all lessons.
func (c *class) list() ([]*lab.Lesson, error) {
	all, err := lab.Lessons(connect.LabScenarios)
	if err != nil {
		return nil, err
	}
	c.mu.Lock()
	defer c.mu.Unlock()
	for _, l := range all {
		c.own[connect.LessonContext(l)] = l
	}
	for _, l := range c.own {
		if !slices.ContainsFunc(all, func(x *lab.Lesson) bool { return x.ID == l.ID }) {
			all = append(all, l)
		}
	}
	return all, nil
}

// lesson is the one whose context has the name, nil if none has.
func (c *class) lesson(context string) *lab.Lesson {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.own[context]
}

// lesson opens a lesson with an engine of its own, which ends with the program.
func (d door) lesson(ctx context.Context, l *lab.Lesson) (*screen.Connection, error) {
	o, err := connect.OpenLesson(ctx, l, d.Group, func(name string, v any) { d.Panicked(name, v, debug.Stack()) })
	if err != nil {
		return nil, err
	}
	d.OnEnd(o.Close)
	conn := d.connection(o.Connection)
	conn.Lesson = &screen.Lesson{Session: o.Session, Progress: d.class.progress, Serve: o.Serve}
	return conn, nil
}

// lessonList is what the command line tells of the lessons.
func lessonList() ([]cli.Lesson, error) {
	all, err := lab.Lessons(connect.LabScenarios)
	if err != nil {
		return nil, err
	}
	results, err := lab.OpenProgress(state("lab.json")).Load()
	if err != nil {
		return nil, err
	}
	out := make([]cli.Lesson, len(all))
	for i, l := range all {
		r := results[l.ID]
		out[i] = cli.Lesson{Number: l.Number, Name: l.ID, Title: l.Title, Concept: l.Concept, Passed: r.Passed, Runs: r.Runs, Misses: r.Misses}
	}
	return out, nil
}
