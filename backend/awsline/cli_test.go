package awsline

import (
	"bufio"
	_ "embed"
	"encoding/json"
	"io"
	"net/http/httptest"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"

	"sqscope/backend"
	"sqscope/backend/endpoint"
)

//go:embed testdata/cli.py
var driver string

// cli is an AWS CLI in a Python process that runs one command after the other.
type cli struct {
	major string // of the CLI's version
	send  *json.Encoder
	heard *json.Decoder
}

// said is how a command ended.
type said struct {
	Code int
	Said string
}

// startCLI starts the CLI that this Python has, or returns nil.
func startCLI(t *testing.T, python string) *cli {
	t.Helper()
	version, err := exec.Command(python, "-c", "import awscli; print(awscli.__version__)").Output()
	if err != nil {
		return nil
	}
	home := t.TempDir()
	config := filepath.Join(home, "config")
	profile := "[profile prod]\nregion = us-east-1\naws_access_key_id = test\naws_secret_access_key = test\n"
	if err := os.WriteFile(config, []byte(profile), 0o600); err != nil {
		t.Fatal(err)
	}
	cmd := exec.CommandContext(t.Context(), python, "-c", driver)
	// Whatever would leave this machine meets a port where nobody listens.
	cmd.Env = append(slices.DeleteFunc(os.Environ(), func(s string) bool { return strings.HasPrefix(s, "AWS_") }),
		"HOME="+home, "LANG=C.UTF-8", "AWS_CONFIG_FILE="+config, "AWS_SHARED_CREDENTIALS_FILE="+filepath.Join(home, "none"),
		"AWS_EC2_METADATA_DISABLED=true", "AWS_PAGER=", "AWS_MAX_ATTEMPTS=1",
		"HTTP_PROXY=http://127.0.0.1:1", "HTTPS_PROXY=http://127.0.0.1:1", "NO_PROXY=127.0.0.1", "no_proxy=127.0.0.1",
	)
	in, err := cmd.StdinPipe()
	if err != nil {
		t.Fatal(err)
	}
	out, err := cmd.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	cmd.Stderr = os.Stderr
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		_, _ = in.Close(), cmd.Wait()
	})
	major, _, _ := strings.Cut(string(version), ".")
	return &cli{major: major, send: json.NewEncoder(in), heard: json.NewDecoder(bufio.NewReader(out))}
}

func (c *cli) run(t *testing.T, words []string) said {
	t.Helper()
	if err := c.send.Encode(words); err != nil {
		t.Fatal(err)
	}
	var s said
	if err := c.heard.Decode(&s); err != nil && err != io.EOF {
		t.Fatal(err)
	}
	return s
}

// The AWS CLIs that are installed here make of each line the request that it was
// made of, seen behind the endpoint. One that is too old for an action, or for an
// option that says what is meant, refuses it, and makes no other request.
func TestTheCLIMakesTheRequest(t *testing.T) {
	found := false
	for _, python := range []string{"/usr/bin/python3", "python3"} {
		c := startCLI(t, python)
		if c == nil {
			continue
		}
		found = true
		t.Run("version "+c.major, func(t *testing.T) {
			t.Parallel()
			s := &spy{}
			server := httptest.NewServer(endpoint.New(s, endpoint.Options{}))
			defer server.Close()
			place := backend.Place{Region: "us-east-1", Profile: "prod", Endpoint: server.URL}
			embedded := backend.Place{Region: "us-east-1", Embedded: true, Listen: server.URL}
			for i, in := range requests() {
				if i%2 == 1 {
					place, embedded = embedded, place
				}
				line, err := Line(place, in)
				if err != nil {
					t.Fatal(err)
				}
				got := c.run(t, split(t, "bash", line)[1:])
				request := s.take()
				if request == nil && refusable(c, line, got) {
					t.Logf("refused: %s", line)
					continue
				}
				if diff := cmp.Diff(in, request, cmpopts.EquateEmpty()); got.Code != 0 || diff != "" {
					t.Errorf("%s\nended with %d: %s\n(-want +got)\n%s", line, got.Code, got.Said, diff)
				}
			}
		})
	}
	if !found {
		t.Skip("no AWS CLI is installed")
	}
}

// refusable tells whether this CLI may refuse the line as one it does not
// understand.
func refusable(c *cli, line string, got said) bool {
	if !strings.Contains(got.Said, "Invalid choice") && !strings.Contains(got.Said, "Unknown options") {
		return false
	}
	if c.major == "1" {
		return strings.Contains(line, "--cli-binary-format")
	}
	return strings.Contains(line, "-message-move-task") || strings.Contains(line, "--message-system-attribute-names")
}
