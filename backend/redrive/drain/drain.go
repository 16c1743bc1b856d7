// Package drain empties a queue into a file: what it holds is written as evidence,
// read back from the disk, and then deleted, and nothing is deleted but what stands
// in the file (DESIGN.md 4.5). [Restore] sends it again.
//
// Promises:
//   - A message is deleted only if the file on the disk has it with the digest that
//     SQS gave, and only after [Options].Confirm has agreed.
//   - What was received and not deleted is given back before Drain returns.
//   - When ctx ends nothing more is deleted; the file stays.
package drain

import (
	"context"
	"errors"
	"io"
	"os"
	"slices"
	"strings"
	"time"

	"sqscope/backend"
	"sqscope/backend/archive"
	"sqscope/backend/guard"
	"sqscope/backend/journal"
	"sqscope/backend/peek"
	"sqscope/backend/rules"
)

const (
	page        = 200             // messages asked for at once
	lookTime    = 2 * time.Minute // of one look, whose leases last a little longer
	releaseTime = 30 * time.Second
)

// Options say what is drained.
type Options struct {
	Queue  peek.Options
	Dir    string                  // of the evidence
	Select func(peek.Message) bool // nil: every message
	Limits archive.Limits          // zero: [archive.UsualLimits]
	At     time.Time               // for the name of the file; zero: now

	// Confirm is called once, when the file is on the disk, and gives the context of
	// the deletes: with a grant for so many messages, of which a person typed the
	// number (package guard). An error of it ends the drain, with the file and the
	// queue as they are. It may take its time: a lease that is over meanwhile is taken
	// anew, which counts as a receive.
	Confirm func(ctx context.Context, e Evidence) (context.Context, error)

	Recorder guard.Recorder // nil: nobody keeps one
	Progress func(Progress) // nil: nobody listens
}

// Evidence is what is on the disk before anything is deleted.
type Evidence struct {
	Path    string
	Count   int    // messages in it
	Missing int    // of the queue's that are not in it, about; they stay
	Why     string // they are not; "" if all are in it
}

// Progress is how far a drain has come, in messages.
type Progress struct {
	Read    int
	Written int // and read back
	Deleted int
}

// Drained is what a drain did.
type Drained struct {
	Evidence
	Deleted []string       // ids, those that SQS confirmed
	Failed  []peek.Failure // in the file, and not known to be deleted
	Account peek.Account   // what reading cost
	Held    error          // why messages could not be given back; they return by themselves when their lease ends
}

// Drain empties a queue, up to the limits, into a file. An error means that
// nothing was deleted; what failed of the deletes is in Drained. A queue that has
// nothing to drain is an error of kind not found, and leaves no file.
func Drain(ctx context.Context, o Options) (d Drained, err error) {
	if o.Limits == (archive.Limits{}) {
		o.Limits = archive.UsualLimits()
	}
	if o.At.IsZero() {
		o.At = time.Now()
	}
	if o.Progress == nil {
		o.Progress = func(Progress) {}
	}
	o.Queue.Budget = lookTime
	s := peek.Open(o.Queue)
	defer func() {
		// What was received goes back also when the caller has given up.
		ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), releaseTime)
		defer cancel()
		d.Held = s.Release(ctx)
		d.Account = s.Account()
	}()
	records, err := d.gather(ctx, s, o)
	if err != nil {
		return d, err
	}
	if d.Path, err = archive.Evidence(o.Dir, "drain", o.Queue.ARN, o.At, records); err != nil {
		return d, err
	}
	ids, err := confirmed(d.Path, records)
	if err != nil {
		return d, err
	}
	d.Count = len(ids)
	o.Progress(Progress{Read: len(records), Written: d.Count})
	granted, err := o.Confirm(ctx, d.Evidence)
	if err == nil {
		err = ctx.Err()
	}
	if err != nil {
		return d, stays(d.Path, err)
	}
	return d, d.delete(granted, s, o, ids)
}

func stays(path string, err error) error {
	e := *backend.AsError(err)
	e.Next = "nothing was deleted; the messages are in " + path + " and in the queue"
	return &e
}

// gather reads until there is nothing more, or the limits are reached.
func (d *Drained) gather(ctx context.Context, s *peek.Session, o Options) ([]archive.Record, error) {
	stored, err := archive.Stored(ctx, o.Queue)
	if err != nil {
		return nil, err
	}
	st, err := look(ctx, s, o)
	if err == nil {
		err = ctx.Err()
	}
	if err != nil {
		return nil, err
	}
	var records []archive.Record
	bytes, cut, seen := 0, 0, s.Messages()
	for _, m := range seen {
		if o.Select != nil && !o.Select(m) {
			continue
		}
		if bytes += len(m.Body); len(records) >= o.Limits.Messages || bytes > o.Limits.Bytes {
			cut++
			continue
		}
		records = append(records, archive.RecordOf(o.Queue.ARN, m.Message, m.State))
	}
	d.Missing = max(0, stored-len(seen)) + cut
	switch words := st.Stop.Words(); {
	case d.Missing == 0:
	case cut > 0 || len(seen) >= o.Limits.Messages:
		d.Why = "no more go into one file"
	default:
		d.Why = strings.TrimSuffix("they are in flight, delayed, or did not come: "+words, ": ")
	}
	if len(records) == 0 {
		e := backend.Errorf(backend.KindNotFound, "has nothing that could be drained: %s", st.Words())
		e.Subject, e.Next = o.Queue.ARN.Name, "look again later: an empty answer does not say that a queue is empty"
		return nil, e
	}
	return records, nil
}

