package awssqs

import (
	"bytes"
	"context"
	"encoding/json"
	"io"
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"sqscope/backend"
)

const endpointURL = "http://127.0.0.1:9324"

// environment makes an environment with these AWS files and variables and no
// others. Asking a virtual machine's metadata service is an error at once.
func environment(t *testing.T, configFile string, vars map[string]string) {
	t.Helper()
	for _, v := range os.Environ() {
		if name, _, _ := strings.Cut(v, "="); strings.HasPrefix(name, "AWS_") {
			t.Setenv(name, "")
			os.Unsetenv(name)
		}
	}
	home := t.TempDir()
	t.Setenv("HOME", home)
	t.Setenv("USERPROFILE", home)
	t.Setenv("AWS_EC2_METADATA_DISABLED", "true")
	if err := os.MkdirAll(filepath.Join(home, ".aws", "sso", "cache"), 0o700); err != nil {
		t.Fatal(err)
	}
	file := filepath.Join(home, ".aws", "config")
	if err := os.WriteFile(file, []byte(configFile), 0o600); err != nil {
		t.Fatal(err)
	}
	t.Setenv("AWS_CONFIG_FILE", file)
	t.Setenv("AWS_SHARED_CREDENTIALS_FILE", filepath.Join(home, ".aws", "credentials"))
	for name, value := range vars {
		t.Setenv(name, value)
	}
}

// wire answers requests without a network and keeps what was sent.
type wire struct {
	status int
	header map[string]string
	body   string
	err    error

	requests []*http.Request
	sent     []string
}

func (w *wire) Do(r *http.Request) (*http.Response, error) {
	body, err := io.ReadAll(r.Body)
	if err != nil {
		return nil, err
	}
	w.requests, w.sent = append(w.requests, r), append(w.sent, string(body))
	if w.err != nil {
		return nil, w.err
	}
	res := &http.Response{StatusCode: w.status, Header: http.Header{}, Body: io.NopCloser(strings.NewReader(w.body)), Request: r}
	for name, value := range w.header {
		res.Header.Set(name, value)
	}
	if res.StatusCode == 0 {
		res.StatusCode = 200
	}
	return res, nil
}

// open opens a client whose requests go to the wire.
func open(t *testing.T, w *wire, o Options) *Client {
	t.Helper()
	o.HTTPClient = w
	c, _, err := Open(t.Context(), o)
	if err != nil {
		t.Fatal(err)
	}
	return c
}

func local(t *testing.T, w *wire) *Client {
	t.Helper()
	environment(t, "", nil)
	return open(t, w, Options{EndpointURL: endpointURL})
}

