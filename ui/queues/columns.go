package queues

import (
	"slices"
	"time"

	"sqscope/backend"
	"sqscope/backend/fleet"
	"sqscope/themes"
	"sqscope/ui/format"
	"sqscope/ui/text"
	"sqscope/ui/widget"
)

// column is one that the list can have.
type column struct {
	id, word string // for configuration and views; for people
	help     string
	head     widget.Column
	usual    bool
	several  bool // usual only where the context has several places
	cell     func(m *Model, r row, q *fleet.Queue) widget.Cell
	// value is what the column is sorted by, the highest first. Not known sorts
	// behind known, whichever way round. nil: sorted by words.
	value func(q *fleet.Queue, now time.Time) (v float64, known bool)
	words func(r row) string
}

const placeColumn = "place"

// columns are all there are. The first is always shown.
var columns = []column{
	{
		id: "name", word: "name", help: "the queue, and under it its dead-letter queue", usual: true,
		head: widget.Column{Title: "NAME", Min: 24, Max: 80, Middle: true},
		cell: (*Model).nameCell, words: func(r row) string { return r.q.ARN.Name },
	},
	{
		id: "mark", word: "DLQ", help: "DLQ where a RedrivePolicy names the queue", usual: true,
		head: widget.Column{Title: "", Min: 3, Max: 3},
		cell: func(_ *Model, _ row, q *fleet.Queue) widget.Cell {
			if q.IsDLQ() {
				return widget.Cell{Text: text.Const("DLQ"), Role: themes.DLQ}
			}
			return widget.Cell{}
		},
		value: func(q *fleet.Queue, _ time.Time) (float64, bool) { return float64(len(q.Sources)), true },
	},
	{
		id: placeColumn, word: "place", help: "the profile and region that it is in", several: true,
		head: widget.Column{Title: "PLACE", Min: 9, Max: 24, Priority: 1},
		cell: func(_ *Model, r row, _ *fleet.Queue) widget.Cell {
			return widget.Cell{Text: text.Clean(r.conn.Name), Role: themes.Dim}
		},
		words: func(r row) string { return r.conn.Name },
	},
	{
		id: "type", word: "type", help: "standard or FIFO", usual: true,
		head: widget.Column{Title: "TYPE", Min: 4, Max: 4, Priority: 5},
		cell: func(_ *Model, _ row, q *fleet.Queue) widget.Cell {
			if q.FIFO {
				return widget.Cell{Text: text.Const("fifo"), Role: themes.Fifo}
			}
			return widget.Cell{Text: text.Const("std"), Role: themes.Dim}
		},
		words: func(r row) string { return map[bool]string{true: "fifo", false: "std"}[r.q.FIFO] },
	},
	{
		id: "visible", word: "visible", help: "messages that can be received now", usual: true,
		head:  widget.Column{Title: "VISIBLE", Min: 8, Max: 11, Right: true},
		cell:  (*Model).visibleCell,
		value: counted(func(q *fleet.Queue) int { return q.Visible }),
	},
	{
		id: "inflight", word: "in flight", help: "messages that were received and not deleted", usual: true,
		head:  widget.Column{Title: "IN FLIGHT", Min: 9, Max: 9, Right: true},
		cell:  counts(func(q *fleet.Queue) int { return q.InFlight }),
		value: counted(func(q *fleet.Queue) int { return q.InFlight }),
	},
	{
		id: "delayed", word: "delayed", help: "messages that are not yet visible", usual: true,
		head:  widget.Column{Title: "DELAYED", Min: 7, Max: 9, Right: true, Priority: 6},
		cell:  counts(func(q *fleet.Queue) int { return q.Delayed }),
		value: counted(func(q *fleet.Queue) int { return q.Delayed }),
	},
	{
		id: "stored", word: "stored", help: "all three together",
		head:  widget.Column{Title: "STORED", Min: 8, Max: 11, Right: true, Priority: 5},
		cell:  counts((*fleet.Queue).Stored),
		value: counted((*fleet.Queue).Stored),
	},
	{
		id: "oldest", word: "oldest", help: "age of the oldest message: from the engine, or from CloudWatch if that is read", usual: true,
		head: widget.Column{Title: "OLDEST", Min: 7, Max: 8, Right: true, Priority: 2},
		cell: (*Model).oldestCell,
		value: func(q *fleet.Queue, now time.Time) (float64, bool) {
			return now.Sub(q.Oldest).Seconds(), !q.Oldest.IsZero()
		},
	},
	{
		id: "in", word: "in/s", help: "messages that come in a second; — where only depths are known", usual: true,
		head:  widget.Column{Title: "IN/s", Min: 6, Max: 6, Right: true, Priority: 8},
		cell:  rates(func(r fleet.Rates) (float64, bool) { return r.In, r.InKnown }),
		value: rated(func(r fleet.Rates) (float64, bool) { return r.In, r.InKnown }),
	},
	{
		id: "out", word: "out/s", help: "messages that are deleted a second; — where only depths are known", usual: true,
		head:  widget.Column{Title: "OUT/s", Min: 6, Max: 6, Right: true, Priority: 9},
		cell:  rates(func(r fleet.Rates) (float64, bool) { return r.Out, r.OutKnown }),
		value: rated(func(r fleet.Rates) (float64, bool) { return r.Out, r.OutKnown }),
	},
	{
		id: "net", word: "net/s", help: "growth in messages a second, from two readings",
		head:  widget.Column{Title: "NET/s", Min: 7, Max: 8, Right: true, Priority: 4},
		cell:  (*Model).netCell,
		value: rated(func(r fleet.Rates) (float64, bool) { return r.Net, r.NetKnown }),
	},
	{
		id: "drain", word: "drained in", help: "when it is empty if it goes on shrinking like this",
		head:  widget.Column{Title: "EMPTY IN", Min: 8, Max: 9, Right: true, Priority: 4},
		cell:  (*Model).drainCell,
		value: func(q *fleet.Queue, _ time.Time) (float64, bool) { return q.Rates.Drain.Seconds(), q.Rates.DrainKnown },
	},
	{
		id: "trend", word: "trend", help: "the visible count of the last minutes", usual: true,
		head: widget.Column{Title: "TREND", Min: minTrend, Max: maxTrend, Flex: 1, Right: true, Priority: 10},
		cell: func(_ *Model, _ row, q *fleet.Queue) widget.Cell {
			return widget.Cell{Fill: func(w int) text.Safe { return text.Const(widget.Spark(q.Trend, w)) }, Role: themes.Spark}
		},
		value: rated(func(r fleet.Rates) (float64, bool) { return r.Net, r.NetKnown }),
	},
	{
		id: "lost", word: "lost in", help: "when retention takes the first message of a dead-letter queue", usual: true,
		head:  widget.Column{Title: "LOST IN", Min: 7, Max: 8, Right: true, Priority: 3},
		cell:  (*Model).lossCell,
		value: func(q *fleet.Queue, now time.Time) (float64, bool) { d, ok := loss(q, now); return -d.Seconds(), ok },
	},
	{
		id: "dlq", word: "dead letters to", help: "the dead-letter queue that its RedrivePolicy names",
		head: widget.Column{Title: "DEAD LETTERS TO", Min: 15, Max: 40, Priority: 4, Middle: true},
		cell: func(_ *Model, _ row, q *fleet.Queue) widget.Cell {
			switch {
			case q.DLQ == nil && q.AsOf.IsZero():
				return unknown()
			case q.DLQ == nil:
				return widget.Cell{Text: text.Const("none"), Role: themes.Dim}
			case q.DLQMissing:
				return widget.Cell{Text: text.Sprintf("%s (missing)", q.DLQ.Name), Role: themes.Bad}
			}
			return widget.Cell{Text: text.Clean(q.DLQ.Name), Role: themes.DLQ}
		},
		words: func(r row) string {
			if r.q.DLQ == nil {
				return ""
			}
			return r.q.DLQ.Name
		},
	},
	{
		id: "read", word: "read", help: "how old the row's numbers are",
		head: widget.Column{Title: "READ", Min: 6, Max: 7, Right: true, Priority: 5},
		cell: func(_ *Model, _ row, q *fleet.Queue) widget.Cell {
			if q.AsOf.IsZero() {
				return unknown()
			}
			return widget.Cell{Text: text.Const(format.Span(time.Since(q.AsOf))), Role: themes.Dim}
		},
		value: func(q *fleet.Queue, _ time.Time) (float64, bool) {
			return -float64(q.AsOf.UnixMilli()), !q.AsOf.IsZero()
		},
	},
	{
		id: "account", word: "account", help: "the account that owns it",
		head: widget.Column{Title: "ACCOUNT", Min: 12, Max: 12, Priority: 4},
		cell: func(_ *Model, _ row, q *fleet.Queue) widget.Cell {
			return widget.Cell{Text: text.Clean(q.ARN.Account), Role: themes.Dim}
		},
		words: func(r row) string { return r.q.ARN.Account },
	},
}

