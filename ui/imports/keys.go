package imports

import (
	"strconv"
	"strings"

	tea "charm.land/bubbletea/v2"

	"sqscope/keymap"
	"sqscope/themes"
	"sqscope/ui/dialog"
	"sqscope/ui/screen"
	"sqscope/ui/text"
)

// Bindings are the keys of the field while the file is chosen, else of the import.
func (m *Model) Bindings() []screen.Binding {
	if m.choosing {
		return m.fieldBindings()
	}
	own := []screen.Binding{
		{Action: keymap.ImportsSend, Run: m.askSend, Off: m.noSend, Needs: "SendMessageBatch"},
		{Action: keymap.ImportsStop, Run: m.stop, Off: func() string {
			if m.run == nil {
				return "nothing is being sent"
			}
			return ""
		}},
		{Action: keymap.ImportsAgain, Run: m.tryAgain, Off: m.noAgain, Needs: "SendMessageBatch"},
		{Action: keymap.ImportsLeft, Run: func() tea.Cmd { m.notSent = !m.notSent; m.arrange(); return nil }, Off: m.noFile},
		{Action: keymap.ImportsWhole, Run: m.whole, Off: m.noFile},
		{Action: keymap.ImportsFile, Run: m.choose, Off: m.busy},
		{Action: keymap.ImportsRate, Run: m.askRate, Off: m.busy},
		{Action: keymap.ImportsWrong, Run: func() tea.Cmd { m.options.Stop = !m.options.Stop; return nil }, Off: m.busy},
		{Action: keymap.ImportsResume, Run: m.turnResume, Off: m.noResume},
		{Action: keymap.ImportsGroup, Run: m.askGroup, Off: m.noFIFO},
		{Action: keymap.ImportsDedup, Run: func() tea.Cmd { m.options.NewDedup = !m.options.NewDedup; return m.reconsider() }, Off: m.noFIFO},
		{Action: keymap.Refresh, Run: func() tea.Cmd { return m.look(m.path) }, Off: m.busy},
	}
	return append(own, screen.Moves(func(by int) tea.Cmd { m.move(by); return nil }, m.table.Page)...)
}

// whole shows all that is known of the entry under the cursor.
func (m *Model) whole() tea.Cmd {
	n, ok := m.table.Key()
	if !ok {
		return nil
	}
	r := &m.rows[n-1]
	fate := r.fateCell()
	results := dialog.Results{Title: text.Sprintf("Line %d", r.line), Notes: []dialog.Line{{Role: fate.Role, Text: fate.Text}}}
	for _, f := range []struct{ label, value string }{{"group", r.group}, {"was", r.id}, {"sent as", r.sentAs}, {"why", r.why()}} {
		if f.value != "" {
			results.Notes = append(results.Notes, dialog.Line{Role: themes.Text, Text: text.Sprintf("%s: %s", f.label, f.value)})
		}
	}
	if why := r.why(); why != "" {
		results.Copy, results.CopyWhat = why, text.Const("the reason")
	}
	m.Env.Host.Ask(dialog.NewResults(m.Env, results))
	return nil
}

func (m *Model) busy() string {
	switch {
	case m.run != nil:
		return "messages are being sent; " + strings.Join(m.Env.Keys.Action(keymap.ImportsStop).Keys, " or ") + " stops that"
	case m.reading != nil:
		return "the file is being read"
	}
	return ""
}

func (m *Model) noFile() string {
	if m.file == nil {
		return "no file has been read"
	}
	return ""
}

func (m *Model) noSend() string {
	if why := m.busy(); why != "" {
		return why
	}
	if why := m.noFile(); why != "" {
		return why
	}
	if m.toSend() == 0 {
		return "there is nothing to send; " + strings.Join(m.Env.Keys.Action(keymap.ImportsFile).Keys, " or ") + " takes another file"
	}
	return ""
}

func (m *Model) noAgain() string {
	if why := m.busy(); why != "" {
		return why
	}
	for _, l := range m.left {
		if l.Wrong == nil {
			return ""
		}
	}
	return "no message has failed"
}

func (m *Model) noResume() string {
	if why := m.busy(); why != "" {
		return why
	}
	if m.from.Entries+m.from.Sending == 0 {
		return "no import of this file to this queue has ended early"
	}
	return ""
}

func (m *Model) noFIFO() string {
	if !m.queue.FIFO() {
		return "only FIFO queues need that"
	}
	return m.busy()
}

func (m *Model) turnResume() tea.Cmd {
	m.anew = !m.anew
	m.settle()
	m.arrange()
	return nil
}

// reconsider reads the file through again where an option changes what the queue
// would take and nothing has been sent yet.
func (m *Model) reconsider() tea.Cmd {
	if m.file == nil || m.done != nil {
		return nil
	}
	return m.look(m.path)
}

func (m *Model) askRate() tea.Cmd {
	value := ""
	if m.options.Rate > 0 {
		value = strconv.FormatFloat(m.options.Rate, 'f', -1, 64)
	}
	m.Env.Host.Ask(dialog.NewForm(m.Env, dialog.Form{
		Title: text.Const("How fast?"), Confirm: "set",
		Fields: []dialog.Field{{Label: "messages a second", Value: value, Hint: "empty: as fast as answers come", Check: func(v string) string {
			if _, ok := rateOf(v); !ok {
				return "a number above 0, or nothing"
			}
			return ""
		}}},
		Run: func(v []string) tea.Cmd { m.options.Rate, _ = rateOf(v[0]); return nil },
	}))
	return nil
}

// rateOf is a rate as it was typed; 0 is none.
func rateOf(v string) (float64, bool) {
	if v == "" {
		return 0, true
	}
	r, err := strconv.ParseFloat(v, 64)
	return r, err == nil && r > 0 && r <= 1e6
}

func (m *Model) askGroup() tea.Cmd {
	m.Env.Host.Ask(dialog.NewForm(m.Env, dialog.Form{
		Title: text.Const("The group of messages that have none"), Confirm: "set",
		Fields: []dialog.Field{{Label: "group id", Value: m.options.Group, Hint: "empty: they are refused"}},
		Run:    func(v []string) tea.Cmd { m.options.Group = v[0]; return m.reconsider() },
	}))
	return nil
}
