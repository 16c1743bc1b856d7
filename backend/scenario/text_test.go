package scenario

import (
	"maps"
	"regexp"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"sqscope/backend"
)

// write makes messages of a template that a seed file holds.
func write(t *testing.T, n int, lines ...string) []backend.SendMessageInput {
	t.Helper()
	s := parse(t, append(lines, `[[queues]]`, `name = "q"`, `[[messages]]`, `queue = "q"`, `template = "t"`)...)
	p := newPen(1, "t", nil)
	p.now = time.Date(2026, 3, 14, 12, 0, 0, 5e6, time.UTC)
	for _, c := range s.counters {
		p.counters = append(p.counters, c.start)
	}
	var out []backend.SendMessageInput
	for range n {
		in := s.messages[0].template.message(p)
		in.MessageAttributes, in.MessageSystemAttributes = maps.Clone(in.MessageAttributes), maps.Clone(in.MessageSystemAttributes)
		out = append(out, in)
	}
	return out
}

func TestFields(t *testing.T) {
	const head = "[counters]\nc = 41\n[lists]\nl = [\"a\", \"b\"]\n[fragments]\nitem = 'i{{seq c}}'\njson = '{\"k\":\"é\\n\"}'\n[templates.t]\nbody = '"
	tests := []struct{ field, want string }{
		{`{{uuid}}`, `[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}`},
		{`{{hex 5}}`, `[0-9a-f]{5}`},
		{`{{hex 40}}`, `[0-9a-f]{40}`},
		{`{{int -2 2}}`, `-?[0-2]`},
		{`{{int 7 7}}`, `7`},
		{`{{dec 0.5 2.25}}`, `[0-2]\.[0-9]{2}`},
		{`{{dec 3 9}}`, `[3-9]`},
		{`{{now}}`, `2026-03-14T12:00:00\.005Z`},
		{`{{now 36h}}`, `2026-03-16T00:00:00\.005Z`},
		{`{{now -1d}}`, `2026-03-13T12:00:00\.005Z`},
		{`{{pick l}}`, `[ab]`},
		{`{{seq c}},{{seq c}}`, `41,42`},
		{`{{use item}}`, `i41`},
		{`[{{repeat 3 3 item}}]`, `\[i41,i42,i43\]`},
		{`x{{repeat 0 0 item}}`, `x`},
		{`"{{quote json}}"`, `"{\\"k\\":\\"é\\\\n\\"}"`},
		{`a {{ seq  c }} }} b`, `a 41 }} b`},
	}
	for _, tt := range tests {
		got := write(t, 1, head+tt.field+"'")[0].MessageBody
		if !regexp.MustCompile(`^(?:` + tt.want + `)$`).MatchString(got) {
			t.Errorf("%s gives %q, want %s", tt.field, got, tt.want)
		}
	}
}

// A value is made once for a message, wherever it stands in it.
func TestAllPartsOfAMessage(t *testing.T) {
	got := write(t, 2, `[templates.t]`, `let = { id = "{{int 0 999999}}" }`, `body = '{"id":{{id}}}'`, `group = "g{{id}}"`, `delay = "2m"`,
		`trace_header = "Root=1-{{id}}"`, `attributes = { text = "t{{id}}", whole = 3, part = 0.25, `+
			`own = { type = "Number.int", value = "{{id}}" }, bytes = { type = "Binary.gif", hex = "00ff{{hex 2}}" } }`)
	id := strings.TrimSuffix(strings.TrimPrefix(got[0].MessageBody, `{"id":`), "}")
	if got[1].MessageBody == got[0].MessageBody {
		t.Errorf("two messages share the value %s", id)
	}
	binary := got[0].MessageAttributes["bytes"].BinaryValue
	if len(binary) != 3 || binary[0] != 0 || binary[1] != 0xff {
		t.Errorf("the bytes are %x", binary)
	}
	str := func(dataType, v string) backend.MessageAttribute {
		return backend.MessageAttribute{DataType: dataType, StringValue: backend.Some(v)}
	}
	want := backend.SendMessageInput{
		MessageBody: `{"id":` + id + `}`, DelaySeconds: backend.Some(120), MessageGroupId: backend.Some("g" + id),
		MessageAttributes: map[string]backend.MessageAttribute{
			"text": str("String", "t"+id), "whole": str("Number", "3"), "part": str("Number", "0.25"), "own": str("Number.int", id),
			"bytes": {DataType: "Binary.gif", BinaryValue: binary},
		},
		MessageSystemAttributes: map[string]backend.MessageAttribute{backend.SysAWSTraceHeader: str("String", "Root=1-"+id)},
	}
	if d := cmp.Diff(want, got[0]); d != "" {
		t.Error(d)
	}
}

func TestListsWithWeights(t *testing.T) {
	count := map[string]int{}
	for _, m := range write(t, 10_000, `[lists]`, `l = { often = 7, rare = 1, "not often" = 2 }`, `[templates.t]`, `body = "{{pick l}}"`) {
		count[m.MessageBody]++
	}
	for name, want := range map[string]int{"often": 7000, "not often": 2000, "rare": 1000} {
		if n := count[name]; n < want-200 || n > want+200 {
			t.Errorf("%q came %d times in 10000, want about %d", name, n, want)
		}
	}
}
