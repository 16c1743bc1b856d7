package endpoint_test

import (
	"context"
	"errors"
	"net/http"
	"os"
	"os/exec"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"sqscope/backend"
	"sqscope/backend/endpoint"
	"sqscope/backend/memory"
)

// TestTheEngineInSomebodyElsesTests runs the tests of a module that is not ours,
// as its authors would.
func TestTheEngineInSomebodyElsesTests(t *testing.T) {
	cmd := exec.CommandContext(t.Context(), "go", "test", "-count=1", "./...")
	cmd.Dir = "testdata/inprocess"
	cmd.Env = append(os.Environ(), "GOFLAGS=-mod=readonly", "GOPROXY=off", "GOWORK=off")
	if out, err := cmd.CombinedOutput(); err != nil {
		t.Errorf("go test in %s: %v\n%s", cmd.Dir, err, out)
	}
}

func TestAWaitInProcessEndsWithItsContext(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		e := memory.New(memory.Options{})
		defer e.Close()
		q, err := e.CreateQueue(t.Context(), backend.CreateQueueInput{QueueName: "orders"})
		if err != nil {
			t.Fatal(err)
		}
		ctx, cancel := context.WithTimeout(t.Context(), 5*time.Second)
		defer cancel()
		body := &closing{Reader: strings.NewReader(`{"QueueUrl":"` + q.QueueUrl + `","WaitTimeSeconds":20}`)}
		r, err := http.NewRequestWithContext(ctx, http.MethodPost, "http://sqs.invalid/", body)
		if err != nil {
			t.Fatal(err)
		}
		r.Header.Set("Content-Type", "application/x-amz-json-1.0")
		r.Header.Set("X-Amz-Target", "AmazonSQS.ReceiveMessage")
		began := time.Now()
		answer, err := endpoint.New(e, endpoint.Options{}).Client().Do(r)
		if err == nil {
			answer.Body.Close()
		}
		if !errors.Is(err, context.DeadlineExceeded) || time.Since(began) != 5*time.Second {
			t.Errorf("after %v: %v; want it to end when its context did", time.Since(began), err)
		}
		if !body.closed {
			t.Error("the request's body was not closed")
		}
	})
}

type closing struct {
	*strings.Reader
	closed bool
}

func (c *closing) Close() error {
	c.closed = true
	return nil
}
