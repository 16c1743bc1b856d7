package endpoint

import (
	"context"
	"errors"
	"fmt"
	"net/url"
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
		w := serve(New(&stub{err: c.err}, Options{}), jsonRequest("SendMessage", `{}`))
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
			wantError(t, serve(New(&b, Options{}), jsonRequest(c.action, c.body)), 400, c.shape, c.code, c.message)
			if b.action != "" {
				t.Errorf("the backend was asked for %s", b.action)
			}
		})
	}
}

// The same errors in the Query protocol, with the one text that is another
// there (11.4).
func TestErrorInXML(t *testing.T) {
	for _, c := range []struct {
		err         error
		status      int
		fault, code string
		message     string
	}{
		{
			backend.ErrorOf(backend.ErrQueueDoesNotExist, "The specified queue does not exist."), 400, "Sender",
			"AWS.SimpleQueueService.NonExistentQueue", "The specified queue does not exist for this wsdl version.",
		},
		{backend.ErrorOf(backend.ErrPurgeQueueInProgress, "Only one."), 403, "Sender", "AWS.SimpleQueueService.PurgeQueueInProgress", "Only one."},
		{backend.ErrorOf(backend.ErrReceiptHandleIsInvalid, `The input receipt handle "<&>" is not a valid receipt handle.`), 404, "Sender", "ReceiptHandleIsInvalid", `The input receipt handle "<&>" is not a valid receipt handle.`},
		{backend.Errorf(backend.KindDenied, "not at level view"), 403, "Sender", "AccessDenied", "not at level view"},
		{errors.New("boom"), 500, "Receiver", "InternalFailure", "boom"},
		{context.DeadlineExceeded, 503, "Receiver", "ServiceUnavailable", "context deadline exceeded"},
	} {
		w := serve(New(&stub{err: c.err}, Options{}), formRequest("Action=SendMessage"))
		wantXMLError(t, w, c.status, c.fault, c.code, c.message)
	}
}

