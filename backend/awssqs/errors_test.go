package awssqs

import (
	"context"
	"crypto/md5"
	"crypto/sha1"
	"crypto/x509"
	"encoding/hex"
	"net"
	"net/http"
	"net/url"
	"os"
	"strings"
	"syscall"
	"testing"

	"sqscope/backend"
)

func md5Of(s string) string {
	sum := md5.Sum([]byte(s))
	return hex.EncodeToString(sum[:])
}

const orders = "https://sqs.us-east-1.amazonaws.com/123456789012/orders"

// What the service answers.
func TestErrorsOfTheService(t *testing.T) {
	for _, c := range []struct {
		name                string
		wire                wire
		kind                backend.Kind
		code, shape, says   string
		status              int
		subject, nextHasAll string
	}{
		{
			name: "modelled, with the legacy code in a header",
			wire: wire{
				status: 400, header: map[string]string{"x-amzn-query-error": "AWS.SimpleQueueService.NonExistentQueue;Sender"},
				body: `{"__type":"com.amazonaws.sqs#QueueDoesNotExist","message":"The specified queue does not exist."}`,
			},
			kind: backend.KindNotFound, code: "AWS.SimpleQueueService.NonExistentQueue", shape: "QueueDoesNotExist",
			status: 400, says: "The specified queue does not exist.", subject: "orders",
		},
		{
			name: "modelled, without the header",
			wire: wire{status: 400, body: `{"__type":"com.amazonaws.sqs#QueueDoesNotExist","message":"gone"}`},
			kind: backend.KindNotFound, code: "AWS.SimpleQueueService.NonExistentQueue", shape: "QueueDoesNotExist",
			status: 400, says: "gone", subject: "orders",
		},
		{
			name: "not modelled",
			wire: wire{
				status: 400, header: map[string]string{"x-amzn-query-error": "InvalidParameterValue;Sender"},
				body: `{"__type":"com.amazon.coral.service#InvalidParameterValueException","message":"bad"}`,
			},
			kind: backend.KindInvalid, code: "InvalidParameterValue", shape: "InvalidParameterValueException",
			status: 400, says: "bad", subject: "orders",
		},
		{
			name: "denied",
			wire: wire{
				status: 403, header: map[string]string{"x-amzn-query-error": "AccessDenied;Sender"},
				body: `{"__type":"com.amazon.coral.service#AccessDeniedException","message":"User: x is not authorized"}`,
			},
			kind: backend.KindDenied, code: "AccessDenied", shape: "AccessDeniedException",
			status: 403, says: "User: x is not authorized", subject: "orders", nextHasAll: "sqs:GetQueueAttributes",
		},
		{
			name: "expired token",
			wire: wire{status: 403, body: `{"__type":"com.amazon.coral.service#ExpiredTokenException","message":"The security token included in the request is expired"}`},
			kind: backend.KindCredentials, code: "ExpiredTokenException", shape: "ExpiredTokenException",
			status: 403, says: "The security token included in the request is expired",
			subject: "profile work", nextHasAll: "aws sso login --profile work",
		},
		{
			name: "throttled",
			wire: wire{status: 403, body: `{"__type":"com.amazonaws.sqs#RequestThrottled","message":"Request is throttled."}`},
			kind: backend.KindThrottled, code: "RequestThrottled", shape: "RequestThrottled", status: 403, says: "Request is throttled.", subject: "orders",
		},
		{
			name: "an endpoint without the action",
			wire: wire{status: 400, body: `{"__type":"com.amazon.coral.service#UnknownOperationException","message":"no"}`},
			kind: backend.KindUnsupported, code: "UnknownOperationException", shape: "UnknownOperationException", status: 400, says: "no",
			subject: "orders", nextHasAll: "does not know this action",
		},
		{
			name: "a web server",
			wire: wire{status: 404, body: "<html>not here</html>"},
			kind: backend.KindUnsupported, status: 404, says: "what answers there does not speak SQS's JSON protocol, or not for GetQueueAttributes (HTTP 404)",
			subject: "http://127.0.0.1:9324", nextHasAll: "endpoint URL",
		},
		{
			name: "a portal that says OK to everything",
			wire: wire{status: 200, body: "<html>please log in</html>"},
			kind: backend.KindUnsupported, status: 200, says: "what answers there does not speak SQS's JSON protocol, or not for GetQueueAttributes (HTTP 200)",
			subject: "http://127.0.0.1:9324", nextHasAll: "endpoint URL",
		},
		{
			name: "a broken proxy",
			wire: wire{status: 502, body: "<html>bad gateway</html>"},
			kind: backend.KindInternal, status: 502, says: "the answer was HTTP 502 without an error of SQS", subject: "http://127.0.0.1:9324", nextHasAll: "proxy",
		},
	} {
		t.Run(c.name, func(t *testing.T) {
			environment(t, ssoConfig, map[string]string{"AWS_ACCESS_KEY_ID": "AKIDSECRET", "AWS_SECRET_ACCESS_KEY": "topsecret", "AWS_SESSION_TOKEN": "tokensecret"})
			cl := open(t, &c.wire, Options{EndpointURL: endpointURL})
			cl.login = login{profile: "work", next: "log in: aws sso login --profile work"}
			_, err := cl.GetQueueAttributes(t.Context(), backend.GetQueueAttributesInput{QueueUrl: orders})
			e := backend.AsError(err)
			if e.Kind != c.kind || e.Code != c.code || e.Shape != c.shape || e.Status != c.status || e.Message != c.says ||
				e.Subject != c.subject || e.Action != "GetQueueAttributes" || !strings.Contains(e.Next, c.nextHasAll) {
				t.Errorf("got %v\n%+v", err, *e)
			}
			withoutSecrets(t, err)
		})
	}
}

