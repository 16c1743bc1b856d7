package cli

import (
	"context"
	"fmt"
	"strconv"
	"strings"
	"time"

	"sqscope/backend"
	"sqscope/ui/format"
	"sqscope/ui/text"
)

// watchCmd prints depths as they change.
type watchCmd struct {
	place
	Pattern glob `arg:"" optional:"" help:"Only queues whose name fits." complete:"queue"`
	Every   span `help:"How old a depth may be, where reading it costs a request." default:"5s" placeholder:"DURATION"`
	For     span `help:"End after that time; else with ctrl+c." placeholder:"DURATION"`
	N       int  `short:"n" help:"End after so many lines; 0 is never." placeholder:"N"`
}

// Validate refuses a number that is none.
func (c *watchCmd) Validate() error { return atLeast("-n", c.N, 0) }

// watched is what was printed of a queue last.
type watched struct {
	visible, inFlight, delayed int
	err                        string
}

// watching is a watch under way.
type watching struct {
	*watchCmd
	s     *session
	all   []*survey
	last  map[backend.ARN]watched
	width int // of the names
	lines int
	wrong string // with the connection, as it was said last
}

// Run prints a line for each queue, and then one for each change, until it is
// ended.
func (c *watchCmd) Run(r *runner) error {
	return r.in(c.place, false, func(s *session) error {
		w := &watching{watchCmd: c, s: s, all: s.surveys(), last: map[backend.ARN]watched{}}
		news := make(chan struct{}, 1)
		for _, v := range w.all {
			s.group.Go("watch", func(ctx context.Context) {
				for {
					select {
					case <-v.Changed():
						select {
						case news <- struct{}{}:
						default: // one that was not taken yet says the same
						}
					case <-ctx.Done():
						return
					}
				}
			})
		}
		var over <-chan time.Time
		if c.For > 0 {
			over = time.After(time.Duration(c.For))
		}
		for {
			if done, err := w.print(); done || err != nil {
				return err
			}
			select {
			case <-news:
			case <-over:
				return nil
			case <-s.ctx.Done():
				return nil
			}
		}
	})
}

// print prints what has changed, and tells whether that was enough.
func (w *watching) print() (done bool, err error) {
	for _, v := range w.all {
		snap := v.Snapshot()
		if e := snap.Err; e != nil && !snap.ListComplete {
			return true, e
		} else if e != nil && e.Error() != w.wrong {
			w.wrong = e.Error()
			w.s.say("%s", w.wrong)
		}
		queues, left := w.look(v)
		if !snap.ListComplete || len(w.last) == 0 && left > 0 {
			continue // the first lines are those of all queues
		}
		if len(queues) == 0 && w.lines == 0 {
			return true, none(w.Pattern, w.s)
		}
		for _, r := range queues {
			if done, err := w.line(r); done || err != nil {
				return done, err
			}
		}
		if done, err := w.gone(v, queues); done || err != nil {
			return done, err
		}
	}
	return false, nil
}

func (w *watching) look(v *survey) (rows []row, left int) {
	before := v.seen
	queues, left := v.matching(v.Snapshot(), w.Pattern.match, false)
	arns := make([]backend.ARN, len(queues))
	for i, q := range queues {
		arns[i] = q.ARN
		rows = append(rows, row{q, v})
		w.width = max(w.width, text.Clean(q.ARN.Name).Width())
	}
	if v.seen != before {
		v.Look(arns, time.Duration(w.Every))
	}
	return rows, left
}

// line prints a queue if it has changed.
func (w *watching) line(r row) (done bool, err error) {
	if r.AsOf.IsZero() && r.Err == nil {
		return false, nil
	}
	now := watched{visible: r.Visible, inFlight: r.InFlight, delayed: r.Delayed}
	if r.Err != nil {
		now.err = r.Err.Message
	}
	before, known := w.last[r.ARN]
	if known && before == now {
		return false, nil
	}
	w.last[r.ARN] = now
	return w.out(r.object(), before, known)
}

// gone prints the queues of a place that are not there any more.
func (w *watching) gone(v *survey, rows []row) (done bool, err error) {
	there := map[backend.ARN]bool{}
	for _, r := range rows {
		there[r.ARN] = true
	}
	for arn := range w.last {
		if there[arn] || arn.Region != v.conn.Place.Region {
			continue
		}
		delete(w.last, arn)
		said := "the queue does not exist any more"
		if done, err := w.out(queueObject{Name: arn.Name, ARN: arn.String(), Type: "standard", Sources: []string{}, Error: &said}, watched{}, false); done || err != nil {
			return done, err
		}
	}
	return false, nil
}

func (w *watching) out(o queueObject, before watched, known bool) (done bool, err error) {
	if w.s.JSON {
		err = list(w.s.Out, nil, []queueObject{o}, nil)
	} else {
		err = w.row(o, before, known)
	}
	w.lines++
	return w.N > 0 && w.lines >= w.N, err
}

// row prints a line for people, under a head at the beginning. The columns stay
// as wide as the longest name that there was.
func (w *watching) row(o queueObject, before watched, known bool) error {
	cells := func(at, name, visible, inFlight, delayed, rest string) error {
		line := text.Join(text.Clean(at).Pad(10), text.Clean(name).Pad(w.width+2), text.Clean(visible).PadLeft(9), text.Clean(inFlight).PadLeft(11), text.Clean(delayed).PadLeft(10), text.Clean("  "+rest))
		_, err := fmt.Fprintln(w.s, strings.TrimRight(line.String(), " "))
		return err
	}
	if w.lines == 0 {
		if err := cells("TIME", "NAME", "VISIBLE", "IN FLIGHT", "DELAYED", "CHANGE"); err != nil {
			return err
		}
	}
	at := time.Now().UTC().Format("15:04:05Z")
	if o.Visible == nil || o.Error != nil {
		return cells(at, o.Name, format.Unknown, format.Unknown, format.Unknown, *o.Error)
	}
	change := ""
	if known {
		change = fmt.Sprintf("%+d", *o.Visible+*o.InFlight+*o.Delayed-before.visible-before.inFlight-before.delayed)
	}
	return cells(at, o.Name, strconv.Itoa(*o.Visible), strconv.Itoa(*o.InFlight), strconv.Itoa(*o.Delayed), change)
}
