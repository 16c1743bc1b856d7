package decode

import (
	"fmt"
	"strconv"
	"strings"

	"sqscope/backend"
	"sqscope/backend/decode/document"
)

// Fact is something worth knowing of a stage. The value is foreign text.
type Fact struct{ Name, Value string }

// factRecords is how many records of an event are told one by one.
const factRecords = 20

// Facts say what an envelope tells beside what it wraps, and what binary looks
// like. They are read from the stage, so a mask that covers it covers them.
func (r Result) Facts(stage int) []Fact {
	s := &r.Stages[stage]
	if s.hidden {
		return nil
	}
	var f facts
	root := document.Node{}
	if s.Doc != nil {
		root = s.Doc.Root()
	}
	switch s.Kind {
	case SNS:
		f.members(root, "topic", "TopicArn", "subject", "Subject", "type", "Type", "message id", "MessageId", "published", "Timestamp")
		for a := range root.Get("MessageAttributes").Values() {
			f.add("attribute "+a.Name(), a.Get("Value").Text())
		}
	case EventBridge:
		f.members(root, "event", "detail-type", "source", "source", "account", "account", "region", "region", "time", "time", "id", "id")
	case S3Event, Records:
		f.records(root)
	case Destination:
		f.destination(root)
	case SQSMessage:
		f.members(root, "message id", "MessageId", "message id", "messageId", "queue", "queueArn", "queue", "eventSourceARN")
	case Celery:
		headers := root.Get("headers")
		f.members(headers, "task", "task", "id", "id", "retries", "retries", "arguments", "argsrepr")
	case S3Pointer:
		bucket, key, _ := pointer(root)
		f.add("body in", "s3://"+bucket+"/"+key)
		f.add("bytes", r.payloadSize)
	case Binary, Gzip, Zlib, Zstd:
		f.add("bytes", strconv.Itoa(len(s.Bytes)))
		f.add("looks like", looksLike(s.Bytes))
	}
	return f
}

type facts []Fact

// add leaves out what is not there.
func (f *facts) add(name, value string) {
	if value != "" {
		*f = append(*f, Fact{name, value})
	}
}

// members takes names of facts and of members in turn.
func (f *facts) members(n document.Node, names ...string) {
	for i := 0; i < len(names); i += 2 {
		f.add(names[i], word(n.Get(names[i+1])))
	}
}

// word is a scalar without quotes, or "".
func word(n document.Node) string {
	switch n.Kind() {
	case document.String:
		return n.Text()
	case document.Number, document.Bool:
		return n.Raw()
	}
	return ""
}

func (f *facts) records(root document.Node) {
	list := root.Get("Records")
	if !list.Exists() {
		f.members(root, "event", "Event", "bucket", "Bucket", "time", "Time")
		return
	}
	f.add("records", strconv.Itoa(list.Len()))
	told := 0
	for v := range list.Values() {
		if told == factRecords {
			f.add("…", fmt.Sprintf("and %d more", list.Len()-told))
			return
		}
		told++
		f.add("record "+strconv.Itoa(told), record(v))
	}
}

// record is a record of an event on one line.
func record(n document.Node) string {
	source := recordSource(n)
	switch source {
	case "aws:s3":
		object := n.Get("s3").Get("object")
		text := word(n.Get("eventName")) + " s3://" + word(n.Get("s3").Get("bucket").Get("name")) + "/" + word(object.Get("key"))
		if size := word(object.Get("size")); size != "" {
			text += ", " + size + " bytes"
		}
		return text
	case "aws:sqs":
		return source + " " + word(n.Get("messageId"))
	case "aws:sns":
		return source + " " + word(n.Get("Sns").Get("MessageId"))
	}
	return strings.TrimSpace(source + " " + word(n.Get("eventName")))
}

func (f *facts) destination(root document.Node) {
	request, response := root.Get("requestContext"), root.Get("responseContext")
	f.members(request, "condition", "condition", "function", "functionArn", "attempts", "approximateInvokeCount", "request", "requestId")
	f.members(response, "status", "statusCode", "error", "functionError")
	f.members(root.Get("responsePayload"), "error type", "errorType", "error message", "errorMessage")
	f.members(root, "time", "timestamp")
}

// payloadSize is how many bytes an extended client put into S3, by the message
// attributes that it and its older versions set (docs/SQS.md 3.2).
func payloadSize(attributes map[string]backend.MessageAttribute) string {
	for _, name := range []string{"ExtendedPayloadSize", "SQSLargePayloadSize"} {
		if a, ok := attributes[name]; ok {
			return a.StringValue.Value
		}
	}
	return ""
}
