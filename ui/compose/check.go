package compose

import (
	"context"
	"errors"
	"strings"
	"time"

	tea "charm.land/bubbletea/v2"

	"sqscope/backend"
	"sqscope/backend/decode/document"
	"sqscope/backend/memo"
	"sqscope/backend/outbox"
	"sqscope/backend/rules"
	"sqscope/themes"
	"sqscope/ui/format"
	"sqscope/ui/screen"
	"sqscope/ui/text"
)

// verdict is what can be said of what is written.
type verdict struct {
	made   bool // false: a long body is being looked at
	size   int  // as SQS counts it, without what is in files
	json   bool
	wrong  *document.Error // it begins as JSON and is none; nil: it is JSON, or was never meant to be
	line   int             // where
	column int
	faults []*outbox.Fault
}

type (
	judged struct {
		turn int
		verdict
	}
	due struct{ turn int }
)

// Bodies up to this many bytes are looked at with every key; longer ones beside the
// program, once nobody has typed for a moment.
const (
	quickBytes = 32 << 10
	pause      = 300 * time.Millisecond
)

// judge looks at what is written.
func (m *Model) judge() tea.Cmd {
	m.turn++
	if m.body.Bytes() <= quickBytes {
		m.verdict = judge(m.draft(), m.rule)
		return nil
	}
	m.verdict.made = false
	return m.After(pause, due{m.turn})
}

func (m *Model) judgeAside() tea.Cmd {
	d, rule, turn := m.draft(), m.rule, m.turn
	return m.Do(screen.ReadLimit, func(context.Context) tea.Msg { return judged{turn, judge(d, rule)} })
}

func judge(d outbox.Draft, rule rules.Queue) verdict {
	v := verdict{made: true, size: d.Size(), faults: d.Faults(rule)}
	_, err := document.Parse(d.Body)
	v.json = err == nil
	begins := strings.TrimLeft(d.Body, " \t\r\n")
	if begins != "" && strings.ContainsAny(begins[:1], "{[") && errors.As(err, &v.wrong) {
		v.line, v.column = position(d.Body, v.wrong.Offset)
	}
	return v
}

// position is the line and column of a byte, both from 1, the column in characters.
func position(s string, at int) (line, column int) {
	at = min(at, len(s))
	begin := strings.LastIndexByte(s[:at], '\n') + 1
	return strings.Count(s[:at], "\n") + 1, len([]rune(s[begin:at])) + 1
}

// bodyWords say what the body is.
func (m *Model) bodyWords() (themes.Role, text.Safe) {
	v := m.verdict
	switch {
	case m.body.Bytes() == 0:
		return themes.Dim, text.Safe{}
	case !v.made:
		return themes.Dim, text.Const("being looked at …")
	case v.json:
		return themes.Good, text.Const("✓ JSON")
	case v.wrong != nil:
		words := text.Sprintf("! no JSON at %d:%d: %s", v.line, v.column, v.wrong.Problem)
		if v.wrong.Expected != "" {
			words = text.Join(words, text.Sprintf(", expected %s", v.wrong.Expected))
		}
		return themes.Warn, text.Join(words, text.Const("; it can be sent as it stands"))
	}
	return themes.Dim, text.Const("plain text")
}

// fault is what is wrong with a field: what SQS was asked about, or what can be seen
// already.
func (m *Model) fault(part outbox.Part, row int) *backend.Error {
	if f := m.refused; f != nil && f.Part == part && (part != outbox.PartAttribute || f.Row == row) {
		return f.Err
	}
	for _, f := range m.verdict.faults {
		if f.Part == part && (part != outbox.PartAttribute || f.Row == row) {
			return f.Err
		}
	}
	return nil
}

