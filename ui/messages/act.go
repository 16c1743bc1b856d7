package messages

import (
	"context"
	"time"

	tea "charm.land/bubbletea/v2"

	"sqscope/backend"
	"sqscope/backend/archive"
	"sqscope/backend/guard"
	"sqscope/backend/peek"
	"sqscope/keymap"
	"sqscope/themes"
	"sqscope/ui/dialog"
	"sqscope/ui/format"
	"sqscope/ui/screen"
	"sqscope/ui/text"
)

type deleted struct {
	result   peek.Result
	evidence string
	err      error
}

// chosen are the marked messages, or the one under the cursor, by their ids.
func (m *Model) chosen() []string {
	if marked := m.table.Marked(); len(marked) > 0 {
		return marked
	}
	if id, ok := m.table.Key(); ok {
		return []string{id}
	}
	return nil
}

// askDelete asks for one message, and for several by the queue's name.
func (m *Model) askDelete() tea.Cmd {
	ids, gone := m.present(m.chosen())
	for _, id := range gone {
		m.table.Unmark(id)
	}
	if len(ids) == 0 {
		return m.Env.Host.Say(themes.Warn, text.Const("what was marked is gone already"))
	}
	form := dialog.Form{
		Danger: true, Confirm: "delete",
		Title: text.Sprintf("Delete %s from %s?", format.Plural(len(ids), "message"), m.queue.Name),
		Run:   func([]string) tea.Cmd { return m.delete(ids) },
	}
	if len(ids) == 1 {
		form.Notes = []text.Safe{text.Sprintf("Message %s", ids[0]), m.preview(ids[0]).Truncate(70)}
	} else {
		form.Notes = []text.Safe{text.Const("They are written to a file first, as evidence; its name is said afterwards.")}
		form.Fields = []dialog.Field{dialog.TypeName(m.queue.Name)}
	}
	if n := len(gone); n > 0 {
		form.Notes = append(form.Notes, text.Sprintf("%s that were marked are gone already.", format.Plural(n, "message")))
	}
	if n := m.unseen(ids); n > 0 {
		form.Notes = append(form.Notes, text.Sprintf("%d of them are not shown by the filter.", n))
	}
	form.Notes = append(form.Notes, text.Const("A deleted message cannot be brought back. It is called deleted only when that is confirmed."))
	if stale := m.stale(ids); stale > 0 {
		form.Notes = append(form.Notes, text.Sprintf("The lease of %s is over: they are received once more to be deleted, which counts.", format.Plural(stale, "message")))
	}
	m.Env.Host.Ask(dialog.NewForm(m.Env, form))
	return nil
}

// present splits ids into those of messages that are there and those that have
// gone since they were marked.
func (m *Model) present(ids []string) (there, gone []string) {
	for _, id := range ids {
		if m.byID(id) != nil {
			there = append(there, id)
		} else {
			gone = append(gone, id)
		}
	}
	return there, gone
}

// unseen counts those that the filter hides.
func (m *Model) unseen(ids []string) (n int) {
	shown := make(map[string]bool, len(m.rows))
	for i := range m.rows {
		shown[m.rows[i].MessageId] = true
	}
	for _, id := range ids {
		if !shown[id] {
			n++
		}
	}
	return n
}

// preview is the beginning of a message's body.
func (m *Model) preview(id string) text.Safe {
	msg := m.byID(id)
	if msg == nil {
		return text.Safe{}
	}
	return preview(msg.Body)
}

// stale counts the messages whose handle cannot be used any more.
func (m *Model) stale(ids []string) (n int) {
	now := time.Now()
	for _, id := range ids {
		if msg := m.byID(id); !m.free && msg != nil && !msg.Leased(now) {
			n++
		}
	}
	return n
}

