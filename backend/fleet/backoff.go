package fleet

import (
	"time"

	"sqscope/backend"
)

// backoff is how long to wait after the given number of failures in a row, by
// what went wrong. What only a person can put right is tried now and then, for
// they may do so elsewhere: log in again, or be given a right.
func backoff(kind backend.Kind, fails int) time.Duration {
	switch kind {
	case backend.KindCredentials:
		return 30 * time.Second
	case backend.KindDenied, backend.KindUnsupported, backend.KindInvalid, backend.KindConflict:
		return doubling(5*time.Minute, time.Hour, fails)
	case backend.KindThrottled:
		return doubling(2*time.Second, time.Minute, fails)
	case backend.KindNetwork, backend.KindTimeout:
		return doubling(time.Second, 30*time.Second, fails)
	}
	return doubling(5*time.Second, time.Minute, fails)
}

func doubling(first, most time.Duration, fails int) time.Duration {
	d := first
	for i := 1; i < fails && d < most; i++ {
		d *= 2
	}
	return min(d, most)
}

// everyones tells whether an error of this kind says nothing about the queue
// that was asked for: the same would befall any other.
func everyones(kind backend.Kind) bool {
	return kind == backend.KindCredentials || kind == backend.KindNetwork || kind == backend.KindThrottled
}
