package messages

import (
	"cmp"
	"encoding/json"
	"math/big"
	"slices"
	"strconv"
	"strings"
	"time"

	"sqscope/backend"
	"sqscope/backend/config"
	"sqscope/backend/decode/query"
	"sqscope/backend/peek"
	"sqscope/themes"
	"sqscope/ui/format"
	"sqscope/ui/reader"
	"sqscope/ui/text"
	"sqscope/ui/widget"
)

// column is one that the list can have.
type column struct {
	id   string // for the configuration and the memo
	word string // for people
	help string
	head widget.Column
	cell func(m *Model, msg *peek.Message) widget.Cell
	sort func(m *Model, msg *peek.Message) value
	path *query.Query // of a column that shows what a jq path leads to
}

// value is what a column is sorted by. Numbers stand before texts, the largest
// first; what is not known stands behind both, whichever way round.
type value struct {
	known, isNumber bool
	number          float64
	words           string
}

func number(n float64, known bool) value { return value{known: known, isNumber: true, number: n} }

func words(s string) value { return value{known: s != "", words: s} }

func compare(a, b value, reverse bool) int {
	switch {
	case a.known != b.known && a.known:
		return -1
	case a.known != b.known:
		return 1
	case a.isNumber != b.isNumber && a.isNumber:
		return -1
	case a.isNumber != b.isNumber:
		return 1
	}
	c := cmp.Compare(b.number, a.number)
	if !a.isNumber {
		c = strings.Compare(a.words, b.words)
	}
	if reverse {
		c = -c
	}
	return c
}

// columns are those that every message has; config.MessageColumns names them. Where
// there is no room for a number the column that matters least goes, and no number is
// cut.
var columns = []column{
	{
		id: "age", word: "age", help: "how long ago it was sent",
		head: widget.Column{Title: "AGE", Min: 6, Whole: 7, Max: 8, Right: true},
		cell: func(m *Model, msg *peek.Message) widget.Cell {
			return widget.Cell{Text: text.Const(m.age(msg.Time(backend.SysSentTimestamp))), Role: themes.Text}
		},
		sort: func(m *Model, msg *peek.Message) value { return older(msg.Time(backend.SysSentTimestamp)) },
	},
	{
		id: "sent", word: "sent", help: "when it was sent, in UTC or local time",
		head: widget.Column{Title: "SENT", Min: 23, Max: 24, Priority: 4},
		cell: func(m *Model, msg *peek.Message) widget.Cell {
			return known(format.Stamp(msg.Time(backend.SysSentTimestamp), m.Env.UTC), themes.Text)
		},
		sort: func(m *Model, msg *peek.Message) value { return older(msg.Time(backend.SysSentTimestamp)) },
	},
	{
		id: "state", word: "state", help: "visible, in flight, delayed, or leased by us, and until when",
		head: widget.Column{Title: "STATE", Min: 7, Whole: 9, Max: 17},
		cell: func(m *Model, msg *peek.Message) widget.Cell { return m.stateCell(*msg) },
		sort: func(m *Model, msg *peek.Message) value { return words(m.stateCell(*msg).Text.String()) },
	},
	{
		id: "lease", word: "lease", help: "how long our lease of it still lasts",
		head: widget.Column{Title: "LEASE", Min: 6, Whole: 8, Max: 8, Right: true, Priority: 6},
		cell: (*Model).leaseCell,
		sort: func(_ *Model, msg *peek.Message) value {
			left := time.Until(msg.LeaseEnds)
			return number(left.Seconds(), left > 0)
		},
	},
	{
		id: "receives", word: "receives", help: "how often it was received, of how often it may be",
		head: widget.Column{Title: "RECV", Min: 4, Whole: 5, Max: 9, Right: true},
		cell: func(m *Model, msg *peek.Message) widget.Cell { return m.receivesCell(*msg) },
		sort: func(_ *Model, msg *peek.Message) value { return number(float64(msg.ReceiveCount), true) },
	},
	{
		id: "redriven", word: "redriven", help: "how often it was redriven before, as far as our records tell",
		head: widget.Column{Title: "REDRIVEN", Min: 8, Max: 8, Right: true, Priority: 2},
		cell: (*Model).redrivenCell,
		sort: func(m *Model, msg *peek.Message) value { return number(float64(m.times(msg)), true) },
	},
	{
		id: "group", word: "group", help: "its message group",
		head: widget.Column{Title: "GROUP", Min: 6, Max: 20, Priority: 1},
		cell: func(_ *Model, msg *peek.Message) widget.Cell { return known(msg.GroupId(), themes.Fifo) },
		sort: func(_ *Model, msg *peek.Message) value { return words(msg.GroupId()) },
	},
	{
		id: "dedup", word: "dedup id", help: "its deduplication id",
		head: widget.Column{Title: "DEDUP ID", Min: 8, Max: 36, Middle: true, Priority: 6},
		cell: system(backend.SysMessageDeduplicationId),
		sort: systemWords(backend.SysMessageDeduplicationId),
	},
	{
		id: "id", word: "id", help: "its message id",
		head: widget.Column{Title: "ID", Min: 8, Max: 36, Middle: true, Priority: 5},
		cell: func(_ *Model, msg *peek.Message) widget.Cell { return known(msg.MessageId, themes.Dim) },
		sort: func(_ *Model, msg *peek.Message) value { return words(msg.MessageId) },
	},
	{
		id: "source", word: "source", help: "the queue that it was dead-lettered from",
		head: widget.Column{Title: "FROM", Min: 8, Max: 30, Middle: true, Priority: 3},
		cell: func(_ *Model, msg *peek.Message) widget.Cell { return known(source(msg), themes.Text) },
		sort: func(_ *Model, msg *peek.Message) value { return words(source(msg)) },
	},
	{
		id: "size", word: "size", help: "the size of its body",
		head: widget.Column{Title: "SIZE", Min: 6, Whole: 8, Max: 10, Right: true, Priority: 4},
		cell: func(_ *Model, msg *peek.Message) widget.Cell {
			return widget.Cell{Text: text.Const(format.Size(len(msg.Body))), Role: themes.Dim}
		},
		sort: func(_ *Model, msg *peek.Message) value { return number(float64(len(msg.Body)), true) },
	},
	{
		id: "lost", word: "lost in", help: "when its retention ends; — where that does not follow from what the message says",
		head: widget.Column{Title: "LOST IN", Min: 7, Max: 8, Right: true, Priority: 1},
		cell: (*Model).lostCell,
		sort: func(_ *Model, msg *peek.Message) value { return older(msg.Expires) },
	},
	{
		id: "body", word: "body", help: "how its body begins",
		head: widget.Column{Title: "BODY", Min: 12, Max: 400, Flex: 1},
		cell: (*Model).bodyCell,
		sort: func(m *Model, msg *peek.Message) value { return words(m.beginning(msg).String()) },
	},
}