func (m *Model) delete(ids []string) tea.Cmd {
	session, g, queue, dir := m.session, m.Conn.Guard, m.queue, m.Env.EvidenceDir
	now := time.Now() // the world's time: the engine's can stand still
	var records []archive.Record
	for _, id := range ids {
		if msg := m.byID(id); msg != nil {
			records = append(records, archive.RecordOf(queue, msg.Message, msg.State))
		}
	}
	return m.Act(func(ctx context.Context) tea.Msg {
		var path string
		if len(ids) > 1 {
			if len(records) < len(ids) {
				return deleted{err: backend.Errorf(backend.KindConflict, "%d of %d marked messages are no longer in the list; nothing was deleted", len(ids)-len(records), len(ids))}
			}
			var err error
			if path, err = archive.Evidence(dir, "delete", queue, now, records); err != nil {
				return deleted{err: err}
			}
			ctx = g.Allow(ctx, guard.Grant{Act: guard.ActDeleteMessages, ARN: queue.String(), Count: len(ids), Evidence: path})
		}
		return deleted{result: session.Delete(ctx, ids), evidence: path}
	})
}

// Late says what was deleted after the screen had gone.
func (d deleted) Late() (themes.Role, text.Safe) {
	role, line := themes.Good, text.Sprintf("deleted %s", format.Plural(len(d.result.Deleted), "message"))
	if d.err != nil {
		return themes.Bad, text.Sprintf("nothing was deleted: %s", d.err.Error())
	}
	if failed := len(d.result.Failed); failed > 0 {
		role, line = themes.Warn, text.Join(line, text.Sprintf(" · %d not: %s", failed, d.result.Failed[0].Err.Error()))
	}
	if d.evidence != "" {
		line = text.Join(line, text.Sprintf(" · evidence in %s", d.evidence))
	}
	return role, line
}

// deleted says what is known to be gone, and what is not.
func (m *Model) deleted(d deleted) tea.Cmd {
	m.Conn.Fleet.Refresh(m.queue)
	if m.session != nil {
		for _, id := range d.result.Deleted {
			m.table.Unmark(id)
		}
	}
	cmds := []tea.Cmd{m.take()}
	if d.err != nil {
		return tea.Batch(append(cmds, m.Env.Host.Fail(d.err))...)
	}
	role, line := d.Late()
	return tea.Batch(append(cmds, m.Env.Host.Say(role, line))...)
}

// askLook looks, and asks before it where that could harm.
func (m *Model) askLook() tea.Cmd {
	if !m.open() {
		return m.Env.Host.Say(themes.Warn, text.Sprintf("the settings of %s have not been read yet; without them nobody knows what a look would cost", m.queue.Name))
	}
	cost := m.session.Cost()
	if !cost.Confirm() {
		return m.look()
	}
	m.Env.Host.Ask(dialog.NewForm(m.Env, dialog.Form{
		Title:   text.Sprintf("Look at messages of %s?", m.queue.Name),
		Notes:   []text.Safe{text.Clean(cost.Words()), text.Sprintf("Its messages are dead-lettered after %s, and looking is one.", format.Plural(cost.MaxReceiveCount, "receive"))},
		Danger:  true,
		Confirm: "look all the same",
		Run: func([]string) tea.Cmd {
			m.session.AcceptDeadLettering()
			return m.look()
		},
	}))
	return nil
}

func (m *Model) giveBack() tea.Cmd {
	session := m.session
	return m.Do(screen.ActLimit, func(ctx context.Context) tea.Msg { return gaveBack{session.Release(ctx)} })
}

func (m *Model) noLease() string {
	now := time.Now()
	for i := range m.all {
		if m.all[i].Leased(now) {
			return ""
		}
	}
	return "nothing is leased"
}

func (m *Model) noMessage() string {
	if m.message() == nil {
		return "there is no message under the cursor"
	}
	return ""
}

