package attributes

import (
	"fmt"
	"slices"
	"strings"

	tea "charm.land/bubbletea/v2"

	"sqscope/backend"
	"sqscope/backend/rules"
	"sqscope/keymap"
	"sqscope/themes"
	"sqscope/ui/dialog"
	"sqscope/ui/screen"
	"sqscope/ui/text"
	"sqscope/ui/widget"
)

// sideBySide is the width from which a panel stands beside the lines that it is
// about; below, it stands under them.
const sideBySide = 120

// underRows is how many rows a panel under the lines has, its rule included.
const underRows = 5

// View draws the parts' names and the part that is shown.
func (m *Model) View(w, h int) string {
	return m.tabs(w) + "\n" + m.partView(w, h-1)
}

func (m *Model) partView(w, h int) string {
	q := m.Conn.Queue(m.queue)
	switch {
	case q == nil:
		return m.say(themes.Dim, text.Sprintf("%s is not in the list of queues", m.name()), w, h)
	case m.editor != nil:
		return m.editorView(w, h)
	case m.part == wiringPart:
		return m.wiringView(w, h)
	case m.part == tagsPart:
		return m.tagsView(w, h)
	case q.Attributes == nil && q.Err != nil:
		return m.failed(q.Err, w, h)
	case q.Attributes == nil:
		return m.say(themes.Dim, text.Sprintf("reading the attributes of %s …", m.name()), w, h)
	case m.part == policyPart:
		return m.policyView(w, h)
	case m.part == doctorPart:
		return m.doctorView(w, h)
	}
	panel := m.settingPanel()
	if w >= sideBySide {
		panel = append(panel, m.summary()...)
	}
	return m.withPanel(w, h, m.settingRows, panel)
}

// tabs are the names of the parts with how much is in them. The one that is
// shown stands in brackets.
func (m *Model) tabs(w int) string {
	t := m.Env.Theme
	var b strings.Builder
	for p := range parts {
		label := fmt.Sprintf(" %d %s", p+1, partWords[p])
		if n := m.size(p); n > 0 {
			label += fmt.Sprintf(" %d", n)
		}
		role, open, shut := themes.Dim, " ", " "
		if p == m.part {
			role, open, shut = themes.Title, "[", "]"
		}
		b.WriteString(t.Paint(role, open+label[1:]+shut))
	}
	used := widget.Width(b.String())
	return widget.Fit(b.String()+" "+t.Paint(themes.Faint, strings.Repeat("─", max(0, w-used-1))), w)
}

// size is how much there is in a part, where that is worth a number.
func (m *Model) size(p part) int {
	switch p {
	case policyPart:
		return len(m.policy.readings)
	case doctorPart:
		return len(m.found)
	case tagsPart:
		return len(m.tags)
	}
	return 0
}

// clicked chooses a part or a line.
func (m *Model) clicked(c screen.Click) tea.Cmd {
	if c.Y == 0 {
		x := 0
		for p := range parts {
			x += len(partWords[p]) + 4
			if n := m.size(p); n > 0 {
				x += len(fmt.Sprintf(" %d", n))
			}
			if c.X < x {
				return m.open(p)
			}
		}
		return nil
	}
	if m.part == wiringPart {
		return nil
	}
	if i, ok := m.list().ItemAt(c.Y - 1); ok {
		m.list().Move(i - m.list().At())
	}
	return nil
}

// say is one line in the middle of a part.
func (m *Model) say(role themes.Role, line text.Safe, w, h int) string {
	return widget.Center(m.Env.Theme.Paint(role, line.Truncate(w-2).String()), w, h)
}

// failed is an error of a part, with what to do.
func (m *Model) failed(err error, w, h int) string {
	e := backend.AsError(err)
	var lines []string
	for _, l := range widget.Wrap(text.Sprintf("%s: %s", e.Kind, e.Error()), min(w-4, 90)) {
		lines = append(lines, m.Env.Theme.Paint(themes.Bad, l.String()))
	}
	lines = append(lines, "", m.Env.Theme.Paint(themes.Dim, "r tries again, E shows the error in full"))
	return widget.Center(strings.Join(lines, "\n"), w, h)
}

// withPanel draws the lines of a part and the panel about the one under the
// cursor.
func (m *Model) withPanel(w, h int, rows func(i, w int) []string, panel []dialog.Line) string {
	t := m.Env.Theme
	if w >= sideBySide {
		left := max(78, w*3/5)
		return widget.Beside(m.list().View(left, h, t, rows), m.panel(panel, w-left-3, h), left, w-left-3, t)
	}
	under := min(underRows, h/2)
	rule := t.Paint(themes.Faint, strings.Repeat("─", w))
	return m.list().View(w, h-under, t, rows) + "\n" + rule + "\n" + m.panel(panel, w, under-1)
}

