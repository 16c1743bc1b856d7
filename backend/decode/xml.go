package decode

import "strings"

// isXML tells whether it is one element, with what may stand around it, whose
// tags match. Names and entities are not checked, and nothing is expanded.
func isXML(s string) bool {
	s = strings.TrimSpace(strings.TrimPrefix(s, byteOrderMark))
	if len(s) < 4 || s[0] != '<' || s[len(s)-1] != '>' {
		return false
	}
	var open []string
	roots := 0
	for s != "" {
		t, ok := xmlToken(s)
		if !ok {
			return false
		}
		s = s[len(t.raw):]
		switch t.kind {
		case xmlText:
			if len(open) == 0 && strings.TrimSpace(t.raw) != "" {
				return false
			}
		case xmlStart, xmlEmpty:
			if len(open) == 0 {
				roots++
			}
			if t.kind == xmlStart {
				open = append(open, t.name)
			}
		case xmlEnd:
			if len(open) == 0 || open[len(open)-1] != t.name {
				return false
			}
			open = open[:len(open)-1]
		}
	}
	return roots == 1 && len(open) == 0
}

type xmlKind int

const (
	xmlText  xmlKind = iota // between tags; CDATA too
	xmlOther                // a declaration, comment or processing instruction
	xmlStart
	xmlEnd
	xmlEmpty
)

type xmlPiece struct {
	kind xmlKind
	raw  string
	name string // of a tag
}

// xmlToken is the piece that s begins with.
func xmlToken(s string) (xmlPiece, bool) {
	if s[0] != '<' {
		if i := strings.IndexByte(s, '<'); i > 0 {
			s = s[:i]
		}
		return xmlPiece{kind: xmlText, raw: s}, true
	}
	for _, p := range []struct {
		begin, end string
		kind       xmlKind
	}{{"<!--", "-->", xmlOther}, {"<![CDATA[", "]]>", xmlText}, {"<?", "?>", xmlOther}} {
		if strings.HasPrefix(s, p.begin) {
			i := strings.Index(s, p.end)
			return xmlPiece{kind: p.kind, raw: s[:max(i, 0)+len(p.end)]}, i > 0
		}
	}
	end := tagEnd(s)
	if end < 0 {
		return xmlPiece{}, false
	}
	t := xmlPiece{kind: xmlStart, raw: s[:end+1]}
	inside := t.raw[1:end]
	switch {
	case strings.HasPrefix(inside, "!"):
		t.kind = xmlOther
		return t, true
	case strings.HasPrefix(inside, "/"):
		t.kind, inside = xmlEnd, inside[1:]
	case strings.HasSuffix(inside, "/"):
		t.kind, inside = xmlEmpty, inside[:len(inside)-1]
	}
	if i := strings.IndexAny(inside, " \t\r\n"); i >= 0 {
		inside = inside[:i]
	}
	t.name = inside
	return t, inside != "" && !strings.ContainsAny(inside, `<="'&`)
}

// tagEnd is where the tag ends that s begins with: at > outside quotes, and for a
// document type outside brackets.
func tagEnd(s string) int {
	var quote byte
	brackets := 0
	for i := 1; i < len(s); i++ {
		c := s[i]
		switch {
		case quote != 0:
			if c == quote {
				quote = 0
			}
		case c == '"' || c == '\'':
			quote = c
		case c == '[':
			brackets++
		case c == ']':
			brackets--
		case c == '>' && brackets <= 0:
			return i
		case c == '<' && brackets <= 0:
			return -1
		}
	}
	return -1
}

// xmlDeepest is how many levels are set off, so that many deep elements do not
// make it many times as long.
const xmlDeepest = 32

// indentXML puts each tag on a line of its own, and an element that has nothing
// but text on one line. The text itself stays as it is.
func indentXML(s string) string {
	s = strings.TrimSpace(s)
	var b strings.Builder
	b.Grow(len(s) * 2)
	depth, blanks := 0, 2*len(s)
	var last xmlKind = xmlOther
	line := func() {
		if b.Len() > 0 {
			b.WriteByte('\n')
		}
		n := min(2*min(depth, xmlDeepest), blanks)
		blanks -= n
		b.WriteString(strings.Repeat(" ", n))
	}
	for s != "" {
		t, ok := xmlToken(s)
		if !ok {
			b.WriteString(s)
			break
		}
		s = s[len(t.raw):]
		switch t.kind {
		case xmlText:
			if strings.TrimSpace(t.raw) == "" {
				continue
			}
			if last != xmlStart && last != xmlText {
				line()
			}
			b.WriteString(t.raw)
		case xmlEnd:
			depth--
			if last != xmlText && last != xmlStart {
				line()
			}
			b.WriteString(t.raw)
		default:
			line()
			b.WriteString(t.raw)
			if t.kind == xmlStart {
				depth++
			}
		}
		last = t.kind
	}
	return b.String()
}
