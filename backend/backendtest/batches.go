package backendtest

import (
	"fmt"
	"slices"
	"strings"

	"sqscope/backend"
)

const badEntryID = "A batch entry id can only contain alphanumeric characters, hyphens and underscores. It can be at most 80 letters long."

// Sections 1.12, 1.14 to 1.16.
var batchTests = section{
	"ten are sent, received, hidden and deleted together": func(d *desk) { // 1.12, 1.14, 1.15
		url := d.queue("orders")
		var sent []string
		in := backend.SendMessageBatchInput{QueueUrl: url}
		for i := range 10 {
			sent = append(sent, fmt.Sprint("body ", i))
			in.Entries = append(in.Entries, entry(fmt.Sprint(i), sent[i]))
		}
		out, err := d.sqs.SendMessageBatch(d.Context(), in)
		d.must(err)
		if len(out.Successful) != 10 || out.Failed != nil {
			d.Fatalf("%+v", out)
		}
		got := d.getsAnyOrder(url, wait(0), sent...)
		ids := map[string]string{}
		for _, s := range out.Successful {
			ids[s.Id] = s.MessageId
		}
		for _, m := range got {
			d.equal("MessageId of "+m.Body, m.MessageId, ids[strings.TrimPrefix(m.Body, "body ")])
		}
		var change backend.ChangeMessageVisibilityBatchInput
		var remove backend.DeleteMessageBatchInput
		change.QueueUrl, remove.QueueUrl = url, url
		for i, m := range got {
			id := fmt.Sprint(i)
			change.Entries = append(change.Entries, backend.ChangeMessageVisibilityBatchEntry{Id: id, ReceiptHandle: m.ReceiptHandle, VisibilityTimeout: backend.Some(0)})
			remove.Entries = append(remove.Entries, backend.DeleteMessageBatchEntry{Id: id, ReceiptHandle: m.ReceiptHandle})
		}
		changed, err := d.sqs.ChangeMessageVisibilityBatch(d.Context(), change)
		d.must(err)
		d.equal("given back", len(changed.Successful), 10)
		d.counts(url, 10, 0, 0)
		removed, err := d.sqs.DeleteMessageBatch(d.Context(), remove)
		d.must(err)
		d.equal("deleted", len(removed.Successful), 10)
		d.counts(url, 0, 0, 0)
	},
	"bad entries fail alone": func(d *desk) { // 1.12
		url := d.queue("orders", "MaximumMessageSize", "1024")
		entries := []backend.SendMessageBatchEntry{
			entry("good", "a"), entry("large", strings.Repeat("x", 1025)), entry("letter", "\x01"), entry("empty", ""),
			entry("late", "b"), entry("dedup", "c"), entry("wait", "d"),
		}
		entries[4].DelaySeconds = backend.Some(5)
		entries[5].MessageDeduplicationId = backend.Some("d")
		entries[6].DelaySeconds = backend.Some(901)
		out, err := d.sqs.SendMessageBatch(d.Context(), backend.SendMessageBatchInput{QueueUrl: url, Entries: entries})
		d.must(err)
		d.equal("sent", sentIDs(out), []string{"good", "late"})
		d.equal("failed", codes(out.Failed), map[string]string{
			"large": "InvalidParameterValue", "letter": "InvalidMessageContents", "empty": "MissingParameter",
			"dedup": "InvalidParameterValue", "wait": "InvalidParameterValue",
		})
		d.counts(url, 1, 0, 1)
	},
	"T14 only what was confirmed is deleted": func(d *desk) { // 1.14
		url := d.queue("orders")
		d.send(url, "a")
		d.send(url, "b")
		got := d.receive(url)
		out, err := d.sqs.DeleteMessageBatch(d.Context(), backend.DeleteMessageBatchInput{QueueUrl: url, Entries: []backend.DeleteMessageBatchEntry{
			{Id: "bad", ReceiptHandle: "garbage"}, {Id: "good", ReceiptHandle: got[0].ReceiptHandle}, {Id: "none"},
		}})
		d.must(err)
		d.equal("deleted", out.Successful, []string{"good"})
		d.equal("failed", sortedByID(out.Failed), []backend.BatchError{
			{Id: "bad", Code: "ReceiptHandleIsInvalid", Message: noHandle, SenderFault: true},
			{Id: "none", Code: "MissingParameter", Message: "The request must contain the parameter ReceiptHandle.", SenderFault: true},
		})
		d.counts(url, 0, 1, 0)
	},
	"bad changes fail alone": func(d *desk) { // 1.15
		url := d.queue("orders")
		d.send(url, "a")
		m := d.one(url)
		out, err := d.sqs.ChangeMessageVisibilityBatch(d.Context(), backend.ChangeMessageVisibilityBatchInput{QueueUrl: url, Entries: []backend.ChangeMessageVisibilityBatchEntry{
			{Id: "none", ReceiptHandle: m.ReceiptHandle},
			{Id: "range", ReceiptHandle: m.ReceiptHandle, VisibilityTimeout: backend.Some(-85)},
			{Id: "bad", ReceiptHandle: "garbage", VisibilityTimeout: backend.Some(0)},
			{Id: "good", ReceiptHandle: m.ReceiptHandle, VisibilityTimeout: backend.Some(0)},
		}})
		d.must(err)
		d.equal("changed", out.Successful, []string{"good"})
		d.equal("failed", sortedByID(out.Failed), []backend.BatchError{
			{Id: "bad", Code: "ReceiptHandleIsInvalid", Message: noHandle, SenderFault: true},
			{Id: "none", Code: "MissingParameter", Message: "The request must contain the parameter ChangeMessageVisibilityBatchRequestEntry.1.VisibilityTimeout.", SenderFault: true},
			{Id: "range", Code: "InvalidParameterValue", Message: "Value -85 for parameter VisibilityTimeout is invalid. Reason: VisibilityTimeout must be an integer between 0 and 43200.", SenderFault: true},
		})
	},
	"a mebibyte in all and no byte more": func(d *desk) { // 1.12, 14.4
		url := d.queue("orders", "MaximumMessageSize", "1048576")
		send := func(first int) (backend.SendMessageBatchOutput, error) {
			return d.sqs.SendMessageBatch(d.Context(), backend.SendMessageBatchInput{QueueUrl: url, Entries: []backend.SendMessageBatchEntry{
				entry("1", strings.Repeat("a", first)), entry("2", strings.Repeat("b", 1<<19)),
			}})
		}
		_, err := send(1<<19 + 1)
		d.fails(err, backend.ErrBatchRequestTooLong, "Batch requests cannot be longer than 1048576 bytes. You have sent 1048577 bytes.")
		d.counts(url, 0, 0, 0)
		out, err := send(1 << 19)
		d.must(err)
		d.equal("sent", sentIDs(out), []string{"1", "2"})
	},
	"the total is not that of the queue": func(d *desk) { // 1.12
		url := d.queue("orders", "MaximumMessageSize", "2048")
		out, err := d.sqs.SendMessageBatch(d.Context(), backend.SendMessageBatchInput{QueueUrl: url, Entries: []backend.SendMessageBatchEntry{
			entry("1", strings.Repeat("a", 2048)), entry("2", "b"),
		}})
		d.must(err)
		d.equal("sent", sentIDs(out), []string{"1", "2"})
	},
	"attributes count towards the total, system attributes do not": func(d *desk) { // 1.12
		url := d.queue("orders")
		send := func(first int) error {
			entries := []backend.SendMessageBatchEntry{entry("1", strings.Repeat("a", first)), entry("2", strings.Repeat("b", 1<<19))}
			entries[0].MessageAttributes = map[string]backend.MessageAttribute{"k": {DataType: "String", StringValue: backend.Some("x")}}
			traced("Root=1-5759e988-bd862e3fe1be46a994272793")(&entries[1].SendMessageInput)
			_, err := d.sqs.SendMessageBatch(d.Context(), backend.SendMessageBatchInput{QueueUrl: url, Entries: entries})
			return err
		}
		d.must(send(1<<19 - 8))
		d.fails(send(1<<19-7), backend.ErrBatchRequestTooLong, "Batch requests cannot be longer than 1048576 bytes. You have sent 1048577 bytes.")
	},
	"what is wrong with a batch is said in order": func(d *desk) { // 1.0, 1.16
		url := d.queue("orders")
		large := strings.Repeat("x", 1<<19+1)
		twins := []backend.SendMessageBatchEntry{entry("a", large), entry("b", large), entry("c", ""), entry("b", ""), entry("a", "")}
		for _, c := range []struct {
			entries []backend.SendMessageBatchEntry
			shape   string
			message string
		}{
			{append(slices.Repeat(twins, 3), entry("!", "")), backend.ErrTooManyEntriesInBatchRequest, "Maximum number of entries per request are 10. You have sent 16."},
			{append(slices.Clone(twins), entry("!", "")), backend.ErrInvalidBatchEntryId, badEntryID},
			{twins, backend.ErrBatchEntryIdsNotDistinct, "Id b repeated."}, // the first that is seen again
			{twins[:3], backend.ErrBatchRequestTooLong, "Batch requests cannot be longer than 1048576 bytes. You have sent 1048578 bytes."},
		} {
			_, err := d.sqs.SendMessageBatch(d.Context(), backend.SendMessageBatchInput{QueueUrl: url, Entries: c.entries})
			d.fails(err, c.shape, c.message)
		}
	},
	"ids of entries": func(d *desk) { // 1.16, 3.1
		url := d.queue("orders")
		v := readVectors(d.T).BatchIDs
		for _, id := range slices.Concat(v.Valid, v.Invalid) {
			_, err := d.sqs.SendMessageBatch(d.Context(), backend.SendMessageBatchInput{QueueUrl: url, Entries: []backend.SendMessageBatchEntry{entry(id, "a")}})
			if slices.Contains(v.Valid, id) {
				d.must(err)
				continue
			}
			d.fails(err, backend.ErrInvalidBatchEntryId, badEntryID)
		}
	},
	"a FIFO batch keeps its order and fails whole": func(d *desk) { // 1.12
		url := d.queue("orders.fifo")
		in := backend.SendMessageBatchInput{QueueUrl: url}
		for _, body := range []string{"a", "b", "c"} {
			e := entry(body, body)
			e.MessageGroupId, e.MessageDeduplicationId = backend.Some("g"), backend.Some(body)
			in.Entries = append(in.Entries, e)
		}
		bad := in
		bad.Entries = slices.Clone(in.Entries)
		bad.Entries[2].MessageDeduplicationId = backend.Opt[string]{}
		_, err := d.sqs.SendMessageBatch(d.Context(), bad)
		d.fails(err, backend.ErrInvalidParameterValue,
			"The queue should either have ContentBasedDeduplication enabled or MessageDeduplicationId provided explicitly")
		d.counts(url, 0, 0, 0)
		out, err := d.sqs.SendMessageBatch(d.Context(), in)
		d.must(err)
		d.equal("sent", sentIDs(out), []string{"a", "b", "c"})
		d.gets(url, wait(0), "a", "b", "c")
	},
}

func entry(id, body string) backend.SendMessageBatchEntry {
	return backend.SendMessageBatchEntry{Id: id, SendMessageInput: backend.SendMessageInput{MessageBody: body}}
}

func sentIDs(out backend.SendMessageBatchOutput) []string {
	var ids []string
	for _, s := range out.Successful {
		ids = append(ids, s.Id)
	}
	slices.Sort(ids)
	return ids
}

func codes(failed []backend.BatchError) map[string]string {
	m := map[string]string{}
	for _, f := range failed {
		if !f.SenderFault {
			f.Code += ", not the sender's fault"
		}
		m[f.Id] = f.Code
	}
	return m
}

func sortedByID(failed []backend.BatchError) []backend.BatchError {
	return slices.SortedFunc(slices.Values(failed), func(a, b backend.BatchError) int { return strings.Compare(a.Id, b.Id) })
}
