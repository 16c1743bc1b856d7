package memory

import (
	"context"
	"time"
)

// Await gets in line for messages of a queue without looking for any, as a
// [Engine.Poll] does that has found none: wake is called in the same way. It is
// for who waited when a snapshot was taken and goes on after it was restored: a
// Poll would be a request more, to which faults could happen.
func (e *Engine) Await(queueURL string, wake func(now time.Time)) (cancel func(), err error) {
	const action = "ReceiveMessage"
	q, err := e.find(context.Background(), action, queueURL)
	if err != nil {
		return func() {}, err
	}
	now, err := q.lock()
	if err != nil {
		return func() {}, about(action, q.name, err)
	}
	defer q.unlock()
	w := q.queueUp(patience{wake: wake}, now)
	return func() { q.withdraw(w) }, nil
}
