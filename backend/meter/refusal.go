package meter

import (
	"time"

	"sqscope/backend"
)

// refusedFor is how long a refusal is taken for the answer that the next request
// would get. Rights are given meanwhile, and then somebody wants to try.
const refusedFor = time.Minute

// maxRefusals bounds what is remembered: what was refused longest ago is not asked
// for any more.
const maxRefusals = 1000

// subject is an action on a queue, by its name.
type subject struct{ action, queue string }

type refusal struct {
	at  time.Time
	err *backend.Error
}

// Refusal is the error with which an action on the queue of this name was refused
// within the last minute, for want of a right, if no such request has succeeded
// since; nil if there is none. So a screen can say why a key is off before
// somebody waits for the same answer.
func (m *Meter) Refusal(action, queue string) *backend.Error {
	m.mu.Lock()
	defer m.mu.Unlock()
	r, ok := m.refusals[subject{action, queue}]
	if !ok || time.Since(r.at) >= refusedFor {
		return nil
	}
	return r.err
}

// refuse notes what a call says of the right to make it. The lock is held.
func (m *Meter) refuse(c Call) {
	if c.Service != sqs {
		return
	}
	s := subject{c.Action, backend.QueueNamed(c.Queue)}
	if c.Err == nil || c.Err.Kind != backend.KindDenied {
		delete(m.refusals, s)
		return
	}
	if m.refusals == nil {
		m.refusals = map[subject]refusal{}
	}
	if len(m.refusals) >= maxRefusals {
		for old, r := range m.refusals {
			if time.Since(r.at) >= refusedFor {
				delete(m.refusals, old)
			}
		}
		if len(m.refusals) >= maxRefusals {
			return
		}
	}
	m.refusals[s] = refusal{time.Now(), c.Err}
}
