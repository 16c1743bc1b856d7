package ui

import (
	"cmp"
	"context"
	"slices"

	tea "charm.land/bubbletea/v2"

	"sqscope/backend/find"
	"sqscope/keymap"
	"sqscope/themes"
	"sqscope/ui/dialog"
	"sqscope/ui/screen"
	"sqscope/ui/text"
)

// help shows what the keys do here: those of the screen or of the field that has
// the keys, what a filter understands, those that work everywhere, and the mouse.
func (m *Model) help() {
	typing, here, everywhere := m.top().Typing(), "on this screen", "everywhere"
	if typing {
		here = "in this field"
	}
	var own, others []dialog.Entry
	for _, e := range m.actions() {
		switch {
		case typing && e.Action.ID.Scope() == keymap.Everywhere:
			if e = inField(e); e.Action.Key() != "" {
				e.Section = everywhere
				others = append(others, e)
			}
		case e.Action.ID.Scope() == keymap.Everywhere && e.Action.ID != keymap.Filter:
			e.Section = everywhere
			others = append(others, e)
		default:
			e.Section = here
			own = append(own, e)
		}
	}
	forms := m.forms()
	if !typing { // then the keys are what was asked for
		others, forms = slices.Concat(others, forms), nil
	}
	entries := slices.Concat(own, forms, others, m.mouseWords())
	host{m}.Ask(dialog.NewList(m.env, text.Sprintf("Keys of %s", titles[m.top().spec.Kind]), entries))
}

// inField is an action with the keys that work while somebody types.
func inField(e dialog.Entry) dialog.Entry {
	switch e.Action.ID {
	case keymap.ForceQuit, keymap.Suspend:
	case keymap.Help, keymap.Lab:
		e.Action.Keys = slices.DeleteFunc([]string{e.Action.InFields()}, func(k string) bool { return k == "" })
	default:
		e.Action.Keys = nil
	}
	return e
}

// forms is the language of the screen's filter, if that has one.
func (m *Model) forms() []dialog.Entry {
	s, ok := m.top().Screen.(interface{ Forms() []find.Form })
	if !ok {
		return nil
	}
	var out []dialog.Entry
	for _, f := range s.Forms() {
		out = append(out, dialog.Entry{
			Section: "what the filter understands", Action: keymap.Action{Word: f.Form, Help: f.Meaning}, More: "for example: " + f.Example,
		})
	}
	return out
}

// mouseWords say what the mouse does, while it is taken.
func (m *Model) mouseWords() []dialog.Entry {
	if !m.opts.Mouse {
		return nil
	}
	var out []dialog.Entry
	for _, a := range []keymap.Action{
		{Word: "click", Help: "chooses a line; on the head of a column, sorts by it"},
		{Word: "double click", Help: "goes into what was clicked"},
		{Word: "wheel", Help: "moves the cursor, or what is read"},
		{Word: "shift + drag", Help: "selects text, as the terminal does it while no program has the mouse"},
	} {
		out = append(out, dialog.Entry{Section: "with the mouse", Action: a, More: "mouse = false in the configuration leaves the mouse to the terminal"})
	}
	return out
}

// actions are what can be called here, each once, with why it is off.
func (m *Model) actions() []dialog.Entry {
	var entries []dialog.Entry
	seen := map[keymap.ID]bool{}
	for _, b := range m.bindings() {
		if !seen[b.Action] {
			seen[b.Action] = true
			entries = append(entries, dialog.Entry{
				Action: m.env.Keys.Action(b.Action), Off: m.off(b), Run: func() tea.Cmd { return m.run(b) },
			})
		}
	}
	return entries
}

// palette lists everything that can be called by name. Contexts are read in the
// files of the SDK, so they come a moment later.
func (m *Model) palette() tea.Cmd {
	actions := m.actions()
	for i := range actions {
		actions[i].Rare = moves(actions[i].Action.ID) // nobody steps down a line by its name
	}
	entries := slices.Concat(actions, m.ways(), m.themesToTake(), m.elsewhere())
	p := dialog.NewPalette(m.env, text.Const("Commands"), entries)
	host{m}.Ask(p)
	read, ctx := m.opts.Contexts, m.conn().Context
	if read == nil {
		return nil
	}
	return func() tea.Msg {
		ctx, cancel := context.WithTimeout(ctx, screen.ReadLimit)
		defer cancel()
		all, err := read(ctx)
		return contextsRead{p, all, err}
	}
}

// contextsRead are the contexts for a palette.
type contextsRead struct {
	of  *dialog.List
	all []screen.Context
	err error
}

