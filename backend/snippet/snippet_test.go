package snippet

import (
	"context"
	"errors"
	"go/format"
	"net/http/httptest"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"sqscope/backend"
	"sqscope/backend/endpoint"
	"sqscope/backend/rules"
)

// spy takes one message and remembers what was asked.
type spy struct {
	backend.SQS
	got []backend.SendMessageInput
}

func (s *spy) SendMessage(_ context.Context, in backend.SendMessageInput) (backend.SendMessageOutput, error) {
	s.got = append(s.got, in)
	return backend.SendMessageOutput{MessageId: "11111111-2222-3333-4444-555555555555", MD5OfMessageBody: rules.MD5OfBody(in.MessageBody), MD5OfMessageAttributes: rules.MD5OfAttributes(in.MessageAttributes), MD5OfMessageSystemAttributes: rules.MD5OfAttributes(in.MessageSystemAttributes)}, nil
}

// served is an endpoint of ours before a spy.
func served(t *testing.T) (*spy, backend.Place, string) {
	t.Helper()
	s := &spy{}
	server := httptest.NewServer(endpoint.New(s, endpoint.Options{}))
	t.Cleanup(server.Close)
	return s, backend.Place{Embedded: true, Region: "us-east-1", Account: "000000000000", Listen: server.URL}, server.URL + "/000000000000/orders.fifo"
}

// hard is a message that has everything that quoting can break.
func hard(url string) backend.SendMessageInput {
	return backend.SendMessageInput{
		QueueUrl:    url,
		MessageBody: "{\"a\": \"$HOME `id` $(id) \\\" ' \\\\ %s {{x}}\"}\n\ttab\r\n\u00e9 王芳 🎉 \u202e \u200b \ufeff \u0085",
		MessageAttributes: map[string]backend.MessageAttribute{
			"source": {DataType: "String", StringValue: backend.Some("it's \"web\"")}, "tries.n": {DataType: "Number.int", StringValue: backend.Some("-3.50")},
			"raw": {DataType: "Binary", BinaryValue: []byte("\xff\x00\x10\"\\'é\n")}, "png": {DataType: "Binary.png", BinaryValue: []byte("plain")},
		},
		MessageSystemAttributes: map[string]backend.MessageAttribute{
			backend.SysAWSTraceHeader: {DataType: "String", StringValue: backend.Some("Root=1-5759e988-bd862e3fe1be46a994272793")},
		},
		MessageGroupId: backend.Some("customer-7"), MessageDeduplicationId: backend.Some("once'and`again"),
	}
}

func runs(t *testing.T, l Language, run func(file string) *exec.Cmd, file string) {
	t.Helper()
	s, place, url := served(t)
	plain := backend.SendMessageInput{QueueUrl: url, MessageBody: "hello", DelaySeconds: backend.Some(5)}
	messages := []backend.SendMessageInput{hard(url), plain}
	if l == Go {
		messages = messages[:1] // to build a program takes long
	}
	for _, in := range messages {
		source, err := Send(l, place, in)
		if err != nil {
			t.Fatal(err)
		}
		path := filepath.Join(t.TempDir(), file)
		if err := os.WriteFile(path, []byte(source), 0o600); err != nil {
			t.Fatal(err)
		}
		cmd := run(path)
		cmd.Env = append(slices.DeleteFunc(os.Environ(), func(v string) bool { return strings.HasPrefix(v, "AWS_") }), "AWS_EC2_METADATA_DISABLED=true", "NO_PROXY=127.0.0.1")
		out, err := cmd.CombinedOutput()
		if err != nil || !strings.Contains(string(out), "11111111-2222-3333-4444-555555555555") {
			t.Fatalf("%v\n%s\n%s", err, out, source)
		}
		if len(s.got) != 1 {
			t.Fatalf("%d requests came", len(s.got))
		}
		if diff := cmp.Diff(in, s.got[0]); diff != "" {
			t.Errorf("another message came (-said +sent):\n%s\n%s", diff, source)
		}
		s.got = nil
	}
}

func has(t *testing.T, words ...string) {
	t.Helper()
	if err := exec.Command(words[0], words[1:]...).Run(); err != nil {
		t.Skipf("%s: %v", strings.Join(words, " "), err)
	}
}

func TestCurlSendsWhatWasSaid(t *testing.T) {
	has(t, "curl", "--version")
	has(t, "bash", "--version")
	runs(t, Curl, func(file string) *exec.Cmd { return exec.Command("bash", file) }, "send.sh")
}

func TestPythonSendsWhatWasSaid(t *testing.T) {
	has(t, "python3", "-c", "import boto3")
	runs(t, Python, func(file string) *exec.Cmd { return exec.Command("python3", file) }, "send.py")
}

func TestGoSendsWhatWasSaid(t *testing.T) {
	runs(t, Go, func(file string) *exec.Cmd { return exec.Command("go", "run", file) }, "send.go")
}

