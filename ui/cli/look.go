package cli

import (
	"context"
	"errors"
	"path/filepath"
	"strconv"
	"time"

	"sqscope/backend"
	"sqscope/backend/archive"
	"sqscope/backend/config"
	"sqscope/backend/decode"
	"sqscope/backend/guard"
	"sqscope/backend/journal"
	"sqscope/backend/peek"
	"sqscope/ui/format"
)

// looking are the flags of commands that read messages.
type looking struct {
	Where  expr `help:"Only messages for which this jq expression yields neither false nor null; see sqscope help jq." placeholder:"EXPR"`
	Reveal bool `help:"Show what the configuration masks; the journal notes it."`
	Yes    bool `help:"Look also where that may cost a message its last receive; needed where no terminal is."`
}

// view shows messages of a queue: those that were asked for, with what is masked
// hidden.
type view struct {
	s      *session
	q      queue
	where  expr
	reveal bool

	masked  int   // messages that were shown and not whole
	misfits int   // messages that the expression failed for
	why     error // it did so, the first time
}

// view makes the view of a queue. That masks are lifted is written to the journal
// before anything is read.
func (s *session) view(q queue, l looking) (*view, error) {
	v := &view{s: s, q: q, where: l.Where, reveal: l.Reveal}
	if !l.Reveal || len(s.cfg.Masks) == 0 {
		return v, nil
	}
	who := s.journal.For(journal.WhoOf(q.conn.Place, ""))
	return v, who.Note(s.ctx, journal.Act{Name: journal.RevealMask, Queue: q.arn.String()}, journal.Result{Outcome: journal.Done})
}

// masks are those that hold for a message: those of its queue, and of the queue
// that it was dead-lettered from (docs/SQS.md 6.2).
func (v *view) masks(r archive.Record) []config.Mask {
	if v.reveal || len(v.s.cfg.Masks) == 0 {
		return nil
	}
	queues := []string{v.q.arn.Name}
	if from, ok := backend.ParseARN(r.Attributes[backend.SysDeadLetterQueueSourceArn]); ok {
		queues = append(queues, from.Name)
	}
	return v.s.cfg.MasksFor(queues...)
}

// open is a message with its body opened, and masked.
func (v *view) open(r archive.Record) (backend.Message, decode.Result, error) {
	m, err := r.Message()
	if err != nil {
		return m, decode.Result{}, err
	}
	opened := decode.Decode(v.s.ctx, m.Body, m.MessageAttributes)
	if masks := v.masks(r); len(masks) > 0 {
		opened = decode.Masked(v.s.ctx, opened, masks)
	}
	return m, opened, nil
}

// selects is matches, or nil where every message is wanted.
func (v *view) selects() func(archive.Record) bool {
	if v.where.Query == nil {
		return nil
	}
	return v.matches
}

// matches tells whether a message is wanted. What is masked cannot be asked for.
func (v *view) matches(r archive.Record) bool {
	if v.where.Query == nil {
		return true
	}
	m, opened, err := v.open(r)
	if err == nil {
		var ok bool
		if ok, err = v.where.Match(v.s.ctx, decode.Object(v.q.arn, m, r.State, opened)); err == nil {
			return ok
		}
	}
	if v.misfits++; v.why == nil {
		v.why = err
	}
	return false
}

// shown is the message as it may leave the program.
func (v *view) shown(r archive.Record) archive.Record {
	if len(v.masks(r)) == 0 {
		return r
	}
	_, opened, err := v.open(r)
	if err == nil && !opened.Masked {
		return r
	}
	v.masked++
	return r.Mask(opened.Body())
}

// needs is the action that reading messages of the queue is.
func (q *queue) needs() string {
	if q.conn.Stack.Browse != nil {
		return guard.Browse
	}
	return "ReceiveMessage"
}

// look reads messages and hands them to write as they may be shown. What it costs
// is said before and after; where it may take a message's last receive, that is
// asked first.
func (s *session) look(v *view, most int, write func(archive.Record) error) (archive.Exported, error) {
	if err := v.q.checked(v.q.needs()); err != nil {
		return archive.Exported{}, err
	}
	o := v.q.look(s)
	before := peek.Open(o).Preflight(v.facts(), most)
	if !before.Free {
		for _, l := range before.Lines() {
			s.say("%s", l)
		}
	}
	sel := archive.Selection{Most: most, Where: v.selects(), Progress: func(x archive.Exported) { s.progress.show("read %s", ofAbout(x.Read, x.About)) }}
	write = v.writing(write)
	x, err := archive.Export(s.ctx, o, sel, write)
	if err == nil && x.Stop == peek.StopAsk {
		if err := s.confirm(question{ask: "Look all the same"}); err != nil {
			return x, err
		}
		o.AskFirst = false
		x, err = archive.Export(s.ctx, o, sel, write)
	}
	s.progress.clear()
	// Where nothing was read and nothing leased, or nobody is there any more, there is
	// nothing to tell.
	if idle := x.Account.Free && (errors.Is(err, errPipe) || err != nil && x.Read == 0); !idle {
		v.tell(x)
	}
	return x, err
}

func (v *view) writing(write func(archive.Record) error) func(archive.Record) error {
	return func(r archive.Record) error { v.s.progress.clear(); return write(v.shown(r)) }
}

func (v *view) facts() peek.Facts {
	f := peek.Facts{Visible: v.q.number(backend.AttrMessages)}
	if dlq, ok := backend.ParseARN(v.q.redrive().DeadLetterTargetArn); ok {
		f.DLQ = dlq.Name
	}
	return f
}

// tell says what was read, what it cost, and what could not be shown.
func (v *view) tell(x archive.Exported) {
	if x.Account.Free {
		v.s.say("%s shown; read %s", format.Plural(x.Written, "message"), ofAbout(x.Read, x.About))
	} else {
		v.s.say("%s shown; %s", format.Plural(x.Written, "message"), words(x.Account.Words(time.Now()), x.Stop.Words()))
	}
	if x.Held != nil {
		v.s.say("%s", x.Held.Error())
	}
	if v.masked > 0 {
		v.s.say("%s masked by the configuration and so not whole; --reveal shows them", format.Are(v.masked, "message"))
	}
	if v.misfits > 0 {
		v.s.say("--where fails for %s, which do not match; the first: %v", format.Plural(v.misfits, "message"), v.why)
	}
}

func ofAbout(n, about int) string {
	if about < 0 {
		return format.Count(n)
	}
	return format.Count(n) + " of about " + format.Count(about)
}

func plural(n int, one, many string) string {
	if n == 1 {
		return "1 " + one
	}
	return format.Count(n) + " " + many
}

// evidenceDir is where messages are written before they are deleted.
func (s *session) evidenceDir() string { return filepath.Join(s.state, "evidence") }

// sent is when a message was sent, in UTC; "" where that is not known.
func sent(r archive.Record) string {
	at, ok := milliseconds(r.Attributes[backend.SysSentTimestamp])
	if !ok {
		return ""
	}
	return at.UTC().Format(time.RFC3339)
}

func milliseconds(s string) (time.Time, bool) {
	n, err := strconv.ParseInt(s, 10, 64)
	return time.UnixMilli(n), err == nil
}

// whole is the context for what must not be cut short by a signal.
func (s *session) whole() (context.Context, context.CancelFunc) {
	return context.WithTimeout(context.WithoutCancel(s.ctx), actLimit)
}
