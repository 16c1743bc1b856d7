package screen

import (
	"fmt"

	tea "charm.land/bubbletea/v2"

	"sqscope/backend"
	"sqscope/backend/fleet"
	"sqscope/keymap"
)

// DeadLettersOf is the dead-letter queue to show for a queue: itself if it is
// one, else the one that its RedrivePolicy names; or why there is none. A queue
// is called none of both only when all queues have been read.
func (c *Connection) DeadLettersOf(queue backend.ARN) (dlq backend.ARN, why string) {
	snap := c.Fleet.Snapshot()
	q := snap.Queue(queue)
	switch {
	case q == nil:
		return backend.ARN{}, "this queue is not in the list of queues"
	case q.IsDLQ():
		return q.ARN, ""
	case q.DLQ != nil && q.DLQMissing:
		return backend.ARN{}, "the dead-letter queue it names does not exist"
	case q.DLQ != nil:
		return *q.DLQ, ""
	case Reading(snap):
		return backend.ARN{}, fmt.Sprintf("not known yet: %d of %d queues have been read", snap.Known, len(snap.Queues))
	}
	return backend.ARN{}, "this queue has no dead-letter queue and is none"
}

// DeadLettersBinding opens the dead letters of the queue that is given when the
// key is pressed.
func (b *Base) DeadLettersBinding(action keymap.ID, queue func() backend.ARN) Binding {
	return Binding{
		Action: action,
		Off:    func() string { _, why := b.Conn.DeadLettersOf(queue()); return why },
		Run: func() tea.Cmd {
			dlq, why := b.Conn.DeadLettersOf(queue())
			if why != "" {
				return nil // it went while the key was on its way
			}
			return b.Open(DeadLetters, dlq)
		},
	}
}

// Reading tells whether queues are left that were not tried once. One that is
// denied has been tried.
func Reading(snap *fleet.Snapshot) bool {
	return snap.Known+snap.Unreadable < len(snap.Queues)
}
