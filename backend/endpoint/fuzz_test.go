package endpoint

import (
	"bytes"
	"encoding/json"
	"strings"
	"testing"
	"unicode/utf8"
)

// What the reader takes is what JSON is, except that it wants UTF-8, whole
// surrogate pairs and a bounded depth.
func FuzzSkipTakesJSON(f *testing.F) {
	for _, s := range []string{
		`{}`, `[1,-0,0.5,1e9,1E-2]`, `{"a":{"b":[true,false,null]},"c":"\u00e9\n"}`, `01`, `-`, `1.`, `[1,]`, `{"a":1,}`,
		`{"a" 1}`, `"\x"`, `"`, "\"\x00\"", `nul`, ` [ ] `, `"\ud83d\ude00"`, `"\ud83d"`, "\"\xff\"", `{"a":1}{`, `[[[[`, ``,
	} {
		f.Add([]byte(s))
	}
	f.Fuzz(func(t *testing.T, doc []byte) {
		var r jsonReader
		r.reset(doc)
		r.skip()
		got := r.end() == nil
		want := json.Valid(doc)
		if got && !want {
			t.Fatalf("taken, but no JSON: %q", doc)
		}
		strange := !utf8.Valid(doc) || bytes.Contains(bytes.ToLower(doc), []byte(`\ud`)) ||
			bytes.Count(doc, []byte("["))+bytes.Count(doc, []byte("{")) > maxDepth
		if want && !got && !strange {
			t.Fatalf("JSON, but not taken: %q: %v", doc, r.end())
		}
	})
}

// A string that the reader takes is the one that encoding/json reads, and what
// the writer makes of it reads back the same.
func FuzzStringsSurvive(f *testing.F) {
	for _, s := range []string{`abc`, `a\"b\\\/\b\f\n\r\t`, `\u0041\u00e9\ud83d\ude00`, "é\u2028\x7f", strings.Repeat("x", 30) + `\"`, `\u0000`} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, inner string) {
		doc := []byte(`"` + inner + `"`)
		var r jsonReader
		r.reset(doc)
		got := r.text()
		if r.end() != nil {
			return
		}
		var want string
		if err := json.Unmarshal(doc, &want); err != nil || got != want {
			t.Fatalf("%q read as %q, want %q (%v)", doc, got, want, err)
		}
		var back string
		if err := json.Unmarshal(appendQuoted(nil, got), &back); err != nil || back != got {
			t.Fatalf("%q written as %s (%v)", got, appendQuoted(nil, got), err)
		}
	})
}

// No request makes a decoder panic or the endpoint fail, and what an action
// takes is JSON.
func FuzzRequest(f *testing.F) {
	names := make([]string, 0, 23)
	for _, a := range actions() {
		names = append(names, a.name)
	}
	f.Add(byte(17), []byte(`{"QueueUrl":"u","MessageBody":"b","MessageAttributes":{"a":{"DataType":"Binary","BinaryValue":"AA=="}}}`))
	f.Add(byte(18), []byte(`{"QueueUrl":"u","Entries":[{"Id":"1","MessageBody":"b","DelaySeconds":0},null,{}]}`))
	f.Add(byte(15), []byte(`{"QueueUrl":"u","WaitTimeSeconds":0,"AttributeNames":["All",null,1]}`))
	f.Add(byte(4), []byte(`{"QueueName":"q","Attributes":{"DelaySeconds":1e3,"x":null},"tags":{}}`))
	s := New(&stub{}, Options{})
	f.Fuzz(func(t *testing.T, n byte, body []byte) {
		w := serve(s, request(names[int(n)%len(names)], string(body)))
		if w.Code >= 500 || !json.Valid(w.Body.Bytes()) {
			t.Fatalf("%d %s", w.Code, w.Body)
		}
		if w.Code == 200 && len(body) > 0 && !json.Valid(body) {
			t.Fatalf("taken, but no JSON: %q", body)
		}
	})
}
