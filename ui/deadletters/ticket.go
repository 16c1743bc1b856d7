package deadletters

import (
	"cmp"
	"fmt"
	"strings"
	"time"
	"unicode"

	tea "charm.land/bubbletea/v2"

	"sqscope/backend"
	"sqscope/backend/triage"
	"sqscope/backend/triage/harm"
	"sqscope/ui/format"
	"sqscope/ui/text"
)

// ticket copies what is known of the marked groups, or of the one that is shown or
// under the cursor, as Markdown.
func (m *Model) ticket() tea.Cmd {
	groups := m.markedGroups()
	if m.inside != "" || len(groups) == 0 {
		g := m.here()
		if g == nil {
			return nil // it went while the key was on its way
		}
		groups = []*triage.Group{g}
	}
	what := text.Sprintf("%s for the ticket", format.Plural(len(groups), "group"))
	return m.Env.Host.Clipboard(what, m.markdown(groups))
}

// markdown are groups for a ticket. Titles and evidence are of decoded bodies as
// masks leave them; bodies themselves are not in it.
func (m *Model) markdown(groups []*triage.Group) string {
	now := m.Conn.Now()
	var b strings.Builder
	line := func(format string, args ...any) { fmt.Fprintf(&b, format+"\n", args...) }
	line("## Dead letters of %s", code(m.queue.Name))
	line("")
	line("- queue: %s", code(m.queue.String()))
	line("- at: %s", now.UTC().Format(time.RFC3339))
	if q := m.Conn.Queue(m.queue); q != nil && !q.AsOf.IsZero() {
		line("- holds: about %s; %s", format.Plural(q.Stored(), "message"), m.found.Words(m.look.State().About))
		for _, arn := range q.Sources {
			line("- dead letters of: %s", code(arn.Name))
		}
		line("- loss: %s", lossWords(harm.OfQueue(q, m.readOf), now))
	}
	for _, marker := range m.markers {
		line("- %s: %s", marker.At.UTC().Format(time.RFC3339), code(marker.Text))
	}
	for _, g := range groups {
		line("")
		line("### %s", code(name(g)))
		line("")
		if g.Label != "" {
			line("- died of: %s", code(g.Title))
		}
		line("- messages: %s, received %d to %d times", format.Count(len(g.Members)), g.Receives.Min, g.Receives.Max)
		line("- sent: %s to %s; %s", g.First.UTC().Format(time.RFC3339), g.Last.UTC().Format(time.RFC3339), g.Arrivals.Words)
		for _, says := range g.Evidence {
			line("- because: %s", code(says))
		}
		line("- suggested: %s: %s", g.Advice.Act, g.Advice.Why)
		line("- loss: %s", lossWords(g.Loss, now))
		if n := m.again[g.ID]; n > 0 {
			line("- redriven before: %s", format.Count(n))
		}
		smallest := m.letters[g.Smallest]
		line("- smallest: %s, trace %s", code(smallest.MessageId), code(cmp.Or(smallest.Attributes[backend.SysAWSTraceHeader], "none")))
	}
	return b.String()
}

// code quotes foreign text so that it cannot be markup, nor move a cursor where it
// is pasted.
func code(s string) string {
	return "`" + strings.Map(func(r rune) rune {
		if r == '`' || r == unicode.ReplacementChar || !unicode.IsGraphic(r) {
			return '_'
		}
		return r
	}, s) + "`"
}
