package endpoint

import (
	"context"
	"io"
	"log/slog"
	"net"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"sqscope/backend"
)

func TestHostsThatAreAnswered(t *testing.T) {
	for _, c := range []struct {
		host         string
		local, named bool // by a local server, and by a public one with AllowHosts
	}{
		{"localhost:9324", true, true},
		{"LOCALHOST", true, true},
		{"sqs.us-east-1.localhost:9324", true, true},
		{"127.0.0.1:9324", true, true},
		{"192.168.1.7", true, true},
		{"[::1]:9324", true, true},
		{"host.docker.internal:9324", true, true},
		{"sqs:9324", false, true},
		{"queues.example.com:9324", false, true},
		{"Queues.Example.com.", false, true},
		{"evil.example:9324", false, false},
		{"localhost.evil.example", false, false},
		{"127.0.0.1.evil.example", false, false},
		{"evillocalhost.example", false, false},
		{"", false, false},
	} {
		for _, public := range []bool{false, true} {
			o, want := Options{}, c.local
			if public {
				o, want = Options{Public: true, AllowHosts: []string{"queues.example.com"}}, c.named
			}
			r := jsonRequest("ListQueues", `{}`)
			r.Host = c.host
			w := serve(New(&stub{}, o), r)
			if got := w.Code == 200; got != want {
				t.Errorf("host %q, public %v: status %d", c.host, public, w.Code)
			}
			if w.Code != 200 && w.Header().Get("x-amzn-query-error") != "AccessDenied;Sender" {
				t.Errorf("host %q: refused with %v", c.host, w.Header())
			}
		}
	}
}

func TestPagesOfOtherSitesAreRefused(t *testing.T) {
	for _, c := range []struct {
		name, header, value string
		status              int
	}{
		{"an SDK", "", "", 200},
		{"a page of ours", "Origin", "http://localhost:9324", 200},
		{"another site", "Origin", "https://evil.example", 403},
		{"another port", "Origin", "http://localhost:3000", 403},
		{"a sandboxed page", "Origin", "null", 403},
		{"cross-site without Origin", "Sec-Fetch-Site", "cross-site", 403},
		{"another local page", "Sec-Fetch-Site", "same-site", 403},
		{"typed into the browser", "Sec-Fetch-Site", "none", 200},
	} {
		t.Run(c.name, func(t *testing.T) {
			var b stub
			r := jsonRequest("PurgeQueue", `{}`)
			if c.header != "" {
				r.Header.Set(c.header, c.value)
			}
			w := serve(New(&b, Options{}), r)
			if w.Code != c.status || (b.action == "") != (c.status == 403) {
				t.Errorf("status %d, backend asked for %q", w.Code, b.action)
			}
			for name := range w.Header() {
				if strings.HasPrefix(name, "Access-Control-") {
					t.Errorf("CORS header %s", name)
				}
			}
		})
	}
}

// The address of an image on a page is a GET without Origin.
func TestPagesOfOtherSitesCannotGet(t *testing.T) {
	for _, c := range []struct {
		name, agent, site string
		status            int
	}{
		{"a program", "curl/8.5.0", "", 200},
		{"an old browser", "Mozilla/5.0 (X11; Linux x86_64)", "", 403},
		{"a page of another site", "Mozilla/5.0 (X11; Linux x86_64)", "cross-site", 403},
		{"typed into the browser", "Mozilla/5.0 (X11; Linux x86_64)", "none", 200},
		{"a page of ours", "Mozilla/5.0 (X11; Linux x86_64)", "same-origin", 200},
	} {
		var b stub
		r := httptest.NewRequest("GET", "http://localhost:9324/000000000000/orders?Action=PurgeQueue", nil)
		r.Header.Set("User-Agent", c.agent)
		if c.site != "" {
			r.Header.Set("Sec-Fetch-Site", c.site)
		}
		w := serve(New(&b, Options{}), r)
		if w.Code != c.status || (b.action == "") != (c.status == 403) {
			t.Errorf("%s: status %d, backend asked for %q", c.name, w.Code, b.action)
		}
		if w.Code == 403 && !strings.Contains(w.Body.String(), "<Code>AccessDenied</Code>") {
			t.Errorf("%s: refused with %s", c.name, w.Body)
		}
	}
}

func TestPreflightIsRefusedWithoutCORS(t *testing.T) {
	r := httptest.NewRequest("OPTIONS", "http://localhost:9324/", nil)
	r.Header.Set("Origin", "https://evil.example")
	r.Header.Set("Access-Control-Request-Method", "POST")
	if w := serve(New(&stub{}, Options{}), r); w.Code != 403 || w.Header().Get("Access-Control-Allow-Origin") != "" {
		t.Errorf("%d %v", w.Code, w.Header())
	}
}

