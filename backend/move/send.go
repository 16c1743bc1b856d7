package move

import (
	"context"
	"slices"
	"strconv"
	"time"

	"sqscope/backend"
)

// sending is one wave on its way to its destination.
type sending struct {
	j        *job
	wave     []*item
	outcomes []outcome
}

// outcome is what is known of one message of a wave. Its state is intended as
// long as there is more to try.
type outcome struct {
	state  state
	newID  string
	number string // SequenceNumber
	asked  bool   // a request went out whose answer never came
	why    *backend.Error
}

func newSending(j *job, wave []*item) *sending {
	return &sending{j: j, wave: wave, outcomes: make([]outcome, len(wave))}
}

func (w *sending) answerOf(i int) answer {
	o := w.outcomes[i]
	return answer{ID: w.wave[i].m.MessageId, State: o.state, NewID: o.newID, SequenceNumber: o.number}
}

// send sends the wave, and what failed of it again while that can do no harm.
// After it every message has a state.
func (w *sending) send() {
	for try := range tries {
		todo := w.open()
		if len(todo) == 0 {
			return
		}
		if try > 0 {
			time.Sleep(backoff << try)
		}
		w.once(todo, try == tries-1)
	}
	for _, i := range w.open() {
		w.settle(i, w.outcomes[i].why)
	}
}

func (w *sending) open() (todo []int) {
	for i, o := range w.outcomes {
		if o.state == stateIntended {
			todo = append(todo, i)
		}
	}
	return todo
}

// settle gives up on a message.
func (w *sending) settle(i int, why *backend.Error) {
	o := &w.outcomes[i]
	o.state, o.why = stateNot, why
	if o.asked {
		o.state, o.why = stateUnknown, noAnswer(why)
	}
}

// once makes one request.
func (w *sending) once(todo []int, last bool) {
	in := backend.SendMessageBatchInput{QueueUrl: w.j.to.URL}
	for _, i := range todo {
		in.Entries = append(in.Entries, backend.SendMessageBatchEntry{Id: strconv.Itoa(i), SendMessageInput: w.wave[i].l.in})
	}
	ctx, cancel := context.WithTimeout(w.j.r.work, w.j.margin)
	defer cancel()
	out, err := w.j.to.SQS.SendMessageBatch(ctx, in)
	if err != nil {
		w.refused(todo, err)
		return
	}
	for _, f := range out.Failed {
		if i := at(todo, f.Id); i >= 0 {
			w.failed(i, f)
		}
	}
	for _, i := range todo { // in the order in which SQS took them
		k := slices.IndexFunc(out.Successful, func(s backend.SendMessageBatchResult) bool { return s.Id == strconv.Itoa(i) })
		switch {
		case k >= 0:
			w.accepted(i, out.Successful[k].SendMessageOutput)
		case !slices.ContainsFunc(out.Failed, func(f backend.BatchError) bool { return f.Id == strconv.Itoa(i) }):
			w.silence(i, backend.Errorf(backend.KindInternal, "SQS did not say whether it took it"))
		}
	}
}

// at is the message that an entry's id stands for, or -1.
func at(todo []int, id string) int {
	i, err := strconv.Atoi(id)
	if err != nil || !slices.Contains(todo, i) {
		return -1
	}
	return i
}

// refused books a request that failed as a whole. Of an error that the service
// gave it is known that nothing was done; after others nobody knows.
func (w *sending) refused(todo []int, err error) {
	e := backend.AsError(err)
	for _, i := range todo {
		switch {
		case e.Kind == backend.KindThrottled:
			w.outcomes[i].why = e
		case e.Kind.Passing() || e.Kind == backend.KindCancelled:
			w.silence(i, e)
		default:
			w.settle(i, e)
		}
	}
	w.useless(e)
}

// silence is for a message of which nobody knows whether it arrived. It is sent
// once more only if SQS would then see that it is the same (8.1).
func (w *sending) silence(i int, why *backend.Error) {
	w.outcomes[i].asked, w.outcomes[i].why = true, why
	if !w.wave[i].l.digest.Own {
		w.settle(i, why)
	}
}

// failed books an entry that failed while the request did not.
func (w *sending) failed(i int, f backend.BatchError) {
	e := entryError(f)
	e.Action, e.Subject = "SendMessageBatch", w.wave[i].m.MessageId
	w.outcomes[i].why = e
	if f.SenderFault && !e.Kind.Passing() {
		w.settle(i, e)
	}
	w.useless(e)
}

// useless tells from an error that nothing more is to be sent to a destination.
func (w *sending) useless(e *backend.Error) {
	switch e.Kind {
	case backend.KindDenied, backend.KindNotFound, backend.KindCredentials, backend.KindUnsupported:
		w.j.end, w.j.err = endDestination, e
	default:
	}
}

// accepted books what SQS says that it took, which may be a duplicate that it
// swallowed.
func (w *sending) accepted(i int, out backend.SendMessageOutput) {
	it, o := w.wave[i], &w.outcomes[i]
	o.newID, o.number = out.MessageId, out.SequenceNumber
	if !confirmed(it.l.in, out) {
		o.state = stateUnknown
		o.why = backend.Errorf(backend.KindInternal, "the destination has something else than was sent: its digests differ")
		o.why.Subject, o.why.Next = it.m.MessageId, "it was kept in the source; look at both"
		return
	}
	o.state = stateSent
	if it.l.in.MessageDeduplicationId.Set {
		o.state, o.why = w.j.r.numbers.judge(it, w.j.to.ARN, out, w.j.r.o.TrustKept)
	}
}
