package query

import (
	"context"
	"errors"
	"iter"
	"regexp"
	"regexp/syntax"
	"strings"
	"unicode"
	"unicode/utf8"

	"sqscope/backend/decode"
	"sqscope/backend/decode/document"
)

// Find is what somebody looks for: a text, a regular expression, or what a jq
// expression is true for. Make it with [ParseFind].
type Find struct {
	Query *Query // of a jq expression, else nil

	text  string         // plain
	fold  []rune         // of the plain text, where case makes no difference
	first [256]bool      // the bytes that it can begin with then
	match *regexp.Regexp // else
}

// ParseFind reads what was typed:
//
//   - /re/ is a regular expression of Go's syntax, /re/i one for any case
//   - jq EXPR, and what begins with a dot or a parenthesis, is a jq expression
//   - text WORDS is plain text, whatever it begins with
//   - all else is plain text
//
// Plain text without a capital letter is found in any case. An empty text finds
// everything. The error is an [*Error].
func ParseFind(s string) (*Find, error) {
	typed := strings.TrimSpace(s)
	at := strings.Index(s, typed)
	switch expr, isJQ := strings.CutPrefix(typed, "jq "); {
	case isJQ:
		return findQuery(s, expr, at+len("jq "))
	case strings.HasPrefix(typed, ".") || strings.HasPrefix(typed, "("):
		return findQuery(s, typed, at)
	case len(typed) > 2 && typed[0] == '/':
		expr, options, ok := cutLast(typed[1:], "/")
		if ok && expr != "" && (options == "" || options == "i") {
			return findRegexp(s, expr, options, at+1)
		}
	}
	return FindText(strings.TrimPrefix(typed, "text ")), nil
}

// FindText looks for plain text.
func FindText(text string) *Find {
	f := &Find{text: text}
	if text == "" || !utf8.ValidString(text) || strings.IndexFunc(text, unicode.IsUpper) >= 0 {
		return f
	}
	f.fold = []rune(text)
	for r := range orbit(f.fold[0]) {
		f.first[string(r)[0]] = true
	}
	return f
}

// orbit are a letter and its other cases.
func orbit(r rune) iter.Seq[rune] {
	return func(yield func(rune) bool) {
		for other := r; yield(other); {
			if other = unicode.SimpleFold(other); other == r {
				return
			}
		}
	}
}

func cutLast(s, sep string) (before, after string, ok bool) {
	i := strings.LastIndex(s, sep)
	if i < 0 {
		return s, "", false
	}
	return s[:i], s[i+len(sep):], true
}

func findQuery(typed, expr string, at int) (*Find, error) {
	q, err := Compile(expr)
	if e := (*Error)(nil); errors.As(err, &e) {
		e.Offset, e.text = e.Offset+at, typed
		if at == 0 {
			e.Expected += "; for plain text write text " + expr
		}
		return nil, e
	}
	return &Find{Query: q}, nil
}

func findRegexp(typed, expr, options string, at int) (*Find, error) {
	flags := ""
	if options == "i" {
		flags = "(?i)"
	}
	re, err := regexp.Compile(flags + expr)
	if err == nil {
		return &Find{match: re}, nil
	}
	e := &Error{Offset: at, Problem: err.Error(), Expected: "a regular expression of Go's syntax", text: typed}
	if p := (*syntax.Error)(nil); errors.As(err, &p) {
		e.Problem = string(p.Code)
		e.Offset = at + max(0, strings.Index(expr, p.Expr))
	}
	return nil, e
}

// Everything tells whether there is nothing to look for.
func (f *Find) Everything() bool { return f.Query == nil && f.match == nil && f.text == "" }

// Match tells whether a message is found. Text and regular expressions are looked
// for in each stage of the body: in its bytes, in what it looks like when laid
// out, and in what its strings say without escapes. Only a jq expression needs
// the object, and only it can fail, as [Query.Match] does.
func (f *Find) Match(ctx context.Context, r decode.Result, object func() map[string]any) (bool, error) {
	if f.Query != nil {
		return f.Query.Match(ctx, object())
	}
	for i := range r.Stages {
		if err := ctx.Err(); err != nil {
			return false, err
		}
		if f.inStage(&r.Stages[i]) {
			return true, nil
		}
	}
	return false, nil
}

func (f *Find) inStage(s *decode.Stage) bool {
	if f.In(s.Bytes) {
		return true
	}
	if s.Doc == nil {
		return false
	}
	return f.In(s.Doc.Pretty().Text) || strings.Contains(s.Bytes, `\`) && f.inStrings(s.Doc)
}

func (f *Find) inStrings(d *document.Doc) bool {
	for text := range d.Strings() {
		if f.In(text) {
			return true
		}
	}
	return false
}

// In tells whether a text has what is looked for. Of a jq expression it is false.
func (f *Find) In(text string) bool {
	if f.Query != nil {
		return false
	}
	if f.match != nil {
		return f.match.MatchString(text)
	}
	start, _ := f.index(text)
	return start >= 0
}

// Span is where something stands in a text, in bytes.
type Span struct{ Start, End int }

// Spans are where a text has what is looked for, at most limit of them, in order
// and none in another; empty matches are left out.
func (f *Find) Spans(text string, limit int) []Span {
	var spans []Span
	switch {
	case f.Everything() || f.Query != nil:
	case f.match != nil:
		for _, m := range f.match.FindAllStringIndex(text, limit) {
			if m[0] < m[1] {
				spans = append(spans, Span{m[0], m[1]})
			}
		}
	default:
		for from := 0; len(spans) < limit; {
			start, end := f.index(text[from:])
			if start < 0 {
				break
			}
			spans = append(spans, Span{from + start, from + end})
			from += end
		}
	}
	return spans
}

// index is where the plain text stands in s; start is -1 where it does not.
func (f *Find) index(s string) (start, end int) {
	if f.fold == nil {
		start = strings.Index(s, f.text)
		return start, start + len(f.text)
	}
	for i := range len(s) {
		if f.first[s[i]] {
			if n := f.prefix(s[i:]); n > 0 {
				return i, i + n
			}
		}
	}
	return -1, 0
}

// prefix is how many bytes at the beginning of s are the text in any case, or 0.
func (f *Find) prefix(s string) int {
	n := 0
	for _, want := range f.fold {
		if n < len(s) && rune(s[n]) == want && want < utf8.RuneSelf {
			n++
			continue
		}
		r, size := utf8.DecodeRuneInString(s[n:])
		if size == 0 || r == utf8.RuneError && size == 1 || !sameLetter(r, want) {
			return 0
		}
		n += size
	}
	return n
}

func sameLetter(a, b rune) bool {
	for r := range orbit(a) {
		if r == b {
			return true
		}
	}
	return false
}
