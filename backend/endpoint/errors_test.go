package endpoint

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"testing"

	"sqscope/backend"
)

func TestErrorOnTheWire(t *testing.T) {
	for _, c := range []struct {
		err                  error
		status               int
		shape, code, message string
	}{
		{
			backend.ErrorOf(backend.ErrQueueDoesNotExist, "The specified queue does not exist."),
			400, "com.amazonaws.sqs#QueueDoesNotExist", "AWS.SimpleQueueService.NonExistentQueue;Sender", "The specified queue does not exist.",
		},
		{
			backend.ErrorOf(backend.ErrPurgeQueueInProgress, "Only one."),
			403, "com.amazonaws.sqs#PurgeQueueInProgress", "AWS.SimpleQueueService.PurgeQueueInProgress;Sender", "Only one.",
		},
		{
			fmt.Errorf("wrapped: %w", backend.ErrorOf(backend.ErrInvalidParameterValue, "Value %d.", 1)),
			400, "com.amazon.coral.service#InvalidParameterValueException", "InvalidParameterValue;Sender", "Value 1.",
		},
		{
			backend.Errorf(backend.KindDenied, "not at level view"),
			403, "com.amazon.coral.service#AccessDeniedException", "AccessDenied;Sender", "not at level view",
		},
		{errors.New("boom"), 500, "com.amazon.coral.service#InternalFailure", "InternalFailure;Receiver", "boom"},
		{context.DeadlineExceeded, 503, "com.amazon.coral.service#ServiceUnavailable", "ServiceUnavailable;Receiver", "context deadline exceeded"},
	} {
		w := serve(New(&stub{err: c.err}, Options{}), request("SendMessage", `{}`))
		wantError(t, w, c.status, c.shape, c.code, c.message)
	}
}

