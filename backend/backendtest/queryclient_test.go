package backendtest

import (
	"context"
	"encoding/base64"
	"encoding/xml"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"slices"
	"strconv"
	"strings"
	"sync/atomic"
	"time"

	"sqscope/backend"
)

// queryClient is a client of SQS's Query protocol as the old SDKs were
// (docs/SQS.md 11.4). It goes through the ways of asking in turn: a form to the
// service, a form to the queue's own path, parameters in the URL.
type queryClient struct {
	http interface {
		Do(r *http.Request) (*http.Response, error)
	}
	base  string
	turns *atomic.Uint64
}

// parameters are those of a request, in the order in which they are sent.
type parameters []string

func (p *parameters) add(name, value string) {
	*p = append(*p, url.QueryEscape(name)+"="+url.QueryEscape(value))
}

func (p *parameters) text(name, value string) {
	if value != "" {
		p.add(name, value)
	}
}

func (p *parameters) optText(name string, value backend.Opt[string]) {
	if value.Set {
		p.add(name, value.Value)
	}
}

func (p *parameters) number(name string, value backend.Opt[int]) {
	if value.Set {
		p.add(name, strconv.Itoa(value.Value))
	}
}

func (p *parameters) list(name string, values []string) {
	for i, v := range values {
		p.add(fmt.Sprintf("%s.%d", name, i+1), v)
	}
}

func (p *parameters) pairs(name, key, value string, m map[string]string) {
	n := 0
	for k, v := range m {
		n++
		p.add(fmt.Sprintf("%s.%d.%s", name, n, key), k)
		p.add(fmt.Sprintf("%s.%d.%s", name, n, value), v)
	}
}

func (p *parameters) attributes(name string, m map[string]backend.MessageAttribute) {
	n := 0
	for k, a := range m {
		n++
		prefix := fmt.Sprintf("%s.%d.", name, n)
		p.add(prefix+"Name", k)
		p.add(prefix+"Value.DataType", a.DataType)
		p.optText(prefix+"Value.StringValue", a.StringValue)
		if a.BinaryValue != nil {
			p.add(prefix+"Value.BinaryValue", base64.StdEncoding.EncodeToString(a.BinaryValue))
		}
	}
}

func (p *parameters) message(prefix string, in backend.SendMessageInput) {
	p.text(prefix+"MessageBody", in.MessageBody)
	p.number(prefix+"DelaySeconds", in.DelaySeconds)
	p.optText(prefix+"MessageGroupId", in.MessageGroupId)
	p.optText(prefix+"MessageDeduplicationId", in.MessageDeduplicationId)
	p.attributes(prefix+"MessageAttribute", in.MessageAttributes)
	p.attributes(prefix+"MessageSystemAttribute", in.MessageSystemAttributes)
}

// The elements of an answer.
type (
	xmlPair struct {
		Name, Key string
		Value     string
	}
	xmlAttribute struct {
		Name  string
		Value struct {
			DataType    string
			StringValue *string
			BinaryValue *string
		}
	}
	xmlSent struct {
		Id                           string
		MessageId                    string
		MD5OfMessageBody             string
		MD5OfMessageAttributes       string
		MD5OfMessageSystemAttributes string
		SequenceNumber               string
	}
	xmlMessage struct {
		MessageId, ReceiptHandle, MD5OfBody, Body string
		Attribute                                 []xmlPair
		MD5OfMessageAttributes                    string
		MessageAttribute                          []xmlAttribute
	}
	xmlTask struct {
		TaskHandle, Status, SourceArn, DestinationArn, FailureReason string

		MaxNumberOfMessagesPerSecond      *int
		ApproximateNumberOfMessagesMoved  int64
		ApproximateNumberOfMessagesToMove int64
		StartedTimestamp                  int64
	}
	xmlResult struct {
		XMLName xml.Name
		xmlSent
		RequestId                               string
		QueueUrl                                []string
		NextToken                               string
		Attribute                               []xmlPair
		Tag                                     []xmlPair
		Message                                 []xmlMessage
		SendMessageBatchResultEntry             []xmlSent
		DeleteMessageBatchResultEntry           []xmlSent
		ChangeMessageVisibilityBatchResultEntry []xmlSent
		BatchResultErrorEntry                   []backend.BatchError
		TaskHandle                              string
		ApproximateNumberOfMessagesMoved        int64
		ListMessageMoveTasksResultEntry         []xmlTask
	}
	xmlAnswer struct {
		XMLName   xml.Name
		Parts     []xmlResult `xml:",any"`
		RequestId string      // of an error
		Error     struct{ Type, Code, Message string }
	}
)

func (c queryClient) call(ctx context.Context, action, queueURL string, p parameters) (xmlResult, error) {
	r, err := c.request(ctx, action, queueURL, p)
	if err != nil {
		return xmlResult{}, err
	}
	res, err := c.http.Do(r)
	if err != nil {
		return xmlResult{}, backend.AsError(err)
	}
	defer res.Body.Close()
	text, err := io.ReadAll(res.Body)
	if err != nil {
		return xmlResult{}, err
	}
	return read(action, res, text)
}

