package move

import (
	"context"
	"slices"
	"strconv"
	"time"

	"sqscope/backend"
	"sqscope/backend/guard"
	"sqscope/backend/journal"
	"sqscope/backend/rules"
)

// job takes one batch all the way, in a goroutine of its own: intent, send,
// answer, delete.
type job struct {
	r      *run
	to     *Queue
	index  int // of the destination
	margin time.Duration

	verdicts []verdict
	sent     []verdict // to be deleted
	stopped  map[string]bool
	moved    int
	end      ending
	err      error // the reason for end
}

// ending is what cannot go on after a job.
type ending int

const (
	endNothing ending = iota
	endDestination
	endRun
)

// verdict is what became of a message in a job.
type verdict struct {
	it     *item
	kind   verdictKind
	newID  string
	why    *backend.Error
	handle string // that a delete came with
}

type verdictKind int

const (
	verdictMoved     verdictKind = iota
	verdictOwed                  // sent, and not deleted
	verdictUnwritten             // likewise, and that it was sent could not be journaled
	verdictLapsed                // its lease was over before anything was done
	verdictBehind                // a message ahead of it in its group was not sent
	verdictFailed                // not sent, for certain
	verdictSwallowed             // as a duplicate of another one
	verdictDoubt                 // perhaps sent
)

func (j *job) say(it *item, kind verdictKind, newID string, why *backend.Error) {
	j.verdicts = append(j.verdicts, verdict{it: it, kind: kind, newID: newID, why: why})
	if kind != verdictMoved && kind != verdictOwed && kind != verdictUnwritten {
		if g := j.r.group(it); g != "" {
			j.stopped[g] = true
		}
	}
}

func (j *job) do(batch []*item) {
	j.stopped = map[string]bool{}
	batch = j.extend(batch)
	for len(batch) > 0 && j.end == endNothing {
		var wave []*item
		wave, batch = j.wave(batch)
		if len(wave) > 0 {
			j.sendWave(wave)
		}
	}
	for _, it := range batch { // nothing was done with them
		j.say(it, verdictFailed, "", backend.AsError(j.err))
	}
	if len(j.sent) > 0 {
		j.delete()
	}
}

// extend sees that the leases last for what follows, and is without those that do
// not.
func (j *job) extend(batch []*item) []*item {
	var short []*item
	for _, it := range batch {
		if !it.leased(time.Now().Add(j.margin)) {
			short = append(short, it)
		}
	}
	if len(short) == 0 {
		return batch
	}
	in := backend.ChangeMessageVisibilityBatchInput{QueueUrl: j.r.o.From.URL}
	for i, it := range short {
		in.Entries = append(in.Entries, backend.ChangeMessageVisibilityBatchEntry{
			Id: strconv.Itoa(i), ReceiptHandle: it.m.ReceiptHandle, VisibilityTimeout: backend.Some(seconds(j.r.o.Lease)),
		})
	}
	ctx, cancel := context.WithTimeout(j.r.work, j.margin)
	defer cancel()
	sent := time.Now()
	out, err := j.r.o.From.SQS.ChangeMessageVisibilityBatch(ctx, in)
	for i, it := range short {
		if err == nil && slices.Contains(out.Successful, strconv.Itoa(i)) {
			it.ends = sent.Add(j.r.o.Lease)
			continue
		}
		j.say(it, verdictLapsed, "", nil)
		batch = slices.DeleteFunc(slices.Clone(batch), func(b *item) bool { return b == it })
	}
	return batch
}

// wave is what may be sent in one request. Where an order is to be kept it has
// one message of each group at most: SQS may take the second of two and fail the
// first (docs/SQS.md 8.6).
func (j *job) wave(batch []*item) (wave, rest []*item) {
	if !j.r.o.From.ARN.FIFO() || !j.to.ARN.FIFO() {
		return batch, nil
	}
	has := map[string]bool{}
	for _, it := range batch {
		switch g := j.r.group(it); {
		case j.stopped[g]:
			j.say(it, verdictBehind, "", nil)
		case has[g]:
			rest = append(rest, it)
		default:
			has[g] = true
			wave = append(wave, it)
		}
	}
	return wave, rest
}

// sendWave journals what is about to be sent, sends it, and journals what came of
// it. Nothing of it may be deleted if that cannot be written.
func (j *job) sendWave(wave []*item) {
	in := &intent{To: j.to.ARN.String()}
	for _, it := range wave {
		in.Messages = append(in.Messages, it.l.digest)
	}
	if err := j.r.log.put(line{At: time.Now(), Send: in}, true); err != nil {
		j.end, j.err = endRun, unwritable(j.r.log.path, err)
		for _, it := range wave {
			j.say(it, verdictFailed, "", backend.AsError(j.err))
		}
		return
	}
	w := newSending(j, wave)
	w.send()
	answers := make([]answer, len(wave))
	for i := range wave {
		answers[i] = w.answerOf(i)
	}
	err := j.r.log.put(line{At: time.Now(), Sent: answers}, true)
	if err != nil {
		j.end, j.err = endRun, unwritable(j.r.log.path, err)
	}
	for i, it := range wave {
		o := &w.outcomes[i]
		switch {
		case o.state != stateSent:
			j.say(it, verdictOf(o.state), o.newID, o.why)
		case err != nil:
			e := notDeleted()
			e.Err = err
			j.say(it, verdictUnwritten, o.newID, e)
		default:
			j.sent = append(j.sent, verdict{it: it, newID: o.newID})
		}
	}
}

