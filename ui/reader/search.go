package reader

import (
	"context"
	"errors"
	"strings"

	tea "charm.land/bubbletea/v2"

	"sqscope/backend/decode/query"
	"sqscope/ui/widget"
)

// Search looks for what was typed in what is shown: a text, or a regular
// expression between slashes. Nothing typed ends the search. What is wrong with an
// expression is said under the body.
func (r *Reader) Search(typed string) tea.Cmd {
	find, err := parse(typed)
	r.wrong = ""
	if err != nil {
		r.wrong = err.Error()
		return nil
	}
	if find.Everything() {
		r.find = nil
		r.body.EndFound()
		return nil
	}
	r.find = find
	if r.page == nil {
		return nil // it is looked for when the page comes
	}
	return r.seek()
}

func (r *Reader) seek() tea.Cmd {
	find, doc := r.find, r.page.doc
	return r.do(func(_ context.Context, turn int) tea.Msg { return found{turn, spans(find, doc.Text())} })
}

// Searching tells whether something is looked for.
func (r *Reader) Searching() bool { return r.find != nil }

// parse reads what was typed. A path is no query here: it is looked for as text.
func parse(typed string) (*query.Find, error) {
	if !strings.HasPrefix(typed, "/") {
		return query.FindText(typed), nil
	}
	find, err := query.ParseFind(typed)
	if e := (*query.Error)(nil); errors.As(err, &e) && e.Unfinished() {
		return query.FindText(typed), nil
	}
	return find, err
}

func spans(find *query.Find, in string) []widget.Span {
	all := find.Spans(in, widget.MostFound)
	out := make([]widget.Span, len(all))
	for i, s := range all {
		out[i] = widget.Span(s)
	}
	return out
}
