package messages

import (
	"fmt"

	tea "charm.land/bubbletea/v2"

	"sqscope/ui/export"
	"sqscope/ui/format"
)

// shares are what could be exported: the marked messages or the one under the
// cursor, those that the list shows, and all that were read.
func (m *Model) shares() []export.Share {
	set := func(ids []string) map[string]bool {
		out := make(map[string]bool, len(ids))
		for _, id := range ids {
			out[id] = true
		}
		return out
	}
	shown, all := make([]string, len(m.rows)), make([]string, len(m.all))
	for i := range m.rows {
		shown[i] = m.rows[i].MessageId
	}
	for i := range m.all {
		all[i] = m.all[i].MessageId
	}
	first := export.Share{Label: "the message under the cursor", IDs: set(m.chosen())}
	if n := len(m.table.Marked()); n > 0 {
		first.Label = fmt.Sprintf("the marked: %s", format.Plural(n, "message"))
	}
	shares := []export.Share{first}
	if len(shown) < len(all) {
		shares = append(shares, export.Share{Label: fmt.Sprintf("what the list shows: %s", format.Plural(len(shown), "message")), IDs: set(shown)})
	}
	return append(shares, export.Share{Label: fmt.Sprintf("all that were read: %s", format.Plural(len(all), "message")), IDs: set(all)})
}

// askExport asks what to export, as what, and where to.
func (m *Model) askExport() tea.Cmd { return m.export.Ask(m.shares()) }

// originals are those with these ids, in the order in which they were read.
func (m *Model) originals(ids map[string]bool) (out []export.Original) {
	for i := range m.all {
		if ids[m.all[i].MessageId] {
			out = append(out, m.original(m.all[i]))
		}
	}
	return out
}