// older sorts the earliest first.
func older(t time.Time) value { return number(-float64(t.UnixMilli()), !t.IsZero()) }

func known(s string, role themes.Role) widget.Cell {
	if s == "" {
		return widget.Cell{Text: text.Const(format.Unknown), Role: themes.Faint}
	}
	return widget.Cell{Text: text.Clean(s), Role: role}
}

func system(name string) func(*Model, *peek.Message) widget.Cell {
	return func(_ *Model, msg *peek.Message) widget.Cell { return known(msg.Attributes[name], themes.Text) }
}

func systemWords(name string) func(*Model, *peek.Message) value {
	return func(_ *Model, msg *peek.Message) value { return words(msg.Attributes[name]) }
}

// source is the name of the queue that a message was dead-lettered from.
func source(msg *peek.Message) string {
	from := msg.Attributes[backend.SysDeadLetterQueueSourceArn]
	if arn, ok := backend.ParseARN(from); ok {
		return arn.Name
	}
	return from
}

// columnOf makes the column with an id. The error of one that there cannot be is
// of KindInvalid.
func columnOf(id string) (column, error) {
	if i := slices.IndexFunc(columns, func(c column) bool { return c.id == id }); i >= 0 {
		return columns[i], nil
	}
	if name, ok := strings.CutPrefix(id, config.ColumnAttribute); ok && name != "" {
		return attributeColumn(id, name), nil
	}
	if !strings.HasPrefix(id, config.ColumnPath) {
		return column{}, &backend.Error{Kind: backend.KindInvalid, Subject: id, Message: "is no column of messages", Next: "write attribute:NAME, or a jq path that begins with a dot"}
	}
	q, err := query.Compile(id)
	if err != nil {
		return column{}, err
	}
	return pathColumn(id, q), nil
}

// attributeColumn shows a message attribute, or one of SQS's own.
func attributeColumn(id, name string) column {
	return column{
		id: id, word: name, help: "an attribute",
		head: widget.Column{Title: strings.ToUpper(text.Clean(name).String()), Min: 6, Max: 30, Priority: 3},
		cell: func(_ *Model, msg *peek.Message) widget.Cell { return known(attribute(msg, name), themes.Text) },
		sort: func(_ *Model, msg *peek.Message) value {
			s := attribute(msg, name)
			if _, own := msg.Attributes[name]; own || strings.HasPrefix(msg.MessageAttributes[name].DataType, "Number") {
				if n, err := strconv.ParseFloat(s, 64); err == nil {
					return number(n, true)
				}
			}
			return words(s)
		},
	}
}

// attribute is the value of an attribute that a sender gave, else of one of
// SQS's own.
func attribute(msg *peek.Message, name string) string {
	a, ok := msg.MessageAttributes[name]
	switch {
	case !ok:
		return msg.Attributes[name]
	case a.BinaryValue != nil:
		return reader.AttributeWords(a)
	}
	return a.StringValue.Value
}

// pathColumn shows what a jq path leads to in the message's object. It is worked
// out beside the program and kept for each message.
func pathColumn(id string, q *query.Query) column {
	title := id[strings.LastIndexByte(id, '.')+1:]
	return column{
		id: id, word: id, help: "a jq path", path: q,
		head: widget.Column{Title: strings.ToUpper(text.Clean(cmp.Or(title, id)).String()), Min: 6, Max: 30, Priority: 3},
		cell: func(m *Model, msg *peek.Message) widget.Cell {
			f := m.facts[msg.MessageId]
			if f == nil {
				return widget.Cell{Text: text.Const("…"), Role: themes.Faint}
			}
			c := known(query.Cell(f.values[id]), themes.Text)
			if sortable(f.values[id]).isNumber {
				c.Role = themes.Number
			}
			return c
		},
		sort: func(m *Model, msg *peek.Message) value {
			if f := m.facts[msg.MessageId]; f != nil {
				return sortable(f.values[id])
			}
			return value{}
		},
	}
}

// sortable is one of jq's values as a column is sorted by it.
func sortable(v any) value {
	switch v := v.(type) {
	case int:
		return number(float64(v), true)
	case float64:
		return number(v, true)
	case json.Number:
		n, err := v.Float64()
		return number(n, err == nil)
	case *big.Int:
		n, _ := new(big.Float).SetInt(v).Float64()
		return number(n, true)
	}
	return words(query.Cell(v))
}
