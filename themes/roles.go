package themes

// named is how a role is called in a theme file, and what it is for.
type named struct{ name, what string }

func names() [roles]named {
	return [roles]named{
		Text:        {"text", "what is to be read"},
		Dim:         {"dim", "what is there if looked for: units, labels, old values"},
		Faint:       {"faint", "rules, empty cells, scroll tracks"},
		Strong:      {"strong", "names, the thing itself"},
		Title:       {"title", "where you are"},
		Header:      {"header", "column heads"},
		Accent:      {"accent", "what the eye is led to: the cursor, the active pane"},
		Key:         {"key", "a key to press"},
		Good:        {"good", "done, healthy"},
		Warn:        {"warn", "look here"},
		Bad:         {"bad", "failed, lost, dangerous"},
		DLQ:         {"dlq", "a dead-letter queue"},
		Fifo:        {"fifo", "a FIFO queue, a message group"},
		Number:      {"number", "counts"},
		Spark:       {"spark", "trend lines"},
		JSONKey:     {"json_key", "in bodies: the name of a field"},
		JSONString:  {"json_string", "in bodies: a text"},
		JSONNumber:  {"json_number", "in bodies: a number"},
		JSONWord:    {"json_word", "in bodies: true, false, null"},
		Foreign:     {"foreign", "hostile bytes that were made visible"},
		LevelView:   {"level_view", "the access level view in the top line"},
		LevelPeek:   {"level_peek", "the access level peek"},
		LevelChange: {"level_change", "the access level change"},
		Selected:    {"selected", "background of the row under the cursor"},
		Marked:      {"marked", "background of marked rows"},
		Bar:         {"bar", "background of the top and the bottom line"},
		Match:       {"match", "background of what a search found"},
		Dialog:      {"dialog", "background of a dialog"},
		Field:       {"field", "background of a text field"},
	}
}

// String is the role's name in a theme file.
func (r Role) String() string {
	if r < 0 || r >= roles {
		return "unknown"
	}
	return names()[r].name
}

// ground tells the roles that are backgrounds.
func (r Role) ground() bool { return r >= Selected }

// roleNames are the names of all roles.
func roleNames() []string {
	var all []string
	for _, n := range names() {
		all = append(all, n.name)
	}
	return all
}
