package admin

import (
	"fmt"
	"time"
)

// Time is an instant as the API writes it: RFC 3339 in UTC with milliseconds, or
// with nanoseconds where there are some, so that what is read can be given back
// exactly.
type Time time.Time

// Std is the instant as the standard library has it.
func (t Time) Std() time.Time { return time.Time(t) }

// IsZero tells whether there is no instant.
func (t Time) IsZero() bool { return time.Time(t).IsZero() }

// MarshalText writes the instant.
func (t Time) MarshalText() ([]byte, error) {
	layout := "2006-01-02T15:04:05.000Z07:00"
	if time.Time(t).Nanosecond()%int(time.Millisecond) != 0 {
		layout = "2006-01-02T15:04:05.000000000Z07:00"
	}
	return time.Time(t).UTC().AppendFormat(nil, layout), nil
}

// UnmarshalText reads an instant in RFC 3339, with any fraction.
func (t *Time) UnmarshalText(text []byte) error {
	at, err := time.Parse(time.RFC3339, string(text))
	if err != nil {
		return fmt.Errorf("%q is no time as in 2026-01-02T15:04:05.000Z", text)
	}
	*t = Time(at.UTC())
	return nil
}

// orNull is an instant that is null where there is none.
func orNull(t time.Time) *Time {
	if t.IsZero() {
		return nil
	}
	return (*Time)(&t)
}

// OrZero is the instant, or the zero one for null.
func (t *Time) OrZero() time.Time {
	if t == nil {
		return time.Time{}
	}
	return time.Time(*t)
}

// Duration is a span of time as Go writes it: "30s", "1m30s", "250ms".
type Duration time.Duration

// MarshalText writes the span.
func (d Duration) MarshalText() ([]byte, error) { return []byte(time.Duration(d).String()), nil }

// UnmarshalText reads a span.
func (d *Duration) UnmarshalText(text []byte) error {
	span, err := time.ParseDuration(string(text))
	if err != nil {
		return fmt.Errorf("%q is no span of time as in 30s or 1m30s", text)
	}
	*d = Duration(span)
	return nil
}

// Std is the span as the standard library has it.
func (d Duration) Std() time.Duration { return time.Duration(d) }
