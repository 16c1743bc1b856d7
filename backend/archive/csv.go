package archive

import (
	"encoding/csv"
	"fmt"
	"io"
	"slices"
	"strconv"
	"strings"
	"time"

	"sqscope/backend"
	"sqscope/backend/jsonline"
)

// Columns of a CSV file, besides "attribute:NAME" for a message attribute and
// "system:NAME" for one of SQS's own.
const (
	ColumnId       = "messageId"
	ColumnSent     = "sent" // RFC 3339, UTC, milliseconds
	ColumnReceives = "receives"
	ColumnGroup    = "group"
	ColumnDedup    = "deduplicationId"
	ColumnState    = "state"
	ColumnSize     = "bytes" // of the body
	ColumnEncoding = "bodyEncoding"
	ColumnBody     = "body"
	ColumnQueue    = "queueArn"
	ColumnMD5      = "md5OfBody"

	columnAttribute = "attribute:"
	columnSystem    = "system:"
)

// Columns are those that a CSV file has unless told otherwise.
func Columns() []string {
	return []string{ColumnId, ColumnSent, ColumnReceives, ColumnGroup, ColumnState, ColumnSize, ColumnEncoding, ColumnBody}
}

// AttributeColumns are the columns for the message attributes that records have.
func AttributeColumns(records []Record) (out []string) {
	seen := map[string]bool{}
	for _, r := range records {
		for name := range r.MessageAttributes {
			if !seen[name] {
				seen[name] = true
				out = append(out, columnAttribute+name)
			}
		}
	}
	slices.Sort(out)
	return out
}

// CSV writes messages as a table for people and spreadsheets. It cannot be
// imported: what a terminal would obey is escaped, and a value that a spreadsheet
// would compute begins with an apostrophe. Make it with [NewCSV].
type CSV struct {
	w       *csv.Writer
	columns []string
}

// NewCSV writes the header. A column that there is not is an error of kind
// invalid.
func NewCSV(w io.Writer, columns []string) (*CSV, error) {
	known := append(Columns(), ColumnDedup, ColumnQueue, ColumnMD5)
	for _, c := range columns {
		if !slices.Contains(known, c) && !strings.HasPrefix(c, columnAttribute) && !strings.HasPrefix(c, columnSystem) {
			e := backend.Errorf(backend.KindInvalid, "is no column")
			e.Subject = c
			e.Next = "there are " + strings.Join(known, ", ") + ", " + columnAttribute + "NAME and " + columnSystem + "NAME"
			return nil, e
		}
	}
	c := &CSV{csv.NewWriter(w), columns}
	return c, c.row(func(column string) string { return column })
}

// Write writes a row.
func (c *CSV) Write(r Record) error {
	return c.row(func(column string) string { return r.column(column) })
}

// row writes a row through to the file.
func (c *CSV) row(value func(column string) string) error {
	row := make([]string, len(c.columns))
	for i, column := range c.columns {
		row[i] = tame(value(column))
	}
	if err := c.w.Write(row); err != nil {
		return err
	}
	c.w.Flush()
	return c.w.Error()
}

// tame is a value that neither a terminal obeys nor a spreadsheet computes.
func tame(s string) string {
	if s != "" && strings.ContainsRune("=+-@\t\r", rune(s[0])) {
		if _, err := strconv.ParseFloat(s, 64); err != nil {
			s = "'" + s
		}
	}
	var out strings.Builder
	for _, b := range jsonline.Escape([]byte(s)) {
		if b < ' ' && !strings.ContainsRune("\t\n\r", rune(b)) {
			fmt.Fprintf(&out, `\u%04x`, b)
			continue
		}
		out.WriteByte(b)
	}
	return out.String()
}

func (r Record) column(name string) string {
	switch name {
	case ColumnId:
		return r.MessageId
	case ColumnSent:
		ms, err := strconv.ParseInt(r.Attributes[backend.SysSentTimestamp], 10, 64)
		if err != nil {
			return "" // it is not known
		}
		return time.UnixMilli(ms).UTC().Format("2006-01-02T15:04:05.000Z")
	case ColumnReceives:
		return r.Attributes[backend.SysApproximateReceiveCount]
	case ColumnGroup:
		return r.Attributes[backend.SysMessageGroupId]
	case ColumnDedup:
		return r.Attributes[backend.SysMessageDeduplicationId]
	case ColumnState:
		return string(r.State)
	case ColumnSize:
		m, err := r.Message()
		if err != nil {
			return ""
		}
		return strconv.Itoa(len(m.Body))
	case ColumnEncoding:
		return r.BodyEncoding
	case ColumnBody:
		return r.Body
	case ColumnQueue:
		return r.QueueArn
	case ColumnMD5:
		return r.MD5OfBody
	}
	if attribute, ok := strings.CutPrefix(name, columnSystem); ok {
		return r.Attributes[attribute]
	}
	return r.MessageAttributes[strings.TrimPrefix(name, columnAttribute)].text()
}
