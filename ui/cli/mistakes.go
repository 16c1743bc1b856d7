package cli

import (
	"cmp"
	"errors"
	"fmt"
	"reflect"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"unicode"

	"github.com/alecthomas/kong"

	"sqscope/backend/tomlfile"
)

// argument is how the parser calls an argument.
var argument = regexp.MustCompile(`"?<([a-z=]+)>"?`)

// optional is an argument at the head of what is wrong with it, that may be left out.
var optional = regexp.MustCompile(`^\[([A-Z=]+)\]: `)

// negative is a value that is no flag, though it begins like one.
var negative = regexp.MustCompile(`^-\.?[0-9]`)

// unparsed says what is wrong with a command line, and what was probably meant:
// in words of ours where it is a word that can be pointed at, else in the
// parser's.
func unparsed(err error, app *kong.Application, args []string) string {
	var usage Usage
	if errors.As(err, &usage) {
		return usage.Error()
	}
	if m := mistake(app, args); m != "" {
		return m
	}
	said := capitals(err.Error())
	if missing, ok := strings.CutPrefix(said, "expected "); ok {
		return strings.ReplaceAll(missing, `"`, "") + " is missing"
	}
	if extra, ok := strings.CutPrefix(said, "unexpected argument "); ok && selected(err) != nil {
		return tooMany(extra, selected(err))
	}
	return optional.ReplaceAllString(said, "$1: ")
}

// tooMany says of an argument that it is one more than there may be.
func tooMany(word string, n *kong.Node) string {
	takes := []string{"no arguments"}
	if len(n.Positional) > 0 {
		takes = nil
	}
	for _, p := range n.Positional {
		takes = append(takes, capitals(p.Summary()))
	}
	s := fmt.Sprintf("%s is one argument too many: sqscope %s takes %s", quoted(word), n.Path(), strings.Join(takes, " "))
	if slices.ContainsFunc(n.Positional, func(p *kong.Positional) bool { return p.Name == "pattern" }) {
		s += "; a shell leaves a pattern alone that stands in quotes"
	}
	return s
}

// hollow is what is wrong where a flag was given with nothing in it, as by a script
// whose variable is not set; "" where none was.
func hollow(c *kong.Context) string {
	for _, p := range c.Path {
		f := p.Flag
		if f == nil {
			continue
		}
		texts, _ := f.Target.Interface().([]string)
		if f.Target.Kind() == reflect.String && f.Target.Len() == 0 || slices.Contains(texts, "") {
			return fmt.Sprintf("%s is empty: it needs a value, %s, or is left out", flagged(f), needed(f))
		}
	}
	return ""
}

// needed is what stands for the value of a flag.
func needed(f *kong.Flag) string { return cmp.Or(f.PlaceHolder, strings.ToUpper(f.Name)) }

// quoted is a word as it was typed, in quotes where it could not be told from what
// stands around it.
func quoted(word string) string {
	if word == "" || strings.ContainsFunc(word, func(r rune) bool { return !unicode.IsGraphic(r) || unicode.IsSpace(r) }) {
		return strconv.Quote(word)
	}
	return word
}

// fewNames is how many names are listed although there are some that are near.
const fewNames = 8

// among says what a word must be: the names that are near, or where there are few
// names, or none is near, all of them.
func among(word string, names []string) string {
	if near := tomlfile.Near(word, names); len(near) > 0 && len(names) > fewNames {
		return "; did you mean " + strings.Join(near, " or ") + "?"
	}
	return "; it must be " + tomlfile.OneOf(word, names)
}

// capitals writes arguments as they are written about: QUEUE, not <queue>.
func capitals(s string) string {
	return argument.ReplaceAllStringFunc(s, func(a string) string { return strings.ToUpper(strings.Trim(a, `"<>`)) })
}

