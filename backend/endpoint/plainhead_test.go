package endpoint

import (
	"bufio"
	"bytes"
	"net/http"
	"strings"
	"testing"
	"testing/synctest"

	"github.com/google/go-cmp/cmp"

	"sqscope/backend"
)

// sdkHead is the head of a request as the Go SDK writes it (docs/SQS.md 11.2).
const sdkHead = "POST / HTTP/1.1\r\nHost: localhost:9324\r\nUser-Agent: aws-sdk-go-v2/1.47.7 ua/2.1 os/linux\r\nContent-Length: 2\r\n" +
	"Amz-Sdk-Invocation-Id: 5a2a2b6e-6f4e-4f0e-8a39-1d1f0b6c7d10\r\nAmz-Sdk-Request: attempt=1; max=3\r\n" +
	"Authorization: AWS4-HMAC-SHA256 Credential=AKID/20261122/us-east-1/sqs/aws4_request, SignedHeaders=host, Signature=0\r\n" +
	"Content-Type: application/x-amz-json-1.0\r\nX-Amz-Date: 20261122T070311Z\r\nX-Amz-Target: AmazonSQS.ListQueues\r\n" +
	"X-Amzn-Query-Mode: true\r\nX-Amzn-Trace-Id: Root=1-5\r\nAccept-Encoding: gzip\r\n"

// Everything that SDKs write goes the plain way; whatever could be read in two
// ways, or says that the rest is to be read otherwise, does not.
func TestWhatGoesThePlainWay(t *testing.T) {
	with := func(header string) string { return sdkHead + header + "\r\n" }
	for _, c := range []struct {
		name, head string
		plain      bool
	}{
		{"an SDK's", sdkHead, true},
		{"a queue's path", strings.Replace(sdkHead, "POST / ", "POST /000000000000/pay-ments_1.fifo ", 1), true},
		{"another case", strings.ToUpper(sdkHead[:16]) + strings.ToLower(sdkHead[16:]), true},
		{"keep-alive", with("Connection: Keep-Alive"), true},
		{"close", with("Connection: close"), true},
		{"an empty header", with("X-Empty:"), true},
		{"spaces and tabs", with("X-Space: \t a b \t"), true},
		{"GET", strings.Replace(sdkHead, "POST", "GET", 1), false},
		{"HTTP/1.0", strings.Replace(sdkHead, "HTTP/1.1", "HTTP/1.0", 1), false},
		{"a query", strings.Replace(sdkHead, "POST / ", "POST /?Action=ListQueues ", 1), false},
		{"an escape in the path", strings.Replace(sdkHead, "POST / ", "POST /0/%6f ", 1), false},
		{"our own path", strings.Replace(sdkHead, "POST / ", "POST /_sqscope/reset ", 1), false},
		{"two slashes", strings.Replace(sdkHead, "POST / ", "POST //0/orders ", 1), false},
		{"an absolute URL", strings.Replace(sdkHead, "POST / ", "POST http://localhost/ ", 1), false},
		{"chunks", with("Transfer-Encoding: chunked"), false},
		{"a promise to go on", with("Expect: 100-continue"), false},
		{"another protocol", with("Upgrade: h2c"), false},
		{"a trailer", with("Trailer: X"), false},
		{"a page", with("Origin: http://localhost:9324"), false},
		{"a page without Origin", with("sec-fetch-site: cross-site"), false},
		{"two hosts", with("Host: evil.example"), false},
		{"two lengths", with("Content-Length: 2"), false},
		{"two targets", with("X-Amz-Target: AmazonSQS.PurgeQueue"), false},
		{"a length that is none", strings.Replace(sdkHead, "Length: 2", "Length: 0x2", 1), false},
		{"a negative length", strings.Replace(sdkHead, "Length: 2", "Length: -2", 1), false},
		{"a list of lengths", strings.Replace(sdkHead, "Length: 2", "Length: 2, 2", 1), false},
		{"a length beyond the limit", strings.Replace(sdkHead, "Length: 2", "Length: 8388609", 1), false},
		{"no length", strings.Replace(sdkHead, "Content-Length: 2\r\n", "", 1), false},
		{"no host", strings.Replace(sdkHead, "Host: localhost:9324\r\n", "", 1), false},
		{"a strange host", strings.Replace(sdkHead, "localhost:9324", "local host", 1), false},
		{"a space before the colon", with("Content-Length : 5"), false},
		{"a folded line", with("X-A: b\r\n c"), false},
		{"a bare line feed", with("X-A: b\nTransfer-Encoding: chunked"), false},
		{"a bare carriage return", with("X-A: b\rTransfer-Encoding: chunked"), false},
		{"a zero byte", with("X-A: \x00"), false},
		{"beyond ASCII", with("X-A: é"), false},
		{"no colon", with("X-A"), false},
		{"another connection", with("Connection: keep-alive, Upgrade"), false},
	} {
		var conn plainConn
		if got := conn.head([]byte(c.head)); got != c.plain {
			t.Errorf("%s: plain %v", c.name, got)
		}
	}
}