// look looks again and again where a look takes messages on lease; where the queue
// can be browsed one look reads from its start.
func look(ctx context.Context, s *peek.Session, o Options) (st peek.State, err error) {
	ask := page
	if o.Queue.Stack.Browse != nil {
		ask = o.Limits.Messages
	}
	for seen := -1; st.Seen > seen && st.Seen < o.Limits.Messages; {
		seen = st.Seen
		st, err = s.Look(ctx, ask, func(now peek.State) { o.Progress(Progress{Read: now.Seen}) })
		if err != nil || o.Queue.Stack.Browse != nil || st.Stop != peek.StopWanted && st.Stop != peek.StopRound {
			break
		}
	}
	return st, err
}

// confirmed are the ids of the messages that the file has, read back from it, with
// the body that SQS gave the digest of.
func confirmed(path string, records []archive.Record) (ids []string, err error) {
	wrong := func(err error) error {
		return &backend.Error{Kind: backend.KindInternal, Subject: path, Message: "the evidence could not be read back: " + err.Error(), Next: "nothing was deleted; see to the disk and try again", Err: err}
	}
	f, err := os.Open(path)
	if err != nil {
		return nil, wrong(err)
	}
	defer func() { _ = f.Close() }() // it was only read
	want := map[string]string{}
	for _, r := range records {
		want[r.MessageId] = r.MD5OfBody
	}
	for in := archive.NewReader(f); ; {
		e, err := in.Next()
		switch {
		case errors.Is(err, io.EOF):
			if len(ids) != len(records) {
				return nil, wrong(backend.Errorf(backend.KindInternal, "it has %d of %d messages", len(ids), len(records)))
			}
			return ids, nil
		case err != nil:
			return nil, wrong(err)
		case e.Wrong != nil:
			return nil, wrong(e.Wrong)
		}
		if md5, ok := want[e.Record.MessageId]; ok && md5 == e.Record.MD5OfBody && whole(e.Record) {
			ids = append(ids, e.Record.MessageId)
		}
	}
}

// whole tells whether a record's body is the one that SQS gave the digest of.
func whole(r archive.Record) bool {
	m, err := r.Message()
	return err == nil && rules.MD5OfBody(m.Body) == r.MD5OfBody
}

// delete deletes what is in the file, page by page.
func (d *Drained) delete(ctx context.Context, s *peek.Session, o Options, ids []string) error {
	end := func(journal.Result) {}
	if o.Recorder != nil {
		var err error
		end, err = o.Recorder.Begin(ctx, journal.Act{Name: journal.Drain, Queue: o.Queue.ARN.String(), Count: len(ids), Evidence: d.Path, Sync: true})
		if err != nil {
			return stays(d.Path, err)
		}
	}
	for part := range slices.Chunk(ids, page) {
		if ctx.Err() != nil {
			for _, id := range part {
				d.Failed = append(d.Failed, peek.Failure{MessageId: id, Err: backend.AsError(ctx.Err())})
			}
			continue
		}
		r := s.Delete(ctx, part)
		d.Deleted, d.Failed = append(d.Deleted, r.Deleted...), append(d.Failed, r.Failed...)
		o.Progress(Progress{Read: len(ids), Written: len(ids), Deleted: len(d.Deleted)})
	}
	out := journal.Result{Outcome: journal.Done, Count: len(d.Deleted)}
	if len(d.Failed) > 0 {
		e := d.Failed[0].Err
		out.Outcome, out.Kind, out.Code, out.Message = journal.Partly, e.Kind.String(), e.Code, e.Error()
		if len(d.Deleted) == 0 {
			out.Outcome = journal.Failed
		}
	}
	end(out)
	return nil
}

// Restore sends the messages of an evidence file to a queue. They are new messages:
// with new ids and times, and without the queue that they once came from, so that
// a dead-letter queue cannot give them back to their sources by itself any more
// (docs/SQS.md 6.3).
func Restore(ctx context.Context, path string, to archive.Target, o archive.Options) (archive.Imported, error) {
	f, err := os.Open(path)
	if err != nil {
		return archive.Imported{}, &backend.Error{Kind: backend.KindNotFound, Subject: path, Message: "cannot be read: " + err.Error(), Next: "nothing was sent", Err: err}
	}
	defer func() { _ = f.Close() }() // it was only read
	return archive.Import(ctx, to, archive.NewReader(f).Next, o)
}
