package fleet

import (
	"testing"
	"time"

	"sqscope/backend"
)

// large is a fleet of 10,000 queues that were all read, whose loop does not run.
func large() *Fleet {
	f := still()
	for _, n := range numbered(10000) {
		f.found(urlOf(n))
	}
	f.arrange()
	for i, e := range f.sorted {
		f.apply(e, reading(i))
	}
	f.publish(time.Now())
	return f
}

func reading(visible int) sample {
	now := time.Now()
	return sample{sent: now, at: now, attributes: map[string]string{
		backend.AttrMessages: string(rune('1' + visible%9)), backend.AttrMessagesNotVisible: "0", backend.AttrMessagesDelayed: "0",
	}}
}

func BenchmarkASampleAt10000Queues(b *testing.B) {
	f := large()
	i := 0
	for b.Loop() {
		i++
		f.apply(f.sorted[i*7919%len(f.sorted)], reading(i))
		f.news = f.news[:0]
	}
}

func BenchmarkAPictureOf10000Queues(b *testing.B) {
	f := large()
	for b.Loop() {
		f.publish(time.Now())
	}
}

func BenchmarkAPictureOf10000QueuesWithNewWiring(b *testing.B) {
	f := large()
	for b.Loop() {
		f.wiring = true
		f.publish(time.Now())
	}
}

func BenchmarkTheNextOf10000Queues(b *testing.B) {
	f := large()
	now := time.Now().Add(time.Hour)
	for b.Loop() {
		if j, _ := f.nextSteady(now); j.e == nil {
			b.Fatal("nothing is due")
		}
	}
}

func BenchmarkNothingIsDueOf10000Queues(b *testing.B) {
	f := large()
	now := time.Now()
	for b.Loop() {
		f.nextSteady(now)
	}
}