// What a form cannot say, in the words of JSON where there are any.
func TestFormRefusedBeforeTheBackend(t *testing.T) {
	const number = "STRING_VALUE can not be converted to an Integer"
	entries := func(n int) string {
		var b strings.Builder
		for i := range n {
			fmt.Fprintf(&b, "&SendMessageBatchRequestEntry.%d.MessageBody=x", i)
		}
		return b.String()
	}
	for _, c := range []struct {
		name, parameters string
		status           int
		code, message    string
	}{
		{"text for a number", "SendMessage&DelaySeconds=five", 400, "MalformedInput", number},
		{"a fraction", "SendMessage&DelaySeconds=1.5", 400, "MalformedInput", number},
		{"a number of 33 bits", "SendMessage&DelaySeconds=2147483648", 400, "MalformedInput", number},
		{"a huge number", "SendMessage&DelaySeconds=" + strings.Repeat("9", 1000), 400, "MalformedInput", number},
		{"an empty number", "SendMessage&DelaySeconds=", 400, "MalformedInput", number},
		{"a sign alone", "SendMessage&DelaySeconds=-", 400, "MalformedInput", number},
		{"a number in an entry", "SendMessageBatch&SendMessageBatchRequestEntry.1.Id=1&SendMessageBatchRequestEntry.1.DelaySeconds=x", 400, "MalformedInput", number},
		{
			"no base64", "SendMessage&MessageAttribute.1.Name=a&MessageAttribute.1.Value.DataType=Binary&MessageAttribute.1.Value.BinaryValue=%25%25",
			400, "MalformedInput", "STRING_VALUE can not be converted to a Blob",
		},
		{"half an escape", "SendMessage&MessageBody=%4", 404, "MalformedQueryString", "A percent sign without two hexadecimal digits behind it."},
		{"no escape", "SendMessage&MessageBody=100%zz", 404, "MalformedQueryString", "A percent sign without two hexadecimal digits behind it."},
		{"an escape in a name", "SendMessage&Message%Body=x", 404, "MalformedQueryString", "A percent sign without two hexadecimal digits behind it."},
		{"not UTF-8", "SendMessage&MessageBody=%ff", 400, "MalformedInput", "The request is not UTF-8."},
		{"not UTF-8 and not escaped", "SendMessage&MessageBody=\xc3", 400, "MalformedInput", "The request is not UTF-8."},
		{"too many parameters", "SendMessage" + strings.Repeat("&a", 20_000), 404, "MalformedQueryString", "The request has more than 20000 parameters."},
		{"an attribute without a value", "SetQueueAttributes&Attribute.1.Name=Policy", 400, "MissingParameter", "The request must contain the parameter Attribute.Value."},
		{"an attribute without a name", "SetQueueAttributes&Attribute.1.Value=x", 400, "MissingParameter", "The request must contain the parameter Attribute.Name."},
		{"a tag without a key", "TagQueue&Tag.1.Value=x", 400, "MissingParameter", "The request must contain the parameter Tag.Key."},
		{"no queue name", "CreateQueue", 400, "InvalidParameterValue", "Value for parameter QueueName is invalid. Reason: Must specify a queue name."},
		{
			"an entry without an id", "DeleteMessageBatch&DeleteMessageBatchRequestEntry.1.Id=a&DeleteMessageBatchRequestEntry.7.ReceiptHandle=h",
			400, "MissingParameter", "The request must contain the parameter DeleteMessageBatchRequestEntry.2.Id.",
		},
		{
			"five thousand entries", "SendMessageBatch" + entries(5000), 400, "AWS.SimpleQueueService.TooManyEntriesInBatchRequest",
			"Maximum number of entries per request are 10. You have sent 5000.",
		},
		{
			"a list of values", "SendMessage&MessageAttribute.1.Name=a&MessageAttribute.1.Value.BinaryListValue.1=AA==", 400, "InvalidParameterValue",
			"Message attribute list values in SendMessage operation are not supported.",
		},
	} {
		t.Run(c.name, func(t *testing.T) {
			var b stub
			w := serve(New(&b, Options{}), formRequest("Action="+c.parameters))
			wantXMLError(t, w, c.status, "Sender", c.code, c.message)
			if b.action != "" {
				t.Errorf("the backend was asked for %s", b.action)
			}
		})
	}
}

func TestFormInAnotherEncodingIsRefused(t *testing.T) {
	for _, c := range []struct {
		contentType string
		taken       bool
	}{
		{"application/x-www-form-urlencoded", true},
		{"application/x-www-form-urlencoded; charset=utf-8", true},
		{"APPLICATION/X-WWW-FORM-URLENCODED; charset=\"UTF-8\"", true},
		{"application/x-www-form-urlencoded; charset=iso-8859-1", false},
	} {
		r := formRequest("Action=ListQueues")
		r.Header.Set("Content-Type", c.contentType)
		w := serve(New(&stub{}, Options{}), r)
		if (w.Code == 200) != c.taken {
			t.Errorf("%s: %d", c.contentType, w.Code)
		}
		if !c.taken {
			wantXMLError(t, w, 400, "Sender", "MalformedInput", "The request is in iso-8859-1 and must be in UTF-8.")
		}
	}
}

func TestLargestFormPassesAndALargerOneIsRefused(t *testing.T) {
	var b stub
	s := New(&b, Options{})
	body := strings.Repeat("é", 1<<19)
	if w := serve(s, formRequest("Action=SendMessage&MessageBody="+url.QueryEscape(body))); w.Code != 200 {
		t.Errorf("1 MiB that is escaped threefold: status %d", w.Code)
	}
	if got := b.in.(backend.SendMessageInput).MessageBody; got != body {
		t.Errorf("body of %d bytes arrived", len(got))
	}
	large := formRequest("Action=SendMessage&MessageBody=" + strings.Repeat("x", MaxBody))
	large.ContentLength = -1
	wantXMLError(t, serve(s, large), 413, "Sender", "RequestEntityTooLargeException", "The request is larger than 8388608 bytes.")
}
