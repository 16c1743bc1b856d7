// Package outbox is what is on its way to a queue: a message as a person writes it,
// and many of them at once, as copies or from a file, with values of their own.
//
// A [Draft] becomes the message that SQS would take, or a [Fault] that says which
// part SQS would refuse and with which words. A [Job] makes messages of a draft or
// of a file and has [archive.Import] send them.
//
// Promises, besides those of archive.Import: what a job previews is what it sends,
// but for the time in {{now}}; the same seed makes the same messages, each by its
// number alone, so that a job that was stopped goes on with those it would have sent;
// and whatever is not known to be in the queue comes back as the message that it was,
// to be tried again or kept in a file.
package outbox

import (
	"context"
	"errors"
	"io"
	"os"
	"path/filepath"
	"time"

	"sqscope/backend"
	"sqscope/backend/archive"
	"sqscope/backend/rules"
)

// From says what a job's messages are made of.
type From int

// What messages are made of.
const (
	Copies   From = iota // the draft, as often as Count says
	Rows                 // the draft, filled in with each entry of the file
	Messages             // each entry of the file, which is a message
)

// MaxCopies is the most messages that a job makes of one draft.
const MaxCopies = 1_000_000

// Job is what is to be sent. A file is a table if its name ends in .csv, .tsv or .tab,
// with the names of its columns in the first line; else it has JSON: an object a line
// for Rows, and for Messages what [archive.Reader] reads.
type Job struct {
	Draft Draft
	From  From
	Count int    // of Copies, 1 to MaxCopies
	Path  string // of the file
	Fill  bool   // {{fields}} are filled in, see [Variables]; else they are text
	Seed  uint64 // of what is random in them
	Now   func() time.Time
}

// Item is one of a job's messages.
type Item struct {
	Number  int // from 1
	Line    int // in the file; 0: there is none
	Message backend.SendMessageInput
	Wrong   *backend.Error // why it cannot be sent; nil: it can
}

// check is what is wrong with a job before anything is read.
func (j Job) check() error {
	if j.From != Copies && j.Path == "" {
		return backend.Errorf(backend.KindInvalid, "which file the messages come from is not said")
	}
	if j.From == Copies && (j.Count < 1 || j.Count > MaxCopies) {
		return backend.Errorf(backend.KindInvalid, "the number of copies is 1 to %d", MaxCopies)
	}
	return nil
}

// reading is a job under way.
type reading struct {
	job      Job
	queue    rules.Queue
	source   source
	template *template
	files    map[string][]byte // those that attributes name, read once
}

// open begins to make the messages of a job. The reading is to be closed.
func (j Job) open(q rules.Queue) (*reading, error) {
	if err := j.check(); err != nil {
		return nil, err
	}
	t, err := templateOf(j.Draft, j.Fill)
	if err != nil && j.From != Messages {
		return nil, err
	}
	s, err := j.source()
	if err != nil {
		return nil, err
	}
	return &reading{job: j, queue: q, source: s, template: t, files: map[string][]byte{}}, nil
}

// next is the next message, io.EOF behind the last.
func (r *reading) next() (Item, error) {
	e, err := r.source.next()
	if err != nil {
		return Item{}, err
	}
	it := Item{Number: e.number, Line: e.line, Wrong: e.wrong}
	if it.Wrong != nil {
		return it, nil
	}
	it.Message, err = r.message(e)
	if err != nil {
		wrong := *backend.AsError(err)
		if wrong.Subject == "" {
			wrong.Subject = archive.Entry{Number: it.Number, Line: it.Line}.Name()
		}
		it.Wrong = &wrong
	}
	return it, nil
}

func (r *reading) message(e entry) (backend.SendMessageInput, error) {
	t := r.template
	if e.draft != nil {
		var err error
		if t, err = templateOf(*e.draft, r.job.Fill); err != nil {
			return backend.SendMessageInput{}, err
		}
	}
	d, err := t.message(r.job.Seed, e.number, r.job.Now(), e.row)
	if err != nil {
		return backend.SendMessageInput{}, err
	}
	return d.Message(r.queue, r.file)
}

// file reads what an attribute names, once for all messages.
func (r *reading) file(path string) ([]byte, error) {
	if b, ok := r.files[path]; ok {
		return b, nil
	}
	b, err := ReadFile(path)
	if err == nil {
		r.files[path] = b
	}
	return b, err
}

// ReadFile is the content of a file that an attribute names. One that cannot go into
// a message is not read.
func ReadFile(path string) ([]byte, error) {
	f, err := os.Open(path)
	if err != nil {
		return nil, err
	}
	b, err := io.ReadAll(io.LimitReader(f, rules.MaxBody+1))
	return b, errors.Join(err, f.Close())
}

// Plan is what a job comes to.
type Plan struct {
	Total int    // messages and wrong entries
	Wrong int    // entries that cannot be sent
	First []Item // the first of them
	Bad   *Item  // the first wrong one; nil: all are right
}

// Plan makes all messages of a job as they would be sent, keeps the first few, and
// sends nothing.
func (j Job) Plan(ctx context.Context, q rules.Queue, first int) (p Plan, err error) {
	r, err := j.open(q)
	if err != nil {
		return p, err
	}
	defer func() { err = errors.Join(err, r.source.close()) }()
	for ctx.Err() == nil {
		it, err := r.next()
		if errors.Is(err, io.EOF) {
			return p, nil
		}
		if err != nil {
			return p, err
		}
		p.Total++
		if len(p.First) < first {
			p.First = append(p.First, it)
		}
		if it.Wrong != nil {
			if p.Wrong++; p.Bad == nil {
				p.Bad = &it
			}
		}
	}
	e := backend.Errorf(backend.KindCancelled, "looking through the messages was cancelled")
	e.Err = ctx.Err()
	return p, e
}

