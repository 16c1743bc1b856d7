package outbox

import (
	"math/rand/v2"
	"strings"
	"time"
)

// template is a draft whose fields are known.
type template struct {
	draft      Draft
	fill       bool
	body       form
	json       bool // the body is JSON
	texts      [4]form
	attributes [][2]form // name and value
}

// templateOf finds the fields of a draft, or what is wrong with one. Without fill
// there are none: {{ is text.
func templateOf(d Draft, fill bool) (*template, error) {
	t := &template{draft: d, fill: fill, json: strings.ContainsAny(firstOf(d.Body), `{["`)}
	if !fill {
		return t, nil
	}
	var f *Fault
	if t.body, f = formOf(PartBody, 0, d.Body); f != nil {
		return nil, f
	}
	for i, text := range []string{d.Group, d.Dedup, d.Delay, d.Trace} {
		if t.texts[i], f = formOf(PartGroup+Part(i), 0, text); f != nil {
			return nil, f
		}
	}
	for i, a := range d.Attributes {
		var both [2]form
		for k, text := range []string{a.Name, a.Value} {
			if both[k], f = formOf(PartAttribute, i, text); f != nil {
				return nil, f
			}
		}
		t.attributes = append(t.attributes, both)
	}
	return t, nil
}

// firstOf is the first character of a text that is no blank. A body that begins with
// a field is taken for what it is without it.
func firstOf(s string) string {
	s = strings.TrimLeft(s, " \t\r\n")
	if strings.HasPrefix(s, "{{") || s == "" {
		return ""
	}
	return s[:1]
}

// message fills the draft in for one message. The same seed and number give the same
// values, whatever was made before.
func (t *template) message(seed uint64, number int, now time.Time, row map[string]any) (Draft, error) {
	d := t.draft
	if !t.fill {
		return d, nil
	}
	p := &pen{rng: rand.New(rand.NewPCG(seed, uint64(number))), number: number, now: now, row: row, json: t.json}
	var err error
	write := func(part Part, i int, to *string, f form) {
		if err != nil {
			return
		}
		var s string
		if s, err = f.write(p); err != nil {
			err = fault(part, i, "%v", err)
			return
		}
		*to = s
	}
	write(PartBody, 0, &d.Body, t.body)
	p.json = false
	for i, to := range []*string{&d.Group, &d.Dedup, &d.Delay, &d.Trace} {
		write(PartGroup+Part(i), 0, to, t.texts[i])
	}
	d.Attributes = append([]Attribute(nil), d.Attributes...)
	for i := range d.Attributes {
		write(PartAttribute, i, &d.Attributes[i].Name, t.attributes[i][0])
		write(PartAttribute, i, &d.Attributes[i].Value, t.attributes[i][1])
	}
	return d, err
}