func withoutSecrets(t *testing.T, err error) {
	t.Helper()
	for ; err != nil; err = unwrap(err) {
		for _, secret := range []string{"topsecret", "tokensecret"} {
			if strings.Contains(err.Error(), secret) {
				t.Errorf("a secret is in %T: %v", err, err)
			}
		}
	}
}

func unwrap(err error) error {
	u, ok := err.(interface{ Unwrap() error })
	if !ok {
		return nil
	}
	return u.Unwrap()
}

// What happens when no answer comes.
func TestErrorsWithoutAnAnswer(t *testing.T) {
	sent := func(err error) error { return &url.Error{Op: "Post", URL: endpointURL, Err: err} }
	dial := func(err error) error { return sent(&net.OpError{Op: "dial", Net: "tcp", Err: err}) }
	for _, c := range []struct {
		name                string
		err                 error
		kind                backend.Kind
		subject, says, next string
	}{
		{"nothing listens", dial(os.NewSyscallError("connect", syscall.ECONNREFUSED)), backend.KindNetwork, endpointURL, "connection refused", "sqscope serve"},
		{"no such name", dial(&net.DNSError{Name: "sqs.nowhere.example", IsNotFound: true}), backend.KindNetwork, endpointURL, "sqs.nowhere.example is not known", ""},
		{"the dial takes too long", dial(timeoutError{}), backend.KindNetwork, endpointURL, "no connection", ""},
		{"the connection breaks", sent(&net.OpError{Op: "read", Net: "tcp", Err: syscall.ECONNRESET}), backend.KindNetwork, endpointURL, "the connection broke", ""},
		{"the answer takes too long", sent(&net.OpError{Op: "read", Net: "tcp", Err: timeoutError{}}), backend.KindTimeout, "orders", "no answer came in time", "try again"},
		{"the deadline passes", sent(context.DeadlineExceeded), backend.KindTimeout, "orders", "no answer came in time", "try again"},
		{"given up", sent(context.Canceled), backend.KindCancelled, "orders", "given up", ""},
		{"plain HTTP where TLS was asked for", sent(http.ErrSchemeMismatch), backend.KindNetwork, endpointURL, "does not speak TLS", ""},
		{"a certificate of somebody else", sent(x509.UnknownAuthorityError{}), backend.KindNetwork, endpointURL, "certificate", ""},
	} {
		t.Run(c.name, func(t *testing.T) {
			_, err := local(t, &wire{err: c.err}).GetQueueAttributes(t.Context(), backend.GetQueueAttributesInput{QueueUrl: orders})
			e := backend.AsError(err)
			if e.Kind != c.kind || e.Subject != c.subject || !strings.Contains(e.Message, c.says) || !strings.Contains(e.Next, c.next) || e.Status != 0 {
				t.Errorf("got %v\n%+v", err, *e)
			}
		})
	}
}

type timeoutError struct{}

func (timeoutError) Error() string   { return "i/o timeout" }
func (timeoutError) Timeout() bool   { return true }
func (timeoutError) Temporary() bool { return true }

