package cli

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"reflect"
	"slices"
	"strings"
	"testing"
	"time"
	"unicode"

	"github.com/alecthomas/kong"

	"sqscope/backend"
	"sqscope/ui/text"
)

// nowhere is a program with no place to open.
func nowhere(out, said io.Writer) Program {
	return Program{
		Stdin: strings.NewReader(""), Stdout: out, Stderr: said,
		Scenarios: func() []Scenario { return nil },
		Lessons:   func() ([]Lesson, error) { return nil, nil },
		Profiles:  func(context.Context) []string { return []string{"shop"} },
		Open: func(context.Context, Target, Opening) ([]*Connection, func(context.Context) error, error) {
			return nil, nil, backend.Errorf(backend.KindNetwork, "there is no network")
		},
		Screen: func(context.Context, ScreenCmd) error { return Usagef("the screen needs a terminal") },
		Serve:  func(context.Context, ServeCmd) error { return nil },
	}
}

func tree(t *testing.T) *kong.Application {
	t.Helper()
	parser, err := newParser(&Line{}, nowhere(io.Discard, io.Discard), func(int) {})
	if err != nil {
		t.Fatal(err)
	}
	return parser.Model
}

func TestEveryCommandThatWorksSomewhereNeedsThePlaceSaid(t *testing.T) {
	free := []string{"screen", "lab", "serve", "scenarios", "keys", "themes", "config path", "config check", "config example", "help", "completion", "version", "report", "__complete", "__complete_line", "__complete_words"}
	args := map[string][]string{"move": {"a", "b"}, "create": {"a"}}
	for _, n := range tree(t).Leaves(false) {
		name := strings.Join(wordsOf(n), " ")
		if slices.Contains(free, name) {
			continue
		}
		line := append(strings.Fields(name), args[name]...)
		if args[name] == nil && len(n.Positional) > 0 && n.Positional[0].Required {
			line = append(line, "queue")
		}
		t.Setenv("SQSCOPE_CONFIG", t.TempDir()+"/none.toml")
		var out, said bytes.Buffer
		if code := Run(line, nowhere(&out, &said)); code != ExitUsage || !strings.Contains(said.String(), "say where: --context NAME") {
			t.Errorf("%s ends with %d and says %s", line, code, &said)
		}
		said.Reset()
		if code := Run(append(line, "--context", "shop"), nowhere(&out, &said)); code != ExitFailed || !strings.Contains(said.String(), "there is no network") {
			t.Errorf("%s with a place ends with %d and says %s", line, code, &said)
		}
		if out.Len() > 0 {
			t.Errorf("%s prints %s", line, &out)
		}
	}
}

func wordsOf(n *kong.Node) (words []string) {
	for ; n.Parent != nil; n = n.Parent {
		words = append([]string{n.Name}, words...)
	}
	return words
}

func TestALineIsTakenApartAsAShellDoes(t *testing.T) {
	for line, want := range map[string][]string{
		"sqscope":                       {"sqscope"},
		"sqscope ":                      {"sqscope", ""},
		"  sqscope\tpeek  or":           {"sqscope", "peek", "or"},
		`a '.b == "c d"' e`:             {"a", `.b == "c d"`, "e"},
		`a "b \" c"d\ e 'f`:             {"a", `b " cd e`, "f"},
		`a '' `:                         {"a", "", ""},
		`a --where='.x | length' queue`: {"a", "--where=.x | length", "queue"},
	} {
		if got := split(line); !slices.Equal(got, want) {
			t.Errorf("%q: %q, want %q", line, got, want)
		}
	}
}

func TestAColumnGoesOnBelowItselfWhereTheLineEnds(t *testing.T) {
	rows := [][]string{{"QUEUE", "WHY"}, {"orders", "a message may be lost here"}, {"x", "short"}}
	for width, want := range map[int]string{
		0:  "QUEUE   WHY\norders  a message may be lost here\nx       short\n",
		28: "QUEUE   WHY\norders  a message may be\n        lost here\nx       short\n",
		20: "QUEUE   WHY\norders  a message may be lost here\nx       short\n", // too narrow to be read
	} {
		var out bytes.Buffer
		if err := columns(&out, rows, width); err != nil || out.String() != want {
			t.Errorf("on %d cells, %v:\n%s", width, err, &out)
		}
	}
}