// trouble is what the services are to blame for in a batch, of which more are not
// likely to fare better; nil: nothing.
func (j *job) trouble() error {
	for _, v := range j.verdicts {
		if (v.kind == verdictFailed || v.kind == verdictOwed || v.kind == verdictDoubt && v.newID == "") && v.why.Kind.Passing() {
			return v.why
		}
	}
	return nil
}

func verdictOf(s state) verdictKind {
	switch s {
	case stateNot:
		return verdictFailed
	case stateSwallow:
		return verdictSwallowed
	}
	return verdictDoubt
}

// delete deletes what was sent, by leases that are known to be ours, and journals
// what was deleted.
func (j *job) delete() {
	todo := make([]int, 0, len(j.sent))
	for i := range j.sent {
		v := &j.sent[i]
		v.kind, v.handle, v.why = verdictOwed, v.it.m.ReceiptHandle, notDeleted()
		if v.it.leased(time.Now().Add(time.Second)) {
			todo = append(todo, i)
		}
	}
	for try := 0; len(todo) > 0 && try < tries; try++ {
		if try > 0 {
			time.Sleep(backoff << try)
		}
		todo = j.deleteOnce(todo)
	}
	var done []string
	for _, v := range j.sent {
		if v.kind == verdictMoved {
			done = append(done, v.it.m.MessageId)
		}
	}
	j.moved = len(done)
	if len(done) > 0 {
		// A delete that stands in no journal is found to be done when the move is
		// finished; nothing more is begun without one.
		if err := j.r.log.put(line{At: time.Now(), Deleted: done}, false); err != nil && j.end != endRun {
			j.end, j.err = endRun, unwritable(j.r.log.path, err)
		}
	}
	j.verdicts = append(j.verdicts, j.sent...)
}

// deleteOnce returns those that may be tried again by the same lease.
func (j *job) deleteOnce(todo []int) (again []int) {
	in := backend.DeleteMessageBatchInput{QueueUrl: j.r.o.From.URL}
	names := map[string]journal.Message{}
	for _, i := range todo {
		m := j.sent[i].it.m
		in.Entries = append(in.Entries, backend.DeleteMessageBatchEntry{Id: strconv.Itoa(i), ReceiptHandle: m.ReceiptHandle})
		names[m.ReceiptHandle] = journal.Message{ID: m.MessageId, MD5: m.MD5OfBody}
	}
	ctx, cancel := context.WithTimeout(guard.Naming(j.r.work, names), j.margin)
	defer cancel()
	out, err := j.r.o.From.SQS.DeleteMessageBatch(ctx, in)
	if err != nil {
		for _, i := range todo {
			j.sent[i].why = because(notDeleted(), err)
		}
		if k := backend.KindOf(err); !k.Passing() && j.end != endRun {
			j.end, j.err = endRun, err
			return nil
		}
		return todo
	}
	reasons := map[string]backend.BatchError{}
	for _, f := range out.Failed {
		reasons[f.Id] = f
	}
	for _, i := range todo {
		v, id := &j.sent[i], strconv.Itoa(i)
		f, failed := reasons[id]
		switch {
		case failed:
			v.why = because(notDeleted(), entryError(f))
			if !f.SenderFault || entryError(f).Kind.Passing() {
				again = append(again, i)
			} // else it is the handle, and takes another lease (1.14)
		case slices.Contains(out.Successful, id):
			v.kind, v.why = verdictMoved, nil
		default:
			again = append(again, i)
		}
	}
	return again
}

// because adds a cause to an error.
func because(e *backend.Error, cause error) *backend.Error {
	e.Kind, e.Err = backend.KindOf(cause), cause
	e.Message += ": " + backend.AsError(cause).Message
	return e
}

// entryError is the error of an entry of a batch that failed. Codes that are in
// no model get their kind by whose fault it was.
func entryError(f backend.BatchError) *backend.Error {
	status := 500
	if f.SenderFault {
		status = 400
	}
	e := backend.ErrorByCode(f.Code, status, f.Message)
	e.Status = 0 // the request itself succeeded
	return e
}

// confirmed tells whether the destination has what was sent (docs/SQS.md 4).
func confirmed(in backend.SendMessageInput, out backend.SendMessageOutput) bool {
	return out.MD5OfMessageBody == rules.MD5OfBody(in.MessageBody) &&
		out.MD5OfMessageAttributes == rules.MD5OfAttributes(in.MessageAttributes) &&
		(out.MD5OfMessageSystemAttributes == "" || out.MD5OfMessageSystemAttributes == rules.MD5OfAttributes(in.MessageSystemAttributes))
}
