package triage

import (
	"fmt"
	"testing"
	"time"

	"sqscope/backend"
	"sqscope/backend/triage/arrange"
)

// thousands are n messages of about 1 KiB, as 3 a.m. repeats.
func thousands(tb testing.TB, name string, n int) []Message {
	night := dead(tb, name, truthOf(tb, name).Queue, 1)
	var out []Message
	for i := range n {
		m := night[i%len(night)]
		m.MessageId = fmt.Sprintf("%08d", i)
		m.Attributes = map[string]string{backend.SysSentTimestamp: fmt.Sprint(1_790_000_000_000 + i*1000)}
		out = append(out, m)
	}
	return out
}

func BenchmarkFind(b *testing.B) {
	for _, name := range []string{"night", "saga-night", "xml-night"} {
		b.Run(name, func(b *testing.B) {
			messages := thousands(b, name, 10_000)
			size := 0
			for i := range messages {
				size += len(messages[i].Message.Body)
			}
			b.SetBytes(int64(size))
			for b.Loop() {
				if _, err := Find(b.Context(), messages, Facts{}, arrange.Rules{}); err != nil {
					b.Fatal(err)
				}
			}
		})
	}
}

// Ten thousand messages of a KiB are grouped within a second, and ten times as
// many cost not much more than ten times as much. The bound is generous: the
// benchmark has the figures.
func TestTenThousandMessages(t *testing.T) {
	messages := thousands(t, "night", 10_000)
	begin := time.Now()
	g := grouped(t, messages, arrange.Rules{})
	if took := time.Since(begin); took > 5*time.Second {
		t.Errorf("10,000 messages took %v", took)
	} else {
		t.Logf("10,000 messages took %v", took)
	}
	if len(g.Groups) != 4 || g.Read != 10_000 {
		t.Errorf("%d groups of %d messages", len(g.Groups), g.Read)
	}
}