// Bindings are the keys of a field while it is typed in, else of the list and
// the reader.
func (m *Model) Bindings() []screen.Binding {
	if m.typing != nowhere {
		return []screen.Binding{
			{Action: keymap.FilterKeep, Run: func() tea.Cmd { m.typing = nowhere; return nil }},
			{Action: keymap.FilterClear, Run: m.clear},
		}
	}
	return append(m.moves(), []screen.Binding{
		{Action: keymap.MessagesOpen, Run: func() tea.Cmd { m.reading = true; return nil }, Off: func() string {
			if m.reading {
				return "it is being read; esc goes back to the list"
			}
			return m.noMessage()
		}},
		{Action: keymap.MessagesLook, Run: m.askLook, Needs: m.lookNeeds(), Off: func() string {
			if m.looking {
				return "a look is under way"
			}
			return ""
		}},
		{Action: keymap.MessagesMark, Run: m.mark, Off: m.noMessage},
		{Action: keymap.MessagesMarkAll, Run: m.markAll, Off: m.noMessage},
		{Action: keymap.MessagesDelete, Run: m.askDelete, Needs: "DeleteMessage", Off: func() string {
			if len(m.chosen()) == 0 {
				return m.noMessage()
			}
			return ""
		}},
		{Action: keymap.MessagesRelease, Run: m.giveBack, Off: m.noLease, Needs: "ChangeMessageVisibility"},
		{Action: keymap.MessagesSend, Needs: "SendMessage", Run: func() tea.Cmd {
			return m.Open(screen.Compose, m.queue)
		}},
		m.DeadLettersBinding(keymap.MessagesDLQ, func() backend.ARN { return m.queue }),
		{Action: keymap.Filter, Run: m.find, Off: func() string {
			if len(m.all) == 0 {
				return "there is nothing to filter"
			}
			return ""
		}},
		{Action: keymap.MessagesRaw, Run: m.toggleRaw, Off: m.noMessage},
		{Action: keymap.MessagesPane, Run: func() tea.Cmd { m.reading = !m.reading; return nil }, Off: m.noMessage},
		{Action: keymap.MessagesNext, Run: func() tea.Cmd { m.reader.body.Next(); return nil }, Off: m.noSearch},
		{Action: keymap.MessagesPrev, Run: func() tea.Cmd { m.reader.body.Prev(); return nil }, Off: m.noSearch},
		{Action: keymap.Copy, Off: m.noMessage, Run: func() tea.Cmd {
			return m.Env.Host.Clipboard(text.Const("the body"), m.message().Body)
		}},
		{Action: keymap.MessagesCopyID, Off: m.noMessage, Run: func() tea.Cmd {
			return m.Env.Host.Clipboard(text.Const("the message id"), m.message().MessageId)
		}},
		{Action: keymap.Refresh, Run: m.refresh},
	}...)
}

// moves go to the reader if it has the keys, else to the list.
func (m *Model) moves() []screen.Binding {
	move := func(by int) tea.Cmd {
		if m.reading {
			m.reader.body.Scroll(by)
			return nil
		}
		m.table.Move(by)
		return m.follow()
	}
	page := func() int {
		if m.reading {
			return m.reader.body.Page()
		}
		return m.table.Page()
	}
	bindings := screen.Moves(move, page)
	if m.reading {
		bindings = append(bindings, screen.Binding{Action: keymap.Back, Run: func() tea.Cmd { m.reading = false; return nil }})
	}
	return bindings
}

func (m *Model) lookNeeds() string {
	if m.free {
		return guard.Browse
	}
	return "ReceiveMessage"
}

// refresh reads counts and, where that is free, messages; it never receives.
func (m *Model) refresh() tea.Cmd {
	m.Conn.Fleet.Refresh(m.queue)
	if m.free {
		return m.look()
	}
	return m.Env.Host.Say(themes.Dim, text.Const("read the counts again; l looks at messages, which is a receive"))
}

func (m *Model) mark() tea.Cmd {
	m.table.ToggleMark()
	m.table.Move(1)
	return m.follow()
}

func (m *Model) markAll() tea.Cmd {
	if len(m.table.Marked()) > 0 {
		m.table.UnmarkAll()
		return nil
	}
	m.table.MarkAll()
	return nil
}
