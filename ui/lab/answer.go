package lab

import (
	"context"
	"strconv"
	"strings"

	tea "charm.land/bubbletea/v2"

	"sqscope/backend"
	lessons "sqscope/backend/lab"
	"sqscope/themes"
	"sqscope/ui/dialog"
	"sqscope/ui/screen"
	"sqscope/ui/text"
)

// acted is the result of something that the learner did.
type acted struct {
	what text.Safe // empty: nothing needs to be said
	role themes.Role
	err  error
	time bool // time was let pass
}

// Late says it when the page is gone.
func (a acted) Late() (themes.Role, text.Safe) {
	if a.err != nil {
		return themes.Bad, text.Clean(a.err.Error())
	}
	return a.role, a.what
}

func (p *Page) acted(a acted) tea.Cmd {
	if a.time {
		p.going = false
	}
	p.Conn.Fleet.RefreshAll()
	p.arrange()
	switch {
	case a.err != nil:
		return p.Env.Host.Fail(a.err)
	case a.what.Empty():
		return nil
	}
	return p.Env.Host.Say(a.role, a.what)
}

// askAnswer asks a question.
func (p *Page) askAnswer(q *lessons.Question, is *lessons.QuestionStanding) tea.Cmd {
	f := dialog.Form{
		Title: text.Const("Your answer"), Notes: []text.Safe{text.Clean(Plain(q.Ask))}, Confirm: "answer",
		Run: func(v []string) tea.Cmd { return p.answer(q, strings.Join(v, " ")) },
	}
	if q.Predicts() {
		f.Title, f.Confirm = text.Const("Your prediction"), "predict"
	}
	for i, c := range q.Choices {
		f.Notes = append(f.Notes, text.Sprintf("%d  %s", i+1, Plain(c)))
	}
	if q.Kind == lessons.Messages && len(is.Names) > 0 {
		f.Notes = append(f.Notes, text.Sprintf("Messages: %s", strings.Join(is.Names, ", ")))
	}
	if q.Kind == lessons.Numbers && len(q.Fields) > 1 {
		for _, name := range q.Fields {
			f.Fields = append(f.Fields, dialog.Field{Label: name, Hint: "a number", Check: func(v string) string {
				if _, err := strconv.ParseFloat(v, 64); err != nil {
					return "type a number"
				}
				return ""
			}})
		}
	} else {
		f.Fields = []dialog.Field{{Label: "answer", Hint: q.Expects(), Check: func(v string) string {
			_, err := q.ParseAnswer(v)
			if err != nil {
				e := backend.AsError(err)
				return e.Message + ": " + e.Next
			}
			return ""
		}}}
	}
	p.Env.Host.Ask(dialog.NewForm(p.Env, f))
	return nil
}

func (p *Page) answer(q *lessons.Question, said string) tea.Cmd {
	a, err := q.ParseAnswer(said)
	if err != nil {
		return p.Env.Host.Fail(err)
	}
	s := p.lesson.Session
	return p.Act(func(ctx context.Context) tea.Msg { return acted{err: s.Answer(ctx, q.ID, a)} })
}

// claim says a claim of the lesson now.
func (p *Page) claim(c lessons.Claim) tea.Cmd {
	s := p.lesson.Session
	return p.Act(func(ctx context.Context) tea.Msg {
		right, err := s.Claim(ctx, c.ID)
		if !right {
			return acted{err: err} // why it is wrong is said as a trouble
		}
		return acted{what: text.Const("that is so"), role: themes.Good}
	})
}

// knobsRead are the knobs, to turn one.
type knobsRead struct {
	ref  lessons.KnobRef
	knob *backend.Knob
	err  error
}

// readKnob reads how a knob stands, to ask for a new value.
func (p *Page) readKnob(ref lessons.KnobRef) tea.Cmd {
	s := p.lesson.Session
	return p.Do(screen.ReadLimit, func(ctx context.Context) tea.Msg {
		all, err := s.Knobs(ctx)
		for _, k := range all {
			if k.Subject == ref.Subject && k.Name == ref.Name {
				return knobsRead{ref, &k, err}
			}
		}
		return knobsRead{ref: ref, err: err}
	})
}

// askKnob asks for the value.
func (p *Page) askKnob(k knobsRead) tea.Cmd {
	if k.err != nil {
		return p.Env.Host.Fail(k.err)
	}
	if k.knob == nil {
		return p.Env.Host.Fail(backend.Errorf(backend.KindNotFound, "there is no knob %s %s any more", k.ref.Subject, k.ref.Name))
	}
	s := p.lesson.Session
	p.Env.Host.Ask(dialog.NewForm(p.Env, dialog.Form{
		Title:   text.Sprintf("%s %s", k.ref.Subject, k.ref.Name),
		Notes:   []text.Safe{text.Clean(Plain(k.ref.Text)), text.Sprintf("Now: %s. %s", k.knob.Value, k.knob.Says)},
		Fields:  []dialog.Field{{Label: "value", Value: k.knob.Value}},
		Confirm: "turn",
		Run: func(v []string) tea.Cmd {
			return p.Act(func(ctx context.Context) tea.Msg {
				if err := s.Turn(ctx, k.ref.Subject, k.ref.Name, v[0]); err != nil {
					return acted{err: err}
				}
				return acted{what: text.Sprintf("%s %s is now %s", k.ref.Subject, k.ref.Name, v[0]), role: themes.Good}
			})
		},
	}))
	return nil
}
