package endpoint

import (
	"bufio"
	"context"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"sqscope/backend"
	"sqscope/backend/endpoint/admin"
)

// adminRequest is one with the token.
func adminRequest(method, path string) *http.Request {
	r := httptest.NewRequest(method, "http://localhost:9324/_sqscope/"+path, nil)
	r.Header.Set("Authorization", "Bearer secret")
	return r
}

// wantAdminError checks that an error has the admin API's form.
func wantAdminError(t *testing.T, w *httptest.ResponseRecorder, status int, kind backend.Kind, says string) {
	t.Helper()
	var doc admin.Failure
	if err := json.Unmarshal(w.Body.Bytes(), &doc); err != nil {
		t.Fatalf("%v: %q", err, w.Body)
	}
	if w.Code != status || doc.Error.Kind != kind.String() || !strings.Contains(doc.Error.Message, says) ||
		w.Header().Get("Content-Type") != "application/json" {
		t.Errorf("%d %s, want %d %v %q", w.Code, w.Body, status, kind, says)
	}
}

func TestWhichPathsAreTheAdminAPIs(t *testing.T) {
	for path, want := range map[string]bool{
		"/_sqscope/": true, "/_sqscope/clock": true, "/_sqscope": true, "/%5Fsqscope/clock": true, "/_sqscope/../": true,
		"/": false, "/000000000000/_sqscope": false, "/_sqscopes": false, "/000000000000/orders/_sqscope/": false, "/x/_sqscope/clock": false,
	} {
		asked := ""
		b := stub{}
		s := New(&b, Options{Admin: http.HandlerFunc(func(_ http.ResponseWriter, r *http.Request) { asked = r.URL.Path })})
		r := jsonRequest("ListQueues", "{}")
		r.URL = httptest.NewRequest("GET", "http://localhost:9324"+path, nil).URL
		serve(s, r)
		if got := asked != ""; got != want || (b.action == "") != want {
			t.Errorf("%s: admin asked for %q, backend for %q", path, asked, b.action)
		}
	}
}

// The plain way must not answer what the token guards.
func TestThePlainWayTakesNoAdminPath(t *testing.T) {
	for _, path := range []string{"/_sqscope/", "/_sqscope", "/_sqscope/clock", "/%5Fsqscope/clock", "//_sqscope/clock", "/_sqscope/queues/orders/messages"} {
		if isPlainPath([]byte(path)) {
			t.Errorf("%s is a plain path", path)
		}
	}
	synctest.Test(t, func(t *testing.T) {
		b := stub{out: backend.SendMessageOutput{MessageId: "m"}}
		s, dial := network(t, &b)
		s.options.Admin = http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) { fmt.Fprint(w, r.URL.Path) })
		p := dial()
		for range 2 { // on one connection, whoever had it last
			p.send(text(true, "SendMessage", "{}"))
			if res, body, _ := p.answer(); res.StatusCode != 200 || body != `{"MessageId":"m"}` {
				t.Errorf("%d %s", res.StatusCode, body)
			}
			b.action = ""
			p.send(strings.Replace(text(true, "SendMessage", "{}"), "POST / ", "POST /_sqscope/clock ", 1))
			if res, body, plain := p.answer(); res.StatusCode != 200 || body != "/_sqscope/clock" || plain || b.action != "" {
				t.Errorf("%d %s, backend asked for %q", res.StatusCode, body, b.action)
			}
		}
	})
}

// What keeps web pages out of SQS keeps them out of the admin API, token or not.
func TestTheAdminAPIIsGuardedLikeTheRest(t *testing.T) {
	s := New(&stub{}, Options{Admin: http.HandlerFunc(func(http.ResponseWriter, *http.Request) { t.Error("the request came in") })})
	for _, c := range []struct{ header, value, says string }{
		{"Host", "evil.example", "Host header"},
		{"Origin", "https://evil.example", "another origin"},
		{"Sec-Fetch-Site", "cross-site", "another site"},
		{"User-Agent", "Mozilla/5.0", "browser"},
	} {
		r := adminRequest("GET", "queues")
		r.Header.Set(c.header, c.value)
		if c.header == "Host" {
			r.Host = c.value
		}
		wantAdminError(t, serve(s, r), http.StatusForbidden, backend.KindDenied, c.says)
	}
	r := adminRequest("GET", "queues")
	r = r.WithContext(context.WithValue(r.Context(), refusedKey{}, true))
	w := serve(s, r)
	if wantAdminError(t, w, http.StatusServiceUnavailable, backend.KindThrottled, "connections"); w.Header().Get("Connection") != "close" {
		t.Error("the connection too many stays open")
	}
}

func TestAServerWithoutAnAdminAPISaysSo(t *testing.T) {
	wantAdminError(t, serve(New(&stub{}, Options{}), adminRequest("GET", "queues")), http.StatusNotFound, backend.KindNotFound, "no admin API")
}

func TestAnAdminPanicIsAnsweredAndReported(t *testing.T) {
	var told any
	begin := false
	s := New(&stub{}, Options{OnPanic: func(p any) { told = p }, Admin: http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
		if begin {
			w.WriteHeader(200)
		}
		panic("a mistake")
	})})
	wantAdminError(t, serve(s, adminRequest("GET", "queues")), http.StatusInternalServerError, backend.KindInternal, "error in sqscope")
	if told != "a mistake" {
		t.Errorf("told %v", told)
	}
	begin, told = true, nil
	defer func() {
		if p := recover(); p != http.ErrAbortHandler || told != "a mistake" {
			t.Errorf("an answer that has begun goes on: %v, told %v", p, told)
		}
	}()
	serve(s, adminRequest("GET", "queues"))
}

