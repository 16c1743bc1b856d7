package outbox_test

import (
	"errors"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"sqscope/backend/outbox"
	"sqscope/backend/rules"
)

func noon() time.Time { return time.Date(2026, 3, 14, 12, 0, 0, 5e6, time.UTC) }

// bodies are those of a job's first messages.
func bodies(t *testing.T, j outbox.Job, n int) (out []string) {
	t.Helper()
	j.Now = noon
	items, err := j.Preview(rules.Queue{Name: "q"}, n)
	if err != nil {
		t.Fatal(err)
	}
	for _, it := range items {
		if it.Wrong != nil {
			out = append(out, "✗ "+it.Wrong.Error())
			continue
		}
		out = append(out, it.Message.MessageBody)
	}
	return out
}

func TestFieldsAreFilledIn(t *testing.T) {
	for body, want := range map[string]string{
		"{{seq}}":                `1`,
		"{{seq 100}}":            `100`,
		"{{ uuid }}":             `[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}`,
		"{{hex 40}}":             `[0-9a-f]{40}`,
		"{{int -2 2}}":           `-?[0-2]`,
		"{{int:1-100}}":          `[0-9]{1,3}`,
		"{{dec 0.5 2.25}}":       `[0-2]\.[0-9]{2}`,
		"{{now}}":                `2026-03-14T12:00:00\.005Z`,
		"{{now 2d}}":             `2026-03-16T12:00:00\.005Z`,
		"{{now -5m}}":            `2026-03-14T11:55:00\.005Z`,
		"{{now -1d12h}}":         `2026-03-13T00:00:00\.005Z`,
		"{{pick:tea,red wine}}":  `tea|red wine`,
		"a {{seq}} b {{seq}} }}": `a 1 b 1 \}\}`,
		"{{from order.id none}}": `none`,
	} {
		got := bodies(t, outbox.Job{Draft: outbox.Draft{Body: body}, Count: 1, Fill: true}, 1)[0]
		if !regexp.MustCompile("^(" + want + ")$").MatchString(got) {
			t.Errorf("%s became %q, not %s", body, got, want)
		}
	}
}

func TestAWrongFieldIsToldWithItsPlaceAndWhatToWrite(t *testing.T) {
	for body, says := range map[string]string{
		"a\nbü{{uid}}":  "2:3: {{uid}} is no field (the fields are seq, uuid, now, int",
		"{{int 5 1}}":   "write {{int LOW HIGH}}",
		"{{int 5}}":     "write {{int LOW HIGH}}",
		"{{dec 1 NaN}}": "write {{dec LOW HIGH}}",
		"{{hex 0}}":     "1 to 1024 digits",
		"{{now soon}}":  "write {{now}}",
		"{{pick}}":      "write {{pick a,b,c}}",
		"{{from a..b}}": "write {{from COLUMN}}",
		"{{seq":         "1:1: a field is not closed (write }} behind it)",
		"{{}}":          "is no field",
	} {
		_, err := outbox.Job{Draft: outbox.Draft{Body: body}, Count: 1, Fill: true, Now: noon}.Preview(rules.Queue{Name: "q"}, 1)
		var f *outbox.Fault
		if !errors.As(err, &f) || f.Part != outbox.PartBody || !strings.Contains(f.Error(), says) {
			t.Errorf("%s: got %v, not %s", body, err, says)
		}
	}
	_, err := outbox.Job{Draft: outbox.Draft{Body: "x", Attributes: []outbox.Attribute{{"a", "", "1"}, {"b", "", "{{x}}"}}}, Count: 1, Fill: true, Now: noon}.Preview(rules.Queue{Name: "q"}, 1)
	var f *outbox.Fault
	if !errors.As(err, &f) || f.Part != outbox.PartAttribute || f.Row != 1 {
		t.Errorf("got %v", err)
	}
}

func TestWhatIsNotToBeFilledInStaysAsItStands(t *testing.T) {
	const body = "Hello {{name}}, {{seq}}"
	if got := bodies(t, outbox.Job{Draft: outbox.Draft{Body: body}, Count: 1}, 1)[0]; got != body {
		t.Errorf("it became %q", got)
	}
}

func TestTheSameSeedMakesTheSameMessagesEachByItsNumber(t *testing.T) {
	j := outbox.Job{Draft: outbox.Draft{Body: "{{uuid}} {{int 1 1000000}}"}, Count: 50, Fill: true, Seed: 7}
	first := bodies(t, j, 50)
	if diff := cmp.Diff(first, bodies(t, j, 50)); diff != "" {
		t.Error(diff)
	}
	if n := len(slices.Compact(slices.Sorted(slices.Values(first)))); n != 50 {
		t.Errorf("%d of 50 messages are different", n)
	}
	j.Seed = 8
	if cmp.Equal(first, bodies(t, j, 50)) {
		t.Error("another seed made the same messages")
	}
}

// written is a file with this name and content.
func written(t *testing.T, name, content string) string {
	t.Helper()
	path := filepath.Join(t.TempDir(), name)
	if err := os.WriteFile(path, []byte(content), 0o600); err != nil {
		t.Fatal(err)
	}
	return path
}

