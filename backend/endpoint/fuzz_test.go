package endpoint

import (
	"bytes"
	"encoding/json"
	"encoding/xml"
	"net/url"
	"slices"
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
		w := serve(s, jsonRequest(names[int(n)%len(names)], string(body)))
		if w.Code >= 500 || !json.Valid(w.Body.Bytes()) {
			t.Fatalf("%d %s", w.Code, w.Body)
		}
		if w.Code == 200 && len(body) > 0 && !json.Valid(body) {
			t.Fatalf("taken, but no JSON: %q", body)
		}
	})
}

// No form makes a decoder panic or the endpoint fail, and the answer is always
// one whole XML document.
func FuzzForm(f *testing.F) {
	for _, s := range []string{
		"Action=SendMessage&MessageBody=b&MessageAttribute.1.Name=a&MessageAttribute.1.Value.DataType=Binary&MessageAttribute.1.Value.BinaryValue=AA%3D%3D",
		"Action=SendMessageBatch&SendMessageBatchRequestEntry.2.Id=1&SendMessageBatchRequestEntry.99999999999999999999.MessageAttribute.1.Value.StringListValue.1=x",
		"Action=ReceiveMessage&AttributeName=All&AttributeName.1=&WaitTimeSeconds=0&MessageAttributeName.01=a",
		"Action=CreateQueue&QueueName=q&Attribute.Name=a&Attribute.Value=b&Tag.1.Key&Tag..Value=&Tag.=", "Action=%4", "Action=FooBar%00&a&&=&=b", "\xff=%ff",
		"Action=GetQueueAttributes&AttributeName.1x=a&AttributeName.1.=b&AttributeName.1.1.1=c", "Action=ListQueues&MaxResults=-99999999999",
	} {
		f.Add(false, "/", s)
		f.Add(true, "/000000000000/orders", s)
	}
	s := New(&stub{}, Options{})
	f.Fuzz(func(t *testing.T, get bool, path, parameters string) {
		r := formRequest(parameters)
		r.URL.Path = path
		if get {
			r = formRequest("")
			r.Method, r.URL.Path, r.URL.RawQuery = "GET", path, parameters
		}
		w := serve(s, r)
		if w.Code >= 500 || xml.Unmarshal(w.Body.Bytes(), new(struct{ XMLName xml.Name })) != nil {
			t.Fatalf("%d %s", w.Code, w.Body)
		}
	})
}

// What a form says is what net/url reads in it.
func FuzzFormIsRead(f *testing.F) {
	for _, s := range []string{"a=b&c=d+e%20f", "a&b=&=c&&a=2", "a%2eb=%C3%A9&a=%", "E.1.a=x&E.10.a=y&E.2.a=z&E.02.a=w"} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, text string) {
		want, err := url.ParseQuery(text)
		if strings.Contains(text, ";") || !utf8.ValidString(text) {
			return // net/url has its own mind about these
		}
		var form form
		e := form.parse([]byte(text))
		if e != nil {
			if err == nil && e.Code == "MalformedQueryString" {
				t.Fatalf("refused: %v", e)
			}
			return
		}
		if err != nil {
			t.Fatalf("taken, but %v", err)
		}
		form.sort()
		for name, values := range want {
			if got := form.all().optText(name); !got.Set || got.Value != values[len(values)-1] {
				t.Fatalf("%q is %+v, want %q", name, got, values)
			}
		}
		if !slices.IsSortedFunc(form.params, func(a, b param) int { return compareNames(a.name, b.name) }) {
			t.Fatalf("not in order: %v", form.params)
		}
	})
}

// A text that is good XML survives the writer.
func FuzzTextSurvivesXML(f *testing.F) {
	for _, s := range []string{"abc", "a<b>&\"c\"", "\r\n\r \t", "é\u0085\u2028😀", "]]>", "\x00\x1f\ufffe"} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, s string) {
		var got string
		if err := xml.Unmarshal(append(append([]byte("<a>"), appendXML(nil, s)...), "</a>"...), &got); err != nil {
			t.Fatal(err)
		}
		want := strings.Map(func(r rune) rune {
			if r < ' ' && r != '\t' && r != '\n' && r != '\r' || r == 0xFFFE || r == 0xFFFF {
				return '\uFFFD'
			}
			return r
		}, strings.ToValidUTF8(s, "\uFFFD"))
		if utf8.ValidString(s) && got != want {
			t.Fatalf("%q became %q", s, got)
		}
	})
}
