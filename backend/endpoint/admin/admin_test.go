package admin

import (
	"context"
	"encoding/json"
	"net/http"
	"net/http/httptest"
	"os"
	"strings"
	"testing"
	"time"

	"sqscope/backend"
	"sqscope/backend/memory"
)

var start = time.Date(2026, 3, 1, 12, 0, 0, 0, time.UTC)

// desk is an engine whose clock stands still, behind the API.
type desk struct {
	*testing.T
	http.Handler
	engine *memory.Engine
	clock  *memory.Clock
	resets int
}

func newDesk(t *testing.T) *desk {
	t.Helper()
	d := &desk{T: t, clock: memory.NewClock(memory.ClockOptions{Start: start, Paused: true})}
	t.Cleanup(d.clock.Close)
	d.engine = memory.New(memory.Options{Seed: 1, Clock: d.clock})
	t.Cleanup(func() {
		if err := d.engine.Check(); err != nil {
			t.Error(err)
		}
		d.engine.Close()
	})
	stack := d.engine.Stack()
	stack.SQS = d.engine
	d.Handler = New(Options{Stack: stack, Token: "secret", Reset: func(context.Context) error {
		d.resets++
		return nil
	}})
	return d
}

func (d *desk) must(err error) {
	d.Helper()
	if err != nil {
		d.Fatal(err)
	}
}

func (d *desk) queue(name string, attrs map[string]string) (url string) {
	d.Helper()
	out, err := d.engine.CreateQueue(d.Context(), backend.CreateQueueInput{QueueName: name, Attributes: attrs})
	d.must(err)
	return out.QueueUrl
}

func (d *desk) send(url, body string, delay int) (id string) {
	d.Helper()
	out, err := d.engine.SendMessage(d.Context(), backend.SendMessageInput{QueueUrl: url, MessageBody: body, DelaySeconds: backend.Some(delay)})
	d.must(err)
	return out.MessageId
}

func (d *desk) receive(url string) {
	d.Helper()
	_, err := d.engine.ReceiveMessage(d.Context(), backend.ReceiveMessageInput{QueueUrl: url})
	d.must(err)
}

// request has the token. Its path is below the prefix.
func request(method, path, body string) *http.Request {
	r := httptest.NewRequest(method, "http://localhost:9324"+Prefix+path, strings.NewReader(body))
	r.Header.Set("Authorization", "Bearer secret")
	return r
}

func (d *desk) ask(method, path, body string) *httptest.ResponseRecorder {
	d.Helper()
	w := httptest.NewRecorder()
	d.ServeHTTP(w, request(method, path, body))
	return w
}

// answers asks and compares the answer, which ends with a line feed.
func (d *desk) answers(method, path, body string, status int, want string) {
	d.Helper()
	w := d.ask(method, path, body)
	if got := strings.TrimSuffix(w.Body.String(), "\n"); w.Code != status || got != want {
		d.Errorf("%s %s %s\n got %d %s\nwant %d %s", method, path, body, w.Code, got, status, want)
	}
}

// refuses checks an error in all that it must have.
func (d *desk) refuses(w *httptest.ResponseRecorder, what string, status int, kind backend.Kind) Problem {
	d.Helper()
	var doc Failure
	if err := json.Unmarshal(w.Body.Bytes(), &doc); err != nil {
		d.Fatalf("%s: %v: %q", what, err, w.Body)
	}
	if w.Code != status || doc.Error.Kind != kind.String() || doc.Error.Message == "" || w.Header().Get("Content-Type") != "application/json" {
		d.Errorf("%s: %d %v %s, want %d %v", what, w.Code, w.Header(), w.Body, status, kind)
	}
	return doc.Error
}

