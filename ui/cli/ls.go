package cli

import (
	"strconv"
	"time"

	"sqscope/backend"
	"sqscope/ui/format"
)

// lsCmd lists queues and depths.
type lsCmd struct {
	place
	Pattern glob `arg:"" optional:"" help:"Only queues whose name fits: * is any letters, ? is one, [a-c] one of some." complete:"queue"`
}

// queueObject is a queue as programs see it (DESIGN.md section 7). What is not
// known is null.
type queueObject struct {
	Name            string   `json:"name"`
	URL             string   `json:"url"`
	ARN             string   `json:"arn"`
	Type            string   `json:"type"`
	Visible         *int     `json:"visible"`
	InFlight        *int     `json:"inFlight"`
	Delayed         *int     `json:"delayed"`
	DLQ             *string  `json:"dlq"`
	MaxReceiveCount *int     `json:"maxReceiveCount"`
	Sources         []string `json:"sources"`
	OldestSeconds   *int64   `json:"oldestSeconds"`
	AsOf            *string  `json:"asOf"`
	Error           *string  `json:"error"`
}

func (r row) object() queueObject {
	o := queueObject{Name: r.ARN.Name, URL: r.URL, ARN: r.ARN.String(), Type: "standard", Sources: []string{}}
	if r.FIFO {
		o.Type = "fifo"
	}
	for _, s := range r.Sources {
		o.Sources = append(o.Sources, s.String())
	}
	if !r.AsOf.IsZero() {
		at := r.AsOf.UTC().Format(time.RFC3339)
		o.Visible, o.InFlight, o.Delayed, o.AsOf = &r.Visible, &r.InFlight, &r.Delayed, &at
	}
	if target := r.Redrive.DeadLetterTargetArn; target != "" {
		o.DLQ, o.MaxReceiveCount = &target, &r.Redrive.MaxReceiveCount
	}
	if age, ok := r.age(); ok {
		seconds := int64(age / time.Second)
		o.OldestSeconds = &seconds
	}
	if r.Err != nil {
		said := r.Err.Error()
		o.Error = &said
	}
	return o
}

// age is how old its oldest message is, if that is known and there is one.
func (r row) age() (time.Duration, bool) {
	if !r.Measured || r.Oldest.IsZero() {
		return 0, false
	}
	return max(0, r.of.Snapshot().Now(time.Now()).Sub(r.Oldest)), true
}

// cells are the queue as a line of a table.
func (o queueObject) cells() []string {
	count := func(n *int) string {
		if n == nil {
			return format.Unknown
		}
		return strconv.Itoa(*n)
	}
	age, dlq := format.Unknown, ""
	if o.OldestSeconds != nil {
		age = format.Span(time.Duration(*o.OldestSeconds) * time.Second)
	}
	if o.DLQ != nil {
		dlq = *o.DLQ
		if arn, ok := backend.ParseARN(dlq); ok {
			dlq = arn.Name
		}
		dlq += " after " + strconv.Itoa(*o.MaxReceiveCount)
	}
	if o.Error != nil {
		dlq = *o.Error
	}
	return []string{o.Name, o.Type, count(o.Visible), count(o.InFlight), count(o.Delayed), age, dlq}
}

// Run lists them. One that cannot be read is listed with its error, and the exit
// code says that something failed.
func (c *lsCmd) Run(r *runner) error {
	return r.in(c.place, false, func(s *session) error {
		rows, err := s.read(s.surveys(), c.Pattern.match)
		if err != nil {
			return err
		}
		if len(rows) == 0 {
			return none(c.Pattern, s)
		}
		objects, unread := make([]queueObject, len(rows)), 0
		var sources map[backend.ARN][]string
		if c.Pattern != "" && s.JSON {
			sources = s.sourcesOf(rows)
		}
		for i, r := range rows {
			objects[i] = r.object()
			if known, ok := sources[r.ARN]; ok {
				objects[i].Sources = known
			}
			if r.Err != nil {
				unread++
			}
		}
		head, cells := []string{"NAME", "TYPE", "VISIBLE", "IN FLIGHT", "DELAYED", "OLDEST", "DEAD LETTERS TO"}, queueObject.cells
		if len(s.conns) > 1 {
			head, cells = append([]string{"REGION"}, head...), func(o queueObject) []string {
				arn, _ := backend.ParseARN(o.ARN)
				return append([]string{arn.Region}, o.cells()...)
			}
		}
		s.progress.clear()
		if err := list(s.Out, head, objects, cells); err != nil {
			return err
		}
		if unread > 0 {
			return &backend.Error{Kind: backend.KindInternal, Message: strconv.Itoa(unread) + " of " + format.Plural(len(rows), "queue") + " could not be read", Next: "what is wrong with each stands in its line"}
		}
		return nil
	})
}

// none says that no queue matched.
func none(pattern glob, s *session) error {
	where := s.conns[0].Place.Context
	if pattern == "" {
		return nothing("there are no queues in " + where)
	}
	return nothing("no queue in " + where + " fits " + strconv.Quote(string(pattern)))
}
