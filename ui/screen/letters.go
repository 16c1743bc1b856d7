package screen

import (
	"maps"
	"time"

	"sqscope/backend"
	"sqscope/backend/triage/harm"
)

// Letters are what was read of a dead-letter queue in this run.
type Letters struct {
	harm.Read
	At     time.Time
	Oldest time.Time // when the first of them was sent; zero: not known
}

// NoteLetters remembers it for the list of all dead-letter queues.
func (b *Base) NoteLetters(queue backend.ARN, r Letters) {
	if b.Env.letters == nil {
		b.Env.letters = map[*Connection]map[backend.ARN]Letters{}
	}
	if b.Env.letters[b.Conn] == nil {
		b.Env.letters[b.Conn] = map[backend.ARN]Letters{}
	}
	b.Env.letters[b.Conn][queue] = r
}

// LettersOf are those of a place, by their queues.
func (e *Env) LettersOf(c *Connection) map[backend.ARN]Letters { return maps.Clone(e.letters[c]) }
