package connect

import (
	"context"
	"net"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/google/go-cmp/cmp"

	"sqscope/backend"
	"sqscope/backend/guard"
	"sqscope/backend/owner"
)

// files makes an environment with these AWS files and nothing else of AWS.
func files(t *testing.T, configFile, credentials string) {
	t.Helper()
	dir := t.TempDir()
	for env, content := range map[string]string{"AWS_CONFIG_FILE": configFile, "AWS_SHARED_CREDENTIALS_FILE": credentials} {
		path := filepath.Join(dir, env)
		if content != "" {
			if err := os.WriteFile(path, []byte(content), 0o600); err != nil {
				t.Fatal(err)
			}
		}
		t.Setenv(env, path)
	}
	for _, name := range []string{
		"AWS_PROFILE", "AWS_REGION", "AWS_DEFAULT_REGION", "AWS_ENDPOINT_URL", "AWS_ENDPOINT_URL_SQS", "AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY",
	} {
		t.Setenv(name, "")
	}
	t.Setenv("AWS_EC2_METADATA_DISABLED", "true")
}

// open opens a context; what it starts has ended when the test ends.
func open(t *testing.T, c Context) *Connection {
	t.Helper()
	group := owner.New(t.Context(), nil)
	conn, err := Open(t.Context(), c, group, panicked(t))
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		ctx, cancel := context.WithTimeout(context.Background(), 5*time.Second)
		defer cancel()
		if err := conn.Close(ctx); err != nil {
			t.Error(err)
		}
		group.Close()
	})
	return conn
}

func group(t *testing.T) *owner.Group {
	g := owner.New(t.Context(), nil)
	t.Cleanup(g.Close)
	return g
}

func panicked(t *testing.T) func(string, any) {
	return func(name string, v any) { t.Errorf("%s panicked: %v", name, v) }
}

func list(t *testing.T, conn *Connection) []string {
	t.Helper()
	out, err := conn.Stack.SQS.ListQueues(t.Context(), backend.ListQueuesInput{MaxResults: backend.Some(1000)})
	if err != nil {
		t.Fatal(err)
	}
	var names []string
	for _, u := range out.QueueUrls {
		_, name := backend.URLParts(u)
		names = append(names, name)
	}
	return names
}

// The bubble also proves that Close ends every goroutine.
func TestTheDemoIsAliveMeteredAndGuarded(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		conn := open(t, Context{Embedded: true, Seed: 1})
		want := backend.Place{Context: "demo", Embedded: true, Account: "000000000000", Region: "us-east-1", Scenario: "shop"}
		if diff := cmp.Diff(want, conn.Place); diff != "" {
			t.Errorf("place (-want +got)\n%s", diff)
		}
		names := list(t, conn)
		if len(names) < 5 {
			t.Errorf("the demo has only %v", names)
		}
		if n := conn.Meter.Counts()["ListQueues"]; n != 1 {
			t.Errorf("%d lists were counted", n)
		}
		if s := conn.Stack; s.Browse == nil || s.Clock == nil || s.Metrics == nil || s.Events == nil {
			t.Errorf("abilities are missing: %+v", s)
		}
		if conn.Level != guard.Change || conn.Guard.Level() != guard.Change {
			t.Errorf("levels %v, %v", conn.Level, conn.Guard.Level())
		}
		conn.Guard.SetLevel(guard.View)
		_, err := conn.Stack.SQS.SendMessage(t.Context(), backend.SendMessageInput{QueueUrl: names[0], MessageBody: "x"})
		if backend.KindOf(err) != backend.KindDenied || conn.Meter.Counts()["SendMessage"] != 0 {
			t.Errorf("at level view: %v, counted %v", err, conn.Meter.Counts())
		}
		state, err := conn.Stack.Clock.Clock(t.Context())
		if err != nil || state.Paused || !state.Now.Equal(time.Now()) {
			t.Errorf("the clock is %+v at %v, %v", state, time.Now(), err)
		}
		events, err := conn.Stack.Events.Subscribe(t.Context(), 1000)
		if err != nil {
			t.Fatal(err)
		}
		time.Sleep(10 * time.Second)
		if len(events) == 0 {
			t.Error("nothing moved in ten seconds")
		}
	})
}

func TestAccessThatWasSaidWins(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		if conn := open(t, Context{Embedded: true, Scenario: "empty", Access: "view"}); conn.Level != guard.View {
			t.Errorf("level %v", conn.Level)
		}
		group := owner.New(t.Context(), nil)
		defer group.Close()
		_, err := Open(t.Context(), Context{Embedded: true, Scenario: "empty", Access: "root"}, group, panicked(t))
		if backend.KindOf(err) != backend.KindInvalid {
			t.Errorf("%v", err)
		}
	})
}