// Wrong types, in the words of 11.3, and what only the protocol can see.
func TestRefusedBeforeTheBackend(t *testing.T) {
	const serial, serialCode = "com.amazon.coral.service#SerializationException", "MalformedInput;Sender"
	const missing, missingCode = "com.amazon.coral.service#MissingRequiredParameterException", "MissingParameter;Sender"
	const invalid, invalidCode = "com.amazon.coral.service#InvalidParameterValueException", "InvalidParameterValue;Sender"
	entries := func(n int) string {
		return `{"Entries":[` + strings.TrimSuffix(strings.Repeat(`{},`, n), ",") + `]}`
	}
	for _, c := range []struct{ action, body, shape, code, message string }{
		{"SendMessage", `{"DelaySeconds":"5"}`, serial, serialCode, "STRING_VALUE can not be converted to an Integer"},
		{"SendMessage", `{"DelaySeconds":true}`, serial, serialCode, "TRUE_VALUE can not be converted to an Integer"},
		{"SendMessage", `{"DelaySeconds":1.5}`, serial, serialCode, "NUMBER_VALUE can not be converted to an Integer"},
		{"SendMessage", `{"DelaySeconds":2147483648}`, serial, serialCode, "NUMBER_VALUE can not be converted to an Integer"},
		{"SendMessage", `{"DelaySeconds":99999999999999999999999999}`, serial, serialCode, "NUMBER_VALUE can not be converted to an Integer"},
		{"SendMessage", `{"DelaySeconds":{}}`, serial, serialCode, "Start of structure or map found where not expected."},
		{"SendMessage", `{"MessageBody":5}`, serial, serialCode, "NUMBER_VALUE can not be converted to a String"},
		{"SendMessage", `{"MessageBody":true}`, serial, serialCode, "TRUE_VALUE can not be converted to a String"},
		{"SendMessage", `{"MessageBody":false}`, serial, serialCode, "FALSE_VALUE can not be converted to a String"},
		{"SendMessage", `{"MessageBody":{}}`, serial, serialCode, "Start of structure or map found where not expected."},
		{"SendMessage", `{"MessageBody":["a"]}`, serial, serialCode, "Start of list found where not expected"},
		{"SendMessage", `{"MessageAttributes":"x"}`, serial, serialCode, "Unrecognized collection type class java.lang.String"},
		{"SendMessage", `{"MessageAttributes":[]}`, serial, serialCode, "Start of list found where not expected"},
		{"SendMessage", `{"MessageAttributes":{"a":{"DataType":"Binary","BinaryValue":"%%"}}}`, serial, serialCode, "STRING_VALUE can not be converted to a Blob"},
		{"GetQueueAttributes", `{"AttributeNames":{}}`, serial, serialCode, "Start of structure or map found where not expected."},
		{"GetQueueAttributes", `{"AttributeNames":"All"}`, serial, serialCode, "Unrecognized collection type class java.lang.String"},
		{"SetQueueAttributes", `{"Attributes":{"DelaySeconds":true}}`, serial, serialCode, "TRUE_VALUE can not be converted to a String"},
		{"TagQueue", `{"Tags":{"a":1}}`, serial, serialCode, "NUMBER_VALUE can not be converted to a String"},
		{"SendMessage", `[]`, serial, serialCode, "Start of list found where not expected"},
		{"SendMessage", `{"MessageBody":"a"`, serial, serialCode, "The request is not valid JSON: a comma or the end expected at byte 18."},
		{"SendMessage", `{"MessageBody":"a"} x`, serial, serialCode, "The request is not valid JSON: text after the end of the document at byte 20."},
		{"SendMessage", `{"MessageBody":tru}`, serial, serialCode, "The request is not valid JSON: a value expected at byte 15."},
		{"SendMessage", "{\"MessageBody\":\"a\nb\"}", serial, serialCode, "The request is not valid JSON: a control character in a string at byte 17."},
		{"SendMessage", "{\"MessageBody\":\"\xff\"}", serial, serialCode, "The request is not valid JSON: not UTF-8 at byte 16."},
		{"SendMessage", `{"MessageBody":"\ud800x"}`, serial, serialCode, "The request is not valid JSON: a bad \\u escape in a string at byte 22."},
		{"SendMessage", `{"x":` + strings.Repeat("[", 200), serial, serialCode, "The request is not valid JSON: nested too deep at byte 106."},
		{"CreateQueue", `{}`, invalid, invalidCode, "Value for parameter QueueName is invalid. Reason: Must specify a queue name."},
		{"CreateQueue", `{"QueueName":null}`, invalid, invalidCode, "Value for parameter QueueName is invalid. Reason: Must specify a queue name."},
		{"SendMessageBatch", `{"Entries":[{"Id":"1"},{"MessageBody":"a"}]}`, missing, missingCode, "The request must contain the parameter SendMessageBatchRequestEntry.2.Id."},
		{"DeleteMessageBatch", `{"Entries":[{}]}`, missing, missingCode, "The request must contain the parameter DeleteMessageBatchRequestEntry.1.Id."},
		{"ChangeMessageVisibilityBatch", `{"Entries":[null]}`, missing, missingCode, "The request must contain the parameter ChangeMessageVisibilityBatchRequestEntry.1.Id."},
		{
			"SendMessageBatch", entries(5000), "com.amazonaws.sqs#TooManyEntriesInBatchRequest", "AWS.SimpleQueueService.TooManyEntriesInBatchRequest;Sender",
			"Maximum number of entries per request are 10. You have sent 5000.",
		},
		{
			"SendMessage", `{"MessageAttributes":{"Hello":{"DataType":"String","StringListValues":["x"]}}}`, invalid, invalidCode,
			"Message attribute list values in SendMessage operation are not supported.",
		},
		{"FooBar", `{}`, "com.amazon.coral.service#UnknownOperationException", "UnknownOperationException;Sender", "The operation FooBar is not known."},
	} {
		t.Run(c.action, func(t *testing.T) {
			var b stub
			wantError(t, serve(New(&b, Options{}), request(c.action, c.body)), 400, c.shape, c.code, c.message)
			if b.action != "" {
				t.Errorf("the backend was asked for %s", b.action)
			}
		})
	}
}