func TestEveryFlagAndArgumentIsExplained(t *testing.T) {
	for _, n := range tree(t).Leaves(true) {
		values := n.Positional
		for _, f := range n.Flags {
			values = append(values, f.Value)
		}
		for _, v := range values {
			if v.Name != "help" && (v.Help == "" || !strings.HasSuffix(v.Help, ".")) {
				t.Errorf("%s: %s is explained by %q", n.Name, v.Name, v.Help)
			}
			if v.Enum != "" && v.Tag.Get("complete") == "" {
				t.Errorf("%s: %s is not completed", n.Name, v.Name)
			}
		}
	}
}

func TestAnExitCodeSaysHowItEnded(t *testing.T) {
	for _, c := range []struct {
		err  error
		code int
		says string
	}{
		{nil, ExitDone, ""},
		{errPipe, ExitDone, ""},
		{Usagef("no"), ExitUsage, "sqscope: no\n"},
		{nothing("none"), ExitNothing, "sqscope: none\n"},
		{nothing(""), ExitNothing, ""},
		{backend.Errorf(backend.KindCredentials, "expired"), ExitCredentials, "expired"},
		{backend.Errorf(backend.KindDenied, "no"), ExitDenied, "no"},
		{backend.Errorf(backend.KindCancelled, "ended"), ExitInterrupted, "ended"},
		{backend.Errorf(backend.KindInternal, "\x1b[31m\u202e"), ExitFailed, "‹U+202E›"},
		{errors.Join(backend.Errorf(backend.KindDenied, "no"), errors.New("more")), ExitDenied, "no"},
	} {
		var said bytes.Buffer
		if code := Report(c.err, &said); code != c.code || !strings.Contains(said.String(), c.says) || c.says == "" && said.Len() > 0 {
			t.Errorf("%v ends with %d, not %d, and says %q", c.err, code, c.code, &said)
		}
		if strings.ContainsAny(said.String(), "\x1b\u202e") {
			t.Errorf("a terminal obeys something here: %q", &said)
		}
	}
}

func TestSizesAndLengthsOfTimeAreReadAsPeopleWriteThem(t *testing.T) {
	if w, h, err := ParseSize("120x32"); w != 120 || h != 32 || err != nil {
		t.Error(w, h, err)
	}
	for _, s := range []string{"120", "120x", "x32", "120x32x1", "1x1", "120x32 ", "9999x9999", "-1x5"} {
		if _, _, err := ParseSize(s); !errors.As(err, new(Usage)) {
			t.Errorf("%q: %v", s, err)
		}
	}
	for s, want := range map[string]time.Duration{"90": 90 * time.Second, "5m": 5 * time.Minute, "1h30m": 90 * time.Minute, "1h 30m": 90 * time.Minute, "2 d": 48 * time.Hour} {
		var got span
		if err := got.UnmarshalText([]byte(s)); err != nil || time.Duration(got) != want {
			t.Errorf("%q is %v, %v", s, time.Duration(got), err)
		}
	}
	for _, s := range []string{"", "0", "-5m", "soon"} {
		if err := new(span).UnmarshalText([]byte(s)); err == nil {
			t.Errorf("%q is a length of time", s)
		}
	}
}

func TestAWordIsCompletedByWhatMayStandThere(t *testing.T) {
	t.Setenv("SQSCOPE_CONFIG", t.TempDir()+"/none.toml")
	for _, c := range []struct {
		line string
		want []string
	}{
		{"resu|", []string{"resume"}},
		{"rep|", []string{"report"}},
		{"config c|", []string{"check"}},
		{"ls --context |", []string{"demo", "shop"}},
		{"ls --context=s|", []string{"--context=shop"}},
		{"ls --access ch|", []string{"change"}},
		{"peek -n |", nil},
		{"--them|", []string{"--theme"}},
		{"doctor --least st|", []string{"style"}},
		{"export q out --format c|", []string{"csv"}},
		{"completion po|", []string{"powershell"}},
		{"attrs q SqsM|", []string{"SqsManagedSseEnabled="}},
		{"attrs q SqsManagedSseEnabled=t|", []string{"SqsManagedSseEnabled=true"}},
		{"help js|", []string{"json"}},
		{"version |", nil},
		{"__c|", nil},
	} {
		r := &runner{Program: nowhere(io.Discard, io.Discard), ctx: t.Context(), app: tree(t)}
		words := strings.Split(strings.TrimSuffix(c.line, "|"), " ")
		var got []string
		for _, a := range completing(r, words).candidates() {
			got = append(got, a.word)
		}
		if !slices.Equal(got, c.want) {
			t.Errorf("%s becomes %q, not %q", c.line, got, c.want)
		}
	}
}

