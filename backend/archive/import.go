package archive

import (
	"context"
	"encoding/hex"
	"errors"
	"io"
	"strconv"
	"time"

	"sqscope/backend"
	"sqscope/backend/rules"
)

// Target is the queue that an import sends to.
type Target struct {
	SQS   backend.SQS // guarded and metered
	URL   string
	Queue rules.Queue
}

// TargetOf reads what an import must know of a queue.
func TargetOf(ctx context.Context, sqs backend.SQS, url string) (Target, error) {
	out, err := sqs.GetQueueAttributes(ctx, backend.GetQueueAttributesInput{
		QueueUrl: url, AttributeNames: []string{backend.AttrAll},
	})
	if err != nil {
		return Target{}, err
	}
	_, name := backend.URLParts(url)
	t := Target{SQS: sqs, URL: url, Queue: rules.Queue{Name: name}}
	t.Queue.FIFO = out.Attributes[backend.AttrFifoQueue] == "true"
	t.Queue.ContentBasedDeduplication = out.Attributes[backend.AttrContentBasedDeduplication] == "true"
	if n, err := strconv.Atoi(out.Attributes[backend.AttrMaximumMessageSize]); err == nil {
		t.Queue.MaximumMessageSize = n // else SQS's own is the limit
	}
	return t, nil
}

// Options say how an import is to be done.
type Options struct {
	Rate     float64 // messages a second; 0: as fast as answers come
	Parallel int     // requests at the same time to a standard queue; 0: 8
	Stop     bool    // at the first wrong entry; else it is left out
	Group    string  // for messages without a group that go to a FIFO queue; "": they are refused

	// NewDedup gives each message that goes to a FIFO queue a deduplication id of its
	// own instead of the one it had, for a queue that has seen them in the last five
	// minutes. The ids follow from the file, so that an import that is taken up again
	// sends nothing twice.
	NewDedup bool

	From     Position             // where to go on; zero: at the start
	Save     func(Position) error // keeps the position; nil: it cannot be taken up again
	Each     func(Outcome)        // called for each entry, in the order of the file; nil: nobody asks
	Progress func(Imported)       // called as messages are sent; nil: nobody asks
}

// Fate is what became of an entry.
type Fate string

// The fates of an entry.
const (
	FateSent      Fate = "sent"      // confirmed, digests compared
	FateWrong     Fate = "wrong"     // no message: it cannot be read
	FateFailed    Fate = "failed"    // not sent
	FateUnknown   Fate = "unknown"   // a request went out, and what came of it is not known
	FateDuplicate Fate = "duplicate" // taken for one sent in the last five minutes, and not stored (docs/SQS.md 8.1)
)

// Outcome is what became of one entry.
type Outcome struct {
	Entry
	Fate           Fate
	MessageId      string         // that SQS gave; "" unless it was sent
	SequenceNumber string         // likewise, of a FIFO queue
	Err            *backend.Error // why it was not sent; nil: it was
	Again          bool           // an import that ended may have sent it before
}

// Imported is how far an import has come.
type Imported struct {
	Read       int       // entries, those that an earlier import settled not counted
	Skipped    int       // entries that an earlier import settled
	Sent       int       // messages
	Again      int       // of them, those that an earlier import may have sent too
	Wrong      int       // entries that are no messages
	Failed     int       // messages that were not sent
	Unknown    int       // messages of which nobody knows
	Duplicates int       // messages that SQS did not store
	Requests   int       // made
	Left       []Outcome // all that is not known to be in the queue, in the order of the file
	Position   Position  // where to go on
}

// Import sends the messages that next yields, as [Reader.Next] does, until io.EOF.
// Body, message attributes, trace header, group and, to a FIFO queue, deduplication
// id are those of the file. To a FIFO queue a message goes when the one ahead of it
// in its group is confirmed; where that may still succeed later, the rest of its
// group is left too. What is refused by SQS's rules is not sent at all.
//
// It ends early with an error when ctx ends (kind cancelled; requests that are out
// are waited for, at most 20 s each), at a wrong entry if it was told to, when the
// queue takes nothing any more, and when the position cannot be kept. Imported says
// how far it came, also then: what is behind its Position was not sent. To try only
// what is left before it, import [Again] of that.
func Import(ctx context.Context, to Target, next func() (Entry, error), o Options) (Imported, error) {
	if o.Parallel <= 0 {
		o.Parallel = 8
	}
	im := &importer{to: to, o: o, next: next, blocked: map[string]bool{}, ids: map[string]bool{}}
	im.done.Position = Position{Queue: to.URL}
	err := im.skip()
	for err == nil {
		err = im.wave(ctx)
	}
	if errors.Is(err, io.EOF) {
		err = nil
	}
	return im.done, err
}

// Again yields the messages of what an import has left, in their order, for
// another one. Wrong entries are not among them.
func Again(left []Outcome) func() (Entry, error) {
	return func() (Entry, error) {
		for len(left) > 0 {
			e := left[0].Entry
			left = left[1:]
			if e.Wrong == nil {
				return e, nil
			}
		}
		return Entry{}, io.EOF
	}
}

// Refusal is why an entry would not be sent to this queue, or nil: it is no message,
// or the queue would not take it by SQS's rules.
func (t Target) Refusal(e Entry, o Options) *backend.Error {
	if e.Wrong != nil {
		return e.Wrong
	}
	im := importer{to: t, o: o}
	if _, err := im.message(e); err != nil {
		return backend.AsError(err)
	}
	return nil
}

