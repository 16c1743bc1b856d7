package attributes

import (
	tea "charm.land/bubbletea/v2"

	"sqscope/backend"
	"sqscope/keymap"
	"sqscope/ui/screen"
	"sqscope/ui/text"
)

// Bindings are the keys of the editor while it is open, else of the part that is
// shown.
func (m *Model) Bindings() []screen.Binding {
	if m.editor != nil {
		return []screen.Binding{
			{Action: keymap.EditorSave, Run: m.saveEditor},
			{Action: keymap.EditorClose, Run: m.closeEditor},
		}
	}
	show := func(p part) func() tea.Cmd { return func() tea.Cmd { return m.open(p) } }
	open := func(kind screen.Kind) func() tea.Cmd { return func() tea.Cmd { return m.Open(kind, m.queue) } }
	needs := func(action string) func() string { return func() string { return m.denied(action) } }
	return append(m.moves(), []screen.Binding{
		{Action: keymap.AttributesEdit, Run: m.edit, Off: m.noEdit},
		{Action: keymap.AttributesAdd, Run: m.add, Off: m.noAdd},
		{Action: keymap.AttributesRemove, Run: m.remove, Off: m.noRemove},
		{Action: keymap.AttributesNext, Run: func() tea.Cmd { return m.open(m.part + 1) }},
		{Action: keymap.AttributesMessages, Run: open(screen.Messages)},
		{Action: keymap.AttributesCopy, Run: m.copyMenu, Off: m.unknown},
		{Action: keymap.AttributesUndo, Run: m.undoLast, Off: m.noUndo},
		{Action: keymap.AttributesPurge, Run: m.askPurge, Off: m.noEmpty("PurgeQueue")},
		{Action: keymap.AttributesDelete, Run: m.askDelete, Off: m.noEmpty("DeleteQueue")},
		{Action: keymap.AttributesSend, Run: open(screen.Compose), Off: needs("SendMessage")},
		m.DeadLettersBinding(keymap.AttributesDLQ, func() backend.ARN { return m.queue }),
		{Action: keymap.AttributesPrev, Run: func() tea.Cmd { return m.open(m.part - 1) }},
		{Action: keymap.AttributesSettings, Run: show(settingsPart)},
		{Action: keymap.AttributesPolicy, Run: show(policyPart)},
		{Action: keymap.AttributesWiring, Run: show(wiringPart)},
		{Action: keymap.AttributesDoctor, Run: show(doctorPart)},
		{Action: keymap.AttributesTags, Run: show(tagsPart)},
		{Action: keymap.Copy, Run: m.copyLine},
		{Action: keymap.Refresh, Run: m.refresh},
	}...)
}

// moves go through the lines; pages scroll the JSON of the policy, which has more
// of them than it has statements.
func (m *Model) moves() []screen.Binding {
	move := func(by func() int) func() tea.Cmd { return func() tea.Cmd { m.list().Move(by()); return nil } }
	page := func(way int) func() tea.Cmd {
		return func() tea.Cmd {
			if m.part == policyPart {
				m.policy.body.Scroll(way * m.policy.body.Page())
			} else {
				m.list().Move(way * m.list().Page())
			}
			return nil
		}
	}
	return []screen.Binding{
		{Action: keymap.Up, Run: move(func() int { return -1 })},
		{Action: keymap.Down, Run: move(func() int { return 1 })},
		{Action: keymap.PageUp, Run: page(-1)},
		{Action: keymap.PageDown, Run: page(1)},
		{Action: keymap.Top, Run: move(func() int { return -screen.Far })},
		{Action: keymap.Bottom, Run: move(func() int { return screen.Far })},
	}
}

// refresh reads the queue again and, where they are shown, those who send to it
// and receive from it.
func (m *Model) refresh() tea.Cmd {
	m.Conn.Fleet.Refresh(m.queue)
	if m.part != wiringPart {
		return nil
	}
	if w := m.Conn.Stack.Wiring; w != nil {
		w.Forget()
	}
	return m.readWiring()
}

// unknown is why nothing can be done with the queue yet, or "".
func (m *Model) unknown() string {
	switch q := m.Conn.Queue(m.queue); {
	case q == nil:
		return "this queue is not in the list of queues"
	case q.Attributes == nil && q.Err != nil:
		return "its attributes cannot be read: " + q.Err.Kind.String()
	case q.Attributes == nil:
		return "its attributes have not been read yet"
	}
	return ""
}

// edit changes what is under the cursor.
func (m *Model) edit() tea.Cmd {
	switch m.part {
	case settingsPart:
		return m.editSetting(m.settings[m.list().At()])
	case policyPart:
		return m.openEditor()
	case wiringPart:
		return m.openNode(m.nodes[m.list().At()])
	case doctorPart:
		return m.mend(m.found[m.list().At()])
	}
	key := m.tags[m.list().At()]
	return m.askTag(key, m.seen.Tags[key])
}

func (m *Model) noEdit() string {
	at := m.list().At()
	switch m.part {
	case settingsPart:
		if at >= len(m.settings) {
			return m.unknown()
		}
		return m.noSetting(m.settings[at])
	case policyPart:
		if why := m.unknown(); why != "" {
			return why
		}
	case wiringPart:
		if at >= len(m.nodes) {
			return "nothing is known of who sends or receives"
		}
		return m.nodes[at].noOpen()
	case doctorPart:
		if at >= len(m.found) {
			return "nothing is wrong, as far as is known"
		}
		return m.noMend(m.found[at])
	case tagsPart:
		if at >= len(m.tags) {
			return "there is no tag under the cursor; a adds one"
		}
		return m.denied("TagQueue")
	}
	return m.denied("SetQueueAttributes")
}

// add adds a tag, or a statement to the policy.
func (m *Model) add() tea.Cmd {
	if m.part == tagsPart {
		return m.askTag("", "")
	}
	return m.chooseTemplate()
}

func (m *Model) noAdd() string {
	switch {
	case m.part != policyPart && m.part != tagsPart:
		return "a adds tags and permissions; they are in their own parts"
	case m.Conn.Queue(m.queue) == nil:
		return m.unknown()
	case m.part == tagsPart:
		return m.denied("TagQueue")
	case m.unknown() != "":
		return m.unknown()
	case m.policy.err != nil:
		return "the policy cannot be read; e edits it"
	}
	return m.denied("SetQueueAttributes")
}

// remove takes away what is under the cursor.
func (m *Model) remove() tea.Cmd {
	switch m.part {
	case policyPart:
		return m.askRemoveStatement(m.list().At())
	case tagsPart:
		return m.askUntag(m.tags[m.list().At()])
	}
	name := m.settings[m.list().At()].key
	return m.review(m.queue, text.Sprintf("Take the %s away?", name), map[string]string{name: ""}, nil)
}

func (m *Model) noRemove() string {
	at := m.list().At()
	switch {
	case m.part == settingsPart && at < len(m.settings) && m.settings[at].removable:
		return m.denied("SetQueueAttributes")
	case m.part == settingsPart:
		return "only a redrive policy or a redrive allow policy can be taken away; others have a value always"
	case m.unknown() != "":
		return m.unknown()
	case m.part == policyPart && at < len(m.policy.readings):
		return m.denied("SetQueueAttributes")
	case m.part == tagsPart && at < len(m.tags):
		return m.denied("UntagQueue")
	}
	return "there is nothing to remove under the cursor"
}
