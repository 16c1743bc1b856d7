package config

import (
	"fmt"
	"reflect"
	"strings"
)

// Example is a whole file in TOML with every key. What is in force in it are the
// defaults; the rest are examples that begin with # and no blank.
func Example() string {
	var b strings.Builder
	b.WriteString("# sqscope's config file. Every key is here, with its default where it has one.\n")
	b.WriteString("# Lines that begin with # and no blank are examples that are not in force.\n")
	top := keysOf(reflect.ValueOf(Default()))
	for _, k := range top {
		if _, ok := k.section(); !ok && !k.named() {
			b.WriteString("\n")
			entry(&b, k, k.eg != "")
		}
	}
	for _, k := range top {
		switch keys, ok := k.section(); {
		case ok && k.kind.Kind() == reflect.Struct:
			fmt.Fprintf(&b, "\n%s[%s]\n", comment(k.doc), k.name)
			for _, inner := range keys {
				entry(&b, inner, false)
			}
		case ok:
			fmt.Fprintf(&b, "\n%s#[[%s]]\n", comment(k.doc), k.name)
			for _, inner := range keys {
				entry(&b, inner, true)
			}
		case k.named():
			fmt.Fprintf(&b, "\n%s%s", comment(k.doc), namedExamples()[k.name])
		}
	}
	return b.String()
}

// namedExamples are of the sections that other packages read.
func namedExamples() map[string]string {
	return map[string]string{
		"keys":   "#[keys]\n#\"queues.send\" = [\"s\", \"ctrl+n\"]\n",
		"themes": "#[themes.mine]\n#base = \"dark\"\n#title = \"bold #ffd787\"\n#selected = \"on #303050\"\n",
	}
}

// entry is a key with its value, as an example or in force.
func entry(b *strings.Builder, k key, example bool) {
	b.WriteString(comment(k.doc))
	value, other := strings.CutPrefix(k.eg, "or ")
	if value == "" {
		value = tomlOf(k.def)
	}
	mark := ""
	switch {
	case other:
		mark = "# or: "
	case example:
		mark = "#"
	}
	fmt.Fprintf(b, "%s%s = %s\n", mark, k.name, value)
}

// comment is a sentence in lines of at most 100 characters.
func comment(doc string) string {
	var b strings.Builder
	line := "#"
	for _, word := range strings.Fields(doc) {
		if len(line)+1+len(word) > 100 {
			b.WriteString(line + "\n")
			line = "#"
		}
		line += " " + word
	}
	return b.String() + line + "\n"
}
