package lab

// questions are all questions of a lesson, the closing one last.
func (l *Lesson) questions(yield func(*Question) bool) {
	for i := range l.Steps {
		for k := range l.Steps[i].Questions {
			if !yield(&l.Steps[i].Questions[k]) {
				return
			}
		}
	}
	if l.Closing != nil {
		yield(l.Closing)
	}
}

// question is the one with an id, nil if there is none.
func (l *Lesson) question(id string) *Question {
	for q := range l.questions {
		if q.ID == id {
			return q
		}
	}
	return nil
}

func (l *Lesson) questionIDs() []string {
	var ids []string
	for q := range l.questions {
		ids = append(ids, q.ID)
	}
	return ids
}

// checks are all checks of a lesson.
func (l *Lesson) checks() []check {
	var all []check
	add := func(c check) {
		if c.set() {
			all = append(all, c)
		}
	}
	for q := range l.questions {
		add(q.truth)
		add(q.locks)
	}
	for _, step := range l.Steps {
		for _, g := range step.Goals {
			add(g.when)
		}
	}
	for _, c := range l.Claims {
		add(c.when)
	}
	for _, c := range l.Counters {
		add(c.value)
	}
	for _, t := range l.traps {
		add(t.when)
	}
	return all
}
