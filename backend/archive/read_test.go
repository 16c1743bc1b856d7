package archive

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"strings"
	"testing"
	"testing/iotest"

	"github.com/google/go-cmp/cmp"

	"sqscope/backend"
	"sqscope/backend/rules"
)

// told is what a reader says of each entry: its line, and its body or what is
// wrong.
func told(t *testing.T, text string) (out []string) {
	t.Helper()
	r := NewReader(iotest.OneByteReader(strings.NewReader(text)))
	for {
		e, err := r.Next()
		if errors.Is(err, io.EOF) {
			return out
		}
		if err != nil {
			t.Fatal(err)
		}
		switch {
		case e.Wrong != nil && (e.Wrong.Kind != backend.KindInvalid || e.Wrong.Next == "" || e.Wrong.Subject != fmt.Sprint("line ", e.Line)):
			t.Errorf("%+v", e.Wrong)
		case e.Wrong != nil:
			out = append(out, fmt.Sprint(e.Line, " wrong: ", e.Wrong.Message))
		default:
			m, err := e.Record.Message()
			if err != nil {
				t.Error(err)
			}
			out = append(out, fmt.Sprint(e.Line, " ", m.Body))
		}
		if e.Number != len(out) {
			t.Errorf("entry %d has the number %d", len(out), e.Number)
		}
	}
}

func TestAFileIsReadInEveryFormThatMessagesComeIn(t *testing.T) {
	pretty := `{
    "Messages": [
        {
            "MessageId": "m1",
            "ReceiptHandle": "AQEB",
            "MD5OfBody": "` + rules.MD5OfBody("one") + `",
            "Body": "one"
        },
        {
            "MessageId": "m2",
            "Body": "two",
            "Attributes": {"MessageGroupId": "g"},
            "MessageAttributes": {"b": {"BinaryValue": "AAEC", "DataType": "Binary"}}
        }
    ]
}
`
	for name, c := range map[string]struct {
		text string
		want []string
	}{
		"lines":                      {"{\"body\":\"one\"}\n\n{\"body\":\"two\"}\r\n{\"body\":\"three\"}", []string{"1 one", "3 two", "4 three"}},
		"a byte order mark":          {"\ufeff{\"body\":\"one\"}\n", []string{"1 one"}},
		"base64":                     {`{"body":"//4=","bodyEncoding":"base64"}`, []string{"1 \xff\xfe"}},
		"the AWS CLI, pretty":        {"\n" + pretty, []string{"4 one", "10 two"}},
		"the AWS CLI, several times": {pretty + pretty, []string{"3 one", "9 two", "19 one", "25 two"}},
		"the AWS CLI, compact":       {`{"Messages":[{"Body":"one"},{"Body":"two"}]}` + "\n" + `{"Messages":[{"Body":"three"}]}`, []string{"1 one", "1 two", "2 three"}},
		"the AWS CLI, one a line":    {`{"MessageId":"m1","Body":"one"}` + "\n" + `{"MessageId":"m2","Body":"two"}`, []string{"1 one", "2 two"}},
		"a list":                     {"[\n {\"body\":\"one\"},\n {\"Body\":\"two\"}\n]\n", []string{"2 one", "3 two"}},
		"ours, pretty":               {"{\n \"body\": \"one\"\n}\n{\n \"body\": \"two\"\n}\n", []string{"1 one", "4 two"}},
		"nothing received":           {`{"Messages":[]}`, nil},
		"an empty file":              {"\n \n", nil},
	} {
		if diff := cmp.Diff(c.want, told(t, c.text)); diff != "" {
			t.Errorf("%s:\n%s", name, diff)
		}
	}
}

