package cli

import (
	"fmt"
	"strings"
	"time"

	"sqscope/backend"
	"sqscope/backend/archive"
	"sqscope/backend/guard"
	"sqscope/backend/peek"
	"sqscope/ui/format"
)

// emptying are the flags of commands that delete all messages of a queue.
type emptying struct {
	change
	Queue           string `arg:"" help:"The queue: its name, URL or ARN." complete:"queue"`
	WithoutEvidence bool   `help:"Do not write its messages to a file first."`
}

type (
	// purgeCmd deletes all messages.
	purgeCmd struct{ emptying }
	// deleteCmd deletes the queue.
	deleteCmd struct{ emptying }
)

// Run deletes all messages (docs/SQS.md 1.9).
func (c *purgeCmd) Run(r *runner) error { return c.run(r, guard.ActPurge, "purge", "purged") }

// Run deletes the queue (docs/SQS.md 1.2).
func (c *deleteCmd) Run(r *runner) error { return c.run(r, guard.ActDeleteQueue, "delete", "deleted") }

// emptiedObject is what was deleted.
type emptiedObject struct {
	QueueArn string  `json:"queueArn"`
	Act      string  `json:"act"`
	Messages *int    `json:"messages"` // about, as the queue said before
	Evidence *string `json:"evidence"` // the file with them
}

func (c *emptying) run(r *runner, act guard.Act, verb, done string) error {
	return r.in(c.place, c.Yes, func(s *session) error {
		q, err := s.queue(c.Queue)
		if err != nil {
			return err
		}
		if err := s.may(c.DryRun, q.checked(string(act))); err != nil {
			return err
		}
		if !c.WithoutEvidence && !c.DryRun {
			if err := q.checked(q.needs()); err != nil {
				return err
			}
		}
		notes := c.notes(s, q, act)
		if c.DryRun {
			for _, n := range notes {
				s.say("%s", n)
			}
			s.say("would %s %s; nothing was done", verb, q.arn.Name)
			return nil
		}
		ask := fmt.Sprintf("%s%s %s in %s", strings.ToUpper(verb[:1]), verb[1:], q.arn.Name, q.conn.Place.Context)
		if err := s.confirm(question{notes: notes, ask: ask, typed: q.arn.Name}); err != nil {
			return err
		}
		path, evidence, err := c.evidence(s, q, done)
		if err != nil {
			return err
		}
		if err := s.empty(q, act, evidence); err != nil {
			if path != "" {
				s.say("the evidence is in %s all the same", path)
			}
			return err
		}
		o := emptiedObject{QueueArn: q.arn.String(), Act: string(act)}
		if n := q.stored(); n >= 0 {
			o.Messages = &n
		}
		if path != "" {
			o.Evidence = &path
		}
		s.say("%s is %s%s", q.arn.Name, done, after(" · evidence in ", path))
		if !s.JSON {
			return nil
		}
		return list(s.Out, nil, []emptiedObject{o}, nil)
	})
}

func after(before, s string) string {
	if s == "" {
		return ""
	}
	return before + s
}

// notes say what goes, and what cannot be undone.
func (c *emptying) notes(s *session, q queue, act guard.Act) []string {
	count := "how many messages it holds is not known"
	if n := q.stored(); n >= 0 {
		count = fmt.Sprintf("about %s: %s visible, %s in flight, %s delayed", format.Plural(n, "message"),
			format.Count(q.number(backend.AttrMessages)), format.Count(q.number(backend.AttrMessagesNotVisible)), format.Count(q.number(backend.AttrMessagesDelayed)))
	}
	notes := []string{q.arn.Name + ": " + count}
	if act == guard.ActPurge {
		notes = append(notes, "all of them are deleted, which cannot be undone; it may take 60 s on AWS, and messages that are sent meanwhile may go too")
	} else {
		notes = append(notes, "the queue, its settings and its messages are deleted, which cannot be undone; whoever sends to it or receives from it gets an error")
		if sources, err := sourcesOf(s.ctx, q.conn, q.url); err == nil && len(sources) > 0 {
			notes = append(notes, "it is the dead-letter queue of "+strings.Join(sources, ", ")+": what fails there is lost when its retention ends")
		}
	}
	if c.WithoutEvidence {
		return append(notes, "no copy of its messages is written")
	}
	notes = append(notes, fmt.Sprintf("its messages are written to a file first, up to %s or %d MiB", format.Plural(s.cfg.Evidence.Messages, "message"), s.cfg.Evidence.Bytes>>20))
	if cost := peek.Open(q.look(s)).Cost(); !cost.Free {
		notes = append(notes, "for that they are received, and given back before anything is deleted: "+cost.Words())
	}
	return notes
}

// evidence writes the messages, and says in words where. If not all can be
// written, going on takes a word of its own.
func (c *emptying) evidence(s *session, q queue, done string) (path, said string, err error) {
	if c.WithoutEvidence {
		return "", "by choice without evidence", nil
	}
	o := q.look(s)
	o.AskFirst = false // that it receives has been said and confirmed
	most := archive.Limits{Messages: s.cfg.Evidence.Messages, Bytes: s.cfg.Evidence.Bytes}
	got, err := archive.Gather(s.ctx, o, most, func(n int) { s.progress.show("evidence: read %s", format.Count(n)) })
	s.progress.clear()
	if got.Held != nil {
		s.say("%s", got.Held.Error())
	}
	if backend.KindOf(err) == backend.KindCancelled || err == nil && s.ctx.Err() != nil {
		err = &backend.Error{Kind: backend.KindCancelled, Subject: q.arn.Name, Message: "nothing was " + done, Err: s.ctx.Err()}
	}
	if err == nil && len(got.Records) > 0 {
		path, err = archive.Evidence(s.evidenceDir(), done, q.arn, time.Now(), got.Records)
	}
	switch {
	case err != nil:
		return path, "", err
	case got.Whole() && path == "":
		return "", "the queue was empty", nil
	case got.Whole():
		return path, path, nil
	}
	s.say("about %s could not be written: %s%s", format.Plural(got.Missing, "message"), got.Why, after("; the others are in ", path))
	if !s.asks || s.yes {
		return path, "", &backend.Error{
			Kind: backend.KindConflict, Subject: q.arn.Name, Message: "nothing was " + done + ": not all of its messages could be written", Next: "--without-evidence does it all the same",
		}
	}
	err = s.confirm(question{ask: "Go on without a copy of them", typed: "without evidence"})
	return path, strings.TrimPrefix(path+", not all: "+got.Why, ", "), err
}

// empty does it, with the grant that --yes or the typed name has earned. A signal
// does not cut it short, so that its result is known.
func (s *session) empty(q queue, act guard.Act, evidence string) error {
	ctx, cancel := s.whole()
	defer cancel()
	ctx = q.conn.Guard.Allow(ctx, guard.Grant{Act: act, ARN: q.arn.String(), Count: max(0, q.stored()), Evidence: evidence})
	if act == guard.ActPurge {
		return q.conn.Stack.SQS.PurgeQueue(ctx, backend.PurgeQueueInput{QueueUrl: q.url})
	}
	return q.conn.Stack.SQS.DeleteQueue(ctx, backend.DeleteQueueInput{QueueUrl: q.url})
}
