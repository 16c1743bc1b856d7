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

	"github.com/alecthomas/kong"

	"sqscope/backend/tomlfile"
)

// argument is how the parser calls an argument.
var argument = regexp.MustCompile(`"?<([a-z=]+)>"?`)

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
	return said
}

// capitals writes arguments as the help of sqscope does: QUEUE, not <queue>.
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
				return fmt.Sprintf("there is no command %s; it must be %s", strings.TrimSpace(before.Path()+" "+w), tomlfile.OneOf(w, commandNames(before)))
			}
			continue
		}
		name, value, given := cutFlag(w)
		f := c.named(name)
		if f == nil {
			return fmt.Sprintf("there is no flag %s%s", w[:len(w)-len(value)], c.meant(name))
		}
		if f.IsBool() {
			continue
		}
		said := flagged(f)
		if !given && i+1 == len(args) {
			return fmt.Sprintf("%s needs a value: %s", said, cmp.Or(f.PlaceHolder, strings.ToUpper(f.Name)))
		}
		if !given {
			if i++; isFlag(args[i]) {
				return fmt.Sprintf("%s needs a value, and %s is a flag; where it is meant as the value, write --%s=%s", said, args[i], f.Name, args[i])
			}
			value = args[i]
		}
		if must := mustBe(f.Value, value); must != "" {
			return fmt.Sprintf("%s is %q and must be %s", said, value, must)
		}
	}
	return ""
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
	var known []string
	for _, f := range c.flags() {
		known = append(known, f.Name)
	}
	if near := tomlfile.Near(name, known); len(near) > 0 {
		return "; did you mean --" + strings.Join(near, " or --") + "?"
	}
	return ""
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
	switch v.Target.Kind() {
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
