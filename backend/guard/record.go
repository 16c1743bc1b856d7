package guard

import (
	"context"
	"fmt"
	"maps"
	"strings"
	"time"

	"sqscope/backend"
	"sqscope/backend/journal"
	"sqscope/backend/rules"
)

// Recorder keeps a record of what changes something. A [*journal.Recorder] is
// one.
type Recorder interface {
	// Begin notes what is about to be done and returns what notes how it ended.
	// With an error nothing is done.
	Begin(ctx context.Context, act journal.Act) (func(journal.Result), error)
}

// Journal has every act from now on recorded that needs [Change] and is allowed:
// its intent before the backend hears of it, its result after. If the intent
// cannot be recorded the act does not begin, and a grant is not used up. A nil
// Recorder ends it.
func (g *Guard) Journal(r Recorder) {
	if r == nil {
		g.recorder.Store(nil)
		return
	}
	g.recorder.Store(&r)
}

// Record keeps an act that is none of SQS's, as [journal.RevealMask], before it is
// done: with an error it must not be. Without a recorder there is no record and no
// error; see [Guard.Recording].
func (g *Guard) Record(ctx context.Context, act journal.Act) error {
	r := g.recorder.Load()
	if r == nil {
		return nil
	}
	end, err := (*r).Begin(ctx, act)
	if err != nil {
		return err
	}
	end(journal.Result{Outcome: journal.Done, Count: act.Count})
	return nil
}

// Recording tells whether acts are recorded.
func (g *Guard) Recording() bool { return g.recorder.Load() != nil }

type namesKey struct{}

// Naming returns a context that tells the record which messages stand behind
// receipt handles, which alone say nothing to a reader.
func Naming(ctx context.Context, byReceiptHandle map[string]journal.Message) context.Context {
	return context.WithValue(ctx, namesKey{}, byReceiptHandle)
}

// recorded makes a call that is allowed and has it recorded. It tells whether the
// call was made.
func recorded[I, O any](
	ctx context.Context, g *Guard, action, evidence string, in I, call func(context.Context, I) (O, error),
) (out O, made bool, err error) {
	r := g.recorder.Load()
	if r == nil || Needs(action) < Change {
		out, err = call(ctx, in)
		return out, true, err
	}
	act, entries := actOf(ctx, action, in)
	act.Evidence = evidence
	end, err := (*r).Begin(ctx, act)
	if err != nil {
		return out, false, err
	}
	out, err = call(ctx, in)
	end(resultOf(entries, out, err))
	return out, true, err
}

// entry is what is known of one message of an act before it is done.
type entry struct {
	id      string // of the entry in its batch
	message journal.Message
}

// actOf is the intent of a call, and its messages in order where it has any. What
// loses messages is to be on the disk before it is done.
func actOf(ctx context.Context, action string, in any) (journal.Act, []entry) {
	act := journal.Act{Name: action}
	var entries []entry
	names, _ := ctx.Value(namesKey{}).(map[string]journal.Message)
	switch in := in.(type) {
	case backend.SendMessageInput:
		act.Queue = in.QueueUrl
		entries = []entry{{message: journal.Message{MD5: rules.MD5OfBody(in.MessageBody)}}}
	case backend.SendMessageBatchInput:
		act.Queue = in.QueueUrl
		for _, e := range in.Entries {
			entries = append(entries, entry{e.Id, journal.Message{MD5: rules.MD5OfBody(e.MessageBody)}})
		}
	case backend.DeleteMessageInput:
		act.Queue, act.Sync = in.QueueUrl, true
		entries = []entry{{message: names[in.ReceiptHandle]}}
	case backend.DeleteMessageBatchInput:
		act.Queue, act.Sync = in.QueueUrl, true
		for _, e := range in.Entries {
			entries = append(entries, entry{e.Id, names[e.ReceiptHandle]})
		}
	case backend.RemoveMessagesInput:
		act.Queue, act.Sync = in.QueueUrl, true
		for _, id := range in.MessageIds {
			entries = append(entries, entry{id, journal.Message{ID: id}})
		}
	case backend.PurgeQueueInput:
		act.Queue, act.Sync = in.QueueUrl, true
	case backend.DeleteQueueInput:
		act.Queue, act.Sync = in.QueueUrl, true
	case backend.StartMessageMoveTaskInput:
		act.Queue, act.To, act.Sync = in.SourceArn, in.DestinationArn, true
		if in.MaxNumberOfMessagesPerSecond.Set {
			act.Params = map[string]string{"MaxNumberOfMessagesPerSecond": fmt.Sprint(in.MaxNumberOfMessagesPerSecond.Value)}
		}
	default:
		act.Queue, act.Params = settingOf(in)
		act.Sync = action == Restore
	}
	act.Count = len(entries)
	for _, e := range entries {
		if e.message != (journal.Message{}) {
			act.Messages = append(act.Messages, e.message)
		}
	}
	return act, entries
}

