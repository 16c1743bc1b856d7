package messages

import (
	"context"
	"sort"
	"strconv"
	"strings"
	"time"
	"unicode/utf8"

	tea "charm.land/bubbletea/v2"

	"sqscope/backend"
	"sqscope/backend/peek"
	"sqscope/themes"
	"sqscope/ui/format"
	"sqscope/ui/screen"
	"sqscope/ui/text"
	"sqscope/ui/widget"
)

// reader shows one message: what SQS says of it, its attributes, its body. The
// body is made ready in a command; until then the reader says so.
type reader struct {
	room  int    // cells for the body, as last drawn
	id    string // of the message whose body is shown or being made ready
	raw   bool
	made  bool
	body  widget.Body
	marks int // hidden characters in the body
	n     int // number of the last preparation
}

type prepared struct {
	n     int
	doc   *widget.Document
	marks int
}

func (r *reader) clear() { r.id, r.made = "", false }

// ready takes a body that has been made ready, unless another is wanted by now.
func (r *reader) ready(p prepared) {
	if p.n == r.n {
		r.body.SetDocument(p.doc)
		r.made, r.marks = true, p.marks
	}
}

// prepare makes the body of a message ready beside the program, if it is not
// the one that is shown.
func (m *Model) prepare(msg peek.Message) tea.Cmd {
	if m.reader.id == msg.MessageId {
		return nil
	}
	m.reader.id, m.reader.made = msg.MessageId, false
	m.reader.body = widget.Body{}
	return m.makeReady(msg.Body)
}

func (m *Model) makeReady(body string) tea.Cmd {
	m.reader.n++
	n, pretty, room := m.reader.n, !m.reader.raw, m.reader.room
	return m.Do(screen.ReadLimit, func(context.Context) tea.Msg {
		doc := widget.Prepare(body, pretty)
		if room > 0 {
			doc = doc.At(room) // laid out here, so that the first view need not
		}
		return prepared{n, doc, text.Hidden(body)}
	})
}

func (m *Model) toggleRaw() tea.Cmd {
	m.reader.raw = !m.reader.raw
	return m.makeReady(m.message().Body)
}

// readerView draws the message under the cursor.
func (m *Model) readerView(w, h int) string {
	t, msg := m.Env.Theme, m.message()
	m.reader.room = w
	if msg == nil {
		return widget.Center(t.Paint(themes.Dim, "no message"), w, h)
	}
	lines := m.headLines(*msg, w)
	if room := max(3, h/2); len(lines) > room {
		lines = append(lines[:room-1], t.Paint(themes.Dim, text.Sprintf("… %d more; taller windows show them", len(lines)-room+1).String()))
	}
	title := "body"
	if m.reader.raw {
		title = "body, raw"
	}
	if n := m.reader.marks; n > 0 && m.reader.made {
		title += " · " + format.Plural(n, "hidden or control character") + " made visible"
	}
	if s := m.reader.body.MatchWords(); s != "" {
		title += " · " + s
	}
	role := themes.Faint
	if m.reading {
		role = themes.Accent
	}
	head := text.Clean("── " + title + " ").Truncate(w)
	lines = append(lines, t.Paint(role, head.String()+strings.Repeat("─", max(0, w-head.Width()))))
	for i := range lines {
		lines[i] = widget.Fit(lines[i], w)
	}
	rest := h - len(lines)
	if !m.reader.made {
		return strings.Join(lines, "\n") + "\n" + widget.Center(t.Paint(themes.Dim, "making it readable …"), w, rest)
	}
	return strings.Join(lines, "\n") + "\n" + m.reader.body.View(w, rest, t)
}

// headLines are what SQS says of a message, then the attributes of its sender.
func (m *Model) headLines(msg peek.Message, w int) []string {
	t, labels := m.Env.Theme, 9
	for name := range msg.MessageAttributes {
		labels = max(labels, min(text.Clean(name).Width(), w/3))
	}
	var lines []string
	add := func(name, value string, role themes.Role) {
		label := text.Clean(name).Pad(labels)
		for _, l := range widget.Wrap(text.Clean(value), max(1, w-labels-1)) {
			lines = append(lines, t.Paint(themes.Dim, label.String()+" ")+t.Paint(role, l.String()))
			label = text.Safe{}.Pad(labels)
		}
	}
	add("id", msg.MessageId, themes.Strong)
	if sent := sentAt(msg); !sent.IsZero() {
		add("sent", format.Stamp(sent, m.Env.UTC)+" · "+m.age(sent)+" ago", themes.Text)
	}
	state := m.stateCell(msg)
	add("state", state.Text.String()+" · "+m.receivesWords(msg), state.Role)
	if !msg.Expires.IsZero() {
		add("lost in", format.Span(msg.Expires.Sub(m.Conn.Now()))+", when its retention ends", themes.Text)
	}
	for _, a := range []struct{ name, attr string }{
		{"group", backend.SysMessageGroupId},
		{"dedup id", backend.SysMessageDeduplicationId},
		{"sequence", backend.SysSequenceNumber},
		{"from", backend.SysDeadLetterQueueSourceArn},
		{"trace", backend.SysAWSTraceHeader},
		{"sender", backend.SysSenderId},
	} {
		if v := msg.Attributes[a.attr]; v != "" {
			add(a.name, v, themes.Text)
		}
	}
	add("size", format.Size(len(msg.Body))+" · md5 "+msg.MD5OfBody, themes.Dim)
	for _, name := range names(msg.MessageAttributes) {
		a := msg.MessageAttributes[name]
		add(name, attributeWords(a), themes.Text)
	}
	return lines
}

func (m *Model) receivesWords(msg peek.Message) string {
	s := format.Plural(msg.ReceiveCount, "receive")
	if limit := m.maxReceives(); limit > 0 {
		s += " of " + strconv.Itoa(limit)
		if msg.ReceiveCount >= limit {
			s += ", the next one dead-letters it"
		}
	}
	if first := millis(msg, backend.SysApproximateFirstReceiveTimestamp); !first.IsZero() && msg.ReceiveCount > 0 {
		s += ", first " + m.age(first) + " ago"
	}
	return s
}

func names(attrs map[string]backend.MessageAttribute) []string {
	out := make([]string, 0, len(attrs))
	for name := range attrs {
		out = append(out, name)
	}
	sort.Strings(out)
	return out
}

// attributeWords is the value of an attribute with its type. Bytes are shown as
// text where they are that, else as hex.
func attributeWords(a backend.MessageAttribute) string {
	if a.BinaryValue == nil {
		return a.StringValue.Value + "  (" + a.DataType + ")"
	}
	kind := "  (" + a.DataType + ", " + format.Size(len(a.BinaryValue)) + ")"
	if utf8.Valid(a.BinaryValue) {
		return string(a.BinaryValue) + kind
	}
	const most = 32
	var hex strings.Builder
	for i, b := range a.BinaryValue {
		if i == most {
			hex.WriteString("…")
			break
		}
		hex.WriteString(strconv.FormatUint(uint64(b)|0x100, 16)[1:] + " ")
	}
	return strings.TrimSpace(hex.String()) + kind
}

// leaseLeft is how long the soonest of our leases lasts, or 0.
func (m *Model) leaseLeft() (left time.Duration, n int) {
	now := time.Now()
	for i := range m.all {
		if d := m.all[i].LeaseEnds.Sub(now); d > 0 {
			n++
			if left == 0 || d < left {
				left = d
			}
		}
	}
	return left, n
}
