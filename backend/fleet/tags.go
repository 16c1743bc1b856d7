package fleet

import (
	"context"
	"time"

	"sqscope/backend"
)

// How old tags may get while they are wanted: they change rarely, and SQS lets
// an account make 30 requests about tags a second (docs/SQS.md 1.8), which
// others need too. In an engine in this process they cost nothing.
const (
	tagsAge       = 10 * time.Minute
	tagsAgeEngine = 10 * time.Second
)

// wantsTags tells whether the tags of a queue are to be read at some time.
func (f *Fleet) wantsTags(e *entry) bool { return e.wanted && !e.tagging && !e.gone }

// tagsDueAt is when the tags of a queue are to be read again.
func (f *Fleet) tagsDueAt(e *entry) time.Time {
	at := e.q.TagsAsOf
	switch {
	case at.IsZero() || e.tagsStale || at.Before(f.staleBefore):
		at = time.Time{}
	case f.o.Poll > 0:
		at = at.Add(tagsAgeEngine)
	default:
		at = at.Add(tagsAge)
	}
	if e.tagsHeldTil.After(at) {
		at = e.tagsHeldTil
	}
	return at
}

func (f *Fleet) beginTags(e *entry, now time.Time) {
	e.tagging, e.tagsStale, e.tagsTriedAt = true, false, now
	f.plan(e)
}

// tagSample is the answer to one reading of tags.
type tagSample struct {
	tags     map[string]string
	sent, at time.Time
	err      error
}

func (f *Fleet) sampleTags(ctx context.Context, queueURL string) tagSample {
	ctx, cancel := f.limit(ctx)
	defer cancel()
	sent := time.Now()
	out, err := f.o.Stack.SQS.ListQueueTags(ctx, backend.ListQueueTagsInput{QueueUrl: queueURL})
	return tagSample{out.Tags, sent, time.Now(), err}
}

// applyTags takes the tags of a queue into the picture.
func (f *Fleet) applyTags(e *entry, s tagSample) {
	e.tagging = false
	defer f.plan(e)
	if f.queues[e.q.ARN] != e {
		return // it went meanwhile
	}
	if s.err != nil {
		f.tagsFailed(e, backend.AsError(s.err), s)
		return
	}
	f.works(s.at)
	f.tagsRefused = 0
	e.tagsFails, e.tagsHeldTil = 0, time.Time{}
	q := *e.q
	q.Tags, q.TagsAsOf, q.TagsErr = s.tags, s.at, nil
	if q.Tags == nil {
		q.Tags = map[string]string{}
	}
	f.set(e, q)
}

// tagsFailed takes a failed reading of tags. What is everyone's error stops all
// reading for a while; any other stays with the queue, and with many in a row no
// tags are asked for until the last may be again.
func (f *Fleet) tagsFailed(e *entry, err *backend.Error, s tagSample) {
	switch {
	case err.Kind == backend.KindCancelled:
		e.tagsHeldTil = s.at.Add(time.Second)
		return
	case everyones(err.Kind):
		f.connectionFailed(err, s.sent, s.at)
		return
	}
	e.tagsFails++
	e.tagsHeldTil = s.at.Add(backoff(err.Kind, e.tagsFails))
	if f.tagsRefused++; f.tagsRefused >= refusedMany {
		f.tagsHeldTil, f.tagsRefused = e.tagsHeldTil, 0
	}
	q := *e.q
	q.TagsErr = err
	f.set(e, q)
}
