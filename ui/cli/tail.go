package cli

import (
	"cmp"
	"context"
	"fmt"
	"time"

	"sqscope/backend"
	"sqscope/backend/archive"
	"sqscope/backend/peek"
	"sqscope/ui/format"
	"sqscope/ui/text"
)

// tailCmd prints messages as they come.
type tailCmd struct {
	place
	looking
	Queue   string `arg:"" help:"The queue: its name, URL or ARN." complete:"queue"`
	N       int    `short:"n" help:"How many of the messages that are there already are printed first, where looking is free." default:"10" placeholder:"N"`
	Most    int    `help:"End after so many messages; where they are received, so many are on lease at most." default:"1000" placeholder:"N"`
	For     span   `help:"End after that time." default:"10m" placeholder:"DURATION"`
	Receive bool   `help:"Receive them, where looking is not free: each costs a receive, and is hidden from its consumers until the end."`
}

// Validate refuses numbers that are none.
func (c *tailCmd) Validate() error {
	if c.For > span(11*time.Hour) {
		return Usagef("--for is %s and must be 11 h or less", format.Span(time.Duration(c.For)))
	}
	return cmp.Or(atLeast("-n", c.N, 0), atLeast("--most", c.Most, 1))
}

const (
	tailEvery  = 250 * time.Millisecond // where looking is free
	tailPause  = time.Second            // between receives
	tailWait   = 3 * time.Second        // of a long poll, which the end has to wait for
	tailBudget = time.Minute            // of one look, by which its leases are measured
)

// tailing is a tail under way.
type tailing struct {
	*tailCmd
	s       *session
	v       *view
	session *peek.Session
	printed map[string]bool
	shown   int
	agreed  bool // that messages may be received for the last time
}

// Run prints them until it is ended.
func (c *tailCmd) Run(r *runner) error {
	return r.in(c.place, c.Yes, func(s *session) error {
		q, err := s.queue(c.Queue)
		if err != nil {
			return err
		}
		if err := q.checked(q.needs()); err != nil {
			return err
		}
		v, err := s.view(q, c.looking)
		if err != nil {
			return err
		}
		free := q.conn.Stack.Browse != nil
		if !free && !c.Receive {
			return Usagef("looking at %s is not free: each message would be received, which counts, and hidden from its consumers until the end; say --receive if that is meant, or look once with sqscope peek", q.arn.Name)
		}
		t := &tailing{tailCmd: c, s: s, v: v, printed: map[string]bool{}}
		o := q.look(s)
		if !free {
			o.Budget, o.Wait, o.Parallel = tailBudget, tailWait, 1
		}
		t.session = peek.Open(o)
		ctx, cancel := context.WithTimeout(s.ctx, time.Duration(c.For))
		defer cancel()
		if free {
			err = t.browse(ctx)
		} else {
			err = t.receive(ctx)
		}
		if ctx.Err() != nil && backend.KindOf(err) != backend.KindDenied {
			err = nil // the time is over, or somebody ended it
		}
		if err == nil && s.ctx.Err() == nil { // a receive that was out at the end may have brought some
			_, err = t.print(t.session.Messages())
		}
		v.tell(archive.Exported{Written: t.shown, Read: len(t.printed), About: -1, Account: t.session.Account()})
		return err
	})
}

// browse prints what is there that was not before, without any receive.
func (t *tailing) browse(ctx context.Context) error {
	for first := true; ; first = false {
		if _, err := t.session.Look(ctx, archive.UsualLimits().Messages, nil); err != nil {
			return err
		}
		all := t.session.Messages()
		if first {
			for _, m := range all[:max(0, len(all)-t.N)] {
				t.printed[m.MessageId] = true
			}
		}
		if done, err := t.print(all); done || err != nil {
			return err
		}
		if !backend.Pause(ctx, tailEvery) {
			return nil
		}
	}
}

// receive takes messages on lease and keeps them until the end, so that each
// costs one receive only, and gives them back then.
func (t *tailing) receive(ctx context.Context) error {
	before := t.session.Preflight(t.v.facts(), t.Most)
	for _, l := range before.Lines() {
		t.s.say("%s", l)
	}
	t.s.say("up to %s stay hidden from their consumers for up to %s, or until this is ended; then they are given back", format.Plural(t.Most, "message"), format.Span(time.Duration(t.For)))
	if before.Confirm() {
		if err := t.agree(); err != nil {
			return err
		}
	}
	defer func() {
		ctx, cancel := t.s.whole()
		defer cancel()
		if err := t.session.Release(ctx); err != nil {
			t.s.say("%s", err.Error())
		}
	}()
	t.s.group.Go("keep leases", func(context.Context) {
		// It ends with the session, which is released before the command ends.
		if _, err := t.session.KeepAlive(ctx, peek.Keep{For: time.Duration(t.For), Most: t.Most}); err != nil && ctx.Err() == nil {
			t.s.say("leases are not kept: %s", err.Error())
		}
	})
	for {
		if t.agreed {
			t.session.AcceptDeadLettering() // it holds for one look
		}
		var done bool
		var failed error
		state, err := t.session.Look(ctx, t.Most, func(peek.State) {
			if !done && failed == nil {
				done, failed = t.print(t.session.Messages())
			}
		})
		if err == nil {
			err = failed
		}
		if err != nil || done {
			return err
		}
		switch state.Stop {
		case peek.StopAsk:
			if err := t.agree(); err != nil {
				return err
			}
		case peek.StopDeadLetter, peek.StopGrew, peek.StopOverLimit, peek.StopHeld, peek.StopRepeated, peek.StopCancelled:
			t.s.say("ended: %s", state.Stop.Words())
			return nil
		}
		if len(t.printed) >= t.Most || !backend.Pause(ctx, tailPause) {
			return nil
		}
	}
}

// agree asks, once, whether messages may be received for the last time.
func (t *tailing) agree() error {
	err := t.s.confirm(question{ask: "Receive all the same"})
	t.agreed = err == nil
	return err
}

// print prints messages that were not printed before and match, and tells whether
// that was enough.
func (t *tailing) print(all []peek.Message) (done bool, err error) {
	for _, m := range all {
		if t.shown >= t.Most {
			return true, nil
		}
		if t.printed[m.MessageId] {
			continue
		}
		t.printed[m.MessageId] = true
		state := m.State
		if t.v.q.conn.Stack.Browse == nil {
			state = backend.StateVisible // it was before we received it
		}
		record := archive.RecordOf(t.v.q.arn, m.Message, state)
		if !t.v.matches(record) {
			continue
		}
		if err := t.line(t.v.shown(record)); err != nil {
			return true, err
		}
		t.shown++
	}
	return t.shown >= t.Most, nil
}

// line prints a message for people: when it was sent, its id and its beginning.
func (t *tailing) line(m archive.Record) error {
	if t.s.JSON {
		return writeRecord(t.s.Out, m)
	}
	_, err := fmt.Fprintln(t.s, text.Sprintf("%s  %s  %s", sent(m), m.MessageId, glance(m.Body)))
	return err
}
