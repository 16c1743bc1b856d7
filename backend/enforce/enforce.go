// Package enforce decides whether a caller may do what it asks of the embedded
// engine, by the policies of the queue and of the caller. It holds the table of
// callers, by access key. [policy] has the rules; here is only who asks.
//
// Nobody's signature is checked: an access key is believed. A request without a
// caller comes from this process, where the owner of the engine is at work, and
// may do everything, as may a key that is not in the table: it stands for the
// owner's root user, whom only a Deny stops.
//
// It may be used from any goroutine and has one lock, which is taken last.
package enforce

import (
	"cmp"
	"context"
	"maps"
	"sync"
	"sync/atomic"
	"time"

	"sqscope/backend"
	"sqscope/backend/policy"
)

// Caller is a row of the table: who an access key is, and the policies of that
// identity.
type Caller struct {
	backend.Caller
	Policies []policy.Policy
}

// Table knows the callers of one engine. Make it with [New].
type Table struct {
	account string
	now     func() time.Time
	callers atomic.Pointer[map[string]Caller]

	mu     sync.Mutex
	parsed map[backend.ARN]parsed // of each queue the policy that was asked for last
}

// parsed is a policy that was read before: most are asked for many times.
type parsed struct {
	doc    string
	policy policy.Policy
}

// New makes a table without callers for an engine of this account. The engine's
// time is what aws:CurrentTime is.
func New(account string, now func() time.Time) *Table {
	t := &Table{account: account, now: now, parsed: map[backend.ARN]parsed{}}
	t.Set(nil)
	return t
}

// Set replaces the rows. A caller without an account is one of the engine's.
func (t *Table) Set(callers []Caller) {
	rows := make(map[string]Caller, len(callers))
	for _, c := range callers {
		if c.Service == "" {
			c.Account = cmp.Or(c.Account, t.account)
		}
		rows[c.AccessKey] = c
	}
	t.callers.Store(&rows)
}

// Len is how many callers there are.
func (t *Table) Len() int { return len(*t.callers.Load()) }

// Identify is the caller with all that the table knows of its access key. What
// the table says of the request's context counts more than what the request
// says, so that a row can stand for a caller behind a VPC endpoint.
func (t *Table) Identify(c backend.Caller) backend.Caller {
	row, ok := (*t.callers.Load())[c.AccessKey]
	if !ok {
		if c.AccessKey != "" {
			c.Account = t.account
		}
		return c
	}
	known := row.Caller
	known.Context = maps.Clone(c.Context)
	if known.Context == nil {
		known.Context = map[string][]string{}
	}
	maps.Copy(known.Context, row.Context)
	return known
}

// Authorize is nil if the caller of the context may do the action with the
// queue, or AWS's own refusal (docs/SQS.md 10.4; for GetQueueUrl 1.3). It fits
// the engine's option of that name.
func (t *Table) Authorize(ctx context.Context, action string, queue backend.ARN, doc string) error {
	c, ok := backend.CallerOf(ctx)
	if !ok {
		return nil
	}
	r := policy.Request{
		Principal: policy.Caller{ARN: c.ARN, Account: c.Account, Service: c.Service},
		Action:    action,
		Resource:  queue.String(),
		Context:   t.context(c),
	}
	d := policy.Access(t.account, r, t.policy(queue, doc), (*t.callers.Load())[c.AccessKey].Policies...)
	if d.Effect == policy.Allow {
		return nil
	}
	if action == "GetQueueUrl" {
		return backend.ErrorOf(backend.ErrQueueDoesNotExist, "The specified queue does not exist or you do not have access to it.")
	}
	return backend.ErrorOf(backend.ErrAccessDenied, "%s", policy.DeniedMessage(r, d))
}

const currentTime = "aws:CurrentTime"

func (t *Table) context(c backend.Caller) map[string][]string {
	known := maps.Clone(c.Context)
	if known == nil {
		known = map[string][]string{}
	}
	if _, said := known[currentTime]; !said {
		known[currentTime] = []string{t.now().UTC().Format(time.RFC3339)}
	}
	return known
}

// policy is the queue's. One that cannot be read gives nobody a right; the
// engine takes none like that.
func (t *Table) policy(queue backend.ARN, doc string) policy.Policy {
	if doc == "" {
		return policy.Policy{}
	}
	t.mu.Lock()
	defer t.mu.Unlock()
	if p := t.parsed[queue]; p.doc == doc {
		return p.policy
	}
	p, err := policy.Parse(doc)
	if err != nil {
		return policy.Policy{}
	}
	t.parsed[queue] = parsed{doc, p}
	return p
}
