package rules

import (
	"fmt"

	"sqscope/backend"
)

// Names that SQS gives to the entries of its three batches.
const (
	sendEntry       = "SendMessageBatchRequestEntry"
	deleteEntry     = "DeleteMessageBatchRequestEntry"
	visibilityEntry = "ChangeMessageVisibilityBatchRequestEntry"
)

// SendBatchEnvelope checks what is wrong with a batch as a whole, before its
// messages are looked at: no entries, too many, their ids, their total size
// (docs/SQS.md 1.12, 1.16).
func SendBatchEnvelope(in backend.SendMessageBatchInput) error {
	if err := envelope(sendEntry, in.Entries, func(e backend.SendMessageBatchEntry) string { return e.Id }); err != nil {
		return err
	}
	total := 0
	for i := range in.Entries {
		e := &in.Entries[i]
		total += Size(e.MessageBody, e.MessageAttributes)
	}
	if total > MaxBatchBytes {
		return backend.ErrorOf(backend.ErrBatchRequestTooLong,
			"Batch requests cannot be longer than %d bytes. You have sent %d bytes.", MaxBatchBytes, total)
	}
	return nil
}

// DeleteBatchEnvelope checks the entries of a DeleteMessageBatch (1.16).
func DeleteBatchEnvelope(in backend.DeleteMessageBatchInput) error {
	return envelope(deleteEntry, in.Entries, func(e backend.DeleteMessageBatchEntry) string { return e.Id })
}

// VisibilityBatchEnvelope checks the entries of a ChangeMessageVisibilityBatch
// (1.16).
func VisibilityBatchEnvelope(in backend.ChangeMessageVisibilityBatchInput) error {
	return envelope(visibilityEntry, in.Entries, func(e backend.ChangeMessageVisibilityBatchEntry) string { return e.Id })
}

// envelope checks in the order of 1.0: empty, too many, format of the ids,
// distinct ids. A nil slice is a list that was left out.
func envelope[E any](name string, entries []E, id func(E) string) error {
	switch {
	case entries == nil:
		return Missing("Entries")
	case len(entries) == 0:
		return backend.ErrorOf(backend.ErrEmptyBatchRequest, "There should be at least one %s in the request.", name)
	case len(entries) > MaxBatchEntries:
		return backend.ErrorOf(backend.ErrTooManyEntriesInBatchRequest,
			"Maximum number of entries per request are %d. You have sent %d.", MaxBatchEntries, len(entries))
	}
	var seen [MaxBatchEntries]string
	for i, e := range entries {
		seen[i] = id(e)
		if len(seen[i]) > MaxBatchEntryId || !isWord(seen[i]) {
			return backend.ErrorOf(backend.ErrInvalidBatchEntryId, "A batch entry id can only contain alphanumeric "+
				"characters, hyphens and underscores. It can be at most 80 letters long.")
		}
	}
	for i := range entries {
		for j := range i {
			if seen[i] == seen[j] {
				return backend.ErrorOf(backend.ErrBatchEntryIdsNotDistinct, "Id %s repeated.", seen[i])
			}
		}
	}
	return nil
}

// SendBatch checks the messages of a batch whose envelope is in order (1.12).
// On a standard queue what is wrong with an entry is that entry's failure, and
// the others are to be stored. On a FIFO queue the first fault fails the whole
// request, since an entry left out would break the order.
func SendBatch(q Queue, in backend.SendMessageBatchInput) (bad []backend.BatchError, err error) {
	for i := range in.Entries {
		e := &in.Entries[i]
		fault := message(q, &e.SendMessageInput, i+1)
		if fault == nil {
			continue
		}
		if q.FIFO {
			return nil, fault
		}
		bad = append(bad, *failed(e.Id, fault))
	}
	return bad, nil
}

// failed is a fault as the failure of one entry, or nil if there is none.
func failed(id string, e *backend.Error) *backend.BatchError {
	if e == nil {
		return nil
	}
	return &backend.BatchError{Id: id, Code: e.Code, Message: e.Message, SenderFault: true}
}

// entryParameter is the name of a parameter of the n-th entry, counted from 1.
func entryParameter(entry string, n int, parameter string) string {
	return fmt.Sprintf("%s.%d.%s", entry, n, parameter)
}
