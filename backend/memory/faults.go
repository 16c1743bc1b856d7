package memory

import (
	"context"
	"fmt"
	"math/rand/v2"
	"slices"
	"strconv"
	"strings"
	"sync"
	"sync/atomic"
	"time"

	"sqscope/backend"
	"sqscope/backend/rules"
)

// maxFaultDuration is the longest latency or lag of a fault.
const maxFaultDuration = time.Hour

// faults are those that are set. While there is none, a request costs the load
// of one atomic. Its lock is the last of all: nothing is done under it but to
// throw the dice.
type faults struct {
	armed atomic.Bool // some fault may happen yet

	mu    sync.Mutex
	list  []*fault
	given uint64 // numbers, for IDs and dice
}

type fault struct {
	backend.Fault
	number uint64
	dice   *rand.PCG // as what happens depends on the seed alone
}

// ListFaults tells the faults that are set, spent ones too.
func (e *Engine) ListFaults(ctx context.Context) ([]backend.Fault, error) {
	if err := e.ready(ctx); err != nil {
		return nil, about("ListFaults", "", err)
	}
	e.faults.mu.Lock()
	defer e.faults.mu.Unlock()
	list := make([]backend.Fault, len(e.faults.list))
	for i, f := range e.faults.list {
		list[i] = f.Fault
	}
	return list, nil
}

// SetFault sets a fault. The same faults set in the same order on an engine of
// the same seed throw the same dice.
func (e *Engine) SetFault(ctx context.Context, in backend.Fault) (backend.Fault, error) {
	const action = "SetFault"
	if err := e.ready(ctx); err != nil {
		return backend.Fault{}, about(action, in.ID, err)
	}
	if err := checkFault(in); err != nil {
		return backend.Fault{}, about(action, in.ID, err)
	}
	in.Happened = 0
	if in.Probability == 0 {
		in.Probability = 1
	}
	if in.Kind == backend.FaultServerError && in.Status == 0 {
		in.Status = 500
	}
	seed := e.seedNow()
	e.faults.mu.Lock()
	defer e.faults.mu.Unlock()
	e.faults.given++
	f := &fault{Fault: in, number: e.faults.given, dice: source(seed, "fault", e.faults.given)}
	if f.ID == "" {
		f.ID = e.faults.freeID()
	}
	if i := e.faults.index(f.ID); i >= 0 {
		e.faults.list[i] = f
	} else {
		e.faults.list = append(e.faults.list, f)
	}
	e.faults.armed.Store(true)
	return f.Fault, nil
}

func (f *faults) freeID() string {
	for n := f.given; ; n++ {
		if id := "fault-" + strconv.FormatUint(n, 10); f.index(id) < 0 {
			return id
		}
	}
}

func (f *faults) index(id string) int {
	return slices.IndexFunc(f.list, func(f *fault) bool { return f.ID == id })
}

// ClearFaults takes faults back, all if none is named.
func (e *Engine) ClearFaults(ctx context.Context, ids []string) error {
	const action = "ClearFaults"
	if err := e.ready(ctx); err != nil {
		return about(action, "", err)
	}
	e.faults.mu.Lock()
	defer e.faults.mu.Unlock()
	for _, id := range ids {
		if e.faults.index(id) < 0 {
			err := backend.Errorf(backend.KindNotFound, "there is no fault with this ID")
			err.Next = "list the faults"
			return about(action, id, err)
		}
	}
	e.faults.list = slices.DeleteFunc(e.faults.list, func(f *fault) bool {
		return len(ids) == 0 || slices.Contains(ids, f.ID)
	})
	e.faults.rearm()
	return nil
}

// rearm is called when a fault goes or is spent.
func (f *faults) rearm() {
	f.armed.Store(slices.ContainsFunc(f.list, func(f *fault) bool { return f.Count == 0 || f.Happened < f.Count }))
}

func checkFault(f backend.Fault) error {
	bad := func(format string, args ...any) error { return backend.Errorf(backend.KindInvalid, format, args...) }
	actions := f.Kind.Actions()
	timed := f.Kind == backend.FaultLatency || f.Kind == backend.FaultLaggingCounts
	switch {
	case !slices.Contains(backend.FaultKinds(), f.Kind):
		return bad("%q is no kind of fault: one of %s is expected", f.Kind, join(backend.FaultKinds()))
	case f.Action != "" && !slices.Contains(actions, f.Action):
		return bad("the fault %s cannot happen in %q: one of %s is expected, or none", f.Kind, f.Action, strings.Join(actions, ", "))
	case f.Queue != "" && rules.QueueName(f.Queue, strings.HasSuffix(f.Queue, ".fifo")) != nil:
		return bad("%q is no name of a queue", f.Queue)
	case f.Status != 0 && (f.Kind != backend.FaultServerError || f.Status < 500 || f.Status > 599):
		return bad("the status %d is expected to be 500 to 599, of a %s only", f.Status, backend.FaultServerError)
	case timed && (f.Duration <= 0 || f.Duration > maxFaultDuration):
		return bad("the duration of a %s is expected to be above 0 and at most %v", f.Kind, maxFaultDuration)
	case !timed && f.Duration != 0:
		return bad("a %s has no duration", f.Kind)
	case !(f.Probability >= 0 && f.Probability <= 1): // also where it is no number
		return bad("the probability is expected to be above 0 and at most 1, not %v", f.Probability)
	case f.Count < 0:
		return bad("the count is expected to be 0 or more, not %d", f.Count)
	case !f.Until.IsZero() && !f.Until.After(f.After):
		return bad("a fault is expected to end after it begins")
	case len(f.ID) > rules.MaxId:
		return bad("an ID is expected to have at most %d bytes", rules.MaxId)
	}
	return nil
}

