package redrive

import (
	"fmt"
	"maps"
	"path/filepath"
	"slices"
	"strings"
	"time"

	"sqscope/backend"
	"sqscope/backend/redrive"
	"sqscope/backend/redrive/proof"
	"sqscope/themes"
	"sqscope/ui/format"
	"sqscope/ui/text"
	"sqscope/ui/widget"
)

// lines draw how a redrive goes, or went.
func (r *run) lines(m *Model, w int) []string {
	s, res, err := r.look()
	lines := []string{r.title(m, s, res, err)}
	if res != nil {
		lines = append(lines, r.outcome(m, *res, err, w)...)
	}
	lines = append(lines, "")
	lines = append(lines, r.steps(m, s, res, w)...)
	lines = append(lines, "")
	picture := s.Picture
	if res != nil && !res.Picture.At.IsZero() {
		picture = res.Picture
	}
	if !picture.At.IsZero() {
		lines = append(lines, r.fates(m, picture, w)...)
		lines = append(lines, "")
		lines = append(lines, depths(m, picture, w)...)
	}
	if why := s.Move.Reasons; res == nil && len(why) > 0 {
		lines = append(lines, "")
		for _, reason := range slices.Sorted(maps.Keys(why)) {
			lines = append(lines, fact(m, "not moved", text.Sprintf("%s: %s", format.Count(why[reason]), reason), themes.Warn, w)...)
		}
	}
	for i := range lines {
		lines[i] = " " + lines[i]
	}
	return lines
}

// fact is a label and what it says.
func fact(m *Model, label string, s text.Safe, role themes.Role, w int) []string {
	return widget.Fact(label, s, role, w-2, m.Env.Theme)
}

func (r *run) title(m *Model, s redrive.State, res *redrive.Result, err error) string {
	t := m.Env.Theme
	dot, what := t.Paint(themes.Dim, " · "), text.Sprintf("%s → %s", r.from, strings.Join(r.to, ", ")).Truncate(60).String()
	switch {
	case res == nil:
		return t.Paint(themes.Accent, "▶ redriving ") + t.Paint(themes.Strong, what) + t.Paint(themes.Dim, " · "+format.Span(time.Since(r.work.Began)))
	case err != nil:
		return t.Paint(themes.Bad, "✗ ended before its time") + dot + t.Paint(themes.Strong, what)
	case res.Stopped != "":
		return t.Paint(themes.Warn, "! stopped") + dot + t.Paint(themes.Strong, what)
	case s.Picture.Returned() > 0 || len(r.failed()) > 0:
		return t.Paint(themes.Warn, "! done, not all went well") + dot + t.Paint(themes.Strong, what)
	}
	return t.Paint(themes.Good, "✓ done") + dot + t.Paint(themes.Strong, what)
}

// phases are the steps of a redrive in their order.
var phases = []redrive.Phase{redrive.PhaseCanary, redrive.PhaseWatch, redrive.PhaseMove, redrive.PhaseProve}

// steps are the phases, those that are over, the one that is under way, and those
// to come.
func (r *run) steps(m *Model, s redrive.State, res *redrive.Result, w int) (lines []string) {
	t := m.Env.Theme
	at := slices.Index(phases, s.Phase)
	if s.Phase == redrive.PhaseDone {
		at = len(phases)
	}
	words := map[redrive.Phase]string{
		redrive.PhaseCanary: fmt.Sprintf("the first %d are moved", r.choice.guards.Canary), redrive.PhaseWatch: "the canary is watched",
		redrive.PhaseMove: "the rest is moved", redrive.PhaseProve: "what becomes of them is watched",
	}
	if r.noCanary(s) {
		words[redrive.PhaseMove] = "they are moved"
	}
	stopped, last := res != nil && (res.Stopped != "" || res.Report.Failure != ""), redrive.Phase("")
	for _, ph := range phases {
		if r.came(ph) {
			last = ph
		}
	}
	for i, ph := range phases {
		if (ph == redrive.PhaseCanary || ph == redrive.PhaseWatch) && r.noCanary(s) {
			continue
		}
		sign, role := "·", themes.Dim
		switch {
		case i == at && res == nil:
			sign, role = "▸", themes.Accent
		case stopped && ph == last:
			sign, role = "!", themes.Warn
		case i < at && r.came(ph):
			sign, role = "✓", themes.Good
		}
		line := t.Paint(role, sign+" "+words[ph])
		if i == at && res == nil {
			line += r.now(m, s, ph)
		}
		lines = append(lines, line)
	}
	n, total := r.moved(s), r.total
	if res != nil {
		n = res.Moved()
	}
	const bar = 24
	progress := t.Paint(themes.Number, format.Count(n)+" of "+ofTotal(total)) + t.Paint(themes.Text, " moved")
	if total > 0 {
		progress = t.Paint(themes.Spark, widget.Bar(n, max(n, total), bar)) + " " + progress
	}
	if rate := r.rate(s); res == nil && rate > 0 && s.Phase == redrive.PhaseMove {
		progress += t.Paint(themes.Text, fmt.Sprintf(" · %s/s", format.Rate(rate)))
		if total > n {
			progress += t.Paint(themes.Text, " · "+format.Span(time.Duration(float64(total-n)/rate*float64(time.Second)))+" left")
		}
	}
	return append(lines, progress)
}

