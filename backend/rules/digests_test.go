package rules

import (
	"strings"
	"testing"

	"sqscope/backend"
)

// TestDigestIsOfWhatIsReturned: the same message has another digest under
// another filter (4.2).
func TestDigestIsOfWhatIsReturned(t *testing.T) {
	text := func(s string) backend.MessageAttribute {
		return backend.MessageAttribute{DataType: "String", StringValue: backend.Some(s)}
	}
	stored := map[string]backend.MessageAttribute{"General": text("Kenobi"), "Hello": text("There"), "Help.Me": text("Me")}
	for _, c := range []struct {
		filter []string
		want   string
	}{
		{[]string{"All"}, "4c360f3fdafd970e05fae2f149d997f5"},
		{[]string{"General", "Hello"}, "fca026605781cb4126a1e9044df24232"},
		{[]string{"Hello"}, "a311262e065454b75da111d535b8dacd"},
		{[]string{"Hel.*"}, "83fee93c1bcd8b9a5a923ffacdc636c7"},
		{nil, ""},
		{[]string{"hello", "Nope.*"}, ""},
	} {
		if got := MD5OfAttributes(selected(stored, c.filter)); got != c.want {
			t.Errorf("digest under filter %v is %q, want %q", c.filter, got, c.want)
		}
	}
}

func TestDigestsAllocateOnlyTheirText(t *testing.T) {
	body := strings.Repeat("a", 1<<20)
	if n := testing.AllocsPerRun(10, func() { MD5OfBody(body) }); n > 1 {
		t.Errorf("MD5OfBody allocates %v times", n)
	}
	if n := testing.AllocsPerRun(10, func() { ContentDeduplicationId(body) }); n > 1 {
		t.Errorf("ContentDeduplicationId allocates %v times", n)
	}
}

func BenchmarkMD5OfBody(b *testing.B) {
	body := strings.Repeat("abcdefgh", 128)
	b.SetBytes(int64(len(body)))
	b.ReportAllocs()
	for b.Loop() {
		MD5OfBody(body)
	}
}

func BenchmarkMD5OfAttributes(b *testing.B) {
	attrs := manyAttributes(10)
	b.ReportAllocs()
	for b.Loop() {
		MD5OfAttributes(attrs)
	}
}