// importer is an import under way.
type importer struct {
	to      Target
	o       Options
	next    func() (Entry, error)
	done    Imported
	again   int             // entries that an earlier import may have sent, yet to come
	blocked map[string]bool // groups of which nothing more is sent
	ids     map[string]bool // given by a FIFO queue: one that comes twice is a duplicate
	free    time.Time       // nothing is sent before, for the rate
	ended   error           // why nothing more can be read: io.EOF is the usual reason
}

// item is an entry of a wave.
type item struct {
	in    backend.SendMessageInput
	out   Outcome
	asked bool // a request went out whose answer never came
}

func (it *item) group() string { return it.in.MessageGroupId.Value }

// wave reads some entries, sends them and books them. The position says before
// that they may be sent, and after that they were.
func (im *importer) wave(ctx context.Context) error {
	items := im.collect()
	if len(items) == 0 {
		return im.ended
	}
	if !backend.Pause(ctx, time.Until(im.free)) {
		e := backend.Errorf(backend.KindCancelled, "the import was cancelled")
		e.Subject, e.Next, e.Err = im.to.Queue.Name, "it can be taken up again where it ended", ctx.Err()
		return e
	}
	before := im.done.Position
	before.Sending = len(items)
	if err := im.save(before); err != nil {
		return err
	}
	began := time.Now()
	sent, err := im.send(ctx, items)
	if im.o.Rate > 0 {
		im.free = began.Add(time.Duration(float64(sent) / im.o.Rate * float64(time.Second)))
	}
	reached := len(items)
	if err != nil {
		reached = im.reached(items)
	}
	for _, it := range items[:reached] {
		im.book(it.out)
	}
	im.done.Position.Sending = 0
	if reached > 0 {
		last := items[reached-1].out.Entry
		im.done.Position = Position{Queue: im.to.URL, Entries: last.Number, Digest: hex.EncodeToString(last.digest[:])}
	}
	if im.to.Queue.FIFO {
		im.done.Position.Sending = len(items) - reached
	}
	if e := im.save(im.done.Position); err == nil {
		err = e
	}
	if im.o.Progress != nil {
		im.o.Progress(im.done)
	}
	return err
}

// reached is how many entries of a wave that ended early are settled: to a
// standard queue all but those at its end that were not sent; to a FIFO queue those
// up to the first that may not have been, since the rest belongs behind it and SQS
// sees what comes a second time.
func (im *importer) reached(items []*item) int {
	if im.to.Queue.FIFO {
		for i, it := range items {
			if f := it.out.Fate; f == FateUnknown || f == FateFailed && it.out.Err.Kind != backend.KindInvalid {
				return i
			}
		}
		return len(items)
	}
	for n := len(items); n > 0; n-- {
		if items[n-1].out.Fate != FateFailed {
			return n
		}
	}
	return 0
}

// size is how many entries a wave has.
func (im *importer) size() int {
	n := rules.MaxBatchEntries
	if !im.to.Queue.FIFO {
		n *= im.o.Parallel
	}
	if im.o.Rate > 0 {
		n = max(1, min(n, int(im.o.Rate)))
	}
	return n
}

// collect reads a wave. What cannot be sent has its fate after it.
func (im *importer) collect() (items []*item) {
	for most := im.size(); len(items) < most && im.ended == nil; {
		e, err := im.next()
		if err != nil {
			im.ended = err
			break
		}
		if e.Wrong != nil && im.o.Stop {
			im.ended = e.Wrong
			break
		}
		it := &item{out: Outcome{Entry: e, Again: im.again > 0}}
		im.again = max(0, im.again-1)
		items = append(items, it)
		if e.Wrong != nil {
			it.out.Fate, it.out.Err = FateWrong, e.Wrong
			continue
		}
		if it.in, err = im.message(e); err != nil {
			refused := *backend.AsError(err)
			refused.Next = "correct it and try it again"
			it.fail(&refused)
		}
	}
	return items
}

// Name is what an entry is called: by its line, or if it has none by its number.
func (e Entry) Name() string {
	if e.Line == 0 {
		return "message " + strconv.Itoa(e.Number)
	}
	return "line " + strconv.Itoa(e.Line)
}

func (it *item) fail(err *backend.Error) {
	e := *err
	if e.Subject == "" {
		e.Subject = it.out.Name()
	}
	it.out.Fate, it.out.Err = FateFailed, &e
	if it.asked {
		it.out.Fate = FateUnknown
	}
}

// message is what is sent for an entry, or why the queue would not take it.
func (im *importer) message(e Entry) (backend.SendMessageInput, error) {
	m, err := e.Record.Message()
	if err != nil {
		return backend.SendMessageInput{}, backend.Errorf(backend.KindInvalid, "%v", err)
	}
	in := m.Again(im.to.URL, im.to.Queue.FIFO)
	if d := e.Record.DelaySeconds; d != nil {
		in.DelaySeconds = backend.Some(*d)
	}
	if im.to.Queue.FIFO {
		if !in.MessageGroupId.Set && im.o.Group != "" {
			in.MessageGroupId = backend.Some(im.o.Group)
		}
		if im.o.NewDedup {
			in.MessageDeduplicationId = backend.Some(hex.EncodeToString(e.digest[:]))
		}
	}
	return in, rules.Send(im.to.Queue, in)
}

// book counts an outcome and tells it.
func (im *importer) book(o Outcome) {
	d := &im.done
	d.Read++
	switch o.Fate {
	case FateSent:
		d.Sent++
		if o.Again {
			d.Again++
		}
	case FateWrong:
		d.Wrong++
	case FateUnknown:
		d.Unknown++
	case FateDuplicate:
		d.Duplicates++
	default:
		d.Failed++
	}
	if o.Fate != FateSent {
		d.Left = append(d.Left, o)
	}
	if im.o.Each != nil {
		im.o.Each(o)
	}
}
