package decode

import (
	"encoding/base64"
	"unicode/utf8"

	"sqscope/backend"
)

// Object is a message as queries see it: the message object of the command line
// (DESIGN.md section 7) as jq takes values, and json, the body behind all its
// wrappings or null. The body and json are those of the result: give a masked one
// and nothing that is masked can be found.
func Object(queue backend.ARN, m backend.Message, state backend.State, r Result) map[string]any {
	o := map[string]any{
		"messageId": m.MessageId, "queueArn": queue.String(), "md5OfBody": m.MD5OfBody, "state": string(state),
		"bodyEncoding": "text", "body": r.Body(), "json": r.Value(),
	}
	if body := r.Body(); !utf8.ValidString(body) {
		o["bodyEncoding"], o["body"] = "base64", base64.StdEncoding.EncodeToString([]byte(body))
	}
	attributes := make(map[string]any, len(m.Attributes))
	for name, value := range m.Attributes {
		attributes[name] = value
	}
	o["attributes"] = attributes
	typed := make(map[string]any, len(m.MessageAttributes))
	for name, a := range m.MessageAttributes {
		value := map[string]any{"dataType": a.DataType}
		if a.StringValue.Set {
			value["stringValue"] = a.StringValue.Value
		}
		if len(a.BinaryValue) > 0 {
			value["binaryValue"] = base64.StdEncoding.EncodeToString(a.BinaryValue)
		}
		typed[name] = value
	}
	o["messageAttributes"] = typed
	return o
}
