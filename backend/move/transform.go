package move

import (
	"bytes"
	"encoding/base64"
	"fmt"
	"maps"
	"slices"

	"sqscope/backend"
	"sqscope/backend/archive"
)

// edited is what a transformation may change.
type edited struct {
	body         string
	attributes   map[string]backend.MessageAttribute
	group, dedup string
}

// transform has a message changed, and refuses any change but of what may differ.
func transform(f func(Object) (Object, error), queue backend.ARN, m backend.Message) (edited, *backend.Error) {
	refused := func(format string, args ...any) (edited, *backend.Error) {
		e := backend.Errorf(backend.KindInvalid, format, args...)
		e.Subject, e.Next = m.MessageId, "it was left; correct the transformation"
		return edited{}, e
	}
	before := archive.RecordOf(queue, m, backend.StateInFlight)
	after, err := f(clone(before))
	if err != nil {
		return refused("the transformation failed: %v", err)
	}
	if name := differs(before, after); name != "" {
		return refused("the transformation changed %s; only body, message attributes, group and deduplication id may differ", name)
	}
	e := edited{
		body: after.Body, attributes: map[string]backend.MessageAttribute{},
		group: after.Attributes[backend.SysMessageGroupId], dedup: after.Attributes[backend.SysMessageDeduplicationId],
	}
	switch after.BodyEncoding {
	case "text":
	case "base64":
		raw, err := base64.StdEncoding.DecodeString(after.Body)
		if err != nil {
			return refused("the transformation's body is no base64: %v", err)
		}
		e.body = string(raw)
	default:
		return refused("the transformation's bodyEncoding is %q, not text or base64", after.BodyEncoding)
	}
	for name, a := range after.MessageAttributes {
		out := backend.MessageAttribute{DataType: a.DataType, BinaryValue: a.BinaryValue}
		if a.StringValue != nil {
			out.StringValue = backend.Some(*a.StringValue)
		}
		e.attributes[name] = out
	}
	if len(e.attributes) == 0 {
		e.attributes = nil
	}
	return e, nil
}

// clone is a copy that shares nothing, so that what is changed in place is seen.
func clone(r Object) Object {
	r.Attributes, r.MessageAttributes = maps.Clone(r.Attributes), maps.Clone(r.MessageAttributes)
	for name, a := range r.MessageAttributes {
		if a.StringValue != nil {
			s := *a.StringValue
			a.StringValue = &s
		}
		a.BinaryValue = bytes.Clone(a.BinaryValue)
		r.MessageAttributes[name] = a
	}
	return r
}

// differs names the first part of an object that differs and may not. The digest
// of the body follows from the body, whatever the transformation left there.
func differs(a, b Object) string {
	switch {
	case a.MessageId != b.MessageId:
		return "messageId"
	case a.QueueArn != b.QueueArn:
		return "queueArn"
	case a.State != b.State:
		return "state"
	}
	names := slices.Sorted(maps.Keys(a.Attributes))
	for name := range b.Attributes {
		if _, ok := a.Attributes[name]; !ok {
			names = append(names, name)
		}
	}
	for _, name := range names {
		if name == backend.SysMessageGroupId || name == backend.SysMessageDeduplicationId {
			continue
		}
		before, had := a.Attributes[name]
		after, has := b.Attributes[name]
		if before != after || had != has {
			return fmt.Sprintf("the attribute %s", name)
		}
	}
	return ""
}
