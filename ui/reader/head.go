package reader

import (
	"fmt"
	"maps"
	"slices"
	"strings"
	"unicode/utf8"

	"sqscope/backend"
	"sqscope/backend/decode"
	"sqscope/backend/decode/document"
	"sqscope/themes"
	"sqscope/ui/format"
	"sqscope/ui/text"
)

// fact is a line about a message. Name and value are foreign text.
type fact struct {
	name, value string
	kind        string // of an attribute, behind the value
	role        themes.Role
}

// words are the value with its type.
func (f fact) words() string {
	if f.kind == "" {
		return f.value
	}
	return f.value + "  " + f.kind
}

// facts are what SQS says of the message (docs/SQS.md 5.1).
func (r *Reader) facts() []fact {
	m, now := r.message, r.base.Conn.Now()
	var all []fact
	add := func(name, value string, role themes.Role) {
		if value != "" {
			all = append(all, fact{name: name, value: value, role: role})
		}
	}
	add("id", m.MessageId, themes.Strong)
	if sent := m.Time(backend.SysSentTimestamp); !sent.IsZero() {
		add("sent", format.Stamp(sent, r.base.Env.UTC)+" · "+format.Span(now.Sub(sent))+" ago", themes.Text)
	}
	state, role := r.stand(m.Message)
	if first := m.Time(backend.SysApproximateFirstReceiveTimestamp); !first.IsZero() && m.ReceiveCount > 0 {
		state = text.Join(state, text.Const(", first "+format.Span(now.Sub(first))+" ago"))
	}
	add("state", state.String(), role)
	if !m.Expires.IsZero() {
		add("lost in", format.Span(m.Expires.Sub(now))+", when its retention ends", themes.Text)
	}
	for _, a := range []struct{ name, attribute string }{
		{"group", backend.SysMessageGroupId},
		{"dedup id", backend.SysMessageDeduplicationId},
		{"sequence", backend.SysSequenceNumber},
		{"from", backend.SysDeadLetterQueueSourceArn},
		{"trace", backend.SysAWSTraceHeader},
	} {
		add(a.name, m.Attributes[a.attribute], themes.Text)
	}
	return all
}

// asides are what SQS says too and what is seldom asked for.
func (r *Reader) asides() []fact {
	m := r.message
	all := []fact{{name: "size", value: format.Size(len(m.Body)) + " · md5 " + m.MD5OfBody, role: themes.Dim}}
	if sender := m.Attributes[backend.SysSenderId]; sender != "" {
		all = append(all, fact{name: "sender", value: sender, role: themes.Dim})
	}
	return all
}

func (r *Reader) attributes() []fact {
	var all []fact
	for _, name := range slices.Sorted(maps.Keys(r.message.MessageAttributes)) {
		a := r.message.MessageAttributes[name]
		role := themes.Text
		if strings.HasPrefix(a.DataType, "Number") {
			role = themes.Number
		}
		value, kind := valueOf(a)
		all = append(all, fact{name, value, kind, role})
	}
	return all
}

// AttributeWords is the value of an attribute with its type. Bytes are shown as
// text where they are that, else as hex.
func AttributeWords(a backend.MessageAttribute) string {
	value, kind := valueOf(a)
	return value + "  " + kind
}

func valueOf(a backend.MessageAttribute) (value, kind string) {
	if a.BinaryValue == nil {
		return a.StringValue.Value, "(" + a.DataType + ")"
	}
	kind = "(" + a.DataType + ", " + format.Size(len(a.BinaryValue)) + ")"
	if utf8.Valid(a.BinaryValue) && text.Hidden(string(a.BinaryValue)) == 0 {
		return string(a.BinaryValue), kind
	}
	return fmt.Sprintf("% x", a.BinaryValue), kind
}

// envelope are the facts of all layers of an opened body. Of what was unpacked
// nobody asks how many bytes it had.
func envelope(result *decode.Result) []fact {
	var all []fact
	for i := range result.Stages {
		if kind := result.Stages[i].Kind; (kind == decode.Gzip || kind == decode.Zlib) && i < len(result.Stages)-1 {
			continue
		}
		for _, f := range result.Facts(i) {
			all = append(all, fact{name: f.Name, value: f.Value, role: themes.Text})
		}
	}
	return all
}

// chain are the layers of a body from the outside in, the chosen one in brackets.
func chain(result *decode.Result, stage int) string {
	names := make([]string, len(result.Stages))
	for i, s := range result.Stages {
		names[i] = s.Kind.String()
		if i == stage {
			names[i] = "[" + names[i] + "]"
		}
	}
	return strings.Join(names, " › ")
}

// headText is the head for [inFull].
func (r *Reader) headText() []fact {
	all := append(r.facts(), r.asides()...)
	attributes := r.attributes()
	if len(attributes) > 0 {
		all = append(all, fact{name: format.Plural(len(attributes), "attribute")})
	}
	for _, a := range attributes {
		a.name = "  " + a.name
		all = append(all, a)
	}
	return all
}

// inFull is all that is known of a message beside its body, as text that can be
// read, searched and copied. A value of several lines is quoted, so that none of
// them passes for a fact.
func inFull(head []fact, result decode.Result) string {
	for i := range result.Stages {
		facts := result.Facts(i)
		if len(facts) > 0 {
			head = append(head, fact{name: result.Stages[i].Kind.String()})
		}
		for _, f := range facts {
			head = append(head, fact{name: "  " + f.Name, value: f.Value})
		}
	}
	const widest = 24
	label := 0
	for _, f := range head {
		if n := text.Clean(f.name).Width(); f.value != "" && n <= widest {
			label = max(label, n)
		}
	}
	var b strings.Builder
	for i, f := range head {
		if i > 0 {
			b.WriteByte('\n')
		}
		b.WriteString(onOneLine(f.name))
		if f.value != "" {
			b.WriteString(strings.Repeat(" ", max(label-text.Clean(f.name).Width(), 0)+2))
			f.value = onOneLine(f.value)
			b.WriteString(f.words())
		}
	}
	return b.String()
}

func onOneLine(s string) string {
	if strings.ContainsAny(s, "\r\n") {
		return document.Quote(s)
	}
	return s
}