// notice is what will happen that somebody may not want, at a field.
func (m *Model) notice(part outbox.Part) text.Safe {
	if part != outbox.PartDedup {
		return text.Safe{}
	}
	s, ok := m.same()
	if !ok {
		return text.Safe{}
	}
	ago := format.Span(m.Conn.Now().Sub(s.At))
	if m.lines[outbox.PartDedup].Value() == "" {
		return text.Sprintf("the same body was sent %s ago: SQS accepts this one too, and swallows it", ago)
	}
	return text.Sprintf("sent with this id %s ago: SQS accepts it again, and swallows it", ago)
}

// same is a message of ours that SQS takes this one for, if there was one in the last
// five minutes (docs/SQS.md 8.1).
func (m *Model) same() (memo.Sent, bool) {
	if !m.rule.FIFO || m.body.Bytes() > quickBytes {
		return memo.Sent{}, false
	}
	now, body := m.Conn.Now(), m.body.Value()
	group, dedup := m.lines[outbox.PartGroup].Value(), m.lines[outbox.PartDedup].Value()
	for _, s := range m.Sent(m.queue) {
		d := s.Draft
		equal := dedup != "" && d.Dedup == dedup || dedup == "" && d.Dedup == "" && m.rule.ContentBasedDeduplication && d.Body == body
		if equal && now.Sub(s.At) < rules.DeduplicationWindow && (!m.known.perGroup || d.Group == group) {
			return s, true
		}
	}
	return memo.Sent{}, false
}

func (m *Model) placeholder(p outbox.Part) string {
	switch p {
	case outbox.PartGroup:
		if m.rule.FIFO {
			return "needed: messages of a group keep their order"
		}
		return "optional: the tenant, for fair queues"
	case outbox.PartDedup:
		switch {
		case !m.rule.FIFO:
			return "standard queues have none"
		case m.rule.ContentBasedDeduplication:
			return "empty: the SHA-256 of the body"
		}
		return "needed: the same id within 5 minutes is swallowed"
	case outbox.PartDelay:
		switch {
		case m.rule.FIFO:
			return "of a FIFO queue only, not of one message"
		case m.known.read:
			return "0 to 900 s; empty: the queue's own, " + format.Setting(m.known.delay)
		}
		return "0 to 900 s; empty: the queue's own"
	}
	return "optional: AWS X-Ray's, as Root=1-5759e988-…"
}

// explain says what will happen with the field that has the keys.
func (m *Model) explain() text.Safe {
	scope := "queue"
	if m.known.perGroup {
		scope = "group"
	}
	switch m.at.part {
	case outbox.PartBody:
		return text.Const("any text that XML 1.0 has characters for; it arrives byte for byte")
	case outbox.PartGroup:
		switch {
		case !m.rule.FIFO:
			return text.Const("fair queues: a tenant with much does not hold up others; no order is kept")
		case m.known.throughput:
			return text.Const("in order within a group; high throughput counts per group, so use many")
		}
		return text.Const("a group comes in order, and while one of it is in flight the others wait")
	case outbox.PartDedup:
		if m.again != nil {
			return text.Sprintf("a new id: the one it had may be swallowed within 5 minutes in the %s", scope)
		}
		if m.rule.ContentBasedDeduplication {
			return text.Sprintf("the same id (without one: body) within 5 min in the %s is swallowed", scope)
		}
		return text.Sprintf("an id used within 5 min in the %s: the message is accepted and swallowed", scope)
	case outbox.PartDelay:
		return text.Const("nobody can receive it before that; until then it counts as delayed")
	case outbox.PartTrace:
		return text.Const("travels as AWSTraceHeader, and does not count against the size")
	}
	switch m.at.column {
	case inName:
		return text.Sprintf("letters, digits, _ - and . ; %d attributes at most", rules.MaxMessageAttributes)
	case inType:
		return text.Const("String, Number or Binary, and a label of your own behind a period if wanted")
	}
	if m.rows[m.at.row].attribute().Binary() {
		return text.Const("text, or hex:00ff, base64:AP8= or @file; ctrl+o chooses")
	}
	return text.Const("name, type and value count against the size of the message")
}