// Two of us on one engine: the second sees through the SDK what the first holds.
func TestASecondConnectionThroughTheSDK(t *testing.T) {
	files(t, "", "")
	first := open(t, Context{Embedded: true, Scenario: "empty", Listen: "127.0.0.1:0"})
	second := open(t, Context{EndpointURL: first.Place.Listen})
	want := backend.Place{Context: first.Place.Listen, Region: "us-east-1", Endpoint: first.Place.Listen}
	if diff := cmp.Diff(want, second.Place); diff != "" {
		t.Errorf("place (-want +got)\n%s", diff)
	}
	if second.Level != guard.Change {
		t.Errorf("a loopback endpoint starts at %v", second.Level)
	}
	if s := second.Stack; s.Browse != nil || s.Clock != nil || s.Metrics != nil || s.Events != nil {
		t.Errorf("abilities that nobody has: %+v", s)
	}
	if _, err := second.Stack.SQS.CreateQueue(t.Context(), backend.CreateQueueInput{QueueName: "made-by-the-second"}); err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(list(t, first), list(t, second)); diff != "" || len(list(t, first)) != 1 {
		t.Errorf("the two see different queues\n%s", diff)
	}
}

func TestWhatCannotBeOpened(t *testing.T) {
	files(t, "[profile work]\nregion = eu-west-1\n", "")
	taken, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer taken.Close()
	for _, c := range []struct {
		name string
		c    Context
		kind backend.Kind
		next string
	}{
		{"a scenario that does not exist", Context{Embedded: true, Scenario: "nope"}, backend.KindNotFound, "shop"},
		{"a port in use", Context{Embedded: true, Scenario: "empty", Listen: taken.Addr().String()}, backend.KindConflict, "another port"},
		{"an address of everybody", Context{Embedded: true, Scenario: "empty", Listen: ":0"}, backend.KindInvalid, "--public"},
		{"a profile that does not exist", Context{Profile: "nope"}, backend.KindInvalid, "list-profiles"},
		{"no region", Context{}, backend.KindInvalid, "--region"},
		{"a URL without a scheme", Context{EndpointURL: "localhost:9324"}, backend.KindInvalid, "http://"},
	} {
		t.Run(c.name, func(t *testing.T) {
			group := owner.New(t.Context(), nil)
			defer group.Close()
			_, err := Open(t.Context(), c.c, group, panicked(t))
			if err == nil {
				t.Fatal("opened")
			}
			if e := backend.AsError(err); e.Kind != c.kind || !strings.Contains(e.Next, c.next) {
				t.Errorf("%v (%v)", err, e.Kind)
			}
		})
	}
}

func TestAWSStartsAtPeek(t *testing.T) {
	files(t, "[profile work]\nregion = eu-west-1\naws_access_key_id = A\naws_secret_access_key = B\n", "")
	conn := open(t, Context{Profile: "work"})
	if conn.Level != guard.Peek || conn.Guard.Level() != guard.Peek {
		t.Errorf("levels %v, %v", conn.Level, conn.Guard.Level())
	}
	want := backend.Place{Context: "work", Profile: "work", Region: "eu-west-1"}
	if diff := cmp.Diff(want, conn.Place); diff != "" {
		t.Errorf("place (-want +got)\n%s", diff)
	}
	if len(conn.Meter.Counts()) != 0 {
		t.Errorf("opening asked for %v", conn.Meter.Counts())
	}
}

func TestContextsAreTheDemoAndTheProfiles(t *testing.T) {
	files(t, `
[default]
region = us-west-2
[profile work]
region = eu-west-1   # Ireland
sso_session = corp
s3 =
  region = us-east-1
[profile "two words"]
[notaprofile]
region = eu-west-3
[sso-session corp]
sso_region = eu-central-1
[services local]
sqs =
  endpoint_url = http://localhost:9324
`, `
[default]
aws_access_key_id = AKID
aws_secret_access_key = topsecret
[keys only]
aws_secret_access_key = topsecret
`)
	got, err := Contexts(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	want := []Context{
		{Name: "demo", Embedded: true},
		{Name: "default", Profile: "default", Region: "us-west-2", Source: "keys"},
		{Name: "keys only", Profile: "keys only"},
		{Name: "two words", Profile: "two words"},
		{Name: "work", Profile: "work", Region: "eu-west-1", Source: "sso"},
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("contexts (-want +got)\n%s", diff)
	}
}

func TestContextsWithoutFiles(t *testing.T) {
	files(t, "", "")
	got, err := Contexts(t.Context())
	if diff := cmp.Diff([]Context{{Name: "demo", Embedded: true}}, got); diff != "" || err != nil {
		t.Errorf("%v\n%s", err, diff)
	}
}

func TestAFileThatCannotBeReadLeavesTheOthers(t *testing.T) {
	files(t, "", "[keys]\n")
	t.Setenv("AWS_CONFIG_FILE", t.TempDir()) // a folder
	got, err := Contexts(t.Context())
	if backend.KindOf(err) != backend.KindInvalid || len(got) != 2 {
		t.Errorf("%v, %v", got, err)
	}
}

func TestQueueURLsBeginWhereTheEngineIsServed(t *testing.T) {
	for listen, want := range map[string]string{
		"":               "",
		"127.0.0.1:9324": "http://127.0.0.1:9324",
		"127.0.0.1:0":    "",
		":9324":          "http://localhost:9324",
		"0.0.0.0:9324":   "http://localhost:9324",
		"[::1]:9324":     "http://[::1]:9324",
	} {
		if got := baseURL(listen); got != want {
			t.Errorf("listening on %q: %q, want %q", listen, got, want)
		}
	}
}