func TestLargestBodyPassesAndALargerOneIsRefused(t *testing.T) {
	var b stub
	s := New(&b, Options{})
	worst := `{"MessageBody":"` + strings.Repeat(`\u003c`, 1<<20) + `"}`
	if w := serve(s, jsonRequest("SendMessage", worst)); w.Code != 200 {
		t.Errorf("1 MiB that is escaped sixfold: status %d", w.Code)
	}
	if got := b.in.(backend.SendMessageInput).MessageBody; got != strings.Repeat("<", 1<<20) {
		t.Errorf("body of %d bytes arrived", len(got))
	}
	large := `{"MessageBody":"` + strings.Repeat("x", MaxBody) + `"}`
	for _, length := range []int64{int64(len(large)), -1} {
		r := jsonRequest("SendMessage", large)
		r.ContentLength = length
		w := serve(s, r)
		wantError(t, w, 413, "com.amazon.coral.service#RequestEntityTooLargeException", "RequestEntityTooLargeException;Sender",
			"The request is larger than 8388608 bytes.")
	}
}

func TestPanicIsAnsweredAndReported(t *testing.T) {
	var told any
	s := New(nil, Options{OnPanic: func(p any) { told = p }})
	w := serve(s, jsonRequest("ListQueues", `{}`))
	wantError(t, w, 500, "com.amazon.coral.service#InternalFailure", "InternalFailure;Receiver",
		"The request could not be completed because of an error in sqscope.")
	if told == nil {
		t.Error("nobody was told of the panic")
	}
}

func TestShutdownAnswersOpenLongPolls(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		b := stub{waiting: make(chan struct{})}
		s := New(&b, Options{})
		answer := make(chan *httptest.ResponseRecorder)
		go func() { answer <- serve(s, jsonRequest("ReceiveMessage", `{"WaitTimeSeconds":20}`)) }()
		<-b.waiting
		if err := s.Shutdown(t.Context()); err != nil {
			t.Fatal(err)
		}
		if w := <-answer; w.Code != 200 || w.Body.String() != "{}" {
			t.Errorf("the poll was answered %d %s", w.Code, w.Body)
		}
	})
}

func TestLongPollEndsWithItsClient(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		b := stub{waiting: make(chan struct{})}
		s := New(&b, Options{})
		ctx, cancel := context.WithCancel(t.Context())
		done := make(chan struct{})
		go func() {
			serve(s, jsonRequest("ReceiveMessage", `{}`).WithContext(ctx))
			close(done)
		}()
		<-b.waiting
		cancel()
		<-done
	})
}

func TestListenRefusals(t *testing.T) {
	taken, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer taken.Close()
	for _, c := range []struct {
		addr string
		kind backend.Kind
		next string
	}{
		{taken.Addr().String(), backend.KindConflict, "choose another port"},
		{":0", backend.KindInvalid, "--public"},
		{"0.0.0.0:0", backend.KindInvalid, "--public"},
		{"192.0.2.1:0", backend.KindInvalid, "--public"},
		{"9324", backend.KindInvalid, "127.0.0.1:9324"},
		{"127.0.0.1:99999", backend.KindInvalid, "127.0.0.1:9324"},
	} {
		err := New(&stub{}, Options{}).Listen(t.Context(), c.addr)
		if e := backend.AsError(errOrNone(err)); e.Kind != c.kind || e.Subject != c.addr || !strings.Contains(e.Next, c.next) {
			t.Errorf("listen on %s: %v (%v)", c.addr, err, e.Kind)
		}
	}
	public := New(&stub{}, Options{Public: true})
	if err := public.Listen(t.Context(), ":0"); err != nil {
		t.Fatal(err)
	}
	if !strings.HasPrefix(public.URL(), "http://localhost:") {
		t.Errorf("URL %s", public.URL())
	}
	if err := public.Shutdown(t.Context()); err != nil {
		t.Error(err)
	}
}

func errOrNone(err error) error {
	if err == nil {
		return backend.Errorf(backend.KindInternal, "no error")
	}
	return err
}

func TestOverASocket(t *testing.T) {
	b := stub{out: backend.ListQueuesOutput{QueueUrls: []string{q}}}
	s := New(&b, Options{Log: slog.New(slog.NewTextHandler(t.Output(), nil))})
	if err := s.Listen(t.Context(), "127.0.0.1:0"); err != nil {
		t.Fatal(err)
	}
	served := make(chan error, 1)
	go func() { served <- s.Serve() }()
	r, err := http.NewRequestWithContext(t.Context(), "POST", s.URL(), strings.NewReader("{}"))
	if err != nil {
		t.Fatal(err)
	}
	r.Header = jsonRequest("ListQueues", "").Header
	res, err := http.DefaultClient.Do(r)
	if err != nil {
		t.Fatal(err)
	}
	body, err := io.ReadAll(res.Body)
	if err != nil {
		t.Fatal(err)
	}
	res.Body.Close()
	if want := `{"QueueUrls":["` + s.URL() + `/000000000000/orders"]}`; string(body) != want {
		t.Errorf("answer %s, want %s", body, want)
	}
	ctx, cancel := context.WithTimeout(t.Context(), 5*time.Second)
	defer cancel()
	if err := s.Shutdown(ctx); err != nil {
		t.Error(err)
	}
	if err := <-served; err != nil {
		t.Error(err)
	}
}
