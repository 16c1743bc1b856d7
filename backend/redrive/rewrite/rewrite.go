// Package rewrite changes messages on their way from one queue to another: by a jq
// expression over the message object, or by hand. What may differ is for package
// move to say, which refuses the rest.
//
// Nothing here keeps state, and everything may be called from any goroutine.
package rewrite

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"maps"
	"slices"
	"strings"

	"sqscope/backend"
	"sqscope/backend/archive"
	"sqscope/backend/decode"
	"sqscope/backend/decode/query"
)

// By is a message as a jq expression has it, which gets the message object
// (DESIGN.md section 7) and yields one. Where only json was changed, the body is
// made of it.
func By(ctx context.Context, queue backend.ARN, q *query.Query, r archive.Record) (archive.Record, error) {
	m, err := r.Message()
	if err != nil {
		return r, err
	}
	opened := decode.Decode(ctx, m.Body, m.MessageAttributes)
	given := decode.Object(queue, m, r.State, opened)
	values, err := q.Values(ctx, given, 2)
	if err != nil {
		return r, err
	}
	if len(values) != 1 {
		return r, fmt.Errorf("it yields %s, and must yield the message object", map[bool]string{true: "nothing", false: "several values"}[len(values) == 0])
	}
	object, ok := values[0].(map[string]any)
	if !ok {
		return r, fmt.Errorf("it yields no object; it must yield the message object, as in .json.price = 1")
	}
	for _, name := range slices.Sorted(maps.Keys(object)) {
		if _, known := given[name]; !known {
			return r, fmt.Errorf("it adds %q, which a message object has not; what is in the body is .json.%s", name, name)
		}
	}
	return take(r, opened, object)
}

// take is the record that an object says, which was made of r.
func take(r archive.Record, opened decode.Result, object map[string]any) (archive.Record, error) {
	before, err := compact(opened.Value())
	if err != nil {
		return r, err
	}
	after, err := compact(object["json"])
	if err != nil {
		return r, err
	}
	delete(object, "json")
	line, err := compact(object)
	if err != nil {
		return r, err
	}
	out := r
	out.MessageAttributes, out.Attributes = nil, nil
	if err := json.Unmarshal([]byte(line), &out); err != nil {
		return r, fmt.Errorf("it yields no message object: %w", err)
	}
	if before == after || out.Body != r.Body {
		return out, nil
	}
	if len(opened.Stages) > 1 {
		return r, fmt.Errorf("its json is inside %s, which cannot be written anew; change .body", strings.TrimSuffix(opened.Chain(), " › JSON"))
	}
	out.Body, out.BodyEncoding = after, "text"
	return out, nil
}

// compact is a value as JSON without blanks, and with <, > and & as they are.
func compact(v any) (string, error) {
	var b bytes.Buffer
	e := json.NewEncoder(&b)
	e.SetEscapeHTML(false)
	if err := e.Encode(v); err != nil {
		return "", err
	}
	return strings.TrimSuffix(b.String(), "\n"), nil
}
