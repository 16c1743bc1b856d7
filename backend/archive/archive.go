// Package archive writes messages to files and sends messages of files: one JSON
// object a line (DESIGN.md section 7), bodies byte for byte; and for people, who do
// not want them back, CSV and one file each. It reads what `aws sqs
// receive-message` prints as well.
//
// Promises:
//   - A file appears whole or not at all, with mode 0600: it is written beside its
//     final name, synced and renamed.
//   - What [Export] receives is given back before it returns, and so is what
//     [Gather] receives.
//   - [Import] sends nothing that it did not say before that it would, if it is told
//     where to say so, and calls sent only what SQS confirmed with the right digests.
//     Within a FIFO group nothing is sent before what is ahead of it is confirmed.
//   - A message of which masks hide something says so in the file, in the member
//     masked, and is refused by Import: a masked export is to be read, and what it
//     leaves out cannot be restored. To have it exactly, reveal it and export again.
package archive

import (
	"bytes"
	"encoding/base64"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"time"
	"unicode/utf8"

	"sqscope/backend"
	"sqscope/backend/disk"
	"sqscope/backend/jsonline"
	"sqscope/backend/rules"
)

// Record is a message as a line of a file.
type Record struct {
	MessageId         string               `json:"messageId"`
	QueueArn          string               `json:"queueArn"`
	Body              string               `json:"body"`
	BodyEncoding      string               `json:"bodyEncoding"` // text, or base64 where the body is not UTF-8
	Attributes        map[string]string    `json:"attributes"`
	MessageAttributes map[string]Attribute `json:"messageAttributes"`
	MD5OfBody         string               `json:"md5OfBody"`
	State             backend.State        `json:"state"`
	Masked            bool                 `json:"masked,omitempty"` // some of the body is hidden; see [Record.Mask]

	// DelaySeconds is the delay of a message that was never sent, 0 to 900; nil: it
	// has none of its own. SQS does not tell the delay of one that was (docs/SQS.md
	// 1.13), so no export has it.
	DelaySeconds *int `json:"delaySeconds,omitempty"`
}

// Attribute is a message attribute in a file. Binary values are base64.
type Attribute struct {
	DataType    string  `json:"dataType"`
	StringValue *string `json:"stringValue,omitempty"`
	BinaryValue []byte  `json:"binaryValue,omitempty"`
}

// RecordOf is the line for a message of a queue.
func RecordOf(queue backend.ARN, m backend.Message, state backend.State) Record {
	r := Record{
		MessageId: m.MessageId, QueueArn: queue.String(),
		Attributes: m.Attributes, MessageAttributes: map[string]Attribute{}, MD5OfBody: m.MD5OfBody, State: state,
	}
	r.Body, r.BodyEncoding = encoded(m.Body)
	for name, a := range m.MessageAttributes {
		out := Attribute{DataType: a.DataType, BinaryValue: a.BinaryValue}
		if a.StringValue.Set {
			out.StringValue = &a.StringValue.Value
		}
		r.MessageAttributes[name] = out
	}
	return r
}

// encoded is a body as a file has it, and how: a text as it is, other bytes in base64.
func encoded(body string) (text, encoding string) {
	if utf8.ValidString(body) {
		return body, "text"
	}
	return base64.StdEncoding.EncodeToString([]byte(body)), "base64"
}

// Message is the message of a record; the digest of its attributes, which a record
// has no place for, is taken anew (docs/SQS.md 4). An encoding of the body that is
// neither text nor base64 is an error, and so is a body that is not in it.
func (r Record) Message() (backend.Message, error) {
	m := backend.Message{MessageId: r.MessageId, Body: r.Body, MD5OfBody: r.MD5OfBody, Attributes: r.Attributes}
	switch r.BodyEncoding {
	case "text", "":
	case "base64":
		body, err := base64.StdEncoding.DecodeString(r.Body)
		if err != nil {
			return m, fmt.Errorf("its body is no base64: %w", err)
		}
		m.Body = string(body)
	default:
		return m, fmt.Errorf("its bodyEncoding is %q, which is neither text nor base64", r.BodyEncoding)
	}
	for name, a := range r.MessageAttributes {
		if m.MessageAttributes == nil {
			m.MessageAttributes = make(map[string]backend.MessageAttribute, len(r.MessageAttributes))
		}
		out := backend.MessageAttribute{DataType: a.DataType, BinaryValue: a.BinaryValue}
		if a.StringValue != nil {
			out.StringValue = backend.Some(*a.StringValue)
		}
		m.MessageAttributes[name] = out
	}
	m.MD5OfMessageAttributes = rules.MD5OfAttributes(m.MessageAttributes)
	return m, nil
}

// Write writes one line a record. Control and bidi characters are escaped, so
// that the file can be shown by any program.
func Write(w io.Writer, records []Record) error {
	for _, r := range records {
		var line bytes.Buffer
		enc := json.NewEncoder(&line)
		enc.SetEscapeHTML(false)
		if err := enc.Encode(r); err != nil {
			return fmt.Errorf("message %s: %w", r.MessageId, err)
		}
		if _, err := w.Write(jsonline.Escape(line.Bytes())); err != nil {
			return err
		}
	}
	return nil
}

// Evidence writes the messages of a queue into dir before they are gone, under
// a name that says when, what and where, and returns the file's path.
func Evidence(dir, act string, queue backend.ARN, at time.Time, records []Record) (string, error) {
	safe := strings.Map(func(r rune) rune {
		if r >= 'a' && r <= 'z' || r >= 'A' && r <= 'Z' || r >= '0' && r <= '9' || strings.ContainsRune("-_.", r) {
			return r
		}
		return '_'
	}, queue.Account+"-"+queue.Region+"-"+queue.Name)
	stem := filepath.Join(dir, fmt.Sprintf("%s-%s-%s", at.UTC().Format("20060102T150405.000Z"), act, safe))
	var name string
	err := disk.WriteNamed(dir, func(w io.Writer) error { return Write(w, records) }, func() (path string, err error) {
		name, err = reserve(stem)
		return name, err
	})
	if err != nil {
		return "", failed(stem, err)
	}
	return name, nil
}

// reserve makes an empty file under a name that no evidence has yet, however
// many are written in the same moment.
func reserve(stem string) (string, error) {
	for n := 1; ; n++ {
		name := stem + ".jsonl"
		if n > 1 {
			name = fmt.Sprintf("%s-%d.jsonl", stem, n)
		}
		f, err := os.OpenFile(name, os.O_CREATE|os.O_EXCL|os.O_WRONLY, 0o600)
		if errors.Is(err, fs.ErrExist) {
			continue
		}
		if err != nil {
			return "", err
		}
		return name, f.Close()
	}
}

func failed(path string, err error) error {
	return &backend.Error{Kind: backend.KindInternal, Subject: path, Message: "the evidence could not be written: " + err.Error(), Next: "nothing was deleted; make room or rights there and try again", Err: err}
}
