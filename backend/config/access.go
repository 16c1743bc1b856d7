package config

import (
	"path"
	"slices"

	"sqscope/backend/guard"
)

// Level is the access level that the context says, and whether it says one.
func (c Context) Level() (guard.Level, bool) {
	level, err := guard.ParseLevel(c.Access)
	return level, err == nil
}

// Most is the most that may be done with a queue of the context, by the patterns
// that lower it: change where none matches, else the lowest that matches.
func (c Context) Most(queue string) guard.Level {
	most := guard.Change
	for _, l := range c.Lower {
		if level, err := guard.ParseLevel(l.Access); err != nil {
			most = guard.View // a level that is not known allows nothing more
		} else if Match(l.Queues, queue) {
			most = min(most, level)
		}
	}
	return most
}

// MasksFor are the masks that hold for what was in all of these queues: those of
// one of them are enough.
func (s Settings) MasksFor(queues ...string) []Mask {
	var found []Mask
	for _, m := range s.Masks {
		if m.Queues == "" || slices.ContainsFunc(queues, func(q string) bool { return Match(m.Queues, q) }) {
			found = append(found, m)
		}
	}
	return found
}

// GroupingFor is how the dead letters of a queue are grouped; the zero Grouping
// where nothing is said of it.
func (s Settings) GroupingFor(queue string) Grouping {
	for _, g := range s.Groupings {
		if Fits(g.Queues, queue) {
			return g
		}
	}
	return Grouping{}
}

// Fits tells whether what is said with a pattern, of a mask, a grouping or a template,
// is said of a queue: without a pattern it is said of all.
func Fits(pattern, queue string) bool { return pattern == "" || Match(pattern, queue) }

// Match tells whether a queue name fits a pattern of the config file: * is any
// letters, ? is one, [a-c] one of some. A pattern that is no pattern fits all.
func Match(pattern, queue string) bool {
	ok, err := path.Match(pattern, queue)
	return ok || err != nil
}
