package decode

import (
	"encoding/base64"
	"net/url"
	"strings"

	"sqscope/backend/decode/document"
)

// encoded recognises what is neither JSON nor packed.
func (o *opener) encoded(body string) (Stage, *string, Stop) {
	s := Stage{Kind: rough(body), Bytes: body}
	if s.Kind == Binary {
		if text, ok := protobuf(body); ok {
			s.Kind, s.Doc = Protobuf, made(text)
		}
		return s, nil, StopWhole
	}
	if isXML(body) {
		s.Kind = XML
		return s, nil, StopWhole
	}
	if text, ok := fromPercent(body); ok {
		s.Kind = Percent
		return s, &text, StopWhole
	}
	if text, ok := fromForm(body); ok {
		s.Kind, s.Doc = Form, made(text)
		if s.inner = payload(s.Doc.Root()); s.inner.Exists() {
			text := s.inner.Text()
			return s, &text, StopWhole
		}
		return s, nil, StopWhole
	}
	if text, ok := o.fromBase64(body); ok {
		s.Kind = Base64
		return s, &text, StopWhole
	}
	return s, nil, StopWhole
}

// made reads JSON that this package has written.
func made(text string) *document.Doc {
	doc, err := document.Parse(text)
	if err != nil {
		panic("decode: wrote what is no JSON: " + err.Error()) // a fuzz target looks for this
	}
	return doc
}

const (
	base64Least = 4  // characters
	textLeast   = 12 // bytes of text, fewer of which come out of words by chance
)

// fromBase64 reads base64 in the usual or the URL's alphabet, with or without
// padding and line ends, if something known comes out.
func (o *opener) fromBase64(s string) (string, bool) {
	s = strings.TrimSpace(s)
	if len(s) < base64Least || !base64Bytes(s) {
		return "", false
	}
	if strings.ContainsAny(s, "\r\n") {
		s = strings.NewReplacer("\r", "", "\n", "").Replace(s)
	}
	encoding := base64.RawStdEncoding
	if strings.ContainsAny(s, "-_") {
		encoding = base64.RawURLEncoding
	}
	out, err := encoding.DecodeString(strings.TrimRight(s, "="))
	if err != nil {
		return "", false
	}
	text := string(out)
	return text, o.known(text)
}

// base64Bytes tells whether there are only bytes of an alphabet, line ends, and
// up to two = at the end.
func base64Bytes(s string) bool {
	body := strings.TrimRight(s, "=")
	if len(s)-len(body) > 2 {
		return false
	}
	for i := range len(body) {
		switch c := body[i]; {
		case c >= 'a' && c <= 'z' || c >= 'A' && c <= 'Z' || c >= '0' && c <= '9':
		case c == '+' || c == '/' || c == '-' || c == '_' || c == '\n' || c == '\r':
		default:
			return false
		}
	}
	return true
}

// known tells whether bytes are something that does not come out of base64 by
// chance.
func (o *opener) known(s string) bool {
	if len(s) >= textLeast && allPrintable(s) || looksLike(s) != "" {
		return true
	}
	if mayBeJSON(s) && (s[0] == '{' || s[0] == '[') {
		if _, err := document.Parse(s); err == nil {
			return true
		}
	}
	if zlibHeader(s) {
		left := o.left
		_, _, stop, ok := o.packed(s)
		if stop == StopWhole {
			o.left = left // it is unpacked again as a stage; what fails is paid for here
		}
		return ok && stop != StopContext
	}
	_, ok := protobuf(s)
	return ok
}

// fromPercent reads a text of which every special character is percent-encoded, if
// it is JSON once it is read, or after a few times more.
func fromPercent(s string) (string, bool) {
	text, ok := unpercent(s)
	for inside, n := text, 0; ok; n++ {
		if mayBeJSON(inside) {
			_, err := document.Parse(inside)
			return text, err == nil
		}
		if n == percentMost {
			break
		}
		inside, ok = unpercent(inside)
	}
	return "", false
}

// percentMost is how often a text may be percent-encoded over and over.
const percentMost = 4

// unpercent reads one layer of it. A plus is a blank as in a form, unless other
// characters stand as they are that only who escapes for a path leaves.
func unpercent(s string) (string, bool) {
	s = strings.TrimSpace(s)
	if s == "" || s[0] != '%' {
		return "", false
	}
	unescape := url.PathUnescape
	if !strings.ContainsAny(s, ":=&@$") {
		unescape = url.QueryUnescape
	}
	text, err := unescape(s)
	return text, err == nil
}

// fromForm reads an URL-encoded form into a JSON object; a name that is there
// several times has an array. It must have two fields, or one with an escape.
func fromForm(s string) (string, bool) {
	s = strings.TrimSpace(s)
	if !strings.Contains(s, "=") || !formBytes(s) {
		return "", false
	}
	var o object
	for field := range strings.SplitSeq(s, "&") {
		rawName, rawValue, ok := strings.Cut(field, "=")
		name, err1 := url.QueryUnescape(rawName)
		value, err2 := url.QueryUnescape(rawValue)
		if !ok || name == "" || err1 != nil || err2 != nil {
			return "", false
		}
		o.add(name, document.Quote(value))
	}
	if !strings.ContainsAny(s, "&%") {
		return "", false
	}
	return o.json(), true
}

// formBytes tells whether every byte may stand in a form, and the names are such
// as programs give.
func formBytes(s string) bool {
	inName := true
	for i := range len(s) {
		c := s[i]
		letter := c >= 'a' && c <= 'z' || c >= 'A' && c <= 'Z' || c >= '0' && c <= '9'
		switch {
		case c == '=' && inName:
			inName = false
		case c == '&':
			inName = true
		case letter || strings.IndexByte("_.-~%+[]*", c) >= 0:
		case inName || c <= ' ' || c > '~' || strings.IndexByte(`"<>\^{}|`+"`", c) >= 0:
			return false
		}
	}
	return true
}

// payload is the one field of a form that holds a JSON object or array.
func payload(form document.Node) (found document.Node) {
	for v := range form.Values() {
		text := v.Text()
		if text == "" || text[0] != '{' && text[0] != '[' {
			continue
		}
		if _, err := document.Parse(text); err != nil {
			continue
		}
		if found.Exists() {
			return document.Node{}
		}
		found = v
	}
	return found
}

// object writes a JSON object of values that are JSON already, an array for each
// name that is there more than once.
type object struct {
	names  []string
	values map[string]*values
	last   *values // those of the last name, which comes again as a rule
}

type values struct {
	name string
	n    int
	text strings.Builder // separated by commas
}

func (o *object) add(name, value string) {
	v := o.last
	if v == nil || v.name != name {
		v = o.values[name]
	}
	if v == nil {
		v = &values{name: name}
		if o.values == nil {
			o.values = map[string]*values{}
		}
		o.values[name] = v
		o.names = append(o.names, name)
	}
	if v.n++; v.n > 1 {
		v.text.WriteByte(',')
	}
	v.text.WriteString(value)
	o.last = v
}

func (o *object) json() string {
	var b strings.Builder
	b.WriteByte('{')
	for i, name := range o.names {
		if i > 0 {
			b.WriteByte(',')
		}
		b.WriteString(document.Quote(name) + ":")
		if v := o.values[name]; v.n == 1 {
			b.WriteString(v.text.String())
		} else {
			b.WriteString("[" + v.text.String() + "]")
		}
	}
	b.WriteByte('}')
	return b.String()
}