func TestWithoutTheTokenThereIsNothing(t *testing.T) {
	d := newDesk(t)
	url := d.queue("orders", nil)
	id := d.send(url, "m", 0)
	noToken := New(Options{Stack: d.engine.Stack()})
	for _, rt := range new(handler).table() {
		path := strings.NewReplacer("{queue}", "orders", "{id}", id).Replace(rt.path)
		for _, c := range []struct {
			what, header, query string
			handler             http.Handler
		}{
			{"no header", "", "", d},
			{"another token", "Bearer secre", "", d},
			{"a longer one", "Bearer secrets", "", d},
			{"another scheme", "Basic secret", "", d},
			{"no scheme", "secret", "", d},
			{"in the URL", "", "?token=secret&access_token=secret", d},
			{"a server without a token", "Bearer ", "", noToken},
			{"the same, without the header", "", "", noToken},
		} {
			r := request(rt.method, path+c.query, `{"paused":false,"kind":"throttle"}`)
			r.Header.Set("Authorization", c.header)
			w := httptest.NewRecorder()
			c.handler.ServeHTTP(w, r)
			p := d.refuses(w, rt.method+" "+path+" with "+c.what, http.StatusUnauthorized, backend.KindCredentials)
			if !strings.Contains(p.Next, "Authorization: Bearer") || !strings.HasPrefix(w.Header().Get("WWW-Authenticate"), "Bearer") {
				t.Errorf("%s: %+v %v", c.what, p, w.Header())
			}
			if strings.Contains(w.Body.String(), "secre") {
				t.Errorf("the answer has the token: %s", w.Body)
			}
		}
	}
	if w := d.ask("GET", "queues/orders/messages", ""); !strings.Contains(w.Body.String(), id) || d.resets > 0 {
		t.Error("a request without the token has changed something")
	}
	if w := d.ask("GET", "clock", ""); !strings.Contains(w.Body.String(), `"paused":true`) {
		t.Error("a request without the token has changed the clock")
	}
}

func TestTheNameOfTheSchemeHasNoCase(t *testing.T) {
	d := newDesk(t)
	r := request("GET", "clock", "")
	r.Header.Set("Authorization", "bearer secret")
	w := httptest.NewRecorder()
	if d.ServeHTTP(w, r); w.Code != 200 {
		t.Errorf("%d %s", w.Code, w.Body)
	}
}

func TestPathsAndMethods(t *testing.T) {
	d := newDesk(t)
	d.queue("orders", nil)
	for _, path := range []string{"", "nothing", "queues/", "queues//messages", "queues/orders/", "queues/orders/messages/", "clock/next", "faults/a/b", "Queues", "%2e%2e/queues"} {
		p := d.refuses(d.ask("GET", path, ""), path, http.StatusNotFound, backend.KindNotFound)
		if !strings.Contains(p.Next, "queues") {
			t.Errorf("%s: %+v", path, p)
		}
	}
	for _, c := range []struct{ method, path, allow string }{
		{"POST", "queues", "GET"},
		{"HEAD", "queues", "GET"},
		{"OPTIONS", "clock", "GET, POST"},
		{"DELETE", "clock", "GET, POST"},
		{"PATCH", "faults/a", "GET, PUT, DELETE"},
		{"PUT", "faults", "GET, POST, DELETE"},
		{"POST", "snapshot", "GET, PUT"},
		{"GET", "reset", "POST"},
		{"GET", "queues/orders/messages/id", "DELETE"},
	} {
		w := d.ask(c.method, c.path, "")
		p := d.refuses(w, c.method+" "+c.path, http.StatusMethodNotAllowed, backend.KindUnsupported)
		if w.Header().Get("Allow") != c.allow || !strings.Contains(p.Next, c.allow) {
			t.Errorf("%s %s: Allow %q, %+v", c.method, c.path, w.Header().Get("Allow"), p)
		}
	}
	for _, path := range []string{"queues/%6frders", "queues/http:%2F%2Fany:1%2F000000000000%2Forders", "%71ueues/orders"} {
		if w := d.ask("GET", path, ""); w.Code != 200 {
			t.Errorf("%s: %d %s", path, w.Code, w.Body)
		}
	}
}