// Preview are the first messages of a job.
func (j Job) Preview(q rules.Queue, first int) (items []Item, err error) {
	r, err := j.open(q)
	if err != nil {
		return nil, err
	}
	defer func() { err = errors.Join(err, r.source.close()) }()
	for len(items) < first {
		it, err := r.next()
		if errors.Is(err, io.EOF) {
			break
		}
		if err != nil {
			return items, err
		}
		items = append(items, it)
	}
	return items, nil
}

// Mark is how far the sending of a job has come. The zero Mark is its start.
type Mark struct {
	Entries int // that are settled: sent, or told why not

	// Doubt are those behind them that a FIFO queue may have taken. They go on as they
	// were made: with another time in {{now}} the queue would not know them again.
	Doubt []archive.Entry
}

// Send sends the messages of a job behind a mark, and tells the mark that another
// Send goes on from. Rate, Parallel, Each and Progress of the options hold; see
// [archive.Import] for what is promised.
func (j Job) Send(ctx context.Context, to archive.Target, from Mark, o archive.Options) (done archive.Imported, reached Mark, err error) {
	r, err := j.open(to.Queue)
	if err != nil {
		return done, from, err
	}
	defer func() { err = errors.Join(err, r.source.close()) }()
	for range from.Entries + len(from.Doubt) {
		if _, err := r.source.next(); err != nil {
			return done, from, &backend.Error{Kind: backend.KindConflict, Subject: j.Path, Message: "the file has become shorter since", Next: "send what is left from a new file", Err: err}
		}
	}
	queue, again := backend.ARN{Name: to.Queue.Name}, from.Doubt
	var open []archive.Entry // that the import has, and has not settled
	next := func() (e archive.Entry, err error) {
		if len(again) > 0 {
			e, again = again[0], again[1:]
		} else {
			it, err := r.next()
			if err != nil {
				return e, err
			}
			e = it.entry(queue)
		}
		open = append(open, e)
		return e, nil
	}
	each := func(out archive.Outcome) {
		open = open[1:]
		if o.Each != nil {
			o.Each(out)
		}
	}
	done, err = archive.Import(ctx, to, next, archive.Options{Rate: o.Rate, Parallel: o.Parallel, Each: each, Progress: o.Progress})
	reached.Entries = max(done.Position.Entries, from.Entries)
	reached.Doubt = from.Doubt[min(reached.Entries-from.Entries, len(from.Doubt)):]
	if n := done.Position.Sending; n > len(reached.Doubt) {
		reached.Doubt = open[:n]
	}
	return done, reached, err
}

// entry is the item as an import takes it.
func (it Item) entry(queue backend.ARN) archive.Entry {
	e := archive.Entry{Number: it.Number, Line: it.Line, Wrong: it.Wrong}
	in := it.Message
	m := backend.Message{Body: in.MessageBody, MD5OfBody: rules.MD5OfBody(in.MessageBody), MessageAttributes: in.MessageAttributes, Attributes: map[string]string{}}
	if in.MessageGroupId.Set {
		m.Attributes[backend.SysMessageGroupId] = in.MessageGroupId.Value
	}
	if in.MessageDeduplicationId.Set {
		m.Attributes[backend.SysMessageDeduplicationId] = in.MessageDeduplicationId.Value
	}
	if t, ok := in.MessageSystemAttributes[backend.SysAWSTraceHeader]; ok {
		m.Attributes[backend.SysAWSTraceHeader] = t.StringValue.Value
	}
	e.Record = archive.RecordOf(queue, m, backend.StateUnknown)
	if d := in.DelaySeconds; d.Set {
		e.Record.DelaySeconds = &d.Value
	}
	return e
}

// Retry sends once more those of what was left that failed, in their order. What SQS
// may have taken is left alone, and so is what cannot be sent at all. Left has those
// too that it did not come to because it was ended.
func Retry(ctx context.Context, to archive.Target, left []archive.Outcome, o archive.Options) (archive.Imported, error) {
	failed := Failed(left)
	settled := map[int]bool{}
	done, err := archive.Import(ctx, to, archive.Again(failed), archive.Options{
		Rate: o.Rate, Parallel: o.Parallel, Progress: o.Progress, Each: func(out archive.Outcome) {
			settled[out.Number] = true
			if o.Each != nil {
				o.Each(out)
			}
		},
	})
	for _, f := range failed {
		if !settled[f.Number] {
			done.Left = append(done.Left, f)
			done.Failed++
		}
	}
	return done, err
}

// Failed are those of what was left that were not sent and may be tried again.
func Failed(left []archive.Outcome) (out []archive.Outcome) {
	for _, o := range left {
		if o.Fate == archive.FateFailed {
			out = append(out, o)
		}
	}
	return out
}

// Keep writes what was not sent, or not to anybody's knowledge, to a file that can be
// sent or imported, and tells how many they are. A file that is there is not replaced.
func Keep(path string, left []archive.Outcome) (int, error) {
	var records []archive.Record
	for _, o := range left {
		if o.Fate == archive.FateFailed || o.Fate == archive.FateUnknown {
			records = append(records, o.Record)
		}
	}
	err := archive.SaveNew(path, func(w io.Writer) error { return archive.Write(w, records) })
	return len(records), err
}

// KeepPath is a name for the file in a folder.
func KeepPath(dir, queue string, at time.Time) string {
	return filepath.Join(dir, at.UTC().Format("20060102T150405Z")+"-unsent-"+queue+".jsonl")
}