// settingOf is the queue that a call concerns and what it sets.
func settingOf(in any) (queue string, params map[string]string) {
	switch in := in.(type) {
	case backend.CreateQueueInput:
		params = maps.Clone(in.Attributes)
		for key, value := range in.Tags {
			if params == nil {
				params = map[string]string{}
			}
			params["tag "+key] = value
		}
		return in.QueueName, params
	case backend.SetQueueAttributesInput:
		return in.QueueUrl, in.Attributes
	case backend.TagQueueInput:
		return in.QueueUrl, in.Tags
	case backend.UntagQueueInput:
		return in.QueueUrl, map[string]string{"TagKeys": strings.Join(in.TagKeys, ", ")}
	case backend.AddPermissionInput:
		return in.QueueUrl, map[string]string{
			"Label": in.Label, "AWSAccountIds": strings.Join(in.AWSAccountIds, ", "), "Actions": strings.Join(in.Actions, ", "),
		}
	case backend.RemovePermissionInput:
		return in.QueueUrl, map[string]string{"Label": in.Label}
	case backend.CancelMessageMoveTaskInput:
		return "", map[string]string{"TaskHandle": in.TaskHandle}
	case backend.Fault:
		return in.Queue, map[string]string{"Kind": string(in.Kind), "Action": in.Action}
	case backend.Knob:
		return in.Subject, map[string]string{in.Name: in.Value}
	case setting:
		return "", map[string]string{"paused": fmt.Sprint(in.paused), "speed": fmt.Sprint(in.speed)}
	case time.Duration:
		return "", map[string]string{"by": in.String()}
	case time.Time:
		return "", map[string]string{"to": in.Format(time.RFC3339Nano)}
	}
	return "", nil
}

// resultOf is how a call ended. Of an error that the service gave it is known
// that nothing was done; after others nobody knows.
func resultOf(entries []entry, out any, err error) journal.Result {
	if err != nil {
		e := backend.AsError(err)
		r := journal.Result{Outcome: journal.Unknown, Kind: e.Kind.String(), Code: e.Code, Message: e.Message}
		if refused(e.Kind) {
			r.Outcome = journal.Failed
		}
		return r
	}
	switch out := out.(type) {
	case backend.SendMessageOutput:
		return journal.Result{Outcome: journal.Done, Count: 1, Messages: []journal.Message{{ID: out.MessageId, MD5: out.MD5OfMessageBody}}}
	case backend.SendMessageBatchOutput:
		r := ofBatch(len(entries), len(out.Successful), out.Failed)
		for _, s := range out.Successful {
			r.Messages = append(r.Messages, journal.Message{ID: s.MessageId, MD5: s.MD5OfMessageBody})
		}
		return r
	case backend.BatchOutput:
		r := ofBatch(len(entries), len(out.Successful), out.Failed)
		if r.Outcome == journal.Partly {
			r.Messages = messagesOf(entries, out.Successful)
		}
		return r
	}
	return journal.Result{Outcome: journal.Done, Count: len(entries)}
}

// ofBatch is the result of a batch by its numbers. An entry that is in neither
// list is not known to be done.
func ofBatch(asked, done int, failed []backend.BatchError) journal.Result {
	r := journal.Result{Outcome: journal.Partly, Count: done}
	switch {
	case done == asked:
		r.Outcome = journal.Done
	case len(failed) == asked:
		r.Outcome = journal.Failed
	}
	if len(failed) > 0 {
		r.Code, r.Message = failed[0].Code, failed[0].Message
		r.Kind = backend.ErrorByCode(failed[0].Code, 0, "").Kind.String()
	}
	return r
}

// messagesOf are those of the messages whose entries were done and that are known.
func messagesOf(entries []entry, done []string) []journal.Message {
	byID := make(map[string]journal.Message, len(entries))
	for _, e := range entries {
		byID[e.id] = e.message
	}
	var all []journal.Message
	for _, id := range done {
		if m := byID[id]; m != (journal.Message{}) {
			all = append(all, m)
		}
	}
	return all
}