// A glance at a body fits on a line of a terminal, whatever is in it.
func FuzzGlance(f *testing.F) {
	f.Add("one\n\n two\t\x1b[31m")
	f.Add(strings.Repeat("王", 400))
	f.Add("\xff\xfe" + strings.Repeat(" ", 1000) + "x")
	f.Fuzz(func(t *testing.T, body string) {
		s := glance(body)
		if text.Clean(s).String() != s || text.Clean(s).Width() > bodyWidth+1 {
			t.Errorf("%q shows as %q", body, s)
		}
	})
}

func FuzzRoff(f *testing.F) {
	f.Add(".SH\n'x\n\\fB-")
	f.Fuzz(func(t *testing.T, s string) {
		for _, line := range strings.Split(roff(s), "\n") {
			if strings.HasPrefix(line, ".") || strings.HasPrefix(line, "'") {
				t.Errorf("%q has a request in it: %q", s, line)
			}
		}
	})
}

func TestTextsOfHelpFitOnATerminal(t *testing.T) {
	for _, name := range topicNames() {
		s, _ := topic(name)
		if !strings.HasPrefix(s, "# ") {
			t.Errorf("%s has no title", name)
		}
		for i, line := range strings.Split(s, "\n") {
			if n := len([]rune(line)); n > 80 && name != "filters" || strings.ContainsFunc(line, unicode.IsControl) {
				t.Errorf("%s:%d: %d letters: %s", name, i+1, n, line)
			}
		}
	}
	t.Setenv("COLUMNS", "80")
	lines := [][]string{{"--help"}, {"help"}, {"config", "--help"}}
	for _, n := range tree(t).Leaves(true) {
		lines = append(lines, append(wordsOf(n), "--help"))
	}
	for _, words := range lines {
		var out bytes.Buffer
		if code := Run(words, nowhere(&out, io.Discard)); code != ExitDone || out.Len() == 0 {
			t.Errorf("%q ends with %d", words, code)
		}
		for line := range strings.Lines(out.String()) {
			if n := len([]rune(strings.TrimRight(line, "\n"))); n > 80 {
				t.Errorf("%q: %d letters: %s", words, n, line)
			}
		}
	}
}

// A command that is read by itself is what it is among all others.
func TestACommandAloneIsTheSame(t *testing.T) {
	quiet := nowhere(io.Discard, io.Discard)
	tried := 0
	for name, lines := range examples() {
		for _, line := range lines {
			line, _, _ = strings.Cut(line, " | ")
			line, _, _ = strings.Cut(line, " > ")
			args := split(line)[1:]
			if alone(args) == nil {
				continue
			}
			tried++
			_, quick, err := parse(&Line{}, args, quiet, func(int) {})
			if err != nil {
				t.Fatal(line, err)
			}
			parser, err := newParser(&Line{}, quiet, func(int) {})
			if err != nil {
				t.Fatal(err)
			}
			full, err := parser.Parse(args)
			if err != nil {
				t.Fatal(line, err)
			}
			said := func(c *kong.Context) string {
				return fmt.Sprintf("%s: %+v", c.Command(), c.Selected().Target.Interface())
			}
			// Compiled expressions are never equal, and pointers are never the same text.
			if said(quick) != said(full) && !reflect.DeepEqual(quick.Selected().Target.Interface(), full.Selected().Target.Interface()) {
				t.Errorf("%s alone is %s, and among all %s", name, said(quick), said(full))
			}
		}
	}
	if tried < 15 {
		t.Errorf("%d lines were tried", tried)
	}
	for _, line := range []string{"", "--region x", "lab 7", "screen", "help ls", "ls --help", "sl", "__complete -- ls"} {
		if alone(strings.Fields(line)) != nil {
			t.Errorf("%q is read by one command", line)
		}
	}
}