func TestAMessageForEachEntryOfAFile(t *testing.T) {
	for name, c := range map[string]struct {
		file, content, body string
		want                []string
	}{
		"a table": {
			"orders.csv", "\ufefforder id,total\n7,12.50\n8\n\"a\"\"b\",3\n", `{"id":"{{from "order id"}}","n":{{seq}},"total":{{from total}}}`,
			[]string{`{"id":"7","n":1,"total":12.50}`, `✗ line 3: wrong number of fields`, `{"id":"a\"b","n":3,"total":3}`},
		},
		"a table with tabs, and text": {"x.tsv", "a\tb\n1\tsay \"hi\"\n", `{{from a}}: {{from b}}`, []string{`✗ line 2: bare " in non-quoted-field`}},
		"objects": {
			"x.jsonl", `{"o":{"id":9007199254740993,"tags":["a"]},"a.b":1}` + "\n\nnothing\n" + `{"o":{}}` + "\n", `{{from o.id}} {{from o.tags []}} {{from a.b none}}`,
			[]string{`9007199254740993 ["a"] 1`, "✗ line 3: is no JSON object on a line of its own (write {\"name\":\"value\"} on each line, or a table in a file named .csv)", "✗ line 4: the entry has no o.id"},
		},
	} {
		t.Run(name, func(t *testing.T) {
			got := bodies(t, outbox.Job{Draft: outbox.Draft{Body: c.body}, From: outbox.Rows, Path: written(t, c.file, c.content), Fill: true}, 9)
			if diff := cmp.Diff(c.want, got); diff != "" {
				t.Error(diff)
			}
		})
	}
}

func TestAValueGoesIntoJSONEscapedAndElsewhereAsItIs(t *testing.T) {
	path := written(t, "x.jsonl", `{"say":"a\"b\nc"}`)
	j := outbox.Job{Draft: outbox.Draft{Body: ` {"say":"{{from say}}"}`, Trace: "{{from say}}"}, From: outbox.Rows, Path: path, Fill: true, Now: noon}
	items, err := j.Preview(rules.Queue{Name: "q"}, 1)
	if err != nil {
		t.Fatal(err)
	}
	if got := items[0].Message.MessageBody; got != ` {"say":"a\"b\nc"}` {
		t.Errorf("the body is %s", got)
	}
	if got := items[0].Message.MessageSystemAttributes["AWSTraceHeader"].StringValue.Value; got != "a\"b\nc" {
		t.Errorf("the trace header is %q", got)
	}
}

func TestTheMessagesOfAFile(t *testing.T) {
	table := written(t, "x.csv", "body,group,delay,attribute:n:Number,attribute:s\n{{seq}},g,5,1,\ntwo,,,,x\n")
	j := outbox.Job{From: outbox.Messages, Path: table, Now: noon}
	items, err := j.Preview(rules.Queue{Name: "q"}, 9)
	if err != nil || len(items) != 2 {
		t.Fatal(items, err)
	}
	first := items[0].Message
	if first.MessageBody != "{{seq}}" || first.MessageGroupId.Value != "g" || first.DelaySeconds.Value != 5 || len(first.MessageAttributes) != 1 {
		t.Errorf("the first is %+v", first)
	}
	j.Fill = true
	if got := bodies(t, j, 1)[0]; got != "1" {
		t.Errorf("it was filled in as %q", got)
	}
	lines := written(t, "x.jsonl", `{"body":"a","attributes":{"MessageGroupId":"g"},"messageAttributes":{"b":{"dataType":"Binary","binaryValue":"AAE="}}}`+"\n{\n")
	got := bodies(t, outbox.Job{From: outbox.Messages, Path: lines}, 9)
	if len(got) != 2 || got[0] != "a" || !strings.HasPrefix(got[1], "✗ line 2") {
		t.Errorf("got %q", got)
	}
}

func TestAFileThatCannotBeTakenSaysWhy(t *testing.T) {
	for name, c := range map[string]struct {
		from outbox.From
		path string
		says string
	}{
		"not there":       {outbox.Rows, "/none.csv", "cannot be read"},
		"none":            {outbox.Rows, "", "is not said"},
		"an empty table":  {outbox.Rows, written(t, "e.csv", ""), "the table is empty"},
		"no body":         {outbox.Messages, written(t, "n.csv", "group\ng\n"), "no column named body"},
		"an export":       {outbox.Messages, written(t, "x.csv", "messageId,body\n1,a\n"), `a column "messageId"`},
		"a line too long": {outbox.Rows, written(t, "l.jsonl", strings.Repeat(" ", 17<<20)), "longer than 16 MiB"},
	} {
		_, err := outbox.Job{From: c.from, Path: c.path, Fill: true, Now: noon}.Preview(rules.Queue{Name: "q"}, 1)
		if err == nil || !strings.Contains(err.Error(), c.says) {
			t.Errorf("%s: got %v", name, err)
		}
	}
}

func FuzzFields(f *testing.F) {
	for _, v := range outbox.Variables() {
		f.Add(v[0])
	}
	f.Add("{{{{}}}}")
	f.Add("{{from \"a b\" c}}{{pick ,}}{{int 1 }}")
	f.Fuzz(func(t *testing.T, s string) {
		j := outbox.Job{Draft: outbox.Draft{Body: s, Trace: s, Attributes: []outbox.Attribute{{s, "", s}}}, Count: 2, Fill: true, Now: noon}
		one, err1 := j.Preview(rules.Queue{Name: "q"}, 2)
		two, err2 := j.Preview(rules.Queue{Name: "q"}, 2)
		if (err1 == nil) != (err2 == nil) || err1 == nil && !cmp.Equal(one, two) {
			t.Errorf("%q is not the same twice", s)
		}
		if err1 == nil && !strings.Contains(s, "{{") && one[0].Wrong == nil && one[0].Message.MessageBody != s {
			t.Errorf("%q became %q", s, one[0].Message.MessageBody)
		}
	})
}

func TestTheGuideHasEveryVariable(t *testing.T) {
	guide, err := os.ReadFile("../../docs/SENDING.md")
	if err != nil {
		t.Fatal(err)
	}
	for _, v := range outbox.Variables() {
		if !strings.Contains(string(guide), "| `"+v[0]+"` |") {
			t.Errorf("docs/SENDING.md does not say what %s becomes", v[0])
		}
	}
}