func TestJavaScriptSendsWhatWasSaid(t *testing.T) {
	has(t, "node", "--version")
	stub, err := filepath.Abs("testdata/client.mjs")
	if err != nil {
		t.Fatal(err)
	}
	runs(t, JavaScript, func(file string) *exec.Cmd {
		// The library is not here; what stands for it sends what it is given.
		dir := filepath.Join(filepath.Dir(file), "node_modules", "@aws-sdk", "client-sqs")
		if err := errors.Join(os.MkdirAll(dir, 0o700), os.Symlink(stub, filepath.Join(dir, "index.mjs")), os.WriteFile(filepath.Join(dir, "package.json"), []byte(`{"name":"@aws-sdk/client-sqs","main":"index.mjs","type":"module"}`), 0o600)); err != nil {
			t.Fatal(err)
		}
		return exec.Command("node", file)
	}, "send.mjs")
}

func TestASnippetForAWSSignsWithTheEnvironmentAndHasNoSecret(t *testing.T) {
	t.Setenv("AWS_SECRET_ACCESS_KEY", "sesame")
	place := backend.Place{Account: "123456789012", Region: "eu-west-1", Profile: "shop"}
	in := backend.SendMessageInput{QueueUrl: "https://sqs.eu-west-1.amazonaws.com/123456789012/orders", MessageBody: "x"}
	for l, want := range map[Language][]string{
		Curl:       {"https://sqs.eu-west-1.amazonaws.com/ ", "--aws-sigv4 aws:amz:eu-west-1:sqs", `"$AWS_ACCESS_KEY_ID:$AWS_SECRET_ACCESS_KEY"`, "${AWS_SESSION_TOKEN-}"},
		Go:         {`config.WithSharedConfigProfile("shop")`, `config.WithRegion("eu-west-1")`},
		Python:     {`boto3.Session(profile_name="shop").client("sqs", region_name="eu-west-1")`},
		JavaScript: {`region: "eu-west-1"`, `fromIni({ profile: "shop" })`},
	} {
		got, err := Send(l, place, in)
		if err != nil {
			t.Fatal(err)
		}
		for _, w := range want {
			if !strings.Contains(got, w) {
				t.Errorf("%s has no %s:\n%s", l, w, got)
			}
		}
		for _, bad := range []string{"sesame", `"test"`, "endpoint"} {
			if strings.Contains(got, bad) {
				t.Errorf("%s has %s:\n%s", l, bad, got)
			}
		}
	}
}

func TestATextThatIsNotUTF8IsRefused(t *testing.T) {
	for _, in := range []backend.SendMessageInput{
		{MessageBody: "\xff"},
		{MessageGroupId: backend.Some("\xff")},
		{MessageAttributes: map[string]backend.MessageAttribute{"a": {DataType: "String", StringValue: backend.Some("\xff")}}},
	} {
		for _, l := range Languages() {
			if got, err := Send(l, backend.Place{}, in); backend.KindOf(err) != backend.KindInvalid {
				t.Errorf("%s: %q, %v", l, got, err)
			}
		}
	}
}

// Whatever is in a message: the Go program is one as gofmt has it, and nothing in
// any snippet does something to a terminal.
func TestASnippetIsHarmlessToShow(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		word := rapid.String()
		in := backend.SendMessageInput{
			QueueUrl: "http://localhost:9324/000000000000/q", MessageBody: word.Draw(t, "body"),
			MessageAttributes: map[string]backend.MessageAttribute{
				word.Draw(t, "name"):  {DataType: "String", StringValue: backend.Some(word.Draw(t, "value"))},
				word.Draw(t, "name2"): {DataType: "Binary", BinaryValue: rapid.SliceOf(rapid.Byte()).Draw(t, "binary")},
			},
			MessageGroupId: backend.Some(word.Draw(t, "group")),
		}
		if rapid.Bool().Draw(t, "delayed") {
			in.DelaySeconds = backend.Some(5)
		}
		if rapid.Bool().Draw(t, "deduplicated") {
			in.MessageDeduplicationId = backend.Some(word.Draw(t, "dedup"))
		}
		if rapid.Bool().Draw(t, "plain") {
			in.MessageAttributes = nil
		}
		for _, l := range Languages() {
			got, err := Send(l, backend.Place{Embedded: true, Region: "us-east-1"}, in)
			if err != nil {
				t.Fatal(err)
			}
			for _, r := range got {
				if r < ' ' && r != '\n' && r != '\t' || r >= 0x7f && r < 0xa0 || r >= 0x202a && r <= 0x202e || r >= 0x2066 && r <= 0x2069 {
					t.Fatalf("%s has %U:\n%q", l, r, got)
				}
			}
			if l != Go {
				continue
			}
			formatted, err := format.Source([]byte(got))
			if err != nil {
				t.Fatalf("%v:\n%s", err, got)
			}
			if diff := cmp.Diff(string(formatted), got); diff != "" {
				t.Fatalf("it is not as gofmt has it (-gofmt +ours):\n%s", diff)
			}
		}
	})
}
