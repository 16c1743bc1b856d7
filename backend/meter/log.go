package meter

import (
	"errors"
	"time"

	"sqscope/backend"
	"sqscope/backend/awsline"
)

const (
	sqs          = "SQS"
	defaultCalls = 2000
)

// Call is one request as it is remembered, repeats being calls of their own.
type Call struct {
	Seq       uint64 // from 1, without gaps
	At        time.Time
	Took      time.Duration // until the answer
	Service   string        // SQS, or as [backend.ForeignCall] has it
	Action    string
	Queue     string         // as the request says it: a URL, an ARN or a name; "" if it concerns none
	Attempt   int            // 1 for the first
	Err       *backend.Error // nil: it succeeded; without its cause
	RequestID string         // where it is known: of other services, and of errors
	Items     int            // messages or entries in the request, messages in the answer; metrics that were asked for
	Failed    int            // entries of a batch that failed in a request that did not
	Bytes     int            // of messages, there and back, as SQS counts their size (docs/SQS.md 3.2)
	Billed    int            // requests that SQS bills for it (12.1); 0 for other services

	input any  // what is kept of it
	cut   bool // that is not all
}

// Line is the call as a command of the AWS CLI. It is not whole where a body or
// another value is so long that only its beginning was kept: then the value says
// so, and the command is no longer the same request. Requests to other services
// have no line.
func (c Call) Line(p backend.Place) (line string, whole bool) {
	if c.input == nil {
		return "", false
	}
	line, err := awsline.Line(p, c.input)
	return line, err == nil && !c.cut
}

// Seq is the number of the newest call in the log. It costs nothing, so that a
// screen can look whether there is anything new; every call raises it.
func (m *Meter) Seq() uint64 { return m.seq.Load() }

// Log is the calls after the one with this number, the oldest first. Those that
// the log holds no more are missing, which the numbers show.
func (m *Meter) Log(after uint64) []Call {
	m.mu.Lock()
	defer m.mu.Unlock()
	newest, held := m.seq.Load(), uint64(len(m.ring))
	if after >= newest {
		return nil
	}
	first := max(after, newest-held) // the number before the first
	calls := make([]Call, 0, newest-first)
	for seq := first; seq < newest; seq++ {
		calls = append(calls, m.ring[seq%uint64(m.options.Calls)])
	}
	return calls
}

// Observe puts a request to another service into the log and the totals.
func (m *Meter) Observe(f backend.ForeignCall) {
	c := Call{
		At: f.At, Took: f.Duration, Service: f.Service, Action: f.Action, Attempt: 1, RequestID: f.RequestID, Items: f.Items,
	}
	if f.Err != nil {
		c.Err = withoutCause(f.Err)
	}
	m.add(c)
}

// record puts a request to SQS into the log and the totals.
func (m *Meter) record(action string, attempt int, start time.Time, in, out any, err error) {
	c := Call{At: start, Took: time.Since(start), Service: sqs, Action: action, Attempt: attempt}
	c.describe(in, out)
	c.Billed = billed(c.Bytes)
	if err != nil {
		c.Err = withoutCause(backend.AsError(err))
		var told interface{ ServiceRequestID() string } // the SDK's errors have it
		if errors.As(err, &told) {
			c.RequestID = told.ServiceRequestID()
		}
	}
	m.add(c)
}

// withoutCause is a copy of an error to keep: causes may be large, and what
// helpers say may have a secret in it.
func withoutCause(err *backend.Error) *backend.Error {
	e := *err
	e.Err = nil
	return &e
}

func (m *Meter) add(c Call) {
	m.mu.Lock()
	defer m.mu.Unlock()
	at := m.seq.Add(1) - 1
	c.Seq = at + 1
	if len(m.ring) < m.options.Calls {
		m.ring = append(m.ring, c)
	} else {
		m.ring[at%uint64(m.options.Calls)] = c
	}
	m.count(c)
	m.refuse(c)
}
