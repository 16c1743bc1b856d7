package triage

import (
	"encoding/xml"
	"errors"
	"fmt"
	"io"
	"strings"

	"sqscope/backend/decode"
	"sqscope/backend/decode/document"
)

// format is what a body is, before anybody looks at what it says.
type format struct {
	name   string // in words, with what it is wrapped in
	detail string // the root of XML, the columns of lines, what binary looks like
	kind   decode.Kind
	comma  rune // between the fields of lines; 0: no such lines
	empty  bool // there is nothing in it
	broken string
}

func (f format) key() string { return f.name + "\x00" + f.detail }

func (f format) String() string {
	if f.detail == "" {
		return f.name
	}
	return f.name + ", " + f.detail
}

// formatOf tells what is behind the wrappings of a body.
func formatOf(r decode.Result) format {
	last := r.Last()
	f := format{name: r.Chain(), kind: last.Kind}
	text := strings.TrimSpace(last.Bytes)
	switch text {
	case "", "{}", "[]", "null", `""`:
		f.empty = true
		return f
	}
	if r.Stop == decode.StopBroken {
		f.detail = r.Stop.Words()
	}
	switch last.Kind {
	case decode.XML:
		f.detail = "<" + rootOf(text) + ">"
	case decode.Binary:
		for _, fact := range r.Facts(len(r.Stages) - 1) {
			if fact.Name == "looks like" {
				f.detail = fact.Value
			}
		}
	case decode.Text:
		f.ofText(text)
	}
	return f
}

// ofText recognises what was meant to be a document and is none, and lines of
// fields.
func (f *format) ofText(s string) {
	switch {
	case s[0] == '<' && rootOf(s) != "":
		f.detail, f.broken = "<"+rootOf(s)+">", "tags do not match"
		if breaksOff(s) {
			f.broken = "it breaks off before its end"
		}
		f.name = strings.TrimSuffix(f.name, decode.Text.String()) + decode.XML.String()
	case s[0] == '{' || s[0] == '[':
		var wrong *document.Error
		if _, err := document.Parse(s); errors.As(err, &wrong) {
			f.broken = wrong.Problem
			f.name = strings.TrimSuffix(f.name, decode.Text.String()) + decode.JSON.String()
			f.detail = opening(s)
		}
	default:
		var columns int
		if f.comma, columns = fields(s); f.comma != 0 {
			f.detail = fmt.Sprintf("%d fields between %q", columns, f.comma)
		}
	}
}

// opening is the first name in what should be JSON, which tells one document
// from another.
func opening(s string) string {
	i := strings.IndexByte(s, '"')
	if i < 0 || i > 40 {
		return ""
	}
	name, _, ok := strings.Cut(s[i+1:], `"`)
	if !ok || len(name) > 60 {
		return ""
	}
	return "beginning with " + name
}

// rootOf is the name of the first element, "" where no element begins.
func rootOf(s string) string {
	for {
		s = strings.TrimSpace(strings.TrimPrefix(s, "\ufeff"))
		if !strings.HasPrefix(s, "<?") && !strings.HasPrefix(s, "<!") {
			break
		}
		i := strings.IndexByte(s, '>')
		if i < 0 {
			return ""
		}
		s = s[i+1:]
	}
	if !strings.HasPrefix(s, "<") {
		return ""
	}
	name := s[1:]
	if i := strings.IndexAny(name, " \t\r\n/>"); i >= 0 {
		name = name[:i]
	}
	if name == "" || strings.ContainsAny(name, `<="'&,;`) || len(name) > 100 {
		return ""
	}
	return name
}

// breaksOff tells whether XML ends before its elements do.
func breaksOff(s string) bool {
	if strings.HasSuffix(s, "</"+rootOf(s)+">") {
		return false
	}
	d := xml.NewDecoder(strings.NewReader(s))
	d.Strict = true
	d.CharsetReader = func(_ string, in io.Reader) (io.Reader, error) { return in, nil }
	for {
		if _, err := d.RawToken(); err != nil {
			var wrong *xml.SyntaxError
			return errors.Is(err, io.EOF) || errors.Is(err, io.ErrUnexpectedEOF) ||
				errors.As(err, &wrong) && d.InputOffset() >= int64(len(s))
		}
	}
}

// fields finds what separates the fields of one line, or of several that have as
// many each: how many, and between what. A sentence has few commas and blanks
// behind them.
func fields(s string) (comma rune, columns int) {
	lines := strings.Split(s, "\n")
	if len(lines) > 200 {
		lines = lines[:200]
	}
	for _, c := range []rune{'\t', ';', '|', ','} {
		n := 1 + strings.Count(lines[0], string(c))
		if n < 3 || 2*strings.Count(lines[0], string(c)+" ") > n-1 {
			continue
		}
		same := true
		for _, line := range lines[1:] {
			line = strings.TrimSpace(line)
			same = same && (line == "" || 1+strings.Count(line, string(c)) == n)
		}
		if same {
			return c, n
		}
	}
	return 0, 0
}

// fill takes the body into the columns of its family.
func (f format) fill(t *table, r decode.Result) {
	last := r.Last()
	body := t.body()
	switch {
	case last.Doc != nil:
		t.fromDoc(last.Doc.Root(), body, 0)
	case last.Kind == decode.XML:
		t.fromXML(last.Bytes, body)
	case f.comma != 0:
		t.container(body, isArray, 1)
		line, _, _ := strings.Cut(strings.TrimSpace(last.Bytes), "\n")
		for i, v := range strings.Split(line, string(f.comma)) {
			t.text(t.kid(body, fmt.Sprintf("field%d", i+1)), strings.TrimSpace(v), "")
		}
	case last.Kind == decode.Text:
		t.mark(body, isString, phrase(template(last.Bytes)))
	default:
		t.mark(body, isString, "")
	}
}

// fromXML takes in what XML says: elements by their names, attributes behind an @.
func (t *table) fromXML(s string, at int32) {
	d := xml.NewDecoder(strings.NewReader(s))
	d.Strict = false
	d.CharsetReader = func(_ string, in io.Reader) (io.Reader, error) { return in, nil }
	open := []int32{at}
	for !t.full() {
		token, err := d.RawToken()
		if err != nil {
			return // decode found it well formed, so this is its end
		}
		top := open[len(open)-1]
		switch token := token.(type) {
		case xml.StartElement:
			t.container(top, isObject, 1)
			if len(open) > deepest {
				return
			}
			kid := t.kid(top, token.Name.Local)
			open = append(open, kid)
			for _, a := range token.Attr {
				t.container(kid, isObject, 1)
				t.text(t.kid(kid, "@"+a.Name.Local), a.Value, "")
			}
		case xml.EndElement:
			if len(open) > 1 {
				open = open[:len(open)-1]
			}
		case xml.CharData:
			if v := strings.TrimSpace(string(token)); v != "" {
				t.text(top, v, "")
			}
		}
	}
}