func TestParametersThatAreNone(t *testing.T) {
	d := newDesk(t)
	d.queue("orders", nil)
	for _, c := range []struct{ method, path, expected string }{
		{"GET", "queues?limit=1", "prefix"},
		{"GET", "queues/orders?x=1", "no parameter"},
		{"GET", "queues/orders/messages?limti=1", "after, limit, state"},
		{"GET", "queues/orders/messages?limit=x", "a whole number"},
		{"GET", "queues/orders/messages?limit=", "a whole number"},
		{"GET", "queues/orders/messages?limit=-1", "a whole number"},
		{"GET", "queues/orders/messages?limit=99999999999", "a whole number"},
		{"GET", "queues/orders/messages?after=1.5", "a whole number"},
		{"GET", "queues/orders/messages?state=gone", "visible, inFlight or delayed"},
		{"GET", "queues/orders/messages?state=%zz", "name=value"},
		{"DELETE", "queues/orders/messages", "?id=MESSAGE_ID"},
		{"GET", "events?kind=none", "sent"},
		{"DELETE", "faults?ids=a", "id"},
		{"GET", "snapshot?gzip=1", "no parameter"},
		{"POST", "reset?now=1", "no parameter"},
	} {
		p := d.refuses(d.ask(c.method, c.path, ""), c.path, http.StatusBadRequest, backend.KindInvalid)
		if !strings.Contains(p.Next, c.expected) {
			t.Errorf("%s: %+v, want %q", c.path, p, c.expected)
		}
	}
	for _, limit := range []string{"0", "10001"} {
		d.refuses(d.ask("GET", "queues/orders/messages?limit="+limit, ""), limit, http.StatusBadRequest, backend.KindInvalid)
	}
}

func TestDocumentsThatAreNone(t *testing.T) {
	d := newDesk(t)
	for _, c := range []struct{ method, path, body, says string }{
		{"POST", "clock", ``, "is empty"},
		{"POST", "clock", `{`, "ends too early"},
		{"POST", "clock", `x`, "is no JSON at byte 1"},
		{"POST", "clock", `[]`, "is of type array"},
		{"POST", "clock", `null`, "changes nothing"},
		{"POST", "clock", `{}`, "changes nothing"},
		{"POST", "clock", `{"paused":true}{}`, "something follows"},
		{"POST", "clock", `{"paused":true} x`, "is no JSON"},
		{"POST", "clock", `{"pause":true}`, `unknown field "pause"`},
		{"POST", "clock", `{"speed":"2"}`, "speed is of type string"},
		{"POST", "clock", `{"speed":0}`, "speed must be between"},
		{"POST", "clock", `{"step":30}`, "step is of type number"},
		{"POST", "clock", `{"step":"30"}`, "no span of time"},
		{"POST", "clock", `{"step":"-30s"}`, "forward only"},
		{"POST", "clock", `{"step":"1s","jump":"next"}`, "both step and jump"},
		{"POST", "clock", `{"jump":"later"}`, "no time"},
		{"POST", "clock", `{"jump":"2020-01-01T00:00:00Z"}`, "forward only"},
		{"POST", "clock", `{"paused":false,"jump":"2020"}`, "no time"},
		{"POST", "faults", `{}`, "no kind of fault"},
		{"POST", "faults", `{"kind":"latency","duration":"soon"}`, "no span of time"},
		{"POST", "faults", `{"kind":"throttle","until":"soon"}`, "no time"},
		{"POST", "faults", `{"kind":"throttle","probability":2}`, "probability"},
		{"PUT", "faults/a", `{"kind":"throttle","id":"b"}`, "another one than in the path"},
		{"PUT", "faults/a", ``, "is empty"},
		{"PUT", "snapshot", ``, "line 1"},
		{"PUT", "snapshot", `{"snapshot":"sqscope"`, "line 1"},
		{"POST", "reset", `{}`, "is not empty"},
	} {
		what := c.path + " " + c.body
		p := d.refuses(d.ask(c.method, c.path, c.body), what, http.StatusBadRequest, backend.KindInvalid)
		if !strings.Contains(p.Message, c.says) {
			t.Errorf("%s: %+v, want %q", what, p, c.says)
		}
		if strings.Contains(p.Message+p.Next, "Go ") {
			t.Errorf("%s: the words of the library: %+v", what, p)
		}
	}
	d.answers("GET", "faults", "", 200, `{"faults":[]}`)
	d.answers("GET", "clock", "", 200, `{"now":"2026-03-01T12:00:00.000Z","paused":true,"speed":1,"nextEvent":null}`)
}

