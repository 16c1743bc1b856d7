package scenario

import (
	"context"
	"fmt"
	"slices"
	"strconv"
	"time"

	"sqscope/backend"
	"sqscope/backend/tomlfile"
)

// knob is one of an actor. set changes nothing if it returns an error.
type knob struct {
	name  string
	says  string
	value func() string
	set   func(text string) error
	turn  func(now time.Time) // puts a change into effect; nil: it is felt by itself
}

// Knobs are all that can be changed now: actors first, in file order, then all
// queues, whoever made them.
func (r *Run) Knobs(ctx context.Context) ([]Knob, error) {
	r.mu.Lock()
	defer r.mu.Unlock()
	var all []Knob
	for _, a := range r.actors {
		for _, k := range a.knobbed() {
			all = append(all, Knob{Subject: a.self().actor, Name: k.name, Value: k.value(), Says: k.says})
		}
	}
	rest, err := r.queueKnobs(ctx)
	return append(all, rest...), err
}

// Set turns a knob. A value that the actor or SQS does not take is refused as
// KindInvalid, with SQS's own reason where the limit is SQS's, and changes
// nothing; a subject or a knob that is not there is KindNotFound. Snapshots keep
// what was set.
func (r *Run) Set(ctx context.Context, subject, name, value string) error {
	r.mu.Lock()
	defer r.mu.Unlock()
	if r.stopped || r.scenario == nil {
		return backend.Errorf(backend.KindConflict, "no scenario is at work")
	}
	for _, a := range r.actors {
		if a.self().actor != subject {
			continue
		}
		for _, k := range a.knobbed() {
			if k.name == name {
				return r.turn(a, k, value)
			}
		}
	}
	return r.setQueueKnob(ctx, subject, name, value)
}

func (r *Run) turn(a actor, k knob, value string) error {
	if err := k.set(value); err != nil {
		e := *backend.AsError(err)
		e.Subject = a.self().actor + " " + k.name
		return &e
	}
	c := a.self()
	if c.knobs == nil {
		c.knobs = map[string]string{}
	}
	c.knobs[k.name] = k.value()
	if k.turn != nil {
		k.turn(r.clock.Now())
	}
	return nil
}

// restoreKnobs turns the knobs of an actor to what a snapshot says, without the
// effects, which are in the snapshot as well.
func restoreKnobs(a actor, values map[string]string) error {
	all := a.knobbed()
	for _, name := range sortedKeys(values) {
		i := slices.IndexFunc(all, func(k knob) bool { return k.name == name })
		if i < 0 {
			return wrong("there is no knob %q", name)
		}
		if err := all[i].set(values[name]); err != nil {
			return wrong("knob %s: %s", name, backend.AsError(err).Message)
		}
	}
	a.self().knobs = values
	return nil
}

// noKnob is the error for a knob that is not there, with those that are.
func (r *Run) noKnob(subject, name string) error {
	var subjects, names []string
	for _, a := range r.actors {
		subjects = append(subjects, a.self().actor)
		if a.self().actor == subject {
			for _, k := range a.knobbed() {
				names = append(names, k.name)
			}
		}
	}
	queues := r.queueNames()
	subjects = append(subjects, queues...)
	e := backend.Errorf(backend.KindNotFound, "there is nothing called %q whose knobs could be turned", subject)
	e.Next = "take " + tomlfile.OneOf(subject, subjects)
	if isQueue := slices.Contains(queues, subject); isQueue || subject == AllQueues || len(names) > 0 {
		for _, q := range queueKnobNames() {
			if isQueue {
				names = append(names, q)
			}
		}
		if isQueue || subject == AllQueues {
			names = append(names, faultNames()...)
		}
		e = backend.Errorf(backend.KindNotFound, "there is no knob %q", name)
		e.Next = "take " + tomlfile.OneOf(name, names)
	}
	e.Subject = subject
	return e
}

func refused(expected, value string) error {
	e := backend.Errorf(backend.KindInvalid, "it cannot be %q", value)
	e.Next = "take " + expected
	return e
}

// decimalKnob is a number in a range.
func decimalKnob(name, says string, at *float64, lo, hi float64) knob {
	says = fmt.Sprintf("%s, %v to %v", says, lo, hi)
	return knob{
		name: name, says: says, value: func() string { return strconv.FormatFloat(*at, 'g', -1, 64) },
		set: func(text string) error {
			n, err := strconv.ParseFloat(text, 64)
			if err != nil || !(n >= lo && n <= hi) {
				return refused(says, text)
			}
			*at = n
			return nil
		},
	}
}

// wholeKnob is a whole number in a range.
func wholeKnob(name, says string, at *int, lo, hi int) knob {
	says = fmt.Sprintf("%s, %d to %d", says, lo, hi)
	return knob{
		name: name, says: says, value: func() string { return strconv.Itoa(*at) },
		set: func(text string) error {
			n, err := strconv.Atoi(text)
			if err != nil || n < lo || n > hi {
				return refused(says, text)
			}
			*at = n
			return nil
		},
	}
}

// timeKnob is a duration in a range.
func timeKnob(name, says string, at *time.Duration, lo, hi time.Duration) knob {
	says = fmt.Sprintf("%s, %s to %s", says, spanText(lo), spanText(hi))
	return knob{
		name: name, says: says, value: func() string { return spanText(*at) },
		set: func(text string) error {
			d, ok := backend.ParseSpan(text)
			if !ok || d < lo || d > hi {
				return refused(says, text)
			}
			*at = d
			return nil
		},
	}
}

// switchKnob is on or off.
func switchKnob(name, says string, at *bool) knob {
	says += ", true or false"
	return knob{
		name: name, says: says, value: func() string { return strconv.FormatBool(*at) },
		set: func(text string) error {
			on, err := strconv.ParseBool(text)
			if err != nil {
				return refused(says, text)
			}
			*at = on
			return nil
		},
	}
}

// limited has a knob say the limits of SQS, and not its own, which are wider so
// that what is beyond is refused with SQS's reason.
func (k knob) limited(says string) knob {
	set := k.set
	k.says = says
	k.set = func(text string) error {
		if set(text) != nil {
			return refused(says, text)
		}
		return nil
	}
	return k
}

// when has a knob do something when it was turned.
func (k knob) when(turn func(now time.Time)) knob {
	k.turn = turn
	return k
}

// checked has a knob ask for the reason why a value is refused, once it is there,
// and puts the old one back if there is one.
func (k knob) checked(check func() error) knob {
	set := k.set
	k.set = func(text string) error {
		old := k.value()
		if err := set(text); err != nil {
			return err
		}
		if err := check(); err != nil {
			if back := set(old); back != nil {
				return backend.Errorf(backend.KindInternal, "a knob does not take its own value: %v", back)
			}
			return err
		}
		return nil
	}
	return k
}
