package backendtest

import (
	"context"
	"encoding/json"
	"encoding/xml"
	"fmt"
	"maps"
	"net/http"
	"net/http/httptest"
	"net/url"
	"sort"
	"strconv"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"sqscope/backend"
	"sqscope/backend/endpoint"
)

// refusing is a backend that answers with an error, for the cases that no test
// can bring about: 120,000 messages in flight, and throttling.
type refusing struct {
	backend.SQS
	err error
}

func (r refusing) SendMessage(context.Context, backend.SendMessageInput) (backend.SendMessageOutput, error) {
	return backend.SendMessageOutput{}, r.err
}

func (r refusing) ReceiveMessage(context.Context, backend.ReceiveMessageInput) (backend.ReceiveMessageOutput, error) {
	return backend.ReceiveMessageOutput{}, r.err
}

func (r refusing) ChangeMessageVisibility(context.Context, backend.ChangeMessageVisibilityInput) error {
	return r.err
}

// Every recorded error as bytes on the wire, in both protocols: the requests are
// written by hand, so that what a client could not say is said too.
func TestErrorCasesInBothProtocols(t *testing.T) { // 1.0, 1.15, 12.1, 14.1
	for _, protocol := range []string{"json", "query"} {
		for _, c := range onBothTypes(readVectors(t).Errors) {
			t.Run(fmt.Sprintf("%s/%03d %s %s %s", protocol, c.ID, c.QueueType, c.Action, strings.ReplaceAll(c.Case, "/", " ")), func(t *testing.T) {
				switch {
				case c.Protocol != "" && c.Protocol != protocol:
					t.Skip("only in " + c.Protocol)
				case protocol == "query" && c.ID == entriesMissing:
					t.Skip("left out and empty are the same in the Query protocol")
				}
				synctest.Test(t, func(t *testing.T) {
					e := engine(t)
					d := &desk{T: t, h: Harness{Stack: e.Stack(), Advance: time.Sleep}, sqs: e}
					var sqs backend.SQS = e
					switch c.ID {
					case 120, 127, 128:
						sqs = refusing{e, backend.ErrorOf(c.JSONType, "%s", c.Message)}
					}
					if c.Action == "*" {
						c.Action = "SendMessage"
					}
					server := endpoint.New(sqs, endpoint.Options{})
					if protocol == "json" {
						d.jsonCase(server, c)
					} else {
						d.queryCase(server, c)
					}
				})
			})
		}
	}
}

// onBothTypes are the cases, those for any queue once for each type.
func onBothTypes(cases []errorCase) (all []errorCase) {
	for _, c := range cases {
		fifo := c
		if c.QueueType == "any" {
			c.QueueType, fifo.QueueType = "standard", "fifo"
		}
		all = append(all, c)
		switch {
		case fifo.QueueType == c.QueueType, c.Action == "CreateQueue", c.Action == "StartMessageMoveTask", c.Action == "CancelMessageMoveTask":
			continue // no second type, or the queue is another one
		}
		fifo.Input = maps.Clone(c.Input)
		fifo.Message = strings.Replace(c.Message, " my-queue", " my-queue.fifo", 1)
		attributes, _ := c.Input["Attributes"].(map[string]any)
		if policy, ok := attributes["RedrivePolicy"].(string); ok {
			other := strings.NewReplacer(":dlq.fifo\"", ":dlq\"", ":dlq\"", ":dlq.fifo\"").Replace(policy)
			fifo.Input["Attributes"] = map[string]any{"RedrivePolicy": other}
			fifo.Message = strings.Replace(fifo.Message, policy, other, 1)
		}
		all = append(all, fifo)
	}
	return all
}

// wireInput is the input of a case, ready to be written.
func (d *desk) wireInput(c *errorCase) (queueURL string) {
	queueURL = d.prepareWire(c)
	delete(c.Input, "_existing")
	for name, value := range c.Input {
		c.Input[name] = spelledOut(value)
	}
	return queueURL
}

func (d *desk) prepareWire(c *errorCase) string {
	if c.ID == 141 || c.ID == 142 { // asked of a queue's own path
		c.Input = map[string]any{"QueueName": "another"}
		return d.queue("my-queue")
	}
	queueURL := d.prepare(c)
	d.complete(c, queueURL)
	return queueURL
}

// spelledOut replaces texts such as <10 x a>.
func spelledOut(value any) any {
	switch v := value.(type) {
	case string:
		if m := repeated.FindStringSubmatch(v); m != nil {
			n, _ := strconv.Atoi(m[1]) // digits, by the pattern
			return strings.Repeat("a", n)
		}
	case map[string]any:
		for name, member := range v {
			v[name] = spelledOut(member)
		}
	case []any:
		for i, element := range v {
			v[i] = spelledOut(element)
		}
	}
	return value
}

