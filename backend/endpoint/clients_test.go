package endpoint_test

import (
	"bytes"
	"context"
	"net/http"
	"net/http/httptest"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"

	"sqscope/backend/endpoint"
	"sqscope/backend/memory"
)

// The tests in this file run the clients that people use, as programs of their
// own, where they are installed. How to install them stands in docs/ENDPOINT.md.

// served is an engine on loopback, for other programs.
func served(t *testing.T) (url string) {
	t.Helper()
	return servedWith(t, memory.New(memory.Options{Seed: 1}), nil)
}

// servedWith is that engine, with an admin API.
func servedWith(t *testing.T, e *memory.Engine, admin http.Handler) (url string) {
	t.Helper()
	s := endpoint.New(e.Stack().SQS, endpoint.Options{OnPanic: func(p any) { t.Error(p) }, Admin: admin})
	if err := s.Listen(t.Context(), "127.0.0.1:0"); err != nil {
		t.Fatal(err)
	}
	done := make(chan error, 1)
	go func() { done <- s.Serve() }()
	t.Cleanup(func() {
		ctx, cancel := context.WithTimeout(context.Background(), 5*time.Second)
		defer cancel()
		if err := s.Shutdown(ctx); err != nil {
			t.Error(err)
		}
		if err := <-done; err != nil {
			t.Error(err)
		}
		if err := e.Check(); err != nil {
			t.Error(err)
		}
		e.Close()
	})
	return s.URL()
}

// elsewhere is a proxy for whatever is not on this machine. Nothing should be.
func elsewhere(t *testing.T) (url string) {
	t.Helper()
	var mu sync.Mutex
	proxy := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		mu.Lock()
		defer mu.Unlock()
		t.Errorf("the client asked for %s %s", r.Method, r.RequestURI)
		w.WriteHeader(http.StatusForbidden)
	}))
	t.Cleanup(proxy.Close)
	return proxy.URL
}

// run runs a program against the endpoint with a clean AWS configuration, and
// returns what it prints.
func run(t *testing.T, url, path string, more []string, name string, arguments ...string) string {
	t.Helper()
	home := t.TempDir()
	config := filepath.Join(home, "config")
	profile := "[profile local]\nregion = us-east-1\naws_access_key_id = test\naws_secret_access_key = test\n"
	if err := os.WriteFile(config, []byte(profile), 0o600); err != nil {
		t.Fatal(err)
	}
	proxy := elsewhere(t)
	cmd := exec.CommandContext(t.Context(), name, arguments...)
	cmd.Env = append([]string{
		"HOME=" + home, "PATH=" + path, "LANG=C.UTF-8", "AWS_CONFIG_FILE=" + config, "AWS_SHARED_CREDENTIALS_FILE=" + filepath.Join(home, "none"),
		"AWS_EC2_METADATA_DISABLED=true", "AWS_PAGER=", "SQSCOPE_ENDPOINT=" + url,
		"HTTP_PROXY=" + proxy, "HTTPS_PROXY=" + proxy, "http_proxy=" + proxy, "https_proxy=" + proxy, "NO_PROXY=127.0.0.1", "no_proxy=127.0.0.1",
	}, more...)
	var out, complaints bytes.Buffer
	cmd.Stdout, cmd.Stderr = &out, &complaints
	cmd.WaitDelay = time.Second
	if err := cmd.Run(); err != nil {
		t.Fatalf("%s: %v\n%s%s", name, err, &out, &complaints)
	}
	return out.String()
}

func installed(t *testing.T, programs ...string) {
	t.Helper()
	for _, p := range programs {
		if _, err := os.Stat(p); err != nil {
			t.Skipf("%s is not installed", p)
		}
	}
}

// wrapper is an aws that adds the endpoint.
const wrapper = `#!/bin/sh
# The endpoint, for a CLI that knows no variable for it.
exec /usr/bin/aws --endpoint-url "$SQSCOPE_ENDPOINT" "$@"
`

const systemPath = "/usr/local/bin:/usr/bin:/bin"

// Debian's AWS CLI knows no variable for the endpoint, so an aws that adds it
// stands first on the path. The script itself knows nothing of all this.
func TestSeedScriptRunsUnchanged(t *testing.T) {
	t.Parallel()
	installed(t, "/usr/bin/aws", "/usr/bin/jq", "/bin/bash")
	bin := t.TempDir()
	if err := os.WriteFile(filepath.Join(bin, "aws"), []byte(wrapper), 0o700); err != nil {
		t.Fatal(err)
	}
	got := run(t, served(t), bin+":"+systemPath, nil, "/bin/bash", "testdata/seed.sh")
	want := "created tutorial\narn arn:aws:sqs:us-east-1:000000000000:tutorial\n" +
		"received {\"order\": 1, \"note\": \"5 < 6 & \\\"ok\\\"\"} order\nqueues 1\nqueues None\n"
	if got != want {
		t.Errorf("the script printed\n%s\nwant\n%s", got, want)
	}
}

func TestBoto3(t *testing.T) {
	t.Parallel()
	installed(t, "/usr/bin/python3", "/usr/lib/python3/dist-packages/boto3")
	keys := []string{"AWS_ACCESS_KEY_ID=test", "AWS_SECRET_ACCESS_KEY=test"}
	if got := run(t, served(t), systemPath, keys, "/usr/bin/python3", "testdata/client.py"); !strings.HasPrefix(got, "done ") {
		t.Errorf("the client printed %s", got)
	}
}

func TestJavaScriptSDK(t *testing.T) {
	t.Parallel()
	cache, err := os.UserCacheDir()
	if err != nil {
		t.Skip(err)
	}
	modules := filepath.Join(cache, "sqscope-test-js", "node_modules")
	installed(t, filepath.Join(modules, "@aws-sdk", "client-sqs"))
	node, err := exec.LookPath("node")
	if err != nil {
		t.Skip("node is not installed")
	}
	url := served(t)
	more := []string{
		"AWS_ACCESS_KEY_ID=test", "AWS_SECRET_ACCESS_KEY=test", "AWS_REGION=us-east-1", "AWS_ENDPOINT_URL_SQS=" + url, "NODE_PATH=" + modules,
	}
	if got := run(t, url, systemPath, more, node, "testdata/client.cjs"); !strings.HasPrefix(got, "done ") {
		t.Errorf("the client printed %s", got)
	}
}