// mistake is the first word of a command line that cannot be meant, with what
// would be right; "" where there is none.
func mistake(app *kong.Application, args []string) string {
	c := completing(&runner{app: app}, []string{""})
	for i := 0; i < len(args) && args[i] != "--"; i++ {
		w := args[i]
		if !isFlag(w) {
			before := c.node
			if c.argument(w); c.node == before && len(before.Children) > 0 {
				return "there is no command " + strings.TrimSpace(before.Path()+" "+quoted(w)) + among(w, commandNames(before))
			}
			continue
		}
		name, value, given := cutFlag(w)
		f := c.named(name)
		if f == nil {
			return fmt.Sprintf("there is no flag %s%s", w[:len(w)-len(value)], c.meant(name))
		}
		if !given && !f.IsBool() {
			i++
			if m := unsaid(f, args[i:]); m != "" {
				return m
			}
			value = args[i]
		}
		if m := unfit(f, value, given); m != "" {
			return m
		}
	}
	return ""
}

// unsaid is what is wrong where a flag has no value of its own in the words behind
// it, or "".
func unsaid(f *kong.Flag, behind []string) string {
	said := flagged(f)
	switch {
	case len(behind) == 0:
		return fmt.Sprintf("%s needs a value: %s", said, needed(f))
	case negative.MatchString(behind[0]) && slices.Contains(numbers(), kindOf(f.Value)):
		return fmt.Sprintf("%s is %s and must not be negative", said, behind[0])
	case isFlag(behind[0]):
		return fmt.Sprintf("%s needs a value, and %s is a flag; where it is meant as the value, write --%s=%s", said, behind[0], f.Name, behind[0])
	}
	return ""
}

// numbers are the kinds of values that are numbers, lengths of time among them.
func numbers() []reflect.Kind {
	return []reflect.Kind{reflect.Int, reflect.Int64, reflect.Uint64, reflect.Float64}
}

// unfit is what is wrong with the value of a flag, or "". It was given in one word
// with it or in the next; a flag that takes none may have one in its own word.
func unfit(f *kong.Flag, value string, given bool) string {
	said := flagged(f)
	if f.IsBool() {
		if given && !slices.Contains([]string{"true", "1", "yes", "false", "0", "no"}, value) {
			return fmt.Sprintf("%s is %q and must be true or false; alone it is true", said, value)
		}
		return ""
	}
	must := mustBe(f.Value, value)
	if must == "" {
		return ""
	}
	if bare, ok := strings.CutPrefix(value, "="); ok && mustBe(f.Value, bare) == "" {
		return fmt.Sprintf("%s is %q; did you mean %s %s?", said, value, said, bare) // -n=5
	}
	return fmt.Sprintf("%s is %q and must be %s", said, value, must)
}

// isFlag tells whether a word is read as a flag.
func isFlag(w string) bool { return strings.HasPrefix(w, "-") && w != stdin }

// cutFlag takes a flag apart: --name=value, or -nvalue.
func cutFlag(w string) (name, value string, given bool) {
	if long, ok := strings.CutPrefix(w, "--"); ok {
		return strings.Cut(long, "=")
	}
	return w[1:2], w[2:], len(w) > 2
}

// flagged is a flag as it is typed.
func flagged(f *kong.Flag) string {
	if len(f.Name) == 1 {
		return "-" + f.Name
	}
	return "--" + f.Name
}

// meant are the flags that may have been meant, as a question.
func (c *completion) meant(name string) string {
	if len(name) < 2 {
		return "" // anything is one slip from it
	}
	var known []string
	for _, f := range c.flags() {
		known = append(known, f.Name)
	}
	if near := tomlfile.Near(name, known); len(near) > 0 {
		return "; did you mean --" + strings.Join(near, " or --") + "?"
	}
	return ""
}

// kindOf is what a value is, though it may be left out.
func kindOf(v *kong.Value) reflect.Kind {
	t := v.Target.Type()
	if t.Kind() == reflect.Pointer {
		t = t.Elem()
	}
	return t.Kind()
}

// mustBe is what a value must be that it is not, or "".
func mustBe(v *kong.Value, value string) string {
	if v.Enum != "" {
		if slices.Contains(v.EnumSlice(), value) {
			return ""
		}
		return tomlfile.OneOf(value, v.EnumSlice())
	}
	var err error
	must := ""
	switch kindOf(v) {
	case reflect.Int:
		_, err = strconv.Atoi(value)
		must = "a whole number"
	case reflect.Uint64:
		_, err = strconv.ParseUint(value, 10, 64)
		must = "a whole number, 0 or more"
	case reflect.Float64:
		_, err = strconv.ParseFloat(value, 64)
		must = "a number"
	}
	if err == nil {
		return ""
	}
	return must
}