func join[T ~string](list []T) string {
	var words []string
	for _, w := range list {
		words = append(words, string(w))
	}
	return strings.Join(words, ", ")
}

// throw tells whether a fault of that kind happens to a request now, and which.
func (f *faults) throw(now int64, kind backend.FaultKind, action, queue string) (backend.Fault, bool) {
	f.mu.Lock()
	defer f.mu.Unlock()
	for _, one := range f.list {
		if one.Kind == kind && one.happens(now, action, queue) {
			if one.Happened == one.Count {
				f.rearm()
			}
			return one.Fault, true
		}
	}
	return backend.Fault{}, false
}

func (f *fault) happens(now int64, action, queue string) bool {
	switch {
	case f.Queue != "" && f.Queue != queue, f.Action != "" && f.Action != action, f.Count > 0 && f.Happened >= f.Count,
		!f.After.IsZero() && now < stamp(f.After), !f.Until.IsZero() && now >= stamp(f.Until),
		f.Probability < 1 && rand.New(f.dice).Float64() >= f.Probability:
		return false
	}
	f.Happened++
	return true
}

// Those faults that refuse a request, in the order of checks of 1.0; latency
// comes before all.
var (
	early = []backend.FaultKind{
		backend.FaultLatency, backend.FaultServerError, backend.FaultExpiredToken, backend.FaultAccessDenied,
	}
	late = []backend.FaultKind{backend.FaultThrottle, backend.FaultVisibilityThrottle}
)

// refuse has the faults of these kinds happen to a request.
func (e *Engine) refuse(ctx context.Context, action string, queue backend.ARN, waits bool, kinds []backend.FaultKind) error {
	if !e.faults.armed.Load() {
		return nil
	}
	for _, kind := range kinds {
		if kind == backend.FaultVisibilityThrottle && action != "ChangeMessageVisibility" || // a batch fails by entries
			kind == backend.FaultLatency && !waits {
			continue
		}
		now := e.clock.now()
		f, hit := e.faults.throw(now, kind, action, queue.Name)
		if !hit {
			continue
		}
		e.tell(f, action, queue.String(), "", now)
		if kind != backend.FaultLatency {
			return e.faultError(ctx, f, action, queue.String())
		}
		if err := e.pause(ctx, f.Duration); err != nil {
			return err
		}
	}
	return nil
}

// pause waits on the engine's clock.
func (e *Engine) pause(ctx context.Context, d time.Duration) error {
	bell := make(chan struct{})
	cancel := e.clock.After(d, func(time.Time) { close(bell) })
	defer cancel()
	select {
	case <-bell:
		return nil
	case <-ctx.Done():
		return ended(ctx)
	case <-e.quit:
		return errClosed()
	}
}

// entryFault is the fault that happens to one entry of a batch, nil if none
// does.
func (e *Engine) entryFault(action string, q *queue) *backend.Error {
	now := e.clock.now()
	for _, kind := range []backend.FaultKind{backend.FaultPartialBatchFailure, backend.FaultVisibilityThrottle} {
		if !slices.Contains(kind.Actions(), action) {
			continue
		}
		if f, hit := e.faults.throw(now, kind, action, q.name); hit {
			e.tell(f, action, q.arnStr, "", now)
			return e.faultError(context.Background(), f, action, q.arnStr)
		}
	}
	return nil
}

// faultError is SQS's error for a fault, with a word of whose doing it is.
func (e *Engine) faultError(ctx context.Context, f backend.Fault, action, arn string) *backend.Error {
	err := e.sqsError(ctx, f, action, arn)
	err.Next = fmt.Sprintf("the fault %s was set to happen here", f.ID)
	return err
}

func (e *Engine) sqsError(ctx context.Context, f backend.Fault, action, arn string) *backend.Error {
	switch f.Kind {
	case backend.FaultThrottle:
		return backend.ErrorOf(backend.ErrRequestThrottled, "Request is throttled.")
	case backend.FaultVisibilityThrottle:
		return backend.ErrorOf(backend.ErrRequestThrottled, "Request throttled because message visibility configuration "+
			"was updated too recently. Wait a short while and then retry the operation.")
	case backend.FaultExpiredToken:
		return backend.ErrorByCode("ExpiredToken", 403, "The security token included in the request is expired")
	case backend.FaultAccessDenied:
		c, _ := backend.CallerOf(ctx)
		who, what := or(c.ARN, "arn:"+e.arn("").Partition+":iam::"+e.account+":user/"+userName), "sqs:"+strings.ToLower(action)
		return backend.ErrorOf(backend.ErrAccessDenied, "User: %s is not authorized to perform: %s on resource: %s "+
			"because no identity-based policy allows the %s action", who, what, arn, what)
	}
	if f.Status == 503 {
		return backend.ErrorByCode("ServiceUnavailable", 503, unavailableService)
	}
	err := backend.ErrorOf(backend.ErrInternalFailure, internalFailure)
	err.Status = or(f.Status, err.Status)
	return err
}

// tell publishes that a fault has happened. Locks of queues may be held.
func (e *Engine) tell(f backend.Fault, action, arn, messageID string, at int64) {
	if !e.events.listened() {
		return
	}
	e.events.publish(backend.Event{
		At: timeOf(at), Kind: backend.EventFault, QueueArn: arn, MessageId: messageID, Fault: f.Kind, Action: action,
	})
}