// contextsToTake adds contexts to the palette that asked for them, which may be
// gone.
func (m *Model) contextsToTake(r contextsRead) tea.Cmd {
	if n := len(m.dialogs); n == 0 || m.dialogs[n-1] != screen.Dialog(r.of) {
		return nil
	}
	var entries []dialog.Entry
	for _, c := range r.all {
		e := dialog.Entry{
			Action: keymap.Action{ID: keymap.ID("context." + c.Name), Word: "context " + c.Name, Help: "leave this context for " + c.Name + ": " + c.What},
			Run:    func() tea.Cmd { return m.connect(c.Name) },
		}
		if c.Name == m.env.Name {
			e.Off = "this is the context that you are in"
		}
		entries = append(entries, e)
	}
	r.of.Add(entries)
	if r.err != nil {
		return m.fail(r.err)
	}
	return nil
}

// ways are the screens that can be gone to from here: those about everything,
// and those about the queue that this one is about.
func (m *Model) ways() []dialog.Entry {
	var entries []dialog.Entry
	add := func(s screen.Spec, word, help, off string) {
		if s == m.top().spec {
			off = "this is the screen that you are on"
		}
		entries = append(entries, dialog.Entry{
			Action: keymap.Action{ID: keymap.ID("goto." + string(s.Kind)), Word: "go to " + word, Help: help}, Off: off,
			Run: func() tea.Cmd { return m.open(s) },
		})
	}
	spec := m.top().spec
	if q := spec.Queue; q.Name != "" {
		of := func(k screen.Kind) screen.Spec { return screen.Spec{Kind: k, Conn: spec.Conn, Queue: q} }
		add(of(screen.Messages), "messages", "the messages of "+q.Name, "")
		add(of(screen.Attributes), "settings", "settings, policy, wiring, health and tags of "+q.Name, "")
		add(of(screen.Compose), "composer", "write a message for "+q.Name, m.off(screen.Binding{Needs: "SendMessage"}))
		add(of(screen.Imports), "import", "send the messages of a file to "+q.Name, m.off(screen.Binding{Needs: "SendMessageBatch"}))
		dlq, why := m.conn().DeadLettersOf(q)
		add(screen.Spec{Kind: screen.DeadLetters, Conn: spec.Conn, Queue: dlq}, "dead letters", "the dead letters of "+q.Name, why)
		add(screen.Spec{Kind: screen.Tasks, Conn: spec.Conn, Queue: dlq}, "tasks", "move tasks and redrives of "+dlq.Name, why)
	}
	add(screen.Spec{Kind: screen.Queues}, "queues", "the list of all queues", "")
	add(screen.Spec{Kind: screen.DeadLetters}, "all dead letters", "all dead-letter queues, the most harmful first", "")
	add(screen.Spec{Kind: screen.Doctor}, "doctor", "what is misconfigured in all queues, the most harmful first", "")
	add(screen.Spec{Kind: screen.Tasks}, "moves", "all redrives and moves of this machine, also those that are not finished", "")
	add(screen.Spec{Kind: screen.Scene, Conn: m.conn().Name}, "scene", "the embedded engine at work: who sends, what lies where, who holds what", m.conn().NoScene())
	add(screen.Spec{Kind: screen.Activity}, "activity", "what was changed, and every request with what it cost", "")
	add(screen.Spec{Kind: screen.Lab}, "lab", "fourteen lessons with an SQS to try things on: predict, do, see", "")
	add(screen.Spec{Kind: screen.Contexts}, "contexts", "where to connect: profiles, endpoints, the embedded engine", "")
	return entries
}

// themesToTake are all themes, and the choice by the terminal's background.
func (m *Model) themesToTake() []dialog.Entry {
	entry := func(name, what string, present bool, take func()) dialog.Entry {
		e := dialog.Entry{
			Action: keymap.Action{ID: keymap.ID("theme." + name), Word: "theme " + name, Help: what + "; for this run"},
			More:   `theme = "` + name + `" in the configuration keeps it`,
			Run: func() tea.Cmd {
				take()
				return m.say(themes.Good, text.Sprintf("the theme is %s", m.env.Theme.Name))
			},
		}
		if present {
			e.Off = "this is the theme that you see"
		}
		return e
	}
	entries := []dialog.Entry{entry("auto", "the theme that suits the terminal's background and colours", !m.asked, func() { m.asked = false; m.restyle() })}
	for _, t := range m.opts.Themes {
		entries = append(entries, entry(t.Name, cmp.Or(t.What, "a theme of the configuration"), m.asked && t.Name == m.env.Theme.Name, func() { m.asked, m.env.Theme = true, t }))
	}
	return entries
}

// elsewhere are the actions of other screens, so that whoever looks for one by
// name learns where it works.
func (m *Model) elsewhere() []dialog.Entry {
	var entries []dialog.Entry
	for _, scope := range keymap.Scopes() {
		title, is := titles[screen.Kind(scope)]
		if !is || screen.Kind(scope) == m.top().spec.Kind {
			continue
		}
		for _, a := range m.env.Keys.In(scope) {
			run := func() tea.Cmd { return nil }
			entries = append(entries, dialog.Entry{Action: a, Off: "this works in " + title, Rare: true, Run: run})
		}
	}
	return entries
}
