package keymap

import (
	"fmt"
	"maps"
	"slices"
	"unicode/utf8"
)

// Problem is what is wrong with an override. The action it is about keeps the
// keys it had.
type Problem struct {
	ID       ID     // the action, as it was written
	Index    int    // which of its keys, from 0; -1 for the action itself
	Message  string // what is wrong
	Expected string // what would be right; "" if the message says it
	Unknown  string // a name that is not known, if that is what is wrong,
	Known    []string
}

// With is the map with other keys for some actions. An empty list takes the keys
// away, so that the action is called from the palette only. What is wrong is
// left out and told: unknown actions and keys, a key that would mean two things
// in one place, a letter that would be taken from a text field, and losing the
// ways out (ctrl+c, going back, leaving a field, the palette and the help).
func (m Map) With(overrides map[ID][]string) (Map, []Problem) {
	out := Map{byID: maps.Clone(m.byID)}
	var problems []Problem
	changed := map[ID]bool{}
	for _, id := range slices.Sorted(maps.Keys(overrides)) {
		keys, wrong := m.read(id, overrides[id])
		if len(wrong) > 0 {
			problems = append(problems, wrong...)
			continue
		}
		a := out.byID[id]
		a.Keys = keys
		out.byID[id], changed[id] = a, true
	}
	return out, append(problems, out.settle(m, changed)...)
}

// read is the keys of one override.
func (m Map) read(id ID, names []string) (keys []string, wrong []Problem) {
	if _, ok := m.byID[id]; !ok {
		return nil, []Problem{{
			ID: id, Index: -1, Message: fmt.Sprintf("there is no action %q", id), Expected: "one that sqscope keys lists",
			Unknown: string(id), Known: m.ids(),
		}}
	}
	for i, name := range names {
		key, err := Parse(name)
		switch {
		case err != nil:
			wrong = append(wrong, Problem{ID: id, Index: i, Message: err.Error()})
		case isField(id.Scope()) && printable(key):
			wrong = append(wrong, Problem{
				ID: id, Index: i, Message: fmt.Sprintf("%s would be taken from a text field", key),
				Expected: "a key that writes nothing, such as ctrl+" + name + " or f5",
			})
		}
		keys = append(keys, key)
	}
	switch {
	case id == ForceQuit && !slices.Contains(keys, "ctrl+c"):
		wrong = append(wrong, Problem{ID: id, Index: -1, Message: "ctrl+c always quits", Expected: `"ctrl+c" among the keys`})
	case len(keys) == 0 && needed(id):
		wrong = append(wrong, Problem{ID: id, Index: -1, Message: "without a key for this there is no way out or no way to learn one", Expected: "at least one key"})
	}
	return keys, wrong
}

// needed tells the actions that must keep a key.
func needed(id ID) bool {
	return id == Back || id == Palette || id == Help || isField(id.Scope())
}

// printable tells a key that writes a character.
func printable(key string) bool { return key == "space" || utf8.RuneCountInString(key) == 1 }

// settle takes back overrides until no key means two things that did not before.
// Each round takes back at least one, and without any there is nothing new.
func (m Map) settle(before Map, changed map[ID]bool) []Problem {
	var problems []Problem
	old := before.conflicts()
	for {
		found := m.conflicts()
		i := slices.IndexFunc(found, func(c conflict) bool { return !slices.Contains(old, c) })
		if i < 0 {
			return problems
		}
		c := found[i]
		id, other := c.second, c.first
		if !changed[id] {
			id, other = other, id
		}
		problems = append(problems, Problem{
			ID: id, Index: slices.Index(m.byID[id].Keys, c.key), Message: c.String(),
			Expected: fmt.Sprintf("another key here, or for %s", other),
		})
		m.byID[id] = before.byID[id]
		delete(changed, id)
	}
}

func (m Map) ids() []string {
	var ids []string
	for _, id := range slices.Sorted(maps.Keys(m.byID)) {
		ids = append(ids, string(id))
	}
	return ids
}
