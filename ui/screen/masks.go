package screen

import (
	"context"

	"sqscope/backend"
	"sqscope/backend/config"
	"sqscope/backend/journal"
)

// MasksFor are the masks that hold for a message of a queue: those of the queue,
// and those of the queue that it was dead-lettered from (docs/SQS.md 6.2). Whoever
// shows, searches, copies or exports a body does so from [decode.Masked] with
// them.
func (e *Env) MasksFor(queue backend.ARN, m backend.Message) []config.Mask {
	queues := []string{queue.Name}
	if from, ok := backend.ParseARN(m.Attributes[backend.SysDeadLetterQueueSourceArn]); ok {
		queues = append(queues, from.Name)
	}
	return config.Settings{Masks: e.Masks}.MasksFor(queues...)
}

// NoReveal is why what masks hide may not be shown at this place, or "": the journal
// keeps who has seen it, but for the embedded engine, which has none.
func (c *Connection) NoReveal() string {
	if !c.Place.Embedded && !c.Guard.Recording() {
		return "there is no journal that could keep it"
	}
	return ""
}

// Reveal has the journal keep that all of a message is shown. With an error it must
// not be.
func (c *Connection) Reveal(ctx context.Context, queue backend.ARN, m backend.Message) error {
	return c.Guard.Record(ctx, journal.Act{
		Name: journal.RevealMask, Queue: queue.String(), Count: 1, Sync: true,
		Messages: []journal.Message{{ID: m.MessageId, MD5: m.MD5OfBody}},
	})
}
