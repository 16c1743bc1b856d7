// Package query finds messages: by jq expressions over the message object, by
// plain text and by regular expressions over a body and everything in it.
//
// Whoever may see a message only masked asks with its masked object and result;
// nothing here knows what a mask hides.
//
// Queries and finds never change and may be used from any goroutine.
package query

import (
	"context"
	"errors"
	"time"

	"github.com/itchyny/gojq"

	"sqscope/backend"
)

// longest is how long an expression may take over one message, unless it is
// [Query.Patient].
const longest = 500 * time.Millisecond

// Query is a jq expression that was compiled. It sees the message object only: no
// environment, no further input, no modules, no files.
type Query struct {
	text  string
	code  *gojq.Code
	limit time.Duration
}

// Compile reads a jq expression. The error is an [*Error].
func Compile(text string) (*Query, error) {
	parsed, err := gojq.Parse(text)
	if err != nil {
		return nil, notParsed(text, err)
	}
	code, err := gojq.Compile(parsed)
	if err != nil {
		return nil, notCompiled(text, err)
	}
	return &Query{text, code, longest}, nil
}

// Patient is the query with another limit of how long it may take over one object:
// for objects that are larger than a message, and where nobody waits.
func (q *Query) Patient(limit time.Duration) *Query { return &Query{q.text, q.code, limit} }

// String is the expression as it was written.
func (q *Query) String() string { return q.text }

// Match tells whether the expression yields something for an object that is
// neither false nor null. An expression that fails for an object, such as one
// that looks for a member in a number, does not match it; the error says why.
func (q *Query) Match(ctx context.Context, object map[string]any) (bool, error) {
	found := false
	err := q.each(ctx, object, func(v any) bool {
		found = v != nil && v != false
		return !found
	})
	return found, err
}

// Values are what the expression yields for an object, at most limit of them, as
// jq's values: nil, bool, int, float64, *big.Int, json.Number, string, []any and
// map[string]any. With an error they are those before it.
func (q *Query) Values(ctx context.Context, object map[string]any, limit int) ([]any, error) {
	var values []any
	err := q.each(ctx, object, func(v any) bool {
		values = append(values, v)
		return len(values) < limit
	})
	return values, err
}

// each goes on while yield says so.
func (q *Query) each(ctx context.Context, object map[string]any, yield func(any) bool) error {
	limited, cancel := context.WithTimeout(ctx, q.limit)
	defer cancel()
	values := q.code.RunWithContext(limited, object)
	for {
		v, ok := values.Next()
		if !ok {
			return nil
		}
		err, failed := v.(error)
		if !failed {
			if !yield(v) {
				return nil
			}
			continue
		}
		if halt := (*gojq.HaltError)(nil); errors.As(err, &halt) && halt.Value() == nil {
			return nil
		}
		if ctx.Err() != nil {
			return ctx.Err()
		}
		if limited.Err() != nil {
			return &backend.Error{
				Kind: backend.KindTimeout, Subject: q.text, Message: "the expression took longer than " + q.limit.String() + " over one message",
				Next: "write one that does less", Err: limited.Err(),
			}
		}
		return &backend.Error{Kind: backend.KindInvalid, Subject: q.text, Message: err.Error(), Next: "write .a? where .a may not be there", Err: err}
	}
}

// Cell is a value for a column: a string as it is, null as nothing, all else as
// compact JSON. It is foreign text.
func Cell(v any) string {
	switch v := v.(type) {
	case nil:
		return ""
	case string:
		return v
	}
	b, err := gojq.Marshal(v)
	if err != nil {
		return err.Error()
	}
	return string(b)
}
