package screen

import (
	"context"

	"sqscope/backend"
)

// Selection is what somebody chose of a queue's messages on one screen for
// another: by their ids, or by what is in them. The zero Selection is all.
type Selection struct {
	Label string // in a few words: "3 marked", "found: timeout"; "" is all

	IDs   []string                                          // nil: any
	Match func(ctx context.Context, m backend.Message) bool // nil: every one

	Known []backend.Message // of the queue, as far as somebody has read them
	Group map[string]string // the group of failures that a message is in, by its id
}

// All tells whether nothing is left out.
func (s Selection) All() bool { return s.IDs == nil && s.Match == nil }

// Select keeps what was chosen of a queue, for the screen that is opened next.
func (b *Base) Select(queue backend.ARN, s Selection) {
	if b.Env.selections == nil {
		b.Env.selections = map[string]Selection{}
	}
	b.Env.selections[b.keyOf(queue)] = s
}

// TakeSelection is what was chosen last of a queue, and whether nobody has taken
// it yet.
func (b *Base) TakeSelection(queue backend.ARN) (s Selection, fresh bool) {
	s, fresh = b.Env.selections[b.keyOf(queue)]
	delete(b.Env.selections, b.keyOf(queue))
	return s, fresh
}
