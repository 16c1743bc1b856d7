package health

import (
	"cmp"
	"slices"
	"strings"
	"time"

	"sqscope/backend"
	"sqscope/backend/doctor"
	"sqscope/backend/fleet"
	"sqscope/ui/screen"
)

// key is what a row is about: a finding, or a group of them.
type key struct {
	place string
	queue backend.ARN
	id    doctor.ID
	about string
	group string
}

// finding is one with the place it was found in.
type finding struct {
	doctor.Finding
	conn  *screen.Connection
	words string // what a filter looks in, in lower case
}

// row is a finding, or without a place the head of a group.
type row struct {
	finding
	group string // what it is grouped by
	of    []row  // a group
	n     int    // queues in it, where it is a rule
	open  bool   // it is unfolded
	child bool
}

func (r row) key() key {
	if r.conn == nil {
		return key{group: r.group}
	}
	return key{place: r.conn.Name, queue: r.Queue, id: r.ID, about: r.About}
}

// diagnosis is what is wrong in all places, and how much of them it rests on.
type diagnosis struct {
	findings    []finding // the worst first
	harms       [doctor.Loses + 1]int
	read, known int  // queues
	reading     bool // some have not been tried once
	complete    bool // all names are known
}

// diagnose looks at the pictures of the places. For ten thousand queues it takes
// about a second, so it runs in a command.
func diagnose(conns []*screen.Connection, snaps []*fleet.Snapshot, now time.Time) diagnosis {
	d := diagnosis{complete: true}
	for i, conn := range conns {
		s := snaps[i]
		for _, f := range doctor.Fleet(doctor.Observe(s, now, conn.Place.Embedded)) {
			words := strings.ToLower(strings.Join([]string{f.Queue.Name, conn.Name, string(f.ID), f.Harm.String(), f.Title}, " "))
			d.findings = append(d.findings, finding{f, conn, words})
			d.harms[f.Harm]++
		}
		d.read += s.Known
		d.known += len(s.Queues)
		d.reading = d.reading || screen.Reading(s)
		d.complete = d.complete && s.ListComplete
	}
	if len(conns) > 1 {
		slices.SortStableFunc(d.findings, func(a, b finding) int {
			return cmp.Or(cmp.Compare(b.Harm, a.Harm), cmp.Compare(a.Queue.Name, b.Queue.Name))
		})
	}
	return d
}

// grouping is what rows stand under.
type grouping int

const (
	byNothing grouping = iota
	byRule
	byQueue
)

// order is how the findings are arranged.
type order struct {
	words    []string // all of them must be there, in lower case
	by       grouping
	unfolded map[string]bool
}

// arrangement is the rows as they are to be shown.
type arrangement struct {
	n    int
	rows []row
	at   map[key]int
}

// arrange makes the rows: those that the words mean, in groups if wanted. Groups
// are in the order of the worst in them, then of their number.
func arrange(n int, all []finding, o order) arrangement {
	a := arrangement{n: n, rows: rowsOf(all, o)}
	a.at = make(map[key]int, len(a.rows))
	for i, r := range a.rows {
		a.at[r.key()] = i
	}
	return a
}

func rowsOf(all []finding, o order) []row {
	var rows []row
	groups := map[string][]row{}
	var names []string
	for _, f := range all {
		if slices.ContainsFunc(o.words, func(w string) bool { return !strings.Contains(f.words, w) }) {
			continue
		}
		r := row{finding: f}
		switch o.by {
		case byNothing:
			rows = append(rows, r)
			continue
		case byRule:
			r.group = string(f.ID)
		case byQueue:
			r.group = f.Queue.Name + " " + f.conn.Name
		}
		r.child = true
		if groups[r.group] == nil {
			names = append(names, r.group)
		}
		groups[r.group] = append(groups[r.group], r)
	}
	slices.SortStableFunc(names, func(a, b string) int {
		return cmp.Or(cmp.Compare(groups[b][0].Harm, groups[a][0].Harm), cmp.Compare(len(groups[b]), len(groups[a])))
	})
	for _, name := range names {
		g := groups[name]
		rows = append(rows, head(g, name, o))
		if o.unfolded[name] {
			rows = append(rows, g...)
		}
	}
	return rows
}

// head is the row over a group, the worst of which is first.
func head(g []row, name string, o order) row {
	r := row{group: name, of: g, open: o.unfolded[name]}
	r.Harm, r.ID, r.Queue = g[0].Harm, g[0].ID, g[0].Queue
	if o.by == byRule {
		queues := make(map[key]bool, len(g))
		for _, f := range g {
			queues[key{place: f.conn.Name, queue: f.Queue}] = true
		}
		r.n = len(queues)
	}
	return r
}