// panel draws lines in w by h cells. What does not fit is cut with a sign.
func (m *Model) panel(all []dialog.Line, w, h int) string {
	t := m.Env.Theme
	var lines []string
	for _, l := range all {
		for _, part := range widget.Wrap(l.Text, w-2) {
			lines = append(lines, " "+t.Paint(l.Role, part.String()))
		}
	}
	if len(lines) > h {
		lines = lines[:h]
		lines[h-1] = widget.Fit(lines[h-1], w-2) + t.Paint(themes.Dim, " …")
	}
	for len(lines) < h {
		lines = append(lines, "")
	}
	for i := range lines {
		lines[i] = widget.Fit(lines[i], w)
	}
	return strings.Join(lines, "\n")
}

// settingRows draws a line of the settings: the name, the value, and the default
// where it is another.
func (m *Model) settingRows(i, w int) []string {
	t, r := m.Env.Theme, m.settings[i]
	if r.key == "" {
		return []string{t.Paint(themes.Header, r.name.String())}
	}
	const label = 30
	room, note := w-label, ""
	standard, sign := 14, "≠ "
	if room >= 48 {
		standard, sign = 19, "≠ default "
	}
	if r.standard != "" && r.value.Width() < room-standard { // the value goes first
		room -= standard
		note = t.Paint(themes.Faint, "default")
		if r.differs {
			note = t.Paint(themes.Dim, text.Sprintf("%s%s", sign, r.standard).Truncate(standard-1).String())
		}
	}
	return []string{t.Paint(themes.Dim, r.name.Truncate(label-1).Pad(label).String()) + t.Paint(r.role, r.value.Truncate(room-1).Pad(room).String()) + note}
}

// settingPanel says what the line under the cursor means.
func (m *Model) settingPanel() []dialog.Line {
	at := m.list().At()
	if at >= len(m.settings) {
		return nil
	}
	r := m.settings[at]
	head := text.Join(r.name, text.Const(" · "), r.value)
	if r.standard != "" {
		word := "the default"
		if r.differs {
			word = "the default is " + r.standard
		}
		head = text.Join(head, text.Sprintf(" · %s", word))
	}
	lines := []dialog.Line{{Role: themes.Strong, Text: head}}
	if lo, hi, _, ok := rules.AttributeRange(r.key); ok {
		lines = append(lines, dialog.Line{Role: themes.Dim, Text: text.Sprintf("from %s to %s; as SQS has it: %s", rangeWords(r.key, lo), rangeWords(r.key, hi), r.raw)})
	} else if r.change && r.raw != "" {
		lines = append(lines, dialog.Line{Role: themes.Dim, Text: text.Sprintf("as SQS has it: %s", r.raw)})
	}
	if r.about != "" {
		lines = slices.Insert(lines, 1, dialog.Line{Role: themes.Text, Text: text.Clean(r.about)})
	}
	if r.key == keyEncryption && r.raw != "" {
		lines = append(lines, dialog.Line{Role: themes.Text, Text: text.Const(kmsRights)})
	}
	return lines
}

// summary is what the doctor found, for a panel that has room.
func (m *Model) summary() (lines []dialog.Line) {
	for _, f := range m.found {
		role, sign := harmRole(f.Harm)
		lines = append(lines, dialog.Line{Role: role, Text: text.Sprintf("%s %s", sign, f.Title)})
	}
	if len(lines) > 0 {
		head := []dialog.Line{{}, {Role: themes.Header, Text: text.Sprintf("What is wrong with this queue (%s mends it)", m.Env.Keys.Action(keymap.AttributesDoctor).Key())}}
		lines = append(head, lines...)
	}
	return lines
}

// copyLine copies what is under the cursor.
func (m *Model) copyLine() tea.Cmd {
	at := m.list().At()
	switch {
	case m.part == settingsPart && at < len(m.settings) && m.settings[at].raw != "":
		return m.Env.Host.Clipboard(m.settings[at].name, m.settings[at].raw)
	case m.part == policyPart && m.policy.raw != "":
		return m.Env.Host.Clipboard(text.Const("the policy"), m.policy.raw)
	case m.part == wiringPart && at < len(m.nodes) && m.nodes[at].arn != "":
		return m.Env.Host.Clipboard(m.nodes[at].name, m.nodes[at].arn)
	case m.part == doctorPart && at < len(m.found):
		f := m.found[at]
		return m.Env.Host.Clipboard(text.Const("the finding"), f.Queue.Name+": "+f.Title+". "+f.Why)
	case m.part == tagsPart && at < len(m.tags):
		return m.Env.Host.Clipboard(text.Const("the tag"), m.tags[at]+"="+m.seen.Tags[m.tags[at]])
	}
	return m.Env.Host.Say(themes.Dim, text.Const("there is nothing to copy on this line"))
}
