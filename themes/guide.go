package themes

import "strings"

// Guide is docs/THEMES.md: the themes, and how to make one.
func Guide() string {
	var b strings.Builder
	b.WriteString(`# Themes

Made from the program's own themes: ` + "`go test ./themes -update`" + ` writes this page.

` + "`--theme NAME`" + `, or ` + "`theme`" + ` in the [config file](CONFIG.md). Without either sqscope takes the light or the dark one by the terminal's
background, and the one of sixteen colours where the terminal has no more. Nothing is said by colour alone.

| theme | |
| --- | --- |
`)
	for _, t := range All() {
		b.WriteString("| `" + t.Name + "` | " + t.What + " |\n")
	}
	b.WriteString(`
Text has a contrast of at least 4.5:1 on every background of its theme, rules and the like of 3:1; in the contrast themes it is
7:1 and 4.5:1. In the themes of sixteen colours the terminal decides.

## Your own

In the config file:

    theme = "mine"

    [themes.mine]
    base = "dark"
    title = "bold #ffd787"
    selected = "on #303050"

` + "`base`" + ` is the theme that it changes, else dark. A style is a colour, ` + "`#rrggbb`" + ` or one of the terminal's own sixteen (` + codes(sixteen()) + `),
with ` + "`bold`, `italic`, `underline` or `reverse`" + ` before it, or these alone; ` + "`\"\"`" + ` is the terminal's own look. A background has ` + "`on`" + ` before
its colour. What is wrong is told at the start with file, line and reason, and is as in the base.

| role | of |
| --- | --- |
`)
	for _, n := range names() {
		b.WriteString("| `" + n.name + "` | " + n.what + " |\n")
	}
	return b.String()
}

func codes(words []string) string { return "`" + strings.Join(words, "`, `") + "`" }
