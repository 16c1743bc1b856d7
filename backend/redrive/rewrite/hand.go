package rewrite

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"

	"sqscope/backend"
	"sqscope/backend/archive"
	"sqscope/backend/decode"
)

// sheet is what of a message may be changed by hand: its body, as JSON where it is
// nothing else, its attributes, its group and its deduplication id.
type sheet struct {
	JSON  json.RawMessage `json:"json,omitempty"`
	Body  *string         `json:"body,omitempty"`
	Base  *string         `json:"bodyBase64,omitempty"`
	Attrs json.RawMessage `json:"messageAttributes,omitempty"`
	Group string          `json:"messageGroupId,omitempty"`
	Dedup string          `json:"messageDeduplicationId,omitempty"`
}

// Sheet is a message as a person edits it: an indented JSON object.
func Sheet(ctx context.Context, r archive.Record) ([]byte, error) {
	m, err := r.Message()
	if err != nil {
		return nil, err
	}
	s := sheet{Group: r.Attributes[backend.SysMessageGroupId], Dedup: r.Attributes[backend.SysMessageDeduplicationId]}
	opened := decode.Decode(ctx, m.Body, m.MessageAttributes)
	switch {
	case r.BodyEncoding == "base64":
		s.Base = &r.Body
	case len(opened.Stages) == 1 && opened.Last().Kind == decode.JSON:
		s.JSON = json.RawMessage(m.Body)
	default:
		s.Body = &r.Body
	}
	if len(r.MessageAttributes) > 0 {
		if s.Attrs, err = json.Marshal(r.MessageAttributes); err != nil {
			return nil, err
		}
	}
	var b bytes.Buffer
	e := json.NewEncoder(&b)
	e.SetEscapeHTML(false)
	e.SetIndent("", "  ")
	err = e.Encode(s)
	return b.Bytes(), err
}

// OfSheet is a message as it was edited. What stands in the sheet as it did before
// is the same to the byte. The error says what is wrong with it.
func OfSheet(before, after []byte, r archive.Record) (archive.Record, error) {
	var old, s sheet
	if err := json.Unmarshal(before, &old); err != nil {
		return r, err
	}
	d := json.NewDecoder(bytes.NewReader(after))
	d.DisallowUnknownFields()
	if err := d.Decode(&s); err != nil {
		return r, fmt.Errorf("it is no message any more: %w", err)
	}
	if d.More() {
		return r, fmt.Errorf("something stands behind the message")
	}
	out := r
	given := 0
	for _, there := range []bool{s.JSON != nil, s.Body != nil, s.Base != nil} {
		if there {
			given++
		}
	}
	switch {
	case given != 1:
		return r, fmt.Errorf("it needs one of json, body and bodyBase64")
	case s.JSON != nil && bytes.Equal(s.JSON, old.JSON):
	case s.JSON != nil:
		var b bytes.Buffer
		if err := json.Compact(&b, s.JSON); err != nil {
			return r, err
		}
		out.Body, out.BodyEncoding = b.String(), "text"
	case s.Body != nil:
		out.Body, out.BodyEncoding = *s.Body, "text"
	default:
		out.Body, out.BodyEncoding = *s.Base, "base64"
	}
	out.MessageAttributes = nil
	if s.Attrs != nil {
		if err := json.Unmarshal(s.Attrs, &out.MessageAttributes); err != nil {
			return r, fmt.Errorf("its messageAttributes: %w", err)
		}
	}
	out.Attributes = map[string]string{}
	for name, v := range r.Attributes {
		out.Attributes[name] = v
	}
	for name, v := range map[string]string{backend.SysMessageGroupId: s.Group, backend.SysMessageDeduplicationId: s.Dedup} {
		if delete(out.Attributes, name); v != "" {
			out.Attributes[name] = v
		}
	}
	return out, nil
}
