package keymap

import "strings"

// Markdown is the table of all actions as the README has it.
func (m Map) Markdown() string {
	var b strings.Builder
	titles := map[string]string{
		Everywhere: "Everywhere", "queues": "Queues", "attributes": "Attributes", "messages": "Messages",
		"deadLetters": "Dead letters", "contexts": "Contexts", "compose": "Send", "filter": "In a filter or search",
	}
	for _, scope := range Scopes() {
		b.WriteString("\n**" + titles[scope] + "**\n\n| key | does |\n| --- | --- |\n")
		for _, a := range m.In(scope) {
			var keys []string
			for _, k := range a.Keys {
				keys = append(keys, "`"+Shown(k)+"`")
			}
			b.WriteString("| " + strings.Join(keys, " ") + " | " + a.Help + " |\n")
		}
	}
	return b.String()
}