func TestEachActionNamesItselfAndItsSubject(t *testing.T) {
	ctx := context.Background()
	const dlq = "arn:aws:sqs:us-east-1:123456789012:orders-dlq"
	for action, call := range map[string]func(*Client) (string, error){
		"AddPermission": func(c *Client) (string, error) {
			return "orders", c.AddPermission(ctx, backend.AddPermissionInput{QueueUrl: orders})
		},
		"CancelMessageMoveTask": func(c *Client) (string, error) {
			_, err := c.CancelMessageMoveTask(ctx, backend.CancelMessageMoveTaskInput{})
			return "", err
		},
		"ChangeMessageVisibility": func(c *Client) (string, error) {
			return "orders", c.ChangeMessageVisibility(ctx, backend.ChangeMessageVisibilityInput{QueueUrl: orders})
		},
		"ChangeMessageVisibilityBatch": func(c *Client) (string, error) {
			_, err := c.ChangeMessageVisibilityBatch(ctx, backend.ChangeMessageVisibilityBatchInput{QueueUrl: orders})
			return "orders", err
		},
		"CreateQueue": func(c *Client) (string, error) {
			_, err := c.CreateQueue(ctx, backend.CreateQueueInput{QueueName: "orders"})
			return "orders", err
		},
		"DeleteMessage": func(c *Client) (string, error) {
			return "orders", c.DeleteMessage(ctx, backend.DeleteMessageInput{QueueUrl: orders})
		},
		"DeleteMessageBatch": func(c *Client) (string, error) {
			_, err := c.DeleteMessageBatch(ctx, backend.DeleteMessageBatchInput{QueueUrl: orders})
			return "orders", err
		},
		"DeleteQueue": func(c *Client) (string, error) {
			return "orders", c.DeleteQueue(ctx, backend.DeleteQueueInput{QueueUrl: orders})
		},
		"GetQueueAttributes": func(c *Client) (string, error) {
			_, err := c.GetQueueAttributes(ctx, backend.GetQueueAttributesInput{QueueUrl: orders})
			return "orders", err
		},
		"GetQueueUrl": func(c *Client) (string, error) {
			_, err := c.GetQueueUrl(ctx, backend.GetQueueUrlInput{QueueName: "orders"})
			return "orders", err
		},
		"ListDeadLetterSourceQueues": func(c *Client) (string, error) {
			_, err := c.ListDeadLetterSourceQueues(ctx, backend.ListDeadLetterSourceQueuesInput{QueueUrl: orders})
			return "orders", err
		},
		"ListMessageMoveTasks": func(c *Client) (string, error) {
			_, err := c.ListMessageMoveTasks(ctx, backend.ListMessageMoveTasksInput{SourceArn: dlq})
			return "orders-dlq", err
		},
		"ListQueueTags": func(c *Client) (string, error) {
			_, err := c.ListQueueTags(ctx, backend.ListQueueTagsInput{QueueUrl: orders})
			return "orders", err
		},
		"ListQueues": func(c *Client) (string, error) {
			_, err := c.ListQueues(ctx, backend.ListQueuesInput{})
			return "", err
		},
		"PurgeQueue": func(c *Client) (string, error) {
			return "orders", c.PurgeQueue(ctx, backend.PurgeQueueInput{QueueUrl: orders})
		},
		"ReceiveMessage": func(c *Client) (string, error) {
			_, err := c.ReceiveMessage(ctx, backend.ReceiveMessageInput{QueueUrl: orders})
			return "orders", err
		},
		"RemovePermission": func(c *Client) (string, error) {
			return "orders", c.RemovePermission(ctx, backend.RemovePermissionInput{QueueUrl: orders})
		},
		"SendMessage": func(c *Client) (string, error) {
			_, err := c.SendMessage(ctx, backend.SendMessageInput{QueueUrl: orders})
			return "orders", err
		},
		"SendMessageBatch": func(c *Client) (string, error) {
			_, err := c.SendMessageBatch(ctx, backend.SendMessageBatchInput{QueueUrl: orders})
			return "orders", err
		},
		"SetQueueAttributes": func(c *Client) (string, error) {
			return "orders", c.SetQueueAttributes(ctx, backend.SetQueueAttributesInput{QueueUrl: orders})
		},
		"StartMessageMoveTask": func(c *Client) (string, error) {
			_, err := c.StartMessageMoveTask(ctx, backend.StartMessageMoveTaskInput{SourceArn: dlq})
			return "orders-dlq", err
		},
		"TagQueue": func(c *Client) (string, error) {
			return "orders", c.TagQueue(ctx, backend.TagQueueInput{QueueUrl: orders})
		},
		"UntagQueue": func(c *Client) (string, error) {
			return "orders", c.UntagQueue(ctx, backend.UntagQueueInput{QueueUrl: orders})
		},
	} {
		w := &wire{status: 400, body: `{"__type":"com.amazonaws.sqs#OverLimit","message":"enough"}`}
		subject, err := call(local(t, w))
		e := backend.AsError(err)
		if e.Action != action || e.Subject != subject || e.Code != "OverLimit" {
			t.Errorf("%s: %+v", action, *e)
		}
		if got := w.requests[0].Header.Get("X-Amz-Target"); got != "AmazonSQS."+action {
			t.Errorf("%s was sent as %s", action, got)
		}
	}
}

func sha1Of(s string) string {
	sum := sha1.Sum([]byte(s))
	return hex.EncodeToString(sum[:])
}
