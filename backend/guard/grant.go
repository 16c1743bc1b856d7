package guard

import (
	"context"
	"sync"

	"sqscope/backend"
)

// Act is a dangerous act: one that loses messages or starts a flood, and so
// needs a grant even at [Change].
type Act string

// The dangerous acts (DESIGN.md 4.5). Deleting one message is none.
const (
	ActPurge          Act = "PurgeQueue"
	ActDeleteQueue    Act = "DeleteQueue"
	ActRedrive        Act = "StartMessageMoveTask"
	ActDeleteMessages Act = "DeleteMessages" // by DeleteMessageBatch or RemoveMessages
	ActRestore        Act = "Restore"        // of a snapshot; it concerns no queue but all
)

// Grant is what a person has confirmed, or --yes has: one act on one queue.
type Grant struct {
	Act      Act
	ARN      string // of the queue; of the dead-letter queue for a redrive; not read for a restore
	Count    int    // for deletes: how many messages may go; else not read
	Evidence string // where it was written what will be lost, or why it was not
}

// permit is a grant on its way in a context. It is good for one guard only: a
// confirmation for one connection says nothing about another.
type permit struct {
	guard *Guard
	grant Grant

	mu   sync.Mutex
	left int // calls, or messages for deletes
}

type permitKey struct{}

// Allow returns a context that carries the grant. It is used up by the first
// call with that act and queue; a grant for deletes by as many messages as it
// counts, in however many calls. Only a dialog that asked, or --yes, may call
// this.
func (g *Guard) Allow(ctx context.Context, grant Grant) context.Context {
	p := &permit{guard: g, grant: grant, left: 1}
	if grant.Act == ActDeleteMessages {
		p.left = grant.Count
	}
	return context.WithValue(ctx, permitKey{}, p)
}

// use takes n from the grant in the context, or refuses. The queue is given
// by its ARN or its URL. What was taken can be given back with the permit.
func (g *Guard) use(ctx context.Context, action string, act Act, queue string, n int) (*permit, error) {
	p, _ := ctx.Value(permitKey{}).(*permit)
	if p == nil || p.guard != g || p.grant.Act != act ||
		act != ActRestore && !sameQueue(p.grant.ARN, queue) {
		return nil, g.refuse(action, queue, "needs a confirmation of its own")
	}
	p.mu.Lock()
	defer p.mu.Unlock()
	switch {
	case p.left <= 0:
		return nil, g.refuse(action, queue, "the confirmation has been used up")
	case p.left < n:
		err := g.refuse(action, queue, "%d messages are more than the %d left of what was confirmed", n, p.left)
		return nil, err
	}
	p.left -= n
	return p, nil
}

// granted makes a dangerous call, if the level allows it and there is a grant for
// n of it. The permit that it took them from is nil if the call was not made;
// what was taken for it has then been given back.
func granted[I, O any](
	ctx context.Context, g *Guard, action string, act Act, queue string, n int, in I, call func(context.Context, I) (O, error),
) (out O, p *permit, err error) {
	if err := g.check(action, subjectOf(queue)); err != nil {
		return out, nil, err
	}
	p, err = g.use(ctx, action, act, queue, n)
	if err != nil {
		return out, nil, err
	}
	out, made, err := recorded(ctx, g, action, p.grant.Evidence, in, call)
	if !made {
		p.giveBack(n)
		p = nil
	}
	return out, p, err
}

func (g *Guard) refuse(action, queue, format string, args ...any) *backend.Error {
	err := backend.Errorf(backend.KindDenied, format, args...)
	err.Action, err.Subject = action, subjectOf(queue)
	err.Next = "confirm it in its dialog, or give --yes to the command"
	return err
}

// subjectOf is what an error calls the queue with this ARN or URL.
func subjectOf(queue string) string {
	if a, ok := backend.ParseARN(queue); ok {
		return a.Name
	}
	return queueName(queue)
}

// giveBack returns messages to the budget that are known not to be deleted, so
// that a second attempt at them needs no second confirmation.
func (p *permit) giveBack(n int) {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.left += n
}

// settle gives back what a delete call did not do: the entries that it says
// failed, or all n if the service refused the request. After an error that
// leaves the outcome open they stay spent.
func (p *permit) settle(n int, out backend.BatchOutput, err error) {
	switch {
	case err == nil:
		p.giveBack(min(n, len(out.Failed)))
	case refused(backend.KindOf(err)):
		p.giveBack(n)
	}
}

// refused tells whether an error of this kind means that nothing was done.
func refused(k backend.Kind) bool {
	switch k {
	case backend.KindCredentials, backend.KindDenied, backend.KindThrottled, backend.KindNotFound,
		backend.KindInvalid, backend.KindConflict, backend.KindUnsupported:
		return true
	}
	return false
}

// sameQueue compares a grant's ARN with an ARN, or with the account and name
// of a queue URL, which does not always say its region (docs/SQS.md 1.0). A
// bare name is refused: whose queue it is would be a guess.
func sameQueue(grantARN, queue string) bool {
	granted, ok := backend.ParseARN(grantARN)
	if !ok {
		return false
	}
	if asked, ok := backend.ParseARN(queue); ok {
		return asked == granted
	}
	account, name := backend.URLParts(queue)
	return account == granted.Account && name == granted.Name
}
