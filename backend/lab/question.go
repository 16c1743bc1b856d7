package lab

import (
	"fmt"
	"math"
	"slices"
	"strconv"
	"strings"
	"time"

	"sqscope/backend"
	"sqscope/backend/tomlfile"
)

// Kind is what an answer to a question is.
type Kind string

// The kinds of questions.
const (
	Numbers  Kind = "numbers"  // one for each of the fields
	Choice   Kind = "choice"   // one of the choices
	Choices  Kind = "choices"  // any of the choices, none too
	Messages Kind = "messages" // any of the messages that are known so far, by their names
	Duration Kind = "duration" // a time span such as 4d or 90s
	Export   Kind = "export"   // the path of a file to which messages were exported
)

func kinds() []string {
	return []string{string(Numbers), string(Choice), string(Choices), string(Messages), string(Duration), string(Export)}
}

// Question is a prediction, or something to be understood. What is right is
// either in the lesson, and then known at once, or shown by the engine later.
type Question struct {
	ID      string
	Ask     string
	Kind    Kind
	Fields  []string // of Numbers: what each is of
	Choices []string
	Queue   string // of Export: whose messages the file has to have; of Messages: whose are offered; "": all
	Why     string // said once it is answered and known
	Miss    string // said of a wrong answer

	answer    any     // []float64, []string or float64; nil: truth says it
	tolerance float64 // of numbers; of durations in seconds
	truth     check   // what the engine shows, null until it does
	locks     check   // from when on it is too late to answer
}

// Predicts tells whether the engine, and not the lesson, says what is right, so
// that the question has to be answered before.
func (q *Question) Predicts() bool { return q.truth.set() }

// Answer is what a learner says. The field of the question's kind counts.
type Answer struct {
	Numbers  []float64
	Choices  []string // of Choice (one), Choices and Messages
	Duration time.Duration
	Path     string
}

// ParseAnswer reads an answer as it is typed: numbers and names with spaces or
// commas between, choices by their numbers from 1 on, a duration such as 3d12h, a
// path. The error is of KindInvalid and says what is expected.
func (q *Question) ParseAnswer(text string) (Answer, error) {
	words := strings.FieldsFunc(text, func(r rune) bool { return r == ' ' || r == ',' || r == '/' })
	var a Answer
	switch q.Kind {
	case Numbers:
		for _, w := range words {
			n, err := strconv.ParseFloat(w, 64)
			if err != nil {
				return a, q.wrong("%q is no number", w)
			}
			a.Numbers = append(a.Numbers, n)
		}
	case Choice, Choices:
		for _, w := range words {
			n, err := strconv.Atoi(w)
			if err != nil || n < 1 || n > len(q.Choices) {
				return a, q.wrong("there is no choice %q", w)
			}
			a.Choices = append(a.Choices, q.Choices[n-1])
		}
	case Messages:
		a.Choices = words
	case Duration:
		d, ok := backend.ParseSpan(strings.TrimSpace(text))
		if !ok {
			return a, q.wrong("%q is no time span", text)
		}
		a.Duration = d
	case Export:
		a.Path = strings.TrimSpace(text)
	}
	return a, q.check(a, nil)
}

// check tells what is wrong with an answer as an answer. Messages are the names
// that are known; nil: not known here.
func (q *Question) check(a Answer, messages []string) error {
	switch q.Kind {
	case Numbers:
		if len(a.Numbers) != len(q.Fields) {
			return q.wrong("that is %d of %d numbers", len(a.Numbers), len(q.Fields))
		}
		for _, n := range a.Numbers {
			if math.IsNaN(n) || math.IsInf(n, 0) {
				return q.wrong("that is no number")
			}
		}
	case Choice, Choices:
		if q.Kind == Choice && len(a.Choices) != 1 {
			return q.wrong("that is %d choices", len(a.Choices))
		}
		return q.known(a.Choices, q.Choices)
	case Messages:
		if messages != nil {
			return q.known(a.Choices, messages)
		}
	case Duration:
		if a.Duration < 0 {
			return q.wrong("a time span is not negative")
		}
	case Export:
		if a.Path == "" {
			return q.wrong("there is no path")
		}
	}
	return nil
}

