package activity

import (
	"cmp"
	"fmt"
	"math"
	"slices"
	"strings"
	"time"

	tea "charm.land/bubbletea/v2"

	"sqscope/backend"
	"sqscope/backend/guard"
	"sqscope/backend/meter"
	"sqscope/themes"
	"sqscope/ui/screen"
	"sqscope/ui/text"
	"sqscope/ui/widget"
)

// ledger is what has been taken of the logs of requests.
type ledger struct {
	table  *widget.Table[callKey]
	meters []metered
	rows   []*call // that the filter means, the newest first
	all    []*call
	follow bool         // the cursor is on the newest of them, and goes on with it
	totals meter.Totals // of all places
	free   bool         // all of them are in this process
}

// metered is a place whose requests are counted.
type metered struct {
	conn *screen.Connection
	*meter.Meter
	seen  uint64 // number of the newest request taken
	calls []*call
}

// keep is how many requests are kept of a place, as many as its log holds.
const keep = 2000

type callKey struct {
	place string
	seq   uint64
}

// call is a request with its place, and what a filter looks in.
type call struct {
	meter.Call
	conn  *screen.Connection
	words string
}

func (c *call) key() callKey { return callKey{c.conn.Name, c.Seq} }

func newLedger(conns []*screen.Connection) ledger {
	l := ledger{free: true, follow: true}
	place := 0
	for _, c := range conns {
		if c.Meter != nil {
			l.meters = append(l.meters, metered{conn: c, Meter: c.Meter})
			l.free = l.free && c.Place.Embedded
		}
	}
	if len(l.meters) > 1 {
		place = 20
	}
	l.table = widget.NewTable[callKey]([]widget.Column{
		{Title: "WHEN", Min: 9, Max: 13},
		{Title: "TOOK", Min: 7, Max: 8, Right: true},
		{Title: "RESULT", Min: 10, Max: 22},
		{Title: "ACTION", Min: 18, Max: 34},
		{Title: "QUEUE", Min: 14, Max: 80, Flex: 1, Middle: true},
		{Title: "MSGS", Min: 4, Max: 6, Right: true, Priority: 2},
		{Title: "PLACE", Min: 8, Max: place, Priority: 1},
	})
	return l
}

// takeCalls takes what is new in the logs. It tells whether something among it
// changed a queue, or may have.
func (m *Model) takeCalls() (changed bool) {
	l, news := &m.log, false
	for i := range l.meters {
		p := &l.meters[i]
		if p.Seq() == p.seen {
			continue
		}
		news = true
		for _, c := range p.Log(p.seen) {
			p.seen = c.Seq
			p.calls = append(p.calls, logged(p.conn, c))
			changed = changed || guard.Needs(c.Action) == guard.Change
		}
		if n := len(p.calls) - keep; n > 0 {
			p.calls = slices.Delete(p.calls, 0, n)
		}
	}
	m.addUp()
	if news {
		l.all = l.all[:0]
		for i := range l.meters {
			l.all = append(l.all, l.meters[i].calls...)
		}
		slices.Reverse(l.all)
		if len(l.meters) > 1 {
			slices.SortStableFunc(l.all, func(a, b *call) int { return b.At.Compare(a.At) })
		}
		m.fillCalls()
	}
	return changed
}

// logged is a request ready for the list.
func logged(conn *screen.Connection, c meter.Call) *call {
	words := []string{c.Service, c.Action, queueName(c.Queue), conn.Name, c.RequestID}
	if c.Err != nil {
		words = append(words, "failed", c.Err.Kind.String(), c.Err.Code)
	}
	return &call{c, conn, strings.ToLower(strings.Join(words, " "))}
}

// addUp sums the totals of all places. Those in this process cost nothing.
func (m *Model) addUp() {
	var sum meter.Totals
	by := map[[2]string]meter.ActionTotal{}
	for _, p := range m.log.meters {
		t := p.Totals()
		sum.Requests += t.Requests
		sum.Errors += t.Errors
		if !p.conn.Place.Embedded {
			sum.USD += t.USD
			sum.Standard += t.Standard
			sum.FIFO += t.FIFO
			sum.Metrics += t.Metrics
			sum.Label = t.Label
		}
		for _, a := range t.Actions {
			k := [2]string{a.Service, a.Action}
			s := by[k]
			s.Service, s.Action = a.Service, a.Action
			s.Requests, s.Errors, s.Billed = s.Requests+a.Requests, s.Errors+a.Errors, s.Billed+a.Billed
			by[k] = s
		}
	}
	for _, a := range by {
		sum.Actions = append(sum.Actions, a)
	}
	slices.SortFunc(sum.Actions, func(a, b meter.ActionTotal) int {
		return cmp.Or(cmp.Compare(b.Requests, a.Requests), cmp.Compare(a.Service+a.Action, b.Service+b.Action))
	})
	m.log.totals = sum
}

// fillCalls shows what the filter means. While nobody moves, the newest request
// is in sight.
func (m *Model) fillCalls() {
	l := &m.log
	l.rows = l.rows[:0]
	for _, c := range l.all {
		if m.has(c.words) {
			l.rows = append(l.rows, c)
		}
	}
	l.table.SetRows(len(l.rows), func(i int) callKey { return l.rows[i].key() }, m.callCell)
	if l.follow && m.calm() {
		l.table.Top()
	}
}

// callHere is the request under the cursor.
func (m *Model) callHere() *call {
	k, ok := m.log.table.Key()
	i := slices.IndexFunc(m.log.rows, func(c *call) bool { return c.key() == k })
	if !ok || i < 0 {
		return nil
	}
	return m.log.rows[i]
}

func (m *Model) copyCall() tea.Cmd {
	c := m.callHere()
	if c == nil {
		return nil
	}
	line, whole := c.Line(c.conn.Place)
	switch {
	case line == "":
		return m.Env.Host.Say(themes.Warn, text.Sprintf("a request to %s has no aws sqs line", c.Service))
	case !whole:
		return m.Env.Host.Clipboard(text.Const("the command, which is not whole: of a long value only the beginning was kept"), line)
	}
	return m.Env.Host.Clipboard(text.Sprintf("the command of this %s", c.Action), line)
}

// queueName is the name of a queue however a request says it.
func queueName(s string) string {
	if arn, ok := backend.ParseARN(s); ok {
		return arn.Name
	}
	if _, name := backend.URLParts(s); name != "" {
		return name
	}
	return s
}

// tookWords is how long a request took: 0.4 ms, 23 ms, 1.2 s.
func tookWords(d time.Duration) string {
	switch ms := float64(d) / float64(time.Millisecond); {
	case ms < 9.95:
		return fmt.Sprintf("%.1f ms", ms)
	case ms < 999.5:
		return fmt.Sprintf("%.0f ms", ms)
	}
	return fmt.Sprintf("%.1f s", d.Seconds())
}

// dollars is the most that something cost, rounded up to a hundredth of a cent,
// or of a dollar from one dollar on.
func dollars(usd float64) string {
	if usd < 1 {
		return fmt.Sprintf("$%.4f", math.Ceil(usd*1e4)/1e4)
	}
	return fmt.Sprintf("$%.2f", math.Ceil(usd*100)/100)
}