// What SQS tells apart arrives apart: zero from left out, empty from left out
// (docs/SQS.md 11.7).
func TestZeroTravels(t *testing.T) {
	ctx := context.Background()
	zero, five := backend.Some(0), backend.Some(5)
	for _, c := range []struct {
		name string
		call func(*Client) error
		want string
	}{
		{"receive with zeros", func(c *Client) error {
			_, err := c.ReceiveMessage(ctx, backend.ReceiveMessageInput{QueueUrl: "q", MaxNumberOfMessages: zero, VisibilityTimeout: zero, WaitTimeSeconds: zero})
			return err
		}, `{"QueueUrl":"q","MaxNumberOfMessages":0,"VisibilityTimeout":0,"WaitTimeSeconds":0}`},
		{"receive with one zero", func(c *Client) error {
			_, err := c.ReceiveMessage(ctx, backend.ReceiveMessageInput{
				QueueUrl: "q", MaxNumberOfMessages: five, WaitTimeSeconds: zero,
				MessageSystemAttributeNames: []string{"All"}, MessageAttributeNames: []string{"a"}, ReceiveRequestAttemptId: backend.Some(""),
			})
			return err
		}, `{"QueueUrl":"q","MaxNumberOfMessages":5,"WaitTimeSeconds":0,"AttributeNames":["All"],"MessageSystemAttributeNames":["All"],"MessageAttributeNames":["a"],"ReceiveRequestAttemptId":""}`},
		{"receive without", func(c *Client) error {
			_, err := c.ReceiveMessage(ctx, backend.ReceiveMessageInput{QueueUrl: "q"})
			return err
		}, `{"QueueUrl":"q"}`},
		{"send with zero", func(c *Client) error {
			_, err := c.SendMessage(ctx, backend.SendMessageInput{QueueUrl: "q", MessageBody: "", DelaySeconds: zero, MessageGroupId: backend.Some("")})
			return err
		}, `{"QueueUrl":"q","MessageBody":"","DelaySeconds":0,"MessageGroupId":""}`},
		{"send without", func(c *Client) error {
			_, err := c.SendMessage(ctx, backend.SendMessageInput{QueueUrl: "q", MessageBody: "b"})
			return err
		}, `{"QueueUrl":"q","MessageBody":"b"}`},
		{"batch with a zero", func(c *Client) error {
			_, err := c.SendMessageBatch(ctx, backend.SendMessageBatchInput{QueueUrl: "q", Entries: []backend.SendMessageBatchEntry{
				{Id: "1", SendMessageInput: backend.SendMessageInput{MessageBody: "a", DelaySeconds: zero}},
				{Id: "2", SendMessageInput: backend.SendMessageInput{MessageBody: "b"}},
				{Id: "3", SendMessageInput: backend.SendMessageInput{
					MessageBody: "c", DelaySeconds: five, MessageAttributes: map[string]backend.MessageAttribute{"n": {DataType: "Binary", BinaryValue: []byte{}}},
				}},
			}})
			return err
		}, `{"QueueUrl":"q","Entries":[{"Id":"1","MessageBody":"a","DelaySeconds":0},{"Id":"2","MessageBody":"b"},
			{"Id":"3","MessageBody":"c","DelaySeconds":5,"MessageAttributes":{"n":{"DataType":"Binary","BinaryValue":""}}}]}`},
		{"visibility zero", func(c *Client) error {
			return c.ChangeMessageVisibility(ctx, backend.ChangeMessageVisibilityInput{QueueUrl: "q", ReceiptHandle: "h", VisibilityTimeout: zero})
		}, `{"QueueUrl":"q","ReceiptHandle":"h","VisibilityTimeout":0}`},
		{"visibility left out", func(c *Client) error {
			return c.ChangeMessageVisibility(ctx, backend.ChangeMessageVisibilityInput{QueueUrl: "q", ReceiptHandle: "h"})
		}, `{"QueueUrl":"q","ReceiptHandle":"h"}`},
		{"visibility batch with one left out", func(c *Client) error {
			_, err := c.ChangeMessageVisibilityBatch(ctx, backend.ChangeMessageVisibilityBatchInput{QueueUrl: "q", Entries: []backend.ChangeMessageVisibilityBatchEntry{
				{Id: "1", ReceiptHandle: "h"}, {Id: "2", ReceiptHandle: "h", VisibilityTimeout: zero}, {Id: "3", ReceiptHandle: "h", VisibilityTimeout: five},
			}})
			return err
		}, `{"QueueUrl":"q","Entries":[{"Id":"1","ReceiptHandle":"h"},{"Id":"2","ReceiptHandle":"h","VisibilityTimeout":0},{"Id":"3","ReceiptHandle":"h","VisibilityTimeout":5}]}`},
		{"list page of zero", func(c *Client) error {
			_, err := c.ListQueues(ctx, backend.ListQueuesInput{MaxResults: zero})
			return err
		}, `{"MaxResults":0}`},
		{"no entries at all", func(c *Client) error {
			_, err := c.DeleteMessageBatch(ctx, backend.DeleteMessageBatchInput{QueueUrl: "q"})
			return err
		}, `{"QueueUrl":"q"}`},
		{"an empty list of entries", func(c *Client) error {
			_, err := c.DeleteMessageBatch(ctx, backend.DeleteMessageBatchInput{QueueUrl: "q", Entries: []backend.DeleteMessageBatchEntry{}})
			return err
		}, `{"QueueUrl":"q","Entries":[]}`},
		{"what does not fit stays out of range", func(c *Client) error {
			_, err := c.ReceiveMessage(ctx, backend.ReceiveMessageInput{QueueUrl: "q", VisibilityTimeout: backend.Some(1 << 40)})
			return err
		}, `{"QueueUrl":"q","VisibilityTimeout":2147483647}`},
	} {
		t.Run(c.name, func(t *testing.T) {
			w := &wire{body: "{}"}
			if err := c.call(local(t, w)); err != nil {
				t.Fatal(err)
			}
			if diff := cmp.Diff(parse(t, c.want), parse(t, w.sent[0])); diff != "" {
				t.Errorf("sent (-want +got)\n%s", diff)
			}
		})
	}
}

