package query

import (
	"errors"
	"fmt"
	"regexp"
	"slices"
	"strings"

	"github.com/itchyny/gojq"

	"sqscope/backend"
	"sqscope/backend/tomlfile"
)

// Error is why a text is no query, and where. Its Unwrap is a [*backend.Error] of
// [backend.KindInvalid] that says the same.
type Error struct {
	Offset   int    // of the byte where it goes wrong; the length of the text where it ends too soon
	Problem  string // what is wrong
	Expected string // what may stand there
	text     string
}

// Error says what is wrong, where and what was expected.
func (e *Error) Error() string { return e.Unwrap().Error() }

// Unwrap is the error with its kind.
func (e *Error) Unwrap() error {
	problem := fmt.Sprintf("%s at byte %d", e.Problem, e.Offset)
	return &backend.Error{Kind: backend.KindInvalid, Subject: e.text, Message: problem, Next: "expected " + e.Expected}
}

// Unfinished tells whether the text may become a query as more is typed.
func (e *Error) Unfinished() bool { return e.Offset >= len(e.text) }

// slips are what people write who think in another language, and what jq has.
var slips = []struct{ slip, want string }{
	{"&", "and"},
	{"||", "or"},
	{"!", "| not behind it"},
	{"=", "== to compare"},
	{"'", "a text in double quotes"},
	{"`", "a text in double quotes"},
	{"~", `test("…")`},
}

// notParsed is the error for a text that is no expression.
func notParsed(text string, err error) *Error {
	e := &Error{Offset: len(text), Problem: "it ends too soon", Expected: "the rest of the expression", text: text}
	p := (*gojq.ParseError)(nil)
	if !errors.As(err, &p) {
		e.Offset, e.Problem, e.Expected = 0, err.Error(), "a jq expression such as .json.order.total > 100"
		return e
	}
	if p.Token == "" || p.Offset > len(text) {
		return e
	}
	e.Offset = max(0, p.Offset-len(p.Token))
	e.Problem = fmt.Sprintf("%q does not fit", p.Token)
	e.Expected = "something else; a jq expression is such as .json.order.total > 100"
	for _, s := range slips {
		if from := e.Offset - len(s.slip) + 1; from >= 0 && strings.HasPrefix(text[from:], s.slip) {
			e.Expected = s.want
		}
	}
	return e
}

// notCompiled is the error for an expression with a name that is not known, or a
// function that is switched off.
func notCompiled(text string, err error) *Error {
	e := &Error{Problem: err.Error(), Expected: "what jq knows", text: text}
	known := builtins()
	for _, w := range words(text) {
		name := text[w[0]:w[1]]
		switch {
		case name == "input" || name == "inputs" || name == "import" || name == "include":
			e.Problem, e.Expected = name+" has nothing to read here", "the message object, which is ."
		case slices.Contains(known, name) || slices.Contains(keywords, name):
			continue
		case strings.HasPrefix(name, "$"):
			e.Problem, e.Expected = name+" is not defined", "a variable that … as "+name+" | has set"
		default:
			e.Problem, e.Expected = name+" is no function", "a function of jq, or ."+name+" for the member of that name"
			if near := tomlfile.Near(name, known); len(near) > 0 {
				e.Expected += "; did you mean " + strings.Join(near, " or ") + "?"
			}
		}
		e.Offset = w[0]
		return e
	}
	return e
}

var keywords = []string{
	"and", "or", "not", "if", "then", "elif", "else", "end", "as", "def", "reduce", "foreach", "try", "catch", "label",
	"break", "true", "false", "null", "$ENV", "env",
}

// word finds texts first, so that nothing in them is taken for a name, then what
// has a name: members and formats too, which are left out.
var (
	word        = regexp.MustCompile(`"(?:[^"\\]|\\.)*"|#[^\n]*|def\s+\w+|[.@$]?[A-Za-z_][A-Za-z0-9_]*(:)?`)
	definition  = regexp.MustCompile(`\bdef\s+(\w+)\s*(?:\(([^)]*)\))?|\bas\s+([^|]*)`)
	definedName = regexp.MustCompile(`\$?\w+`)
)

// words are where functions and variables are named that the expression itself
// does not define.
func words(text string) [][2]int {
	defined := map[string]bool{}
	for _, m := range definition.FindAllStringSubmatch(text, -1) {
		defined[m[1]] = true
		for _, part := range m[2:] {
			for _, name := range definedName.FindAllString(part, -1) {
				defined[name], defined[strings.TrimPrefix(name, "$")] = true, true
			}
		}
	}
	var found [][2]int
	for _, at := range word.FindAllStringSubmatchIndex(text, -1) {
		name := text[at[0]:at[1]]
		if strings.ContainsAny(name[:1], `".@#`) || at[2] >= 0 || defined[name] || strings.HasPrefix(name, "def ") {
			continue
		}
		found = append(found, [2]int{at[0], at[1]})
	}
	return found
}

// builtins are the names of jq's functions, as jq itself tells them.
func builtins() []string {
	parsed, err := gojq.Parse(`builtins | map(split("/")[0]) | unique[]`)
	if err != nil {
		return nil
	}
	var names []string
	for it := parsed.Run(nil); ; {
		v, ok := it.Next()
		if !ok {
			return names
		}
		if s, isText := v.(string); isText {
			names = append(names, s)
		}
	}
}
