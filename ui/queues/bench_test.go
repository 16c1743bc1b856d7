package queues

import (
	"fmt"
	"testing"
	"time"

	"sqscope/backend/fleet"
)

// BenchmarkArrange is what filtering and sorting of 10,000 queues take, beside
// the program, before the list can be shown.
func BenchmarkArrange(b *testing.B) {
	s := crowd(10000)
	for _, filter := range []string{"", "svc7", `"team-03"`, "team-*-dlq", ">1000", "age>1h", "dlq", "tag:team=team-0", "!orders|billing inflight>2"} {
		b.Run("filter "+filter, func(b *testing.B) {
			for b.Loop() {
				arrange(s, orderBy("visible", filter))
			}
		})
	}
	for _, c := range columns {
		b.Run("sort by "+c.id, func(b *testing.B) {
			for b.Loop() {
				arrange(s, orderBy(c.id, ""))
			}
		})
	}
	b.Run("trouble, not examined for long", func(b *testing.B) {
		for b.Loop() {
			arrange(s, orderBy("visible", "trouble"))
		}
	})
	b.Run("trouble", func(b *testing.B) {
		s := s
		s.known = health(s)
		for b.Loop() {
			arrange(s, orderBy("visible", "trouble"))
		}
	})
}

// crowd are n queues of 37 teams, with tags and ages, a fifth of them with a
// dead-letter queue.
func crowd(n int) sight {
	now := time.Now()
	var all []*fleet.Queue
	for i := 0; len(all) < n; i++ {
		q := read(fmt.Sprintf("team-%02d-svc%d-requests", i%37, i), i*7919%5000)
		q.InFlight, q.Oldest = i%5, now.Add(-time.Duration(i%7200)*time.Second)
		q.Tags, q.TagsAsOf = map[string]string{"team": fmt.Sprintf("team-%02d", i%37)}, now
		all = append(all, q)
		if i%4 == 0 && len(all) < n {
			dlq := read(fmt.Sprintf("team-%02d-svc%d-dlq", i%37, i), i%3)
			wired(q, dlq)
			all = append(all, dlq)
		}
	}
	return sightOf(all...)
}
