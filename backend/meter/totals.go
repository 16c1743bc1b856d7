package meter

import (
	"cmp"
	"slices"
)

// Prices are what requests cost, in US dollars.
type Prices struct {
	Standard float64 // a million requests on standard queues, and on none
	FIFO     float64 // a million requests on FIFO queues
	Metrics  float64 // a thousand metrics asked of CloudWatch
	Label    string  // what prices they are, in words
}

// ListPrices are AWS's list prices in us-east-1 (docs/SQS.md 12.1).
func ListPrices() Prices {
	return Prices{Standard: 0.40, FIFO: 0.50, Metrics: 0.01, Label: "list price us-east-1, free tier ignored"}
}

// Totals are all requests of a meter so far.
type Totals struct {
	Requests uint64 // that were sent, those under way included
	Errors   uint64 // that failed
	Actions  []ActionTotal
	Standard uint64 // requests as SQS bills them, on standard queues and on none
	FIFO     uint64 // and on FIFO queues
	Metrics  uint64 // asked of CloudWatch
	// USD is the most that it can have cost: requests that failed count in full,
	// and requests to other services than SQS and CloudWatch as free.
	USD   float64
	Label string // what prices those are
}

// ActionTotal is what was asked of one action.
type ActionTotal struct {
	Service  string
	Action   string
	Requests uint64
	Errors   uint64
	Billed   uint64 // requests as SQS bills them; 0 for other services
}

// actionOf is an action of a service.
type actionOf struct{ service, action string }

// sums are what the price is made of.
type sums struct{ errors, standard, fifo, metrics uint64 }

// count adds a call to the totals. The caller holds mu.
func (m *Meter) count(c Call) {
	key := actionOf{c.Service, c.Action}
	t := m.totals[key]
	if t == nil {
		t = &ActionTotal{Service: c.Service, Action: c.Action}
		m.totals[key] = t
	}
	t.Requests++
	t.Billed += uint64(c.Billed)
	if c.Err != nil {
		t.Errors++
		m.sums.errors++
	}
	switch {
	case c.Service != sqs:
		m.sums.metrics += uint64(c.Items)
	case fifo(c.Queue):
		m.sums.fifo += uint64(c.Billed)
	default:
		m.sums.standard += uint64(c.Billed)
	}
}

// Totals are the requests so far and what they cost. Actions are in order of
// service and name, SQS's own first.
func (m *Meter) Totals() Totals {
	m.mu.Lock()
	defer m.mu.Unlock()
	p, s := m.options.Prices, m.sums
	t := Totals{
		Errors: s.errors, Standard: s.standard, FIFO: s.fifo, Metrics: s.metrics, Label: p.Label,
		USD: float64(s.standard)*p.Standard/1e6 + float64(s.fifo)*p.FIFO/1e6 + float64(s.metrics)*p.Metrics/1e3,
	}
	for action, sent := range m.Counts() {
		total := ActionTotal{Service: sqs, Action: action}
		if known := m.totals[actionOf{sqs, action}]; known != nil {
			total = *known
		}
		total.Requests = sent // a request under way has no call yet
		t.Actions = append(t.Actions, total)
	}
	for key, total := range m.totals {
		if key.service != sqs {
			t.Actions = append(t.Actions, *total)
		}
	}
	slices.SortFunc(t.Actions, func(a, b ActionTotal) int {
		return cmp.Or(rank(a)-rank(b), cmp.Compare(a.Service, b.Service), cmp.Compare(a.Action, b.Action))
	})
	for _, a := range t.Actions {
		t.Requests += a.Requests
	}
	return t
}

func rank(a ActionTotal) int {
	if a.Service == sqs {
		return 0
	}
	return 1
}

// billed is how many requests SQS bills for one with so many bytes of messages:
// each 64 KiB that is begun counts (docs/SQS.md 12.1).
func billed(bytes int) int { return max(1, (bytes+chunk-1)/chunk) }

const chunk = 64 << 10
