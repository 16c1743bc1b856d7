package redrive

import (
	"context"
	"time"

	"sqscope/backend"
	"sqscope/backend/archive"
	"sqscope/backend/decode/query"
	"sqscope/backend/fleet"
	"sqscope/backend/guard"
	"sqscope/backend/journal"
	"sqscope/backend/move"
	"sqscope/backend/redrive"
	"sqscope/backend/redrive/rewrite"
	"sqscope/ui/screen"
)

// choice is how somebody wants the redrive to be done.
type choice struct {
	to     *end // nil: each message goes to the queue that dead-lettered it
	native bool // SQS's own task moves all
	jq     *query.Query
	hand   *sheet
	group  string // of messages without one, for a FIFO destination
	dedup  move.Dedup
	trust  bool // what may have been swallowed is deleted too
	guards redrive.Guards
	rate   backend.Opt[int] // of SQS's own task
	prove  time.Duration
	read   bool // the dead-letter queue may be received from while it is watched
}

// end is a queue that messages may go to.
type end struct {
	conn *screen.Connection
	arn  backend.ARN
	url  string
}

// sheet is a message that was edited by hand.
type sheet struct {
	id            string
	before, after []byte
}

// usual is how it is done unless somebody wants it otherwise: a canary of ten, then
// slowly, then faster.
func usual() choice {
	return choice{
		dedup:  move.DedupNew,
		guards: redrive.Guards{Canary: 10, Refill: 10, Slow: 2, Fast: 50, Over: 2 * time.Minute},
	}
}

// changed tells whether messages are changed on their way.
func (c choice) changed() bool { return c.jq != nil || c.hand != nil }

// transform changes a message; nil: none is changed.
func (c choice) transform(ctx context.Context, queue backend.ARN) func(archive.Record) (archive.Record, error) {
	switch {
	case c.jq != nil:
		return func(r archive.Record) (archive.Record, error) { return rewrite.By(ctx, queue, c.jq, r) }
	case c.hand != nil:
		return func(r archive.Record) (archive.Record, error) {
			if r.MessageId != c.hand.id {
				return r, nil
			}
			return rewrite.OfSheet(c.hand.before, c.hand.after, r)
		}
	}
	return nil
}

// planWith is the plan of a redrive as it stands, to be examined and run on ctx.
// Known are the messages of the queue that somebody has read.
func (m *Model) planWith(known []backend.Message) func(ctx context.Context) redrive.Plan {
	c, s, conn, queue := m.choice, m.selection, m.Conn, m.queue
	env, markers := m.Env, m.markers
	url := ""
	if q := conn.Queue(queue); q != nil {
		url = q.URL
	}
	return func(ctx context.Context) redrive.Plan {
		p := redrive.Plan{
			From: redrive.End{Stack: conn.Stack, Context: conn.Place.Context, URL: url}, Native: c.native, PerSecond: c.rate,
			IDs: s.IDs, Transform: c.transform(ctx, queue), Group: c.group, Dedup: c.dedup, TrustKept: c.trust,
			Guards: c.guards, Prove: c.prove, Known: known, Read: c.read, Leases: conn.Leases,
			Moves: env.MoveDir, Reports: env.ReportDir, Who: journal.WhoOf(conn.Place, ""),
			Label: func(id string) string { return s.Group[id] }, Markers: markers,
			Allow: func(ctx context.Context, g guard.Grant) context.Context { return conn.Guard.Allow(ctx, g) },
			Trend: func(arn backend.ARN) *fleet.Queue {
				if c.to != nil && c.to.arn == arn {
					return c.to.conn.Queue(arn)
				}
				return conn.Queue(arn)
			},
		}
		if c.jq != nil {
			p.Map = c.jq.String()
		}
		if s.Match != nil {
			p.Select = func(msg backend.Message) bool { return s.Match(ctx, msg) }
		}
		if c.to != nil {
			p.To = &redrive.End{Stack: c.to.conn.Stack, Context: c.to.conn.Place.Context, URL: c.to.url}
		}
		if env.Journal != nil {
			p.Recorder = env.Journal.For(journal.WhoOf(conn.Place, ""))
		}
		return p
	}
}