func TestADocumentHasASize(t *testing.T) {
	d := newDesk(t)
	large := `{"kind":"throttle","id":"` + strings.Repeat("x", MaxDocument) + `"}`
	d.refuses(d.ask("POST", "faults", large), "a large document", http.StatusRequestEntityTooLarge, backend.KindInvalid)
	d.refuses(d.ask("POST", "reset", large), "a large body", http.StatusRequestEntityTooLarge, backend.KindInvalid)
}

func TestWhatTheStackDoesNotHave(t *testing.T) {
	d := newDesk(t)
	d.Handler = New(Options{Token: "secret"})
	for _, rt := range new(handler).table() {
		path := strings.NewReplacer("{queue}", "orders", "{id}", "x").Replace(rt.path)
		if rt.method == http.MethodDelete && strings.HasSuffix(path, "messages") {
			path += "?id=x"
		}
		p := d.refuses(d.ask(rt.method, path, ""), rt.method+" "+path, http.StatusNotImplemented, backend.KindUnsupported)
		if p.Next == "" {
			t.Errorf("%s: %+v", path, p)
		}
	}
}

func TestAnswersAreForNobodyElse(t *testing.T) {
	d := newDesk(t)
	for _, path := range []string{"queues", "snapshot", "nothing"} {
		h := d.ask("GET", path, "").Header()
		if h.Get("Cache-Control") != "no-store" || h.Get("X-Content-Type-Options") != "nosniff" || h.Get("Access-Control-Allow-Origin") != "" {
			t.Errorf("%s: %v", path, h)
		}
	}
}

func TestTheGuideNamesEveryRoute(t *testing.T) {
	text, err := os.ReadFile("../../../docs/ENDPOINT.md")
	if err != nil {
		t.Fatal(err)
	}
	for _, rt := range new(handler).table() {
		if line := "| `" + rt.method + " " + rt.path; !strings.Contains(string(text), line) {
			t.Errorf("docs/ENDPOINT.md has no %s…", line)
		}
	}
}

// Whatever comes as a document, path or query is answered in the form of the API
// and blamed on nobody else.
func FuzzRequests(f *testing.F) {
	for _, s := range [][3]string{
		{"POST", "clock", `{"paused":true,"speed":2,"step":"1s"}`},
		{"POST", "clock", `{"jump":"next"}`},
		{"POST", "clock", `{"jump":"2026-03-01T13:00:00.5+02:00"}`},
		{"POST", "faults", `{"kind":"latency","duration":"1s","probability":0.5,"count":1,"after":"2026-03-01T12:00:00Z"}`},
		{"PUT", "faults/a", `{"kind":"serverError","status":503,"queue":"orders","action":"SendMessage"}`},
		{"DELETE", "faults?id=a", ``},
		{"GET", "queues/orders/messages?after=1&limit=2&state=visible", ``},
		{"DELETE", "queues/orders/messages?id=a&id=b", ``},
		{"GET", "metrics?queue=orders", ``},
		{"PUT", "snapshot", `{"snapshot":"sqscope","version":1}`},
		{"POST", "clock", `{"step":"2562047h47m16.854775807s"}`},
	} {
		f.Add(s[0], s[1], s[2])
	}
	f.Fuzz(func(t *testing.T, method, path, body string) {
		r, err := http.NewRequestWithContext(t.Context(), method, "http://localhost:9324"+Prefix+path, strings.NewReader(body))
		if err != nil || r.URL.Path == Prefix+"events" {
			t.Skip("no request, or a stream, which has no end")
		}
		r.Header.Set("Authorization", "Bearer secret")
		d := newDesk(t)
		d.receive(d.queue("orders", nil))
		w := httptest.NewRecorder()
		d.ServeHTTP(w, r)
		if w.Code >= 500 {
			t.Errorf("%d %s", w.Code, w.Body)
		}
		if w.Code >= 400 {
			var doc Failure
			if err := json.Unmarshal(w.Body.Bytes(), &doc); err != nil || doc.Error.Message == "" {
				t.Errorf("%d %q: %v", w.Code, w.Body, err)
			}
		}
	})
}