func (d *desk) jsonCase(h http.Handler, c errorCase) {
	d.wireInput(&c)
	body, err := json.Marshal(c.Input)
	d.must(err)
	r := httptest.NewRequest(http.MethodPost, "http://localhost:9324/", strings.NewReader(string(body)))
	r.Header.Set("Content-Type", "application/x-amz-json-1.0")
	r.Header.Set("X-Amz-Target", "AmazonSQS."+c.Action)
	w := httptest.NewRecorder()
	h.ServeHTTP(w, r)
	var got struct {
		Type    string `json:"__type"`
		Message string
		Failed  []backend.BatchError
	}
	d.must(json.Unmarshal(w.Body.Bytes(), &got))
	if c.Scope == "entry" {
		d.failedEntry(c, w.Code, got.Failed)
		return
	}
	shape := "com.amazon.coral.service#" + c.JSONType
	if s, ok := backend.ShapeOf(c.JSONType); ok && s.Modelled {
		shape = "com.amazonaws.sqs#" + c.JSONType
	}
	d.equal("error", []any{w.Code, got.Type, w.Header().Get("x-amzn-query-error"), got.Message},
		[]any{c.Status, shape, c.Code + ";Sender", c.Message})
}

func (d *desk) queryCase(h http.Handler, c errorCase) {
	queueURL := d.wireInput(&c)
	p := parameters{"Action=" + c.Action}
	p.members("", c.Action, c.Input)
	target := "http://localhost:9324/"
	if c.Protocol == "query" {
		target = queueURL
	}
	r := httptest.NewRequest(http.MethodPost, target, strings.NewReader(strings.Join(p, "&")))
	r.Host = "localhost:9324"
	r.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	w := httptest.NewRecorder()
	h.ServeHTTP(w, r)
	var got xmlAnswer
	d.must(xml.Unmarshal(w.Body.Bytes(), &got))
	if c.Scope == "entry" {
		d.failedEntry(c, w.Code, got.Parts[0].BatchResultErrorEntry)
		return
	}
	if c.InQuery == "" {
		c.InQuery = c.Message
	}
	d.equal("error", []any{w.Code, got.Error.Type, got.Error.Code, got.Error.Message}, []any{c.Status, "Sender", c.Code, c.InQuery})
	if !strings.Contains(w.Body.String(), "</Message><Detail/></Error><RequestId>") {
		d.Errorf("the form of an error is another: %s", w.Body)
	}
}

func (d *desk) failedEntry(c errorCase, status int, failed []backend.BatchError) {
	if status != http.StatusOK || len(failed) != 1 {
		d.Fatalf("status %d, failed %+v", status, failed)
	}
	d.equal("failed", failed[0], c.failed())
}

// members writes the members of an input as docs/SQS.md 11.4 says.
func (p *parameters) members(prefix, action string, input map[string]any) {
	for name, value := range input {
		switch name {
		case "Attributes":
			p.wirePairs(prefix+"Attribute", "Name", "Value", value)
		case "Tags", "tags":
			p.wirePairs(prefix+"Tag", "Key", "Value", value)
		case "MessageAttributes", "MessageSystemAttributes":
			p.wirePairs(prefix+strings.TrimSuffix(name, "s"), "Name", "Value", value)
		case "TagKeys", "AttributeNames", "AWSAccountIds", "MessageAttributeNames":
			p.wireList(prefix+strings.TrimSuffix(name, "s"), value)
		case "StringListValues":
			p.wireList(prefix+"StringListValue", value)
		case "Actions":
			p.wireList(prefix+"ActionName", value)
		case "Entries":
			entries, _ := value.([]any)
			for i, e := range entries {
				p.members(fmt.Sprintf("%s%sRequestEntry.%d.", prefix, action, i+1), action, e.(map[string]any))
			}
		default:
			p.wireValue(prefix+name, value)
		}
	}
}

func (p *parameters) wirePairs(name, key, value string, m any) {
	members := m.(map[string]any)
	names := make([]string, 0, len(members))
	for k := range members {
		names = append(names, k)
	}
	sort.Strings(names)
	for i, k := range names {
		p.add(fmt.Sprintf("%s.%d.%s", name, i+1, key), k)
		p.wireValue(fmt.Sprintf("%s.%d.%s", name, i+1, value), members[k])
	}
}

func (p *parameters) wireList(name string, list any) {
	for i, v := range list.([]any) {
		p.wireValue(fmt.Sprintf("%s.%d", name, i+1), v)
	}
}

func (p *parameters) wireValue(name string, value any) {
	switch v := value.(type) {
	case float64:
		p.add(name, strconv.FormatFloat(v, 'f', -1, 64))
	case map[string]any:
		p.members(name+".", "", v)
	default:
		*p = append(*p, url.QueryEscape(name)+"="+url.QueryEscape(fmt.Sprint(v)))
	}
}
