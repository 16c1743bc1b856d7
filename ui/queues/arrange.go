package queues

import (
	"cmp"
	"slices"
	"strings"
	"time"

	"sqscope/backend"
	"sqscope/backend/config"
	"sqscope/backend/doctor"
	"sqscope/backend/find"
	"sqscope/backend/fleet"
	"sqscope/ui/screen"
)

// key is which queue a row is about.
type key struct {
	place string
	arn   backend.ARN
}

// row is a queue and how far it is indented.
type row struct {
	conn  *screen.Connection
	q     *fleet.Queue
	child bool
}

func (r row) key() key { return key{r.conn.Name, r.q.ARN} }

// order is how the list is arranged.
type order struct {
	by      int // of columns
	reverse bool
	flat    bool // dead-letter queues not under their sources
	trouble bool // only those with trouble
	query   find.Query
}

// sight is what an arrangement is made from: pictures of the places, and what is
// pinned in them.
type sight struct {
	conns []*screen.Connection
	snaps []*fleet.Snapshot
	pins  map[key]bool
	names []string    // patterns of names that are pinned everywhere
	known map[key]int // findings that are recent enough; nil: to be looked for if needed
}

func (s sight) pinned(r row) bool {
	return s.pins[r.key()] || slices.ContainsFunc(s.names, func(p string) bool { return config.Match(p, r.q.ARN.Name) || p == r.q.ARN.String() })
}

// arrangement is the list as it is to be shown.
type arrangement struct {
	n       int
	rows    []row
	unknown int         // queues of which the filter cannot tell
	health  map[key]int // findings of a queue that are harmful

	examined bool // health is new
}

// entry is a queue while it is being arranged.
type entry struct {
	row
	score  int
	pinned bool
	value  float64
	known  bool
	words  string
}

// arrange puts the queues in order: filtered, sorted, pinned ones first, and in a
// tree the dead-letter queues under the first of their sources. It works on
// 10,000 queues, so it runs in a command.
func arrange(s sight, o order) arrangement {
	var a arrangement
	needs := o.query.Needs()
	if needs.Trouble || o.trouble {
		if a.health = s.known; a.health == nil {
			a.health, a.examined = health(s), true
		}
	}
	var kept []entry
	for i, conn := range s.conns {
		now, reading := s.snaps[i].Now(time.Now()), screen.Reading(s.snaps[i])
		for _, q := range s.snaps[i].Queues {
			e := entry{row: row{conn: conn, q: q}}
			e.pinned = s.pinned(e.row)
			f := facts(e.row, now, reading, a.health)
			f.Pinned = e.pinned
			if o.trouble && f.Trouble != find.Yes {
				continue
			}
			verdict, score := o.query.Match(&f)
			switch verdict {
			case find.No:
				continue
			case find.Unknown:
				a.unknown++
				continue
			}
			e.score = score
			e.measure(o, now)
			kept = append(kept, e)
		}
	}
	slices.SortFunc(kept, func(x, y entry) int { return compare(x, y, o) })
	a.rows = tree(kept, o.flat)
	return a
}

// facts is what the filter may ask of a queue. While queues are still being read
// nobody can say that one is no dead-letter queue.
func facts(r row, now time.Time, reading bool, health map[key]int) find.Row {
	q, read := r.q, !r.q.AsOf.IsZero()
	f := find.Row{
		Name: q.ARN.Name, Region: q.ARN.Region, Context: r.conn.Name, FIFO: q.FIFO,
		Counts: read, Visible: q.Visible, InFlight: q.InFlight, Delayed: q.Delayed,
		InKnown: q.Rates.InKnown, OutKnown: q.Rates.OutKnown, NetKnown: q.Rates.NetKnown,
		In: q.Rates.In, Out: q.Rates.Out, Net: q.Rates.Net,
		TagsKnown: !q.TagsAsOf.IsZero(), Tags: q.Tags,
	}
	if !q.Oldest.IsZero() {
		f.AgeKnown, f.Age = true, now.Sub(q.Oldest)
	} else if q.Measured || read && q.Stored() == 0 {
		f.AgeKnown = true // nothing is stored
	}
	switch {
	case q.IsDLQ():
		f.DLQ = find.Yes
	case !reading:
		f.DLQ = find.No
	}
	switch {
	case q.Err != nil || q.DLQMissing || q.IsDLQ() && read && q.Stored() > 0 || health[r.key()] > 0:
		f.Trouble = find.Yes
	case read && health != nil:
		f.Trouble = find.No
	}
	return f
}

// health counts what the doctor finds that loses or exposes messages. That a
// queue has no dead-letter queue is not among it: so many have none that nothing
// else would be seen. The doctor's own screen has it.
func health(s sight) map[key]int {
	n := map[key]int{}
	for i, conn := range s.conns {
		for _, f := range doctor.Fleet(doctor.Observe(s.snaps[i], s.snaps[i].Now(time.Now()), conn.Place.Embedded)) {
			if f.Harm > doctor.Blocks && f.ID != doctor.NoDLQ {
				n[key{conn.Name, f.Queue}]++
			}
		}
	}
	return n
}

// measure notes what the queue is sorted by.
func (e *entry) measure(o order, now time.Time) {
	c := columns[o.by]
	if c.value != nil {
		e.value, e.known = c.value(e.q, now)
		return
	}
	e.words, e.known = c.words(e.row), true
}

// compare puts pinned queues first, then the better fit of a name, then sorts by
// the column: numbers as numbers, what is not known behind what is, whichever way
// round, and equals by name.
func compare(x, y entry, o order) int {
	switch {
	case x.pinned != y.pinned && x.pinned, x.known != y.known && x.known:
		return -1
	case x.pinned != y.pinned, x.known != y.known:
		return 1
	}
	c := cmp.Compare(y.value, x.value) // the largest first
	if columns[o.by].value == nil {
		c = strings.Compare(x.words, y.words)
	}
	if o.reverse {
		c = -c
	}
	if c = cmp.Or(c, cmp.Compare(y.score, x.score), strings.Compare(x.q.ARN.Name, y.q.ARN.Name), strings.Compare(x.conn.Name, y.conn.Name)); c != 0 {
		return c
	}
	return strings.Compare(x.q.ARN.String(), y.q.ARN.String()) // of another account
}

// tree puts dead-letter queues under the first of their sources that is shown.
func tree(kept []entry, flat bool) []row {
	rows := make([]row, 0, len(kept))
	if flat {
		for _, e := range kept {
			rows = append(rows, e.row)
		}
		return rows
	}
	present := make(map[key]row)
	for _, e := range kept {
		if e.q.IsDLQ() || e.q.DLQ != nil {
			present[e.key()] = e.row
		}
	}
	placed := make(map[*fleet.Queue]bool, len(kept))
	var place func(r row, child bool)
	place = func(r row, child bool) {
		if placed[r.q] {
			return
		}
		placed[r.q] = true
		r.child = child
		rows = append(rows, r)
		if r.q.DLQ != nil {
			if d, shown := present[key{r.conn.Name, *r.q.DLQ}]; shown {
				place(d, true)
			}
		}
	}
	for _, e := range kept {
		sourceShown := slices.ContainsFunc(e.q.Sources, func(s backend.ARN) bool {
			_, shown := present[key{e.conn.Name, s}]
			return s != e.q.ARN && shown
		})
		if !sourceShown {
			place(e.row, false)
		}
	}
	for _, e := range kept { // those that are each other's dead-letter queue
		place(e.row, false)
	}
	return rows
}
