package cli

import (
	"io"
	"unicode"

	"sqscope/backend"
	"sqscope/backend/archive"
	"sqscope/ui/text"
)

// bodyWidth is how much of a body a table shows, in cells.
const bodyWidth = 100

// peekCmd shows messages and gives them back.
type peekCmd struct {
	place
	looking
	Queue string `arg:"" help:"The queue: its name, URL or ARN." complete:"queue"`
	N     int    `short:"n" help:"How many messages at most." default:"10" placeholder:"N"`
}

// Validate refuses a number that is none.
func (c *peekCmd) Validate() error { return atLeast("-n", c.N, 1) }

func atLeast(flag string, n, least int) error {
	if n < least {
		return Usagef("%s is %d and must be %d or more", flag, n, least)
	}
	return nil
}

// Run shows them: where the queue can be browsed for nothing, else on lease.
func (c *peekCmd) Run(r *runner) error {
	return r.in(c.place, c.Yes, func(s *session) error {
		q, err := s.queue(c.Queue)
		if err != nil {
			return err
		}
		v, err := s.view(q, c.looking)
		if err != nil {
			return err
		}
		var rows []archive.Record
		x, err := s.look(v, c.N, func(m archive.Record) error {
			if s.JSON {
				return writeRecord(s.Out, m)
			}
			rows = append(rows, m)
			return nil
		})
		if e := messageTable(s.Out, q.arn.FIFO(), rows); err == nil {
			err = e
		}
		if err == nil && x.Written == 0 {
			return nothing("")
		}
		return err
	})
}

func writeRecord(w io.Writer, m archive.Record) error { return archive.Write(w, []archive.Record{m}) }

// messageTable prints messages for people, each on one line.
func messageTable(o Out, fifo bool, rows []archive.Record) error {
	if o.JSON || len(rows) == 0 {
		return nil
	}
	head := []string{"MESSAGE ID", "SENT", "RECEIVES", "STATE", "BODY"}
	if fifo {
		head = []string{"MESSAGE ID", "SENT", "RECEIVES", "STATE", "GROUP", "BODY"}
	}
	return list(o, head, rows, func(m archive.Record) []string { return messageCells(m, fifo) })
}

func messageCells(m archive.Record, fifo bool) []string {
	cells := []string{m.MessageId, sent(m), m.Attributes[backend.SysApproximateReceiveCount], string(m.State)}
	if fifo {
		cells = append(cells, m.Attributes[backend.SysMessageGroupId])
	}
	return append(cells, glance(m.Body))
}

// glance is the beginning of a body on one line, with blanks for what only sets
// its text off.
func glance(body string) string {
	const most = 4 * bodyWidth // bytes that can be shown at all
	cut := body
	if len(cut) > most {
		cut = cut[:most]
	}
	var out []rune
	blank := true
	for _, r := range cut {
		if unicode.IsSpace(r) {
			if !blank {
				out = append(out, ' ')
			}
			blank = true
			continue
		}
		out, blank = append(out, r), false
	}
	s := text.Clean(string(out))
	if len(cut) < len(body) && s.Width() <= bodyWidth {
		return s.String() + "…"
	}
	return s.Truncate(bodyWidth).String()
}