func TestAWrongLineSaysWhatIsWrongAndTheNextIsRead(t *testing.T) {
	for text, reason := range map[string]string{
		`{"body":"x"`:                                     "is no JSON: unexpected end",
		`{"body":"x"} {"body":"y"}`:                       "is no JSON: invalid character '{' after",
		`"body"`:                                          "is no JSON object",
		`{"messageId":"m"}`:                               "has no body",
		`{"body":7}`:                                      "its body cannot be read",
		`{"body":"x","bodyEncoding":"base64"}`:            "is no base64",
		`{"body":"x","bodyEncoding":"hex"}`:               `"hex", which is neither text nor base64`,
		`{"body":"x","md5OfBody":"00"}`:                   "another digest",
		`{"body":"x","attributes":{"a":1}}`:               "its attributes cannot be read",
		"{\"body\":\"\xff\"}":                             "is not UTF-8",
		`{"Messages":7}`:                                  "has Messages that are no list",
		`{"Messages":[7]}`:                                "is no JSON object",
		`{"body":"` + strings.Repeat("x", maxLine) + `"}`: "longer than 16 MiB",
	} {
		got := told(t, "{\"body\":\"before\"}\n"+text+"\n{\"body\":\"after\"}\n")
		if len(got) != 3 || got[0] != "1 before" || got[2] != "3 after" || !strings.HasPrefix(got[1], "2 wrong: ") || !strings.Contains(got[1], reason) {
			t.Errorf("%.60s: %.300q, want the reason %q", text, got, reason)
		}
	}
}

func TestADocumentThatBreaksOffSaysWhereAndThatTheRestIsLost(t *testing.T) {
	got := told(t, "{\n \"Messages\": [\n  {\"Body\": \"one\"}\n ]\n}\n{\n \"Messages\": [\n  {\"Body\": oops}\n")
	if len(got) != 2 || got[0] != "3 one" || !strings.HasPrefix(got[1], "8 wrong: ") || !strings.Contains(got[1], "nothing after it can be read") {
		t.Errorf("%q", got)
	}
}

func TestAFileThatCannotBeReadSaysAtWhichLine(t *testing.T) {
	r := NewReader(io.MultiReader(strings.NewReader("{\"body\":\"x\"}\n"), iotest.ErrReader(errors.New("disk on fire"))))
	if e, err := r.Next(); err != nil || e.Record.Body != "x" {
		t.Fatal(e, err)
	}
	_, err := r.Next()
	if e := backend.AsError(err); err == nil || e.Subject != "line 2" || !strings.Contains(e.Message, "disk on fire") {
		t.Errorf("%v", err)
	}
}

func FuzzReader(f *testing.F) {
	f.Add([]byte("{\"body\":\"x\"}\n{\"Messages\":[{\"Body\":\"y\"}]}\n"))
	f.Add([]byte("{\n\"Messages\": [\n{\"Body\":\"y\"}]}"))
	f.Add([]byte("[\n{\"body\":\"\",\"bodyEncoding\":\"base64\"},7]"))
	f.Add([]byte("\ufeff\r\n{\"body\":\"x\",\"md5OfBody\":\"\"}"))
	f.Fuzz(func(t *testing.T, data []byte) {
		r := NewReader(bytes.NewReader(data))
		lines, last := bytes.Count(data, []byte("\n"))+1, 1
		for n := 1; ; n++ {
			e, err := r.Next()
			if err != nil {
				if !errors.Is(err, io.EOF) {
					t.Fatal(err)
				}
				return
			}
			if e.Number != n || e.Line < last || e.Line > lines {
				t.Fatalf("entry %d is %d at line %d of %d, after %d", n, e.Number, e.Line, lines, last)
			}
			last = e.Line
			if e.Wrong != nil {
				continue
			}
			// What was read is written so that it is read again as the same.
			var again bytes.Buffer
			if err := Write(&again, []Record{e.Record}); err != nil {
				t.Fatal(err)
			}
			back, err := NewReader(&again).Next()
			if err != nil || back.Wrong != nil {
				t.Fatalf("%v %v", err, back.Wrong)
			}
			one, _ := e.Record.Message()
			two, _ := back.Record.Message()
			if diff := cmp.Diff(one.Body, two.Body) + cmp.Diff(one.Attributes, two.Attributes); diff != "" {
				t.Fatal(diff)
			}
		}
	})
}