func parse(t *testing.T, s string) (v any) {
	t.Helper()
	if err := json.Unmarshal([]byte(s), &v); err != nil {
		t.Fatalf("%v: %s", err, s)
	}
	return v
}

func TestOneCallIsOneRequest(t *testing.T) {
	for _, status := range []int{500, 503, 429, 403} {
		w := &wire{status: status, body: `{"__type":"com.amazonaws.sqs#RequestThrottled","message":"Request is throttled."}`}
		if _, err := local(t, w).ListQueues(t.Context(), backend.ListQueuesInput{}); err == nil || len(w.requests) != 1 {
			t.Errorf("status %d: %d requests, %v", status, len(w.requests), err)
		}
	}
}

func TestMessagesArriveByteForByte(t *testing.T) {
	w := &wire{body: `{"Messages":[{"MessageId":"id","ReceiptHandle":"h","MD5OfBody":"4b8d1aa9c0a2e1c1b8ee0a8f0c4b2a57","Body":"é\r\n\u0085",
		"Attributes":{"SentTimestamp":"1"},"MD5OfMessageAttributes":"m",
		"MessageAttributes":{"b":{"DataType":"Binary.gif","BinaryValue":"AP8="},"n":{"DataType":"Number.int","StringValue":"007"}}}]}`}
	const body = "é\r\n\u0085"
	w.body = strings.Replace(w.body, "4b8d1aa9c0a2e1c1b8ee0a8f0c4b2a57", md5Of(body), 1)
	out, err := local(t, w).ReceiveMessage(t.Context(), backend.ReceiveMessageInput{QueueUrl: "q"})
	if err != nil {
		t.Fatal(err)
	}
	want := backend.ReceiveMessageOutput{Messages: []backend.Message{{
		MessageId: "id", ReceiptHandle: "h", MD5OfBody: md5Of(body), Body: body,
		Attributes: map[string]string{"SentTimestamp": "1"}, MD5OfMessageAttributes: "m",
		MessageAttributes: map[string]backend.MessageAttribute{
			"b": {DataType: "Binary.gif", BinaryValue: []byte{0, 255}},
			"n": {DataType: "Number.int", StringValue: backend.Some("007")},
		},
	}}}
	if diff := cmp.Diff(want, out); diff != "" {
		t.Error(diff)
	}
}

// A body that was damaged on the way is an error and not a message.
func TestDamagedBodyIsAnError(t *testing.T) {
	w := &wire{body: `{"Messages":[{"MessageId":"id","MD5OfBody":"` + md5Of("a") + `","Body":"b"}]}`}
	_, err := local(t, w).ReceiveMessage(t.Context(), backend.ReceiveMessageInput{QueueUrl: "q"})
	if backend.KindOf(err) != backend.KindInternal {
		t.Errorf("%v", err)
	}
}

func TestNothingIsLoggedAndRequestsAreSigned(t *testing.T) {
	stderr := os.Stderr
	r, pipe, err := os.Pipe()
	if err != nil {
		t.Fatal(err)
	}
	os.Stderr = pipe
	w := &wire{status: 500, body: "x"}
	c := local(t, w)
	_, callErr := c.ListQueues(t.Context(), backend.ListQueuesInput{})
	os.Stderr = stderr
	pipe.Close()
	var printed bytes.Buffer
	if _, err := printed.ReadFrom(r); err != nil {
		t.Fatal(err)
	}
	if callErr == nil || printed.Len() > 0 {
		t.Errorf("printed %q, error %v", printed.String(), callErr)
	}
	if a := w.requests[0].Header.Get("Authorization"); !strings.HasPrefix(a, "AWS4-HMAC-SHA256 Credential=sqscope/") {
		t.Errorf("Authorization %q", a)
	}
}