// calm is a place where nothing happens.
type calm struct{ backend.Events }

func (calm) Subscribe(ctx context.Context, _ int) (<-chan backend.Event, error) {
	return make(chan backend.Event), nil
}

// files is a place whose snapshot has so many pieces, and which takes all that
// it is given.
type files struct {
	pieces int
	took   chan int64
}

func (f files) Snapshot(_ context.Context, w io.Writer) error {
	for range f.pieces {
		if _, err := w.Write(make([]byte, 64<<10)); err != nil {
			return err
		}
	}
	return nil
}

func (f files) Restore(_ context.Context, r io.Reader) error {
	n, err := io.Copy(io.Discard, r)
	f.took <- n
	return err
}

// adminNetwork serves the admin API of a stack in a bubble.
func adminNetwork(t *testing.T, stack backend.Stack) (*Server, *peer) {
	t.Helper()
	s, dial := network(t, &stub{})
	s.options.Admin = admin.New(admin.Options{Stack: stack, Token: "secret"})
	return s, dial()
}

const adminHead = " HTTP/1.1\r\nHost: localhost\r\nAuthorization: Bearer secret\r\n"

func TestAnEventStreamHasNoEndButTheServers(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s, p := adminNetwork(t, backend.Stack{Events: calm{}})
		p.send("GET /_sqscope/events" + adminHead + "\r\n")
		res, err := http.ReadResponse(p.r, nil)
		if err != nil {
			t.Fatal(err)
		}
		body := bufio.NewReader(res.Body)
		for begin := time.Now(); time.Since(begin) < 2*writeTimeout+idleTimeout; { // longer than any deadline
			if line, err := body.ReadString('\n'); err != nil {
				t.Fatalf("after %v: %q %v", time.Since(begin), line, err)
			}
		}
		begin := time.Now()
		stopped := make(chan error)
		go func() { stopped <- s.Shutdown(t.Context()) }()
		rest, err := io.ReadAll(body)
		if err != nil || strings.Trim(string(rest), "\n:") != "" {
			t.Errorf("the stream ends with %q %v", rest, err)
		}
		if err := <-stopped; err != nil || time.Since(begin) > time.Second {
			t.Errorf("the server stopped after %v: %v", time.Since(begin), err)
		}
	})
}

func TestASlowReaderOfEventsIsCutOff(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s, p := adminNetwork(t, backend.Stack{Events: calm{}})
		p.send("GET /_sqscope/events" + adminHead + "\r\n")
		begin := time.Now()
		for s.open.Load() > 0 {
			time.Sleep(time.Second)
		}
		if took := time.Since(begin); took < writeTimeout || took > writeTimeout+2*time.Second {
			t.Errorf("cut off after %v", took)
		}
	})
}

// A snapshot may take longer than any deadline, as long as it goes on.
func TestALongSnapshotIsSentAndTaken(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		f := files{pieces: 10, took: make(chan int64, 1)}
		_, p := adminNetwork(t, backend.Stack{Snapshots: f})
		p.send("GET /_sqscope/snapshot" + adminHead + "\r\n")
		res, err := http.ReadResponse(p.r, nil)
		if err != nil {
			t.Fatal(err)
		}
		got := int64(0)
		for buf := make([]byte, 64<<10); ; {
			time.Sleep(writeTimeout / 3)
			n, err := io.ReadFull(res.Body, buf)
			got += int64(n)
			if err != nil {
				break
			}
		}
		if got != 10*64<<10 {
			t.Errorf("%d bytes came", got)
		}
		p.send("PUT /_sqscope/snapshot" + adminHead + "Content-Length: 10\r\n\r\n")
		for range 10 {
			time.Sleep(readTimeout / 2)
			p.send("x")
		}
		if res, body, _ := p.answer(); res.StatusCode != http.StatusNoContent || body != "" {
			t.Errorf("%d %s", res.StatusCode, body)
		}
		if n := <-f.took; n != 10 {
			t.Errorf("%d bytes were taken", n)
		}
		p.send("GET /_sqscope/clock" + adminHead + "\r\n") // and the connection is as good as before
		if res, _, _ := p.answer(); res.StatusCode != http.StatusNotImplemented {
			t.Errorf("%d", res.StatusCode)
		}
	})
}

func TestAnUploadThatStopsIsCutOff(t *testing.T) {
	for _, stop := range []bool{false, true} {
		synctest.Test(t, func(t *testing.T) {
			f := files{took: make(chan int64, 1)}
			s, p := adminNetwork(t, backend.Stack{Snapshots: f})
			p.send("PUT /_sqscope/snapshot" + adminHead + "Content-Length: 10\r\n\r\nx")
			begin, want := time.Now(), time.Minute
			stopped := make(chan error, 1)
			if stop { // the server does not wait for it
				synctest.Wait()
				go func() { stopped <- s.Shutdown(t.Context()) }()
				want = 0
			} else {
				stopped <- nil
			}
			res, body, _ := p.answer()
			if res.StatusCode != http.StatusRequestTimeout || time.Since(begin) != want || !res.Close {
				t.Errorf("after %v: %d %s, close %v", time.Since(begin), res.StatusCode, body, res.Close)
			}
			p.Close()
			if err := <-stopped; err != nil {
				t.Error(err)
			}
		})
	}
}