func (c queryClient) request(ctx context.Context, action, queueURL string, p parameters) (*http.Request, error) {
	turn := c.turns.Add(1) % 3
	method, target := http.MethodPost, c.base+"/"
	if queueURL != "" {
		if _, name := backend.URLParts(queueURL); turn == 1 && strings.Contains(queueURL, "://") && name != "" {
			target = queueURL
		} else {
			p.add("QueueUrl", queueURL)
		}
	}
	p.add("Action", action)
	form := strings.Join(p, "&")
	if turn == 2 {
		return http.NewRequestWithContext(ctx, http.MethodGet, target+"?"+form, http.NoBody)
	}
	r, err := http.NewRequestWithContext(ctx, method, target, strings.NewReader(form))
	if err == nil {
		r.Header.Set("Content-Type", "application/x-www-form-urlencoded; charset=utf-8")
	}
	return r, err
}

// read takes an answer apart, and is strict about what goes round it.
func read(action string, res *http.Response, text []byte) (xmlResult, error) {
	var a xmlAnswer
	if err := xml.Unmarshal(text, &a); err != nil {
		return xmlResult{}, fmt.Errorf("%w: %s", err, text)
	}
	id := a.RequestId
	var result xmlResult
	for _, part := range a.Parts {
		switch part.XMLName.Local {
		case action + "Result":
			result = part
		case "ResponseMetadata":
			id = part.RequestId
		}
	}
	switch {
	case a.XMLName.Space != "http://queue.amazonaws.com/doc/2012-11-05/", res.Header.Get("Content-Type") != "text/xml",
		id == "" || id != res.Header.Get("x-amzn-RequestId"), !slices.Contains([]string{action + "Response", "ErrorResponse"}, a.XMLName.Local):
		return xmlResult{}, errors.New("not the answer of " + action + ": " + string(text))
	case a.XMLName.Local == "ErrorResponse":
		return xmlResult{}, backend.ErrorByCode(a.Error.Code, res.StatusCode, a.Error.Message)
	case res.StatusCode != http.StatusOK:
		return xmlResult{}, errors.New(res.Status)
	}
	return result, nil
}

func first(list []string) string {
	if len(list) == 0 {
		return ""
	}
	return list[0]
}

func mapOf(pairs []xmlPair) map[string]string {
	if len(pairs) == 0 {
		return nil
	}
	m := map[string]string{}
	for _, p := range pairs {
		m[p.Name+p.Key] = p.Value
	}
	return m
}

func (s xmlSent) output() backend.SendMessageOutput {
	return backend.SendMessageOutput{
		MessageId: s.MessageId, MD5OfMessageBody: s.MD5OfMessageBody, MD5OfMessageAttributes: s.MD5OfMessageAttributes,
		MD5OfMessageSystemAttributes: s.MD5OfMessageSystemAttributes, SequenceNumber: s.SequenceNumber,
	}
}

func (m xmlMessage) output() backend.Message {
	out := backend.Message{
		MessageId: m.MessageId, ReceiptHandle: m.ReceiptHandle, MD5OfBody: m.MD5OfBody, Body: m.Body,
		Attributes: mapOf(m.Attribute), MD5OfMessageAttributes: m.MD5OfMessageAttributes,
	}
	for _, a := range m.MessageAttribute {
		if out.MessageAttributes == nil {
			out.MessageAttributes = map[string]backend.MessageAttribute{}
		}
		attribute := backend.MessageAttribute{DataType: a.Value.DataType}
		if a.Value.StringValue != nil {
			attribute.StringValue = backend.Some(*a.Value.StringValue)
		}
		if a.Value.BinaryValue != nil {
			attribute.BinaryValue, _ = base64.StdEncoding.DecodeString(*a.Value.BinaryValue) // what is wrong with it shows in the bytes
		}
		out.MessageAttributes[a.Name] = attribute
	}
	return out
}

func (t xmlTask) output() backend.MoveTask {
	out := backend.MoveTask{
		TaskHandle: t.TaskHandle, Status: backend.TaskStatus(t.Status), SourceArn: t.SourceArn, DestinationArn: t.DestinationArn,
		ApproximateNumberOfMessagesMoved:  t.ApproximateNumberOfMessagesMoved,
		ApproximateNumberOfMessagesToMove: t.ApproximateNumberOfMessagesToMove,
		FailureReason:                     t.FailureReason, Started: time.UnixMilli(t.StartedTimestamp),
	}
	if t.MaxNumberOfMessagesPerSecond != nil {
		out.MaxNumberOfMessagesPerSecond = backend.Some(*t.MaxNumberOfMessagesPerSecond)
	}
	return out
}