// The trend takes the room that is left: a cell is 5 s.
const (
	minTrend = 10
	maxTrend = 60
)

func counted(n func(*fleet.Queue) int) func(*fleet.Queue, time.Time) (float64, bool) {
	return func(q *fleet.Queue, _ time.Time) (float64, bool) { return float64(n(q)), !q.AsOf.IsZero() }
}

func rated(rate func(fleet.Rates) (float64, bool)) func(*fleet.Queue, time.Time) (float64, bool) {
	return func(q *fleet.Queue, _ time.Time) (float64, bool) { return rate(q.Rates) }
}

// columnIDs are the names of all columns.
func columnIDs() []string {
	ids := make([]string, len(columns))
	for i, c := range columns {
		ids[i] = c.id
	}
	return ids
}

// columnOf is the place of a column in columns, or -1.
func columnOf(id string) int {
	return slices.IndexFunc(columns, func(c column) bool { return c.id == id })
}

// usualColumns are those shown unless somebody chose.
func usualColumns(several bool) []string {
	var ids []string
	for _, c := range columns {
		if c.usual || c.several && several {
			ids = append(ids, c.id)
		}
	}
	return ids
}

// known keeps the columns that there are, the name first.
func known(ids []string) []string {
	out := []string{columns[0].id}
	for _, id := range ids {
		if columnOf(id) >= 0 && !slices.Contains(out, id) {
			out = append(out, id)
		}
	}
	return out
}

// loss is when the first message of a dead-letter queue is lost: its retention
// runs from when the oldest was sent, on a FIFO queue from the move (docs/SQS.md
// 6.2), which is what Oldest says.
func loss(q *fleet.Queue, now time.Time) (time.Duration, bool) {
	if !q.IsDLQ() || q.Oldest.IsZero() || q.Attributes == nil {
		return 0, false
	}
	kept := time.Duration(q.Setting(backend.AttrMessageRetentionPeriod)) * time.Second
	return q.Oldest.Add(kept).Sub(now), true
}