func (q *Question) known(said, choices []string) error {
	for i, c := range said {
		if !slices.Contains(choices, c) {
			e := q.wrong("there is no %q", c)
			e.Next = "take " + tomlfile.OneOf(c, choices)
			return e
		}
		if slices.Contains(said[:i], c) {
			return q.wrong("%q is said twice", c)
		}
	}
	return nil
}

func (q *Question) wrong(format string, args ...any) *backend.Error {
	e := backend.Errorf(backend.KindInvalid, format, args...)
	e.Subject, e.Next = q.ID, "answer with "+q.Expects()
	return e
}

// Expects says in words what an answer is.
func (q *Question) Expects() string {
	switch q.Kind {
	case Numbers:
		if len(q.Fields) == 1 {
			return "a number: " + q.Fields[0]
		}
		return fmt.Sprintf("%d numbers: %s", len(q.Fields), strings.Join(q.Fields, ", "))
	case Choice:
		return fmt.Sprintf("one choice, 1 to %d", len(q.Choices))
	case Choices:
		return fmt.Sprintf("the numbers of all choices that are right, 1 to %d", len(q.Choices))
	case Messages:
		return "the names of messages"
	case Duration:
		return "a time span such as 90s, 12h or 3d12h"
	}
	return "the path of an export file"
}

// value is an answer as checks see it.
func (q *Question) value(a Answer) any {
	switch q.Kind {
	case Numbers:
		list := make([]any, len(a.Numbers))
		for i, n := range a.Numbers {
			list[i] = n
		}
		return list
	case Duration:
		return a.Duration.Seconds()
	case Export:
		return a.Path
	}
	list := make([]any, len(a.Choices))
	for i, c := range a.Choices {
		list[i] = c
	}
	return list
}

// fits tells whether what a check says is right can be answered at all. If not,
// the lesson is wrong.
func (q *Question) fits(truth any) error {
	a, ok, said := Answer{}, false, fmt.Sprint(truth)
	switch q.Kind {
	case Numbers:
		a.Numbers, ok = numbersOf(truth)
	case Duration:
		_, ok = numberIn(truth)
	default:
		a.Choices, ok = textsOf(truth)
	}
	if ok {
		err := q.check(a, nil)
		if err == nil {
			return nil
		}
		said = backend.AsError(err).Message
	}
	return &backend.Error{
		Kind: backend.KindInvalid, Subject: q.truth.where, Message: "what the check says is right is no answer to the question: " + said,
		Next: "expected " + q.Expects(),
	}
}

// right compares an answer with what is right, as the lesson or a check says it.
func (q *Question) right(a Answer, truth any) bool {
	switch q.Kind {
	case Numbers:
		numbers, ok := numbersOf(truth)
		return ok && slices.EqualFunc(a.Numbers, numbers, q.near)
	case Duration:
		seconds, ok := numberIn(truth)
		return ok && q.near(a.Duration.Seconds(), seconds)
	}
	texts, ok := textsOf(truth)
	said := slices.Sorted(slices.Values(a.Choices))
	slices.Sort(texts)
	return ok && slices.Equal(said, slices.Compact(texts))
}

func (q *Question) near(a, b float64) bool { return math.Abs(a-b) <= q.tolerance+1e-9 }

// numbersOf, numberIn and textsOf read what a check yields or a file says; one
// value stands for a list of one.
func numbersOf(v any) ([]float64, bool) {
	list, isList := v.([]any)
	if !isList {
		list = []any{v}
	}
	var numbers []float64
	for _, e := range list {
		n, ok := numberIn(e)
		if !ok {
			return nil, false
		}
		numbers = append(numbers, n)
	}
	return numbers, true
}

func numberIn(v any) (float64, bool) {
	switch n := v.(type) {
	case float64:
		return n, true
	case int:
		return float64(n), true
	case int64:
		return float64(n), true
	}
	return 0, false
}

func textsOf(v any) ([]string, bool) {
	list, isList := v.([]any)
	if !isList {
		list = []any{v}
	}
	var texts []string
	for _, e := range list {
		s, ok := e.(string)
		if !ok {
			return nil, false
		}
		texts = append(texts, s)
	}
	return texts, true
}
