package queues

import (
	"cmp"
	"slices"
	"strings"

	"sqscope/backend"
	"sqscope/backend/fleet"
)

// column is what the list is sorted by.
type column int

const (
	byBacklog column = iota
	byName
	byInFlight
	byDelayed
	byOldest
	byIn
	byOut
	columns
)

var columnWords = [columns]string{"backlog", "name", "in flight", "delayed", "oldest", "in/s", "out/s"}

// order is how the list is arranged.
type order struct {
	by      column
	reverse bool
	tree    bool // dead-letter queues under their sources
	words   string
}

// row is a queue and how far it is indented.
type row struct {
	q     *fleet.Queue
	child bool
}

// arrange puts the queues in order: filtered, sorted, and in a tree the
// dead-letter queues under the first of their sources. It works on 10,000
// queues, so it runs in a command.
func arrange(all []*fleet.Queue, o order) []row {
	words := strings.Fields(strings.ToLower(o.words))
	var kept []*fleet.Queue
	for _, q := range all {
		if matches(q, words) {
			kept = append(kept, q)
		}
	}
	slices.SortStableFunc(kept, func(a, b *fleet.Queue) int { return compare(a, b, o) })
	rows := make([]row, 0, len(kept))
	if !o.tree {
		for _, q := range kept {
			rows = append(rows, row{q: q})
		}
		return rows
	}
	present := make(map[backend.ARN]*fleet.Queue, len(kept))
	for _, q := range kept {
		present[q.ARN] = q
	}
	placed := make(map[backend.ARN]bool)
	var place func(q *fleet.Queue, child bool)
	place = func(q *fleet.Queue, child bool) {
		if placed[q.ARN] {
			return
		}
		placed[q.ARN] = true
		rows = append(rows, row{q, child})
		if q.DLQ != nil {
			if d := present[*q.DLQ]; d != nil {
				place(d, true)
			}
		}
	}
	for _, q := range kept {
		if !slices.ContainsFunc(q.Sources, func(s backend.ARN) bool { return s != q.ARN && present[s] != nil }) {
			place(q, false)
		}
	}
	for _, q := range kept { // those that are each other's dead-letter queue
		place(q, false)
	}
	return rows
}

func matches(q *fleet.Queue, words []string) bool {
	if len(words) == 0 {
		return true
	}
	name := strings.ToLower(q.ARN.Name)
	for _, w := range words {
		if !strings.Contains(name, w) {
			return false
		}
	}
	return true
}

// compare sorts numbers as numbers, what is not known behind what is, whichever
// way round, and equals by name.
func compare(a, b *fleet.Queue, o order) int {
	if o.by == byName {
		c := cmp.Compare(a.ARN.Name, b.ARN.Name)
		if o.reverse {
			return -c
		}
		return c
	}
	va, oka := value(a, o.by)
	vb, okb := value(b, o.by)
	switch {
	case oka != okb && oka:
		return -1
	case oka != okb:
		return 1
	}
	c := cmp.Compare(vb, va) // the largest first
	if o.reverse {
		c = -c
	}
	if c == 0 {
		return cmp.Compare(a.ARN.Name, b.ARN.Name)
	}
	return c
}

func value(q *fleet.Queue, by column) (v float64, known bool) {
	if q.AsOf.IsZero() {
		return 0, false
	}
	switch by {
	case byBacklog:
		return float64(q.Visible), true
	case byInFlight:
		return float64(q.InFlight), true
	case byDelayed:
		return float64(q.Delayed), true
	case byOldest:
		return -float64(q.Oldest.UnixMilli()), !q.Oldest.IsZero()
	case byIn:
		return q.Rates.In, q.Rates.InKnown
	case byOut:
		return q.Rates.Out, q.Rates.OutKnown
	}
	return 0, false
}
