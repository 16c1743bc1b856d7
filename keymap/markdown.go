package keymap

import "strings"

// title is a scope's name for people.
func title(scope string) string {
	switch scope {
	case Everywhere:
		return "Everywhere"
	case "deadLetters":
		return "Dead letters"
	case "compose":
		return "Send"
	case "imports":
		return "Import"
	case "files":
		return "In the field for a file"
	case "filter":
		return "In a filter or search"
	}
	var b strings.Builder
	for i, r := range scope {
		switch {
		case i == 0:
			b.WriteString(strings.ToUpper(string(r)))
		case r >= 'A' && r <= 'Z':
			b.WriteString(" " + strings.ToLower(string(r)))
		default:
			b.WriteRune(r)
		}
	}
	return b.String()
}

// Guide is docs/KEYS.md: every action with its keys and its id, and how to give
// it others.
func (m Map) Guide() string {
	var b strings.Builder
	b.WriteString(`# Keys

Made from the program's own list of actions: ` + "`go test ./keymap -update`" + ` writes this page.

In sqscope ` + "`?`" + ` shows the keys of the screen you are on and says why one is off, and ` + "`:`" + ` calls every action by name.
A key means the same thing on every screen where it works. Letters are never taken from a text field: while you type, only
the keys of the field work, and those that leave sqscope.

A ⚠ marks actions that can change or lose data on a real queue. They ask first, and need the access level *change*.
`)
	for _, scope := range Scopes() {
		b.WriteString("\n## " + title(scope) + "\n\n| key | does | action |\n| --- | --- | --- |\n")
		for _, a := range m.In(scope) {
			help := a.Help
			if a.Danger {
				help += " ⚠"
			}
			b.WriteString("| " + codes(a.Keys) + " | " + cell(help) + " | `" + string(a.ID) + "` |\n")
		}
	}
	b.WriteString(`
## Your own keys

In the config file (` + "`sqscope config path`" + ` says where; [CONFIG.md](CONFIG.md) has the rest of it), by action:

    [keys]
    "queues.send" = ["s", "ctrl+n"]
    "messages.delete" = []              # no key: only from the palette

An action gets exactly the keys that you give it. What is wrong is told at the start with file, line and reason, and the action
keeps the keys it had: an action or a key that does not exist, a key that would mean two things in one place, a letter that
would be taken from a text field. ` + "`ctrl+c`" + ` always quits, and the ways out keep a key.

A key is a character as it is typed (` + "`s`, `G`, `?`" + `) or one of
` + codes(named()) + ` and ` + "`f1` to `f63`" + `, with ` + codes(modifiers()) + ` and a plus before it. Write ` + "`G`, not `shift+g`" + `. Many
terminals send ` + "`ctrl+i`, `ctrl+m` and `ctrl+[`" + ` as tab, enter and esc, so these cannot be given; ` + "`shift+enter`, `ctrl+enter`" + ` and
ctrl+shift with a letter reach sqscope only from terminals with the Kitty keyboard protocol.
`)
	return b.String()
}

// codes are keys as they are shown, each as code.
func codes(keys []string) string {
	var out []string
	for _, k := range keys {
		out = append(out, "`"+cell(Shown(k))+"`")
	}
	return strings.Join(out, " ")
}

// cell is text that does not end a table's cell.
func cell(s string) string { return strings.ReplaceAll(s, "|", `\|`) }
