package memory

import (
	"context"
	"encoding/base64"
	"maps"
	"slices"
	"strings"

	"sqscope/backend"
	"sqscope/backend/rules"
)

// CreateQueue makes a queue, or finds the one that is there if it does not
// differ in what was asked for (docs/SQS.md 1.1).
func (e *Engine) CreateQueue(ctx context.Context, in backend.CreateQueueInput) (backend.CreateQueueOutput, error) {
	q, err := e.create(ctx, in)
	if err != nil {
		return backend.CreateQueueOutput{}, about("CreateQueue", in.QueueName, err)
	}
	return backend.CreateQueueOutput{QueueUrl: q.url}, nil
}

func (e *Engine) create(ctx context.Context, in backend.CreateQueueInput) (*queue, error) {
	if err := e.ready(ctx); err != nil {
		return nil, err
	}
	arn := e.arn(in.QueueName)
	s, err := rules.NewSettings(arn, in.Attributes, e.target)
	if err != nil {
		return nil, err
	}
	if len(in.Tags) > 0 {
		if err := rules.Tags(in.QueueName, nil, in.Tags); err != nil {
			return nil, err
		}
	}
	e.mu.Lock()
	defer e.mu.Unlock()
	now := e.clock.now()
	if q := e.names[in.QueueName]; q != nil {
		if name, differs := q.settings.Load().Difference(in.Attributes); differs {
			return nil, rules.ExistsError(name)
		}
		return q, nil
	}
	e.deleted.prune(now)
	if at, recently := e.deleted.get(in.QueueName); recently && !e.noCooldown {
		return nil, waitFor(backend.ErrorOf(backend.ErrQueueDeletedRecently, "You must wait 60 seconds after "+
			"deleting a queue before you can create another with the same name."), now, at+e.deleted.window)
	}
	e.created++
	q := newQueue(e, e.created, arn, s, maps.Clone(in.Tags), now)
	q.roll(e.seed, e.secret)
	e.names[q.name] = q
	at, _ := slices.BinarySearchFunc(e.sorted, q.name, byName)
	e.sorted = slices.Insert(e.sorted, at, q)
	q.emit(backend.EventQueueCreated, nil, now, "", 0)
	return q, nil
}

func byName(q *queue, name string) int { return strings.Compare(q.name, name) }

// DeleteQueue deletes a queue and all that is in it, at once (1.2). Whoever
// waits for its messages is told that it does not exist.
func (e *Engine) DeleteQueue(ctx context.Context, in backend.DeleteQueueInput) error {
	const action = "DeleteQueue"
	q, err := e.find(ctx, action, in.QueueUrl)
	if err != nil {
		return err
	}
	if !e.forget(q) {
		return about(action, q.name, noQueue())
	}
	q.mu.Lock()
	defer q.mu.Unlock()
	q.gone = true
	q.clear()
	q.callAll()
	q.settle()
	q.emit(backend.EventQueueDeleted, nil, e.clock.now(), "", 0)
	return nil
}

// forget takes a queue out of the table of names, and is false if it was not
// there any more.
func (e *Engine) forget(q *queue) bool {
	e.mu.Lock()
	defer e.mu.Unlock()
	if e.names[q.name] != q {
		return false
	}
	delete(e.names, q.name)
	at, _ := slices.BinarySearchFunc(e.sorted, q.name, byName)
	e.sorted = slices.Delete(e.sorted, at, at+1)
	now := e.clock.now()
	e.deleted.prune(now)
	e.deleted.put(q.name, now, now)
	return true
}

// PurgeQueue deletes all messages of a queue, in whatever state, and what it
// knew of duplicates, once in 60 seconds (1.9).
func (e *Engine) PurgeQueue(ctx context.Context, in backend.PurgeQueueInput) error {
	const action = "PurgeQueue"
	q, err := e.find(ctx, action, in.QueueUrl)
	if err != nil {
		return err
	}
	now, err := q.lock()
	if err != nil {
		return about(action, q.name, err)
	}
	defer q.unlock()
	over := q.purged + int64(rules.PurgeCooldown)
	if q.purged != 0 && now < over && !e.noCooldown {
		return about(action, q.name, waitFor(backend.ErrorOf(backend.ErrPurgeQueueInProgress,
			"Only one PurgeQueue operation on %s is allowed every 60 seconds.", q.name), now, over))
	}
	q.purged = now
	n := q.messages.n
	q.clear()
	q.emit(backend.EventPurged, nil, now, "", n)
	return nil
}

