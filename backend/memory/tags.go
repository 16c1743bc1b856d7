package memory

import (
	"context"
	"maps"

	"sqscope/backend"
	"sqscope/backend/rules"
)

// TagQueue adds tags, or overwrites their values (docs/SQS.md 1.8).
func (e *Engine) TagQueue(ctx context.Context, in backend.TagQueueInput) error {
	return e.tags(ctx, "TagQueue", in.QueueUrl, func(q *queue) error {
		if err := rules.Tags(q.name, q.tags, in.Tags); err != nil {
			return err
		}
		if q.tags == nil {
			q.tags = make(map[string]string, len(in.Tags))
		}
		maps.Copy(q.tags, in.Tags)
		return nil
	})
}

// UntagQueue removes tags. Keys that are not there are ignored.
func (e *Engine) UntagQueue(ctx context.Context, in backend.UntagQueueInput) error {
	return e.tags(ctx, "UntagQueue", in.QueueUrl, func(q *queue) error {
		if len(in.TagKeys) == 0 {
			return rules.Missing("TagKeys")
		}
		for _, key := range in.TagKeys {
			delete(q.tags, key)
		}
		return nil
	})
}

// ListQueueTags tells the tags of a queue, nil if there are none.
func (e *Engine) ListQueueTags(ctx context.Context, in backend.ListQueueTagsInput) (backend.ListQueueTagsOutput, error) {
	var out backend.ListQueueTagsOutput
	err := e.tags(ctx, "ListQueueTags", in.QueueUrl, func(q *queue) error {
		if len(q.tags) > 0 {
			out.Tags = maps.Clone(q.tags)
		}
		return nil
	})
	return out, err
}

// tags does something with the tags of a queue under its lock.
func (e *Engine) tags(ctx context.Context, action, queueURL string, do func(q *queue) error) error {
	q, err := e.find(ctx, action, queueURL)
	if err != nil {
		return err
	}
	if _, err = q.lock(); err == nil {
		err = do(q)
		q.unlock()
	}
	return about(action, q.name, err)
}
