package lab

import (
	"fmt"
	"strconv"
	"strings"

	tea "charm.land/bubbletea/v2"

	lessons "sqscope/backend/lab"
	"sqscope/themes"
)

// question is one with its answer and what is said of it.
func (p *Page) question(q *lessons.Question, is *lessons.QuestionStanding) {
	t := p.Env.Theme
	can := canAnswer(q, is)
	rows := func(w int) []string {
		sign, role := verdict(is.Verdict)
		lines := signed("    "+sign, q.Ask, role, w, t)
		line := func(s string, role themes.Role) { lines = append(lines, signed("     ", s, role, w, t)...) }
		switch is.Verdict {
		case lessons.Open:
			word := "enter answers it"
			if q.Predicts() {
				word = "enter predicts it: before you act"
			}
			line(word, themes.Accent)
		case lessons.Late:
			line(is.Says, themes.Bad)
		default:
			line("You said "+p.answerWords(q, is)+".", themes.Dim)
			if is.Verdict == lessons.Waiting {
				line("The engine will show whether that is so.", themes.Dim)
			}
			if is.Verdict == lessons.Wrong && is.Truth != nil {
				line("The engine has shown: "+truth(q, is.Truth)+".", themes.Text)
			}
			if is.Says != "" {
				line(is.Says, themes.Text)
			}
			if can && is.Verdict == lessons.Wrong {
				line("enter answers it again", themes.Accent)
			}
		}
		return lines
	}
	if !can {
		p.add("question "+q.ID, rows)
		return
	}
	p.offer("question "+q.ID, "answer", func() tea.Cmd { return p.askAnswer(q, is) }, rows)
}

// canAnswer tells whether an answer would be taken.
func canAnswer(q *lessons.Question, is *lessons.QuestionStanding) bool {
	switch is.Verdict {
	case lessons.Open, lessons.Waiting:
		return true
	case lessons.Wrong:
		return !q.Predicts()
	}
	return false
}

func verdict(v lessons.Verdict) (sign string, role themes.Role) {
	switch v {
	case lessons.Right:
		return "✓", themes.Good
	case lessons.Wrong, lessons.Late:
		return "✗", themes.Bad
	case lessons.Waiting:
		return "…", themes.Text
	}
	return "?", themes.Strong
}

// answerWords are an answer as one would say it.
func (p *Page) answerWords(q *lessons.Question, is *lessons.QuestionStanding) string {
	a := is.Answer
	switch q.Kind {
	case lessons.Numbers:
		var parts []string
		for i, n := range a.Numbers {
			field := ""
			if i < len(q.Fields) {
				field = " " + q.Fields[i]
			}
			parts = append(parts, number(n)+field)
		}
		return strings.Join(parts, ", ")
	case lessons.Duration:
		return passed(a.Duration.Seconds())
	case lessons.Export:
		return a.Path
	}
	if len(a.Choices) == 0 {
		return "none of them"
	}
	return strings.Join(a.Choices, "; ")
}

func number(n float64) string { return strconv.FormatFloat(n, 'f', -1, 64) }

// truth is what a check has yielded, in words.
func truth(q *lessons.Question, v any) string {
	switch v := v.(type) {
	case []any:
		var parts []string
		for _, e := range v {
			parts = append(parts, truth(q, e))
		}
		return strings.Join(parts, ", ")
	case float64:
		if q.Kind == lessons.Duration {
			return passed(v)
		}
		return number(v)
	case int:
		return truth(q, float64(v))
	}
	return fmt.Sprint(v)
}