// GetQueueUrl finds a queue by its name (1.3). Nobody else's queues are here.
func (e *Engine) GetQueueUrl(ctx context.Context, in backend.GetQueueUrlInput) (backend.GetQueueUrlOutput, error) {
	q, err := e.named(ctx, in)
	if err != nil {
		return backend.GetQueueUrlOutput{}, about("GetQueueUrl", in.QueueName, err)
	}
	return backend.GetQueueUrlOutput{QueueUrl: q.url}, nil
}

func (e *Engine) named(ctx context.Context, in backend.GetQueueUrlInput) (*queue, error) {
	if err := e.ready(ctx); err != nil {
		return nil, err
	}
	if in.QueueName == "" {
		return nil, rules.Missing("QueueName")
	}
	if owner := in.QueueOwnerAWSAccountId; owner != "" && owner != e.account {
		return nil, backend.ErrorOf(backend.ErrQueueDoesNotExist,
			"The specified queue does not exist or you do not have access to it.")
	}
	q := e.byName(in.QueueName)
	if q == nil {
		return nil, noQueue()
	}
	return q, nil
}

// ListQueues lists queues by name (1.4).
func (e *Engine) ListQueues(ctx context.Context, in backend.ListQueuesInput) (backend.ListQueuesOutput, error) {
	const action = "ListQueues"
	if err := e.ready(ctx); err != nil {
		return backend.ListQueuesOutput{}, about(action, "", err)
	}
	e.mu.RLock()
	defer e.mu.RUnlock()
	from, _ := slices.BinarySearchFunc(e.sorted, in.QueueNamePrefix, byName)
	matching := e.sorted[from:]
	end, _ := slices.BinarySearchFunc(matching, in.QueueNamePrefix, func(q *queue, prefix string) int {
		if strings.HasPrefix(q.name, prefix) {
			return -1
		}
		return 1
	})
	out, err := pageOf(matching[:end], in.NextToken, in.MaxResults)
	return out, about(action, "", err)
}

// ListDeadLetterSourceQueues lists the queues that name this one in their
// RedrivePolicy (1.5).
func (e *Engine) ListDeadLetterSourceQueues(ctx context.Context, in backend.ListDeadLetterSourceQueuesInput) (
	backend.ListQueuesOutput, error,
) {
	const action = "ListDeadLetterSourceQueues"
	q, err := e.find(ctx, action, in.QueueUrl)
	if err != nil {
		return backend.ListQueuesOutput{}, err
	}
	out, err := pageOf(q.sources(), in.NextToken, in.MaxResults)
	return out, about(action, q.name, err)
}

const tokenPrefix = "after:"

// pageOf is the page of sorted queues behind a token, which is the name of the
// last queue before it. Only who says how many gets a token for the rest (1.4).
func pageOf(queues []*queue, token string, most backend.Opt[int]) (backend.ListQueuesOutput, error) {
	if err := rules.MaxResults(most, rules.MaxListResults); err != nil {
		return backend.ListQueuesOutput{}, err
	}
	if token != "" {
		text, err := base64.RawURLEncoding.DecodeString(token)
		last, ok := strings.CutPrefix(string(text), tokenPrefix)
		if err != nil || !ok {
			return backend.ListQueuesOutput{}, backend.ErrorOf(backend.ErrInvalidParameterValue, "Invalid or expired next token.")
		}
		at, found := slices.BinarySearchFunc(queues, last, byName)
		if found {
			at++
		}
		queues = queues[at:]
	}
	paged := most.Value > 0
	size := rules.MaxListResults
	if paged {
		size = most.Value
	}
	var out backend.ListQueuesOutput
	for _, q := range queues[:min(size, len(queues))] {
		out.QueueUrls = append(out.QueueUrls, q.url)
	}
	if paged && len(queues) > size {
		out.NextToken = base64.RawURLEncoding.EncodeToString([]byte(tokenPrefix + queues[size-1].name))
	}
	return out, nil
}
