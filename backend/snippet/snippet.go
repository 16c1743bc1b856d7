// Package snippet says a message to send as a piece of a program that sends it:
// with curl, or with AWS's library for Go, Python or JavaScript. It is something
// to put into a ticket, a test or a script.
//
// Promise: whoever runs a snippet sends exactly the request that was given, with
// the types of its attributes, its binary values, its group and its deduplication
// id. No secret is in it: requests to AWS are signed with what the environment of
// whoever runs it has, those to an endpoint on this machine with placeholders. All
// that a terminal would obey is escaped.
//
// The package has no state.
package snippet

import (
	"maps"
	"slices"
	"strconv"
	"strings"
	"unicode/utf8"

	"sqscope/backend"
	"sqscope/backend/awsline"
)

// Language is what a snippet is written in.
type Language string

// The languages.
const (
	Curl       Language = "curl" // for a POSIX shell; 7.75 or newer where it has to sign
	Go         Language = "Go"   // aws-sdk-go-v2, a whole program
	Python     Language = "Python"
	JavaScript Language = "JavaScript" // AWS SDK for JavaScript v3, an ES module
)

// Languages are all of them, in the order of a menu.
func Languages() []Language { return []Language{Curl, Go, Python, JavaScript} }

// Send is the snippet that sends a message at a place. A text that is not UTF-8
// cannot be said in a program and is an error of [backend.KindInvalid]; SQS would
// refuse it too (docs/SQS.md 3.1).
func Send(l Language, p backend.Place, in backend.SendMessageInput) (string, error) {
	if err := sayable(in); err != nil {
		return "", err
	}
	w := where{Place: p, endpoint: awsline.Endpoint(p), region: p.Region}
	if w.region == "" && w.endpoint != "" {
		w.region = "us-east-1"
	}
	w.open = p.Embedded || backend.IsLoopback(w.endpoint)
	switch l {
	case Curl:
		return w.curl(in)
	case Go:
		return w.golang(in), nil
	case Python:
		return w.python(in), nil
	case JavaScript:
		return w.javascript(in), nil
	}
	return "", backend.Errorf(backend.KindInvalid, "there is no snippet in %s", l)
}

// where is the place that a snippet sends to.
type where struct {
	backend.Place
	endpoint string // "": AWS's own
	region   string
	open     bool // whoever signs, with whatever, is let in
}

// sayable tells whether all texts are UTF-8.
func sayable(in backend.SendMessageInput) error {
	texts := map[string]string{"the body": in.MessageBody, "the group": in.MessageGroupId.Value, "the deduplication id": in.MessageDeduplicationId.Value}
	for _, attributes := range []map[string]backend.MessageAttribute{in.MessageAttributes, in.MessageSystemAttributes} {
		for name, a := range attributes {
			texts["attribute "+strconv.Quote(name)] = name + a.DataType + a.StringValue.Value
		}
	}
	for _, what := range slices.Sorted(maps.Keys(texts)) {
		if !utf8.ValidString(texts[what]) {
			return backend.Errorf(backend.KindInvalid, "%s is not UTF-8, which no program can say as a text", what)
		}
	}
	return nil
}

// field is a parameter of the request under SQS's name: a string, an int, bytes,
// or fields.
type field struct {
	name  string
	value any
}

// fieldsOf are the parameters that are given, in SQS's order.
func fieldsOf(in backend.SendMessageInput) []field {
	fields := []field{{"QueueUrl", in.QueueUrl}, {"MessageBody", in.MessageBody}}
	if in.DelaySeconds.Set {
		fields = append(fields, field{"DelaySeconds", in.DelaySeconds.Value})
	}
	for _, a := range []struct {
		name string
		of   map[string]backend.MessageAttribute
	}{{"MessageAttributes", in.MessageAttributes}, {"MessageSystemAttributes", in.MessageSystemAttributes}} {
		if len(a.of) > 0 {
			fields = append(fields, field{a.name, attributeFields(a.of)})
		}
	}
	for _, o := range []struct {
		name string
		opt  backend.Opt[string]
	}{{"MessageGroupId", in.MessageGroupId}, {"MessageDeduplicationId", in.MessageDeduplicationId}} {
		if o.opt.Set {
			fields = append(fields, field{o.name, o.opt.Value})
		}
	}
	return fields
}

func attributeFields(attributes map[string]backend.MessageAttribute) (out []field) {
	for _, name := range slices.Sorted(maps.Keys(attributes)) {
		a := attributes[name]
		value := []field{{"DataType", a.DataType}}
		if a.StringValue.Set {
			value = append(value, field{"StringValue", a.StringValue.Value})
		}
		if a.BinaryValue != nil {
			value = append(value, field{"BinaryValue", a.BinaryValue})
		}
		out = append(out, field{name, value})
	}
	return out
}

// curl is one command. AWS wants it signed, which curl does with the credentials
// in the environment; so does any other endpoint that is not on this machine.
func (w where) curl(in backend.SendMessageInput) (string, error) {
	body, err := awsline.JSON(in)
	if err != nil {
		return "", err
	}
	address := w.endpoint
	if address == "" {
		address = hostOf(in.QueueUrl)
	}
	lines := []string{awsline.Quote([]string{"curl", "-sS", address})}
	if !w.open {
		lines = append(lines,
			awsline.Quote([]string{"--aws-sigv4", "aws:amz:" + w.region + ":sqs"})+` --user "$AWS_ACCESS_KEY_ID:$AWS_SECRET_ACCESS_KEY"`,
			`-H "X-Amz-Security-Token: ${AWS_SESSION_TOKEN-}"`) // curl leaves a header without a value out
	}
	for _, words := range [][]string{
		{"-H", "Content-Type: application/x-amz-json-1.0"}, {"-H", "X-Amz-Target: AmazonSQS.SendMessage"}, {"--data-binary", body},
	} {
		lines = append(lines, awsline.Quote(words))
	}
	return strings.Join(lines, " \\\n  ") + "\n", nil
}

// hostOf is a queue's URL without the queue.
func hostOf(queueUrl string) string {
	scheme, rest, ok := strings.Cut(queueUrl, "://")
	if !ok {
		return queueUrl
	}
	host, _, _ := strings.Cut(rest, "/")
	return scheme + "://" + host + "/"
}