func (r *run) noCanary(s redrive.State) bool {
	return r.choice.guards.Canary <= 0 || !r.came(redrive.PhaseCanary) && s.Phase != ""
}

// came tells whether a phase has been entered.
func (r *run) came(ph redrive.Phase) bool {
	r.mu.Lock()
	defer r.mu.Unlock()
	return r.entered[ph]
}

// rate is how many messages are moved in a second.
func (r *run) rate(s redrive.State) float64 {
	if r.choice.native {
		return s.Task.Rate
	}
	return s.Move.Rate
}

// now says more of the step that is under way.
func (r *run) now(m *Model, s redrive.State, ph redrive.Phase) string {
	t := m.Env.Theme
	watching := ph == redrive.PhaseWatch || ph == redrive.PhaseProve
	switch {
	case s.Picture.Paused:
		return t.Paint(themes.Warn, " · the clock stands, so nothing happens")
	case watching && !s.Until.IsZero():
		return t.Paint(themes.Dim, " · at most "+format.Span(max(0, s.Until.Sub(m.Conn.Now())))+" more")
	case ph == redrive.PhaseMove && r.choice.native:
		return t.Paint(themes.Dim, text.Sprintf(" · %s", s.Task.Words(m.Conn.Now())).String())
	}
	return ""
}

// fates are what became of what was moved, as far as it is known.
func (r *run) fates(m *Model, p proof.Picture, w int) (lines []string) {
	say := func(label string, n int, words string, role themes.Role) {
		lines = append(lines, fact(m, label, text.Sprintf("%s %s", format.Count(n), words), role, w)...)
	}
	back := themes.Good
	if p.Returned() > 0 {
		back = themes.Bad
	}
	say("back", p.Returned(), "came back", back)
	if p.Exact {
		say("done", p.Fates[proof.Processed], "processed by a consumer", themes.Good)
		if n := p.Fates[proof.Waiting] + p.Fates[proof.NotBack]; n+p.Fates[proof.InFlight] > 0 || r.work.Going() {
			say("waiting", n, "wait, "+format.Count(p.Fates[proof.InFlight])+" with a consumer", themes.Text)
		}
		if n := p.Fates[proof.Lost] + p.Fates[proof.Elsewhere]; n > 0 {
			say("gone", n, "lost to expiry or a purge, or dead-lettered to a queue that nobody watches", themes.Bad)
		}
	} else {
		after := format.Span(p.At.Sub(p.Start))
		say("not back", p.Sent-p.Returned(), "not back after "+after+"; whether they were processed only their depths below tell", themes.Text)
	}
	role := themes.Text
	if p.New > 0 {
		role = themes.Warn
	}
	say("new", p.New, "new failures since the start, which were not redriven here", role)
	return lines
}

// depths are how full the queues are.
func depths(m *Model, p proof.Picture, w int) []string {
	t := m.Env.Theme
	const cells = 28
	head := text.Const("QUEUE").Pad(cells).String() + "   VISIBLE  IN FLIGHT   DELAYED    BEFORE"
	lines := []string{t.Paint(themes.Header, text.Clean(head).Truncate(w-2).String())}
	seen := map[backend.ARN]bool{}
	for _, d := range append(slices.Clone(p.To), p.Back...) {
		if seen[d.ARN] {
			continue // messages come back where they came from
		}
		seen[d.ARN] = true
		line := t.Paint(themes.Strong, text.Clean(d.ARN.Name).Truncate(cells-1).Pad(cells).String())
		if d.Err != nil {
			lines = append(lines, line+t.Paint(themes.Bad, text.Sprintf(" ✗ %s", d.Err.Error()).Truncate(max(1, w-cells-4)).String()))
			continue
		}
		lines = append(lines, line+t.Paint(themes.Number, fmt.Sprintf("%10s%11s%10s%10s", format.Count(d.Visible), format.Count(d.InFlight), format.Count(d.Delayed), format.Count(d.Before))))
	}
	return lines
}

// outcome is how it ended.
func (r *run) outcome(m *Model, res redrive.Result, err error, w int) []string {
	var lines []string
	add := func(label string, s text.Safe, role themes.Role) {
		lines = append(lines, fact(m, label, s, role, w)...)
	}
	if res.Stopped != "" {
		add("stopped", text.Clean(res.Stopped), themes.Warn)
	}
	if err != nil {
		add("error", text.Clean(err.Error()), themes.Bad)
	}
	if res.Report.ID != "" {
		add("proof", text.Clean(res.Report.Line), themes.Strong)
	}
	for _, reason := range slices.Sorted(maps.Keys(res.Report.Left)) {
		add("not moved", text.Sprintf("%s %s", format.Count(res.Report.Left[reason]), reason), themes.Warn)
	}
	for _, mv := range res.Moves {
		if mv.Open {
			add("open", text.Sprintf("move %s has messages that are, or may be, in both queues; finish it in the tasks", mv.ID), themes.Bad)
		}
	}
	if res.Problem != nil {
		add("problem", text.Clean(res.Problem.Error()), themes.Warn)
	}
	if res.Path != "" {
		add("report", text.Sprintf("%s · y copies it", filepath.Base(res.Path)), themes.Dim)
	}
	return lines
}
