package config

import (
	"cmp"
	"fmt"
	"reflect"
	"strconv"
	"strings"
)

// key is a key of the file, for the reference and the example.
type key struct {
	name string // within its table
	doc  string
	is   string
	eg   string // what the example has, in TOML; else the default
	def  reflect.Value
	kind reflect.Type
}

func keysOf(v reflect.Value) []key {
	var keys []key
	for i := range v.NumField() {
		f := v.Type().Field(i)
		keys = append(keys, key{
			name: f.Tag.Get("toml"), doc: f.Tag.Get("doc"), is: f.Tag.Get("is"), eg: f.Tag.Get("eg"),
			def: v.Field(i), kind: f.Type,
		})
	}
	return keys
}

// section tells a key that is a table, or an array of tables, and gives its
// elements' keys.
func (k key) section() (keys []key, ok bool) {
	switch {
	case k.kind.Kind() == reflect.Struct:
		return keysOf(k.def), true
	case k.kind.Kind() == reflect.Slice && k.kind.Elem().Kind() == reflect.Struct:
		return keysOf(reflect.Zero(k.kind.Elem())), true
	}
	return nil, false
}

// named tells a key that is a table of names that people choose.
func (k key) named() bool { return k.kind.Kind() == reflect.Map && k.is == "" }

// what is the sort of value in words.
func (k key) what() string {
	rule := ruleOf(k.is).what
	switch k.kind.Kind() {
	case reflect.Bool:
		return "true or false"
	case reflect.Int:
		return strings.Replace(cmp.Or(rule, "a whole number"), "a number", "a whole number", 1)
	case reflect.Slice:
		if _, tables := k.section(); tables {
			return "an array of tables"
		}
		return "an array, each " + rule
	case reflect.Map:
		return "a table of texts, each under " + rule
	}
	return cmp.Or(rule, "a text")
}

// standard is the default in TOML, or a dash where the key has none.
func (k key) standard() string {
	if k.def.IsZero() && k.kind.Kind() != reflect.Bool && k.kind.Kind() != reflect.Int {
		return "—"
	}
	return "`" + tomlOf(k.def) + "`"
}

// tomlOf writes a text, a number, a truth value or an array of texts.
func tomlOf(v reflect.Value) string {
	switch v.Kind() {
	case reflect.String:
		return strconv.Quote(v.String())
	case reflect.Float64:
		s := strconv.FormatFloat(v.Float(), 'f', -1, 64)
		if !strings.Contains(s, ".") {
			s += ".0"
		}
		return s
	case reflect.Slice:
		var list []string
		for i := range v.Len() {
			list = append(list, tomlOf(v.Index(i)))
		}
		return "[" + strings.Join(list, ", ") + "]"
	}
	return fmt.Sprint(v.Interface())
}

// Reference is docs/CONFIG.md: every key, what it must be, its default, and what
// it does.
func Reference() string {
	var b strings.Builder
	b.WriteString(referenceHead)
	top := keysOf(reflect.ValueOf(Default()))
	b.WriteString("\n## The top of the file\n\n")
	table(&b, top)
	for _, k := range top {
		keys, ok := k.section()
		switch {
		case ok && k.kind.Kind() == reflect.Struct:
			fmt.Fprintf(&b, "\n## [%s]\n\n%s\n\n", k.name, k.doc)
			table(&b, keys)
		case ok:
			fmt.Fprintf(&b, "\n## [[%s]]\n\n%s\n\n", k.name, k.doc)
			table(&b, keys)
			for _, inner := range keys {
				if of, ok := inner.section(); ok {
					fmt.Fprintf(&b, "\nEach of `%s`:\n\n", inner.name)
					table(&b, of)
				}
			}
		case k.named():
			fmt.Fprintf(&b, "\n## [%s]\n\n%s\n", k.name, k.doc)
		}
	}
	b.WriteString("\n## An example\n\n`sqscope config example` prints it. What begins with `#` and no blank is an example that is not in force.\n\n")
	b.WriteString("```toml\n" + Example() + "```\n")
	return b.String()
}

const referenceHead = `# The config file

Made from the program's own list of keys: ` + "`go test ./backend/config -update`" + ` writes this page.

One TOML file: ` + "`$SQSCOPE_CONFIG`" + `, else ` + "`sqscope/config.toml`" + ` in the XDG config folder (` + "`~/.config`" + ` on Linux);
` + "`--config FILE`" + ` names another. ` + "`sqscope config path`" + ` says which it is, and ` + "`sqscope config check`" + ` what is wrong with it.
It need not be there, and each key in it may be left out.

sqscope starts whatever is in it. A key that does not exist, a value of the wrong sort, a name that is nothing: each is told
with file, line, column and what was expected, on standard error and on the screen, and has its default. Two things close instead:
a context in whose access something is wrong, or a key of which is not known, starts at *view*, and a mask that is wrong hides whole
bodies. Of a file that is no TOML nothing is taken; if the word ` + "`masks`" + ` is in it, all bodies are hidden.

Patterns are of queue names: ` + "`*`" + ` is any letters, ` + "`?`" + ` is one, ` + "`[a-c]`" + ` one of some.
`

func table(b *strings.Builder, keys []key) {
	b.WriteString("| key | is | default | |\n| --- | --- | --- | --- |\n")
	for _, k := range keys {
		// A table has its own heading, but for one that stands in a line.
		if _, ok := k.section(); k.named() || ok && k.eg == "" {
			continue
		}
		fmt.Fprintf(b, "| `%s` | %s | %s | %s |\n", k.name, k.what(), k.standard(), k.doc)
	}
}
