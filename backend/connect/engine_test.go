package connect

import (
	"bytes"
	"context"
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"sqscope/backend"
	"sqscope/backend/guard"
)

// told is a file with this content.
func told(t *testing.T, name, content string) string {
	t.Helper()
	path := filepath.Join(t.TempDir(), name)
	if err := os.WriteFile(path, []byte(content), 0o600); err != nil {
		t.Fatal(err)
	}
	return path
}

func TestASnapshotOpensWhereItWasTaken(t *testing.T) {
	ctx := t.Context()
	first := open(t, Context{Embedded: true, Seed: 1})
	if err := first.Stack.Clock.SetClock(ctx, true, 2); err != nil {
		t.Fatal(err)
	}
	var file bytes.Buffer
	if err := first.Stack.Snapshots.Snapshot(ctx, &file); err != nil {
		t.Fatal(err)
	}
	second := open(t, Context{Embedded: true, Restore: told(t, "shop.snapshot", file.String())})
	was, err := first.Stack.Clock.Clock(ctx)
	is, err2 := second.Stack.Clock.Clock(ctx)
	if err != nil || err2 != nil || !is.Now.Equal(was.Now) || !is.Paused || is.Speed != 2 {
		t.Errorf("the clock was %+v and is %+v; %v, %v", was, is, err, err2)
	}
	if a, b := list(t, first), list(t, second); strings.Join(a, " ") != strings.Join(b, " ") {
		t.Errorf("queues were %v and are %v", a, b)
	}
	next, err := second.Stack.Clock.NextEvent(ctx)
	if err != nil || next.IsZero() {
		t.Errorf("the actors do not go on: next event %v, %v", next, err)
	}
}

func TestASnapshotThatIsWrongIsRefusedByNameAndLine(t *testing.T) {
	for name, c := range map[string]struct {
		path string
		kind backend.Kind
	}{
		"no file":     {filepath.Join(t.TempDir(), "none"), backend.KindNotFound},
		"no snapshot": {told(t, "x", "hello\n"), backend.KindInvalid},
	} {
		t.Run(name, func(t *testing.T) {
			_, err := Open(t.Context(), Context{Embedded: true, Restore: c.path}, group(t), panicked(t))
			if e := backend.AsError(err); err == nil || e.Kind != c.kind || e.Subject != c.path {
				t.Errorf("%+v", err)
			}
		})
	}
}

const guarded = `format = 1
title = "who may"
[[queues]]
name = "open"
attributes.Policy = '{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Principal":{"AWS":"arn:aws:iam::000000000000:user/sender"},"Action":"sqs:SendMessage","Resource":"*"}]}'
[[callers]]
access_key = "AKSENDER"
user = "sender"
`

func TestPoliciesAreCheckedForWhoComesFromOutside(t *testing.T) {
	path := told(t, "guarded.toml", guarded)
	for _, enforced := range []bool{true, false} {
		conn := open(t, Context{Embedded: true, Scenario: path, Listen: "127.0.0.1:0", Enforce: enforced})
		post := func(key, action, body string) (status int) {
			req, err := http.NewRequestWithContext(t.Context(), http.MethodPost, conn.Place.Listen, strings.NewReader(body))
			if err != nil {
				t.Fatal(err)
			}
			req.Header.Set("Content-Type", "application/x-amz-json-1.0")
			req.Header.Set("X-Amz-Target", "AmazonSQS."+action)
			req.Header.Set("Authorization", "AWS4-HMAC-SHA256 Credential="+key+"/20260101/us-east-1/sqs/aws4_request, SignedHeaders=host, Signature=0")
			res, err := http.DefaultClient.Do(req)
			if err != nil {
				t.Fatal(err)
			}
			res.Body.Close()
			return res.StatusCode
		}
		purge := 403
		if !enforced {
			purge = 200
		}
		if got := post("AKSENDER", "SendMessage", `{"QueueUrl":"open","MessageBody":"m"}`); got != 200 {
			t.Errorf("enforced %v: sending is answered %d", enforced, got)
		}
		if got := post("AKSENDER", "PurgeQueue", `{"QueueUrl":"open"}`); got != purge {
			t.Errorf("enforced %v: purging is answered %d", enforced, got)
		}
		_, err := conn.Stack.SQS.SendMessage(t.Context(), backend.SendMessageInput{QueueUrl: list(t, conn)[0], MessageBody: "m"})
		if err != nil {
			t.Errorf("enforced %v: the screen itself: %v", enforced, err)
		}
	}
}

func TestTheAdminAPIIsThereForWhoHasTheToken(t *testing.T) {
	conn := open(t, Context{Embedded: true, Scenario: "empty", Listen: "127.0.0.1:0", AdminToken: "secret"})
	ask := func(method, path, token string) int {
		req, err := http.NewRequestWithContext(t.Context(), method, conn.Place.Listen+path, nil)
		if err != nil {
			t.Fatal(err)
		}
		req.Header.Set("Authorization", "Bearer "+token)
		res, err := http.DefaultClient.Do(req)
		if err != nil {
			t.Fatal(err)
		}
		res.Body.Close()
		return res.StatusCode
	}
	if got := ask(http.MethodGet, "/_sqscope/queues", "guess"); got != http.StatusUnauthorized {
		t.Errorf("a wrong token is answered %d", got)
	}
	if _, err := conn.Stack.SQS.CreateQueue(t.Context(), backend.CreateQueueInput{QueueName: "made-later"}); err != nil {
		t.Fatal(err)
	}
	if got := ask(http.MethodPost, "/_sqscope/reset", "secret"); got >= 300 {
		t.Errorf("reset is answered %d", got)
	}
	if names := list(t, conn); len(names) != 0 {
		t.Errorf("after a reset there are %v", names)
	}
	conn.Guard.SetLevel(guard.View)
	if err := conn.Stack.Snapshots.Restore(context.Background(), strings.NewReader("")); backend.KindOf(err) != backend.KindDenied {
		t.Errorf("at level view the screen's own way is open: %v", err)
	}
}

func TestAnAccountOrRegionThatCannotBeIsRefused(t *testing.T) {
	for _, c := range []Context{{Account: "abc"}, {Account: "12345678901"}, {Region: "x y"}, {Region: "Frankfurt"}} {
		c.Embedded, c.Scenario = true, "empty"
		_, err := Open(t.Context(), c, group(t), panicked(t))
		if e := backend.AsError(err); err == nil || e.Kind != backend.KindInvalid || e.Next == "" {
			t.Errorf("%+v: %v", c, err)
		}
	}
	for _, region := range []string{"eu-central-1", "us-gov-west-1", "local-1"} {
		open(t, Context{Embedded: true, Scenario: "empty", Region: region})
	}
}
