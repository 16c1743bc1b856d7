package screen

import (
	"sqscope/backend"
	"sqscope/backend/config"
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
