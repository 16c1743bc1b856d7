package cli

import (
	"cmp"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"io"
	"os"
	"path/filepath"
	"strconv"

	"sqscope/backend"
	"sqscope/backend/archive"
	"sqscope/backend/outbox"
	"sqscope/ui/format"
)

// importCmd sends the messages of a file.
type importCmd struct {
	change
	Queue    string  `arg:"" help:"The queue: its name, URL or ARN." complete:"queue"`
	File     string  `arg:"" optional:"" help:"What sqscope export or aws sqs receive-message wrote; - is standard input." default:"-" complete:"file"`
	Rate     float64 `help:"Messages a second at most; 0 is as fast as answers come." placeholder:"N"`
	Stop     bool    `help:"End at the first entry that is no message, instead of leaving it out."`
	Group    string  `help:"The group of messages that have none, for a FIFO queue." placeholder:"ID"`
	NewDedup bool    `help:"Give messages new deduplication ids, for a FIFO queue that has seen theirs in the last five minutes."`
	Left     string  `help:"Write what was not sent to this file, which can be imported." placeholder:"FILE" complete:"file"`
	Continue bool    `help:"Go on where an import of this file to this queue ended." xor:"again"`
	Again    bool    `help:"Begin anew although such an import ended before its end: what it sent is sent twice." xor:"again"`
}

// Validate refuses what cannot be meant.
func (c *importCmd) Validate() error {
	if c.Continue && c.File == stdin {
		return Usagef("--continue needs a file: standard input cannot be read a second time")
	}
	return cmp.Or(paced(c.Rate), named("FILE", c.File))
}

// named refuses an empty name of a file, as of a variable that is not set.
func named(argument, file string) error {
	if file == "" {
		return Usagef("%s is empty: name a file, or leave it out", argument)
	}
	return nil
}

// outcomeObject is what became of an entry of the file.
type outcomeObject struct {
	Entry          int     `json:"entry"`
	Line           int     `json:"line"`
	Fate           string  `json:"fate"`
	MessageId      *string `json:"messageId"`
	SequenceNumber *string `json:"sequenceNumber"`
	Error          *string `json:"error"`
}

func outcomeOf(o archive.Outcome) outcomeObject {
	text := func(s string) *string {
		if s == "" {
			return nil
		}
		return &s
	}
	out := outcomeObject{Entry: o.Number, Line: o.Line, Fate: string(o.Fate), MessageId: text(o.MessageId), SequenceNumber: text(o.SequenceNumber)}
	if o.Err != nil {
		out.Error = text(o.Err.Error())
	}
	return out
}

// Run sends them. Where it ended before the end of the file it can be taken up
// again.
func (c *importCmd) Run(r *runner) error {
	return r.in(c.place, c.Yes, func(s *session) error {
		q, err := s.queue(c.Queue)
		if err != nil {
			return err
		}
		if err := s.may(c.DryRun, q.checked("SendMessageBatch")); err != nil {
			return err
		}
		in, err := s.openInput(c.File)
		if err != nil {
			return err
		}
		defer in.Close()
		reader := archive.NewReader(in)
		if c.DryRun {
			return c.plan(s, q, reader)
		}
		at := s.positionPath(q, c.File)
		from, err := c.from(s, at)
		if err != nil {
			return err
		}
		if err := s.confirm(question{ask: "Send the messages of " + c.name() + " to " + q.arn.Name + " in " + q.conn.Place.Context}); err != nil {
			return err
		}
		return c.send(s, q, reader, at, from)
	})
}

func (c *importCmd) name() string {
	if c.File == stdin {
		return "standard input"
	}
	return c.File
}

// plan tells what would be sent, and what would not.
func (c *importCmd) plan(s *session, q queue, reader *archive.Reader) error {
	total, wrong := 0, 0
	for {
		e, err := reader.Next()
		if errors.Is(err, io.EOF) {
			break
		} else if err != nil {
			return err
		}
		total++
		problem := e.Wrong
		if problem == nil {
			problem = c.refusal(q, e)
		}
		if problem != nil {
			wrong++
			s.say("line %d: %s", e.Line, problem.Message)
		}
	}
	if total == 0 {
		return nothing(c.name() + " has no messages")
	}
	s.say("would send %s to %s; %s cannot be sent; nothing was sent", format.Plural(total-wrong, "message"), q.arn.Name, format.Count(wrong))
	if wrong > 0 {
		return &backend.Error{Kind: backend.KindInvalid, Subject: c.name(), Message: format.Plural(wrong, "entry") + " cannot be sent", Next: "correct them, or leave them out"}
	}
	return nil
}

