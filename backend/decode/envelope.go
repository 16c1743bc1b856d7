package decode

import (
	"strings"

	"sqscope/backend/decode/document"
)

// envelope recognises a document by the members that only it has, and finds what
// it wraps; the zero Node where it wraps nothing.
func envelope(root document.Node) (Kind, document.Node) {
	none := document.Node{}
	if root.Kind() == document.Array {
		if _, _, ok := pointer(root); ok {
			return S3Pointer, none
		}
		return JSON, none
	}
	if root.Kind() != document.Object {
		return JSON, none
	}
	for _, e := range envelopes {
		if kind, inner, ok := e(root); ok {
			return kind, inner
		}
	}
	return JSON, none
}

// envelopes are in no particular order: no document is two of them.
var envelopes = []func(document.Node) (Kind, document.Node, bool){
	sns, eventBridge, s3Test, records, destination, sqsMessage, celery,
}

func isText(nodes ...document.Node) bool {
	for _, n := range nodes {
		if n.Kind() != document.String {
			return false
		}
	}
	return true
}

func sns(n document.Node) (Kind, document.Node, bool) {
	message := n.Get("Message")
	switch n.Get("Type").Text() {
	case "Notification":
		return SNS, message, isText(message, n.Get("TopicArn"), n.Get("MessageId"))
	case "SubscriptionConfirmation", "UnsubscribeConfirmation":
		return SNS, document.Node{}, isText(n.Get("TopicArn"), n.Get("Token"))
	}
	return 0, document.Node{}, false
}

func eventBridge(n document.Node) (Kind, document.Node, bool) {
	detail := n.Get("detail")
	return EventBridge, detail, detail.Exists() && isText(n.Get("detail-type"), n.Get("source"))
}

func s3Test(n document.Node) (Kind, document.Node, bool) {
	return S3Event, document.Node{}, n.Get("Event").Text() == "s3:TestEvent" && isText(n.Get("Bucket"))
}

// records are those of a Lambda event. A single one is opened.
func records(n document.Node) (Kind, document.Node, bool) {
	list := n.Get("Records")
	if list.Kind() != document.Array {
		return 0, document.Node{}, false
	}
	first := list.First()
	switch source := recordSource(first); {
	case source == "":
		return 0, document.Node{}, false
	case source == "aws:s3":
		return S3Event, document.Node{}, true
	case list.Len() > 1:
		return Records, document.Node{}, true
	case source == "aws:sqs" && isText(first.Get("body")):
		return Records, first.Get("body"), true
	case source == "aws:sns" && isText(first.Get("Sns").Get("Message")):
		return Records, first.Get("Sns").Get("Message"), true
	}
	return Records, document.Node{}, true
}

// recordSource is who made a record; SNS writes the name in its own way.
func recordSource(record document.Node) string {
	if s := record.Get("eventSource").Text(); s != "" {
		return s
	}
	return record.Get("EventSource").Text()
}

func destination(n document.Node) (Kind, document.Node, bool) {
	payload := n.Get("requestPayload")
	return Destination, payload, payload.Exists() && n.Get("requestContext").Kind() == document.Object
}

// sqsMessage is a message as the CLI prints it, as Lambda gets it, or as a line
// of an export.
func sqsMessage(n document.Node) (Kind, document.Node, bool) {
	if isText(n.Get("MessageId"), n.Get("MD5OfBody"), n.Get("Body")) {
		return SQSMessage, n.Get("Body"), true
	}
	return SQSMessage, n.Get("body"), isText(n.Get("messageId"), n.Get("md5OfBody"), n.Get("body"))
}

func celery(n document.Node) (Kind, document.Node, bool) {
	properties := n.Get("properties")
	return Celery, n.Get("body"), isText(n.Get("body"), n.Get("content-type"), n.Get("content-encoding")) &&
		properties.Kind() == document.Object && isText(properties.Get("body_encoding"))
}

// pointer reads what the extended clients for Java and Python send instead of a
// body: the name of a class and where in S3 the body is (docs/SQS.md 3.2).
func pointer(n document.Node) (bucket, key string, ok bool) {
	if n.Kind() != document.Array || n.Len() != 2 {
		return "", "", false
	}
	var parts []document.Node
	for v := range n.Values() {
		parts = append(parts, v)
	}
	class, at := parts[0].Text(), parts[1]
	known := strings.HasSuffix(class, ".PayloadS3Pointer") || strings.HasSuffix(class, ".MessageS3Pointer")
	if !known || !isText(at.Get("s3BucketName"), at.Get("s3Key")) {
		return "", "", false
	}
	return at.Get("s3BucketName").Text(), at.Get("s3Key").Text(), true
}