// What the plain way takes net/http reads in the same way: nobody can say one
// thing to one of them and another to the other.
func FuzzHead(f *testing.F) {
	f.Add([]byte(sdkHead))
	for _, header := range []string{"Connection: close\r\n", "Transfer-Encoding: chunked\r\n", "Content-Length : 5\r\n", "Host:\r\n", " x: y\r\n", "X-Amz-Target:\tx \r\n", "X:\n"} {
		f.Add([]byte(sdkHead + header))
	}
	f.Add([]byte("POST /0/a HTTP/1.1\r\nhost: [::1]:1\r\ncontent-length: 007\r\n"))
	f.Fuzz(func(t *testing.T, head []byte) {
		c := plainConn{signed: true}
		if !c.head(head) {
			return
		}
		whole := append(append(bytes.Clone(head), "\r\n"...), bytes.Repeat([]byte("b"), c.length)...)
		if bytes.Index(whole, headEnd) != len(head)-len(crlf) {
			t.Skip("await ends the head elsewhere")
		}
		r, err := http.ReadRequest(bufio.NewReader(bytes.NewReader(whole)))
		if err != nil {
			t.Fatalf("taken, but %v", err)
		}
		want := requestOf(r)
		want.accept = "" // of no meaning in a POST
		if diff := cmp.Diff(want, c.request, cmp.AllowUnexported(request{})); diff != "" {
			t.Error(diff)
		}
		if r.ContentLength != int64(c.length) || len(r.TransferEncoding) > 0 || len(r.Trailer) > 0 || r.Close != c.closing {
			t.Errorf("length %d, closing %v; net/http has %d, %v and %v", c.length, c.closing, r.ContentLength, r.Close, r.TransferEncoding)
		}
	})
}

// An answer is the same whichever way the request came.
func TestBothWaysAnswerTheSame(t *testing.T) {
	type answer struct {
		Status                                      int
		ContentType, QueryError, Body, LengthOfDate string
	}
	requests := map[string]struct{ json, form, contentType string }{
		"an answer":         {json: "{}"},
		"a large answer":    {json: `{"QueueNamePrefix":"large"}`},
		"an error":          {json: `{"QueueNamePrefix":5}`},
		"an answer in XML":  {form: "Action=ListQueues"},
		"an error in XML":   {form: "Action=FooBar%0D%0A"},
		"neither protocol":  {form: "a=b"},
		"not a type of SQS": {form: "Action=ListQueues", contentType: "text/plain"},
	}
	for name, r := range requests {
		t.Run(name, func(t *testing.T) {
			var answers []answer
			eachWay(t, func(t *testing.T, plain bool) {
				b := &stub{out: backend.ListQueuesOutput{QueueUrls: []string{q}}}
				if name == "a large answer" {
					b.out = backend.ListQueuesOutput{QueueUrls: []string{strings.Repeat("é", 300<<10)}}
				}
				_, dial := network(t, b)
				p := dial()
				whole := text(plain, "ListQueues", r.json+r.form)
				if r.form != "" {
					whole = strings.Replace(whole, "X-Amz-Target: AmazonSQS.ListQueues\r\n", "", 1)
					whole = strings.Replace(whole, "application/x-amz-json-1.0", "application/x-www-form-urlencoded", 1)
				}
				if r.contentType != "" {
					whole = strings.Replace(whole, "application/x-www-form-urlencoded", r.contentType, 1)
				}
				go p.send(whole)
				res, body, way := p.answer()
				if way != plain {
					t.Errorf("plain way: %v", way)
				}
				id := res.Header.Get("x-amzn-RequestId")
				if len(id) != 36 {
					t.Errorf("request id %q", id)
				}
				synctest.Wait()
				answers = append(answers, answer{
					res.StatusCode, res.Header.Get("Content-Type"), res.Header.Get("x-amzn-query-error"), strings.ReplaceAll(body, id, "ID"),
					strings.Repeat("x", len(res.Header.Get("Date"))),
				})
			})
			if diff := cmp.Diff(answers[0], answers[1]); diff != "" {
				t.Error(diff)
			}
		})
	}
}

// The code of an error from another server is no way into the head of an answer.
func TestQueryErrorStaysOneHeader(t *testing.T) {
	x := exchange{status: 400, answerType: []string{"a"}, queryError: "Bad\r\nX-Evil: 1\x7fé;Sender"}
	if got := string(x.appendAnswer(nil, "", false)); strings.Contains(got, "\nX-Evil") || !strings.Contains(got, "Bad??X-Evil: 1???;Sender\r\n") {
		t.Error(got)
	}
}
