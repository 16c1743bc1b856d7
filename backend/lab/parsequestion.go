package lab

import (
	"fmt"
	"math"
	"slices"
	"strings"

	"sqscope/backend"
	"sqscope/backend/tomlfile"
)

func (c *compiler) question(path string, t questionTable) (*Question, error) {
	if err := c.id(path, t.ID); err != nil {
		return nil, err
	}
	q := &Question{
		ID: t.ID, Ask: strings.TrimSpace(t.Ask), Kind: Kind(t.Kind), Fields: t.Fields, Choices: t.Choices, Queue: t.Queue,
		Why: strings.TrimSpace(t.Why), Miss: strings.TrimSpace(t.Miss),
	}
	switch {
	case q.Ask == "":
		return nil, c.doc.Errorf(path+".ask", "the question in words", "the question %q asks nothing", t.ID)
	case !slices.Contains(kinds(), t.Kind):
		return nil, c.doc.Errorf(path+".kind", tomlfile.OneOf(t.Kind, kinds()), "there is no kind %q of questions", t.Kind)
	}
	if err := c.shape(path, q); err != nil {
		return nil, err
	}
	if err := c.right(path, t, q); err != nil {
		return nil, err
	}
	var err error
	q.locks, err = c.maybe(path+".locks", t.Locks)
	return q, err
}

// shape checks what a question of its kind needs, and what it cannot have.
func (c *compiler) shape(path string, q *Question) error {
	switch {
	case q.Kind == Numbers && len(q.Fields) == 0:
		return c.doc.Errorf(path+".fields", "what each number is of, in an array", "numbers of what?")
	case q.Kind != Numbers && len(q.Fields) > 0:
		return c.doc.Errorf(path+".fields", "fields for numbers only", "a question of kind %q has no fields", q.Kind)
	case (q.Kind == Choice || q.Kind == Choices) && len(q.Choices) < 2:
		return c.doc.Errorf(path+".choices", "at least two", "there is nothing to choose from")
	case q.Kind != Choice && q.Kind != Choices && len(q.Choices) > 0:
		return c.doc.Errorf(path+".choices", "choices for kinds choice and choices only", "a question of kind %q has no choices", q.Kind)
	case q.Kind == Export && q.Queue == "":
		return c.doc.Errorf(path+".queue", "the queue whose messages are to be in the file", "an export of what?")
	case q.Queue != "":
		return c.queue(path+".queue", q.Queue)
	}
	return nil
}

// right reads what the right answer is: one of answer and truth, none for an
// export, whose file is compared with the queue.
func (c *compiler) right(path string, t questionTable, q *Question) (err error) {
	if q.Kind == Export {
		if t.Answer != nil || t.Truth != "" {
			return c.doc.Errorf(path, "neither answer nor truth", "an export is compared with its queue")
		}
		return nil
	}
	if (t.Answer != nil) == (t.Truth != "") {
		return c.doc.Errorf(path, "answer for what is always so, or truth for what the engine will show", "the right answer must be said in one way")
	}
	if q.tolerance, err = c.amount(path+".tolerance", t.Tolerance, q.Kind); err != nil {
		return err
	}
	if t.Truth != "" {
		q.truth, err = c.maybe(path+".truth", t.Truth)
		return err
	}
	q.answer = t.Answer
	var a Answer
	ok := true
	switch q.Kind {
	case Numbers:
		a.Numbers, ok = numbersOf(t.Answer)
	case Duration:
		q.answer, err = c.amount(path+".answer", t.Answer, q.Kind)
		return err
	default:
		a.Choices, ok = textsOf(t.Answer)
	}
	if !ok {
		return c.doc.Errorf(path+".answer", q.Expects(), "that is no answer to it")
	}
	if err := q.check(a, nil); err != nil {
		return c.doc.Errorf(path+".answer", q.Expects(), "that is no answer to it: %s", backend.AsError(err).Message)
	}
	return nil
}

// amount is a number, or for durations a time span in seconds.
func (c *compiler) amount(path string, v any, kind Kind) (float64, error) {
	if v == nil {
		return 0, nil
	}
	if kind == Duration {
		text, _ := v.(string)
		d, ok := backend.ParseSpan(text)
		if !ok {
			return 0, c.doc.Errorf(path, `a text such as "90s" or "4d"`, "%v is no time span", v)
		}
		return d.Seconds(), nil
	}
	n, ok := numberIn(v)
	if !ok || n < 0 || math.IsNaN(n) {
		return 0, c.doc.Errorf(path, "a number, 0 or more", "%q is no number", fmt.Sprint(v))
	}
	return n, nil
}
