package screen

import "sqscope/backend"

// Highest is the highest receive count that was seen of a message of a queue in
// this run, 0 if none was: a look asks first where it is near the queue's
// maxReceiveCount (docs/SQS.md 13.1).
func (b *Base) Highest(queue backend.ARN) int { return b.Env.highest[b.keyOf(queue)] }

// NoteHighest remembers one for the looks to come, also of other screens. A count
// never falls by it: that messages went does not say that none is left.
func (b *Base) NoteHighest(queue backend.ARN, count int) {
	if b.Env.highest == nil {
		b.Env.highest = map[string]int{}
	}
	key := b.keyOf(queue)
	b.Env.highest[key] = max(b.Env.highest[key], count)
}

// NoteUnfinished remembers how many moves an earlier run left open, as of now.
func (b *Base) NoteUnfinished(n int) { b.Env.Unfinished = n }