// refusal is why SQS would not take the message of an entry.
func (c *importCmd) refusal(q queue, e archive.Entry) *backend.Error {
	m, err := e.Record.Message()
	if err != nil {
		return backend.AsError(err)
	}
	d := outbox.DraftOf(m)
	if d.Group == "" && q.arn.FIFO() {
		d.Group = c.Group
	}
	if !q.arn.FIFO() {
		d.Dedup = "" // left out on the way to a standard queue
	} else if c.NewDedup {
		d.Dedup = "new"
	}
	if _, err = d.Message(q.rule(), outbox.ReadFile); err != nil {
		return backend.AsError(err)
	}
	return nil
}

// positionPath is where the position of an import is kept; "" for one that cannot
// be taken up again.
func (s *session) positionPath(q queue, file string) string {
	if file == stdin {
		return ""
	}
	if abs, err := filepath.Abs(file); err == nil {
		file = abs
	}
	sum := sha256.Sum256([]byte(q.url + "\n" + file))
	return filepath.Join(s.state, "imports", hex.EncodeToString(sum[:8])+".json")
}

// from is where to begin. An import that ended early is never begun anew unasked.
func (c *importCmd) from(s *session, at string) (archive.Position, error) {
	if at == "" || c.Again {
		return archive.Position{}, nil
	}
	p, err := archive.ReadPosition(at)
	switch {
	case err != nil:
		return p, err
	case p.Entries == 0 && p.Sending == 0 || c.Continue:
		return p, nil
	}
	return p, Usagef("an import of this file to this queue ended after %s: --continue goes on there, --again begins anew", format.Plural(p.Entries, "entry"))
}

func (c *importCmd) send(s *session, q queue, reader *archive.Reader, at string, from archive.Position) error {
	o := archive.Options{Rate: c.Rate, Stop: c.Stop, Group: c.Group, NewDedup: c.NewDedup, From: from}
	if at != "" {
		o.Save = func(p archive.Position) error { return archive.WritePosition(at, p) }
	}
	o.Progress = func(i archive.Imported) { s.progress.show("sent %s", format.Count(i.Sent)) }
	var printed error // nobody may read what is printed; the import goes on
	if s.JSON {
		o.Each = func(out archive.Outcome) {
			if printed == nil {
				s.progress.clear()
				printed = list(s.Out, nil, []outcomeObject{outcomeOf(out)}, nil)
			}
		}
	}
	done, err := archive.Import(s.ctx, archive.Target{SQS: q.conn.Stack.SQS, URL: q.url, Queue: q.rule()}, reader.Next, o)
	s.progress.clear()
	c.tell(s, q, done)
	kept := s.keepLeft(c.Left, done.Left)
	if err == nil && at != "" {
		if e := os.Remove(at); e != nil && !errors.Is(e, os.ErrNotExist) {
			err = &backend.Error{Kind: backend.KindInternal, Subject: at, Message: "the position cannot be removed: " + e.Error(), Err: e}
		}
	}
	switch {
	case err != nil && s.ctx.Err() != nil:
		e := &backend.Error{Kind: backend.KindCancelled, Subject: q.arn.Name, Message: "the import was interrupted", Err: err}
		if at != "" {
			e.Next = "--continue goes on where it ended"
		}
		return e
	case err != nil:
		return err
	case kept != nil:
		return kept
	case printed != nil:
		return printed
	case done.Read+done.Skipped == 0:
		return nothing(c.name() + " has no messages")
	case len(done.Left) > 0:
		return &backend.Error{Kind: backend.KindInternal, Subject: q.arn.Name, Message: plural(len(done.Left), "entry was", "entries were") + " not sent", Next: "what is wrong with each was said; --left FILE keeps them"}
	}
	return nil
}

// tell says what was sent, and of what was not why.
func (c *importCmd) tell(s *session, q queue, done archive.Imported) {
	if !s.JSON && len(done.Left) > 0 {
		_ = list(s.Out, []string{"LINE", "FATE", "WHY"}, done.Left, func(o archive.Outcome) []string {
			return []string{strconv.Itoa(o.Line), string(o.Fate), o.Err.Message}
		})
	}
	s.say("sent %s of %s to %s%s", format.Plural(done.Sent, "message"), format.Count(done.Read), q.arn.Name, counts(
		part{done.Skipped, "sent before"}, part{done.Again, "perhaps sent twice"}, part{done.Wrong, "wrong"}, part{done.Failed, "failed"},
		part{done.Unknown, "of which nobody knows"}, part{done.Duplicates, "taken for duplicates"},
	))
}

// part is a number with what it counts.
type part struct {
	n    int
	what string
}

// counts are the parts that there are any of, each after a comma.
func counts(parts ...part) (out string) {
	for _, p := range parts {
		if p.n > 0 {
			out += ", " + format.Count(p.n) + " " + p.what
		}
	}
	return out
}

// keepLeft writes what was not sent to a file.
func (s *session) keepLeft(path string, left []archive.Outcome) error {
	if path == "" || len(left) == 0 {
		return nil
	}
	n, err := outbox.Keep(path, left)
	if err == nil && n > 0 { // what is no message cannot be kept as one
		s.say("%s in %s", format.Are(n, "message"), path)
	}
	return err
}
