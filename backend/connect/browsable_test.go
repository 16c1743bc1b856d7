package connect

import (
	"os"
	"path/filepath"
	"testing"

	"sqscope/backend"
)

// engineServed is a context with an engine that is served, and the file with its
// admin token.
func engineServed(t *testing.T) (url, tokenFile string) {
	t.Helper()
	conn := open(t, Context{Embedded: true, Scenario: "empty", Listen: "127.0.0.1:0", AdminToken: "secret"})
	tokenFile = filepath.Join(t.TempDir(), "token")
	if err := os.WriteFile(tokenFile, []byte("secret\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	return conn.Place.Listen, tokenFile
}

func TestAnotherSqscopesEngineIsBrowsedAndNotReceivedFrom(t *testing.T) {
	files(t, "", "")
	url, token := engineServed(t)
	conn := open(t, Context{EndpointURL: url, AdminTokenFile: token})
	if conn.Stack.Browse == nil || conn.Stack.Clock == nil {
		t.Fatal("it cannot be browsed")
	}
	made, err := conn.Stack.SQS.CreateQueue(t.Context(), backend.CreateQueueInput{QueueName: "orders"})
	if err != nil {
		t.Fatal(err)
	}
	if _, err := conn.Stack.SQS.SendMessage(t.Context(), backend.SendMessageInput{QueueUrl: made.QueueUrl, MessageBody: "hello"}); err != nil {
		t.Fatal(err)
	}
	out, err := conn.Stack.Browse.Browse(t.Context(), backend.BrowseInput{QueueUrl: made.QueueUrl, Limit: 10})
	if err != nil || len(out.Messages) != 1 || out.Messages[0].Body != "hello" || out.Messages[0].State != backend.StateVisible {
		t.Fatalf("%+v, %v", out, err)
	}
	if n := out.Messages[0].Attributes[backend.SysApproximateReceiveCount]; n != "" && n != "0" {
		t.Errorf("it was received %s times", n)
	}
}

func TestWithoutItsTokenAnotherSqscopesEngineIsAnEndpointAsAnyOther(t *testing.T) {
	files(t, "", "")
	url, _ := engineServed(t)
	if conn := open(t, Context{EndpointURL: url}); conn.Stack.Browse != nil || conn.Stack.Clock != nil {
		t.Error("it can be browsed")
	}
}

func TestATokenGoesToThisMachineOnlyAndHasToBeThere(t *testing.T) {
	files(t, "", "")
	_, token := engineServed(t)
	for name, c := range map[string]Context{
		"AWS itself":      {Region: "us-east-1", AdminTokenFile: token},
		"another machine": {EndpointURL: "http://queues.example:9324", Region: "us-east-1", AdminTokenFile: token},
		"no such file":    {EndpointURL: "http://127.0.0.1:1", AdminTokenFile: token + "x"},
	} {
		t.Run(name, func(t *testing.T) {
			_, err := Open(t.Context(), c, group(t), panicked(t))
			if e := backend.AsError(err); err == nil || e.Kind != backend.KindInvalid || e.Next == "" {
				t.Errorf("%v", err)
			}
		})
	}
}
