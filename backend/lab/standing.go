package lab

import (
	"context"
	"slices"

	"sqscope/backend"
)

// Verdict is how a question stands.
type Verdict string

// The verdicts.
const (
	Open    Verdict = "open"    // not answered yet
	Waiting Verdict = "waiting" // answered; the engine has not shown yet what is right
	Right   Verdict = "right"
	Wrong   Verdict = "wrong"
	Late    Verdict = "late" // the engine has shown it before it was answered
)

// Standing is how a session stands at a moment.
type Standing struct {
	Now      float64 // seconds since the lesson began, of the engine
	Steps    []StepStanding
	Current  int               // the first step that is not over; the number of steps if all are
	Closing  *QuestionStanding // nil: there is none, or it is not time for it yet
	Claims   []ClaimStanding
	Counters []CounterStanding
	Misses   int      // in all runs of this session
	Hints    []string // that have been earned
	Trouble  []string // what went wrong in this run, the last one last
	// Spoiled is why this run cannot be passed any more, so that it is to be begun
	// anew; "": it can.
	Spoiled string
	Passed  bool // all goals hold and all questions are answered rightly; it stays so until a reset
}

// StepStanding is a step. Over is true once its questions were answered and each
// of its goals has been reached.
type StepStanding struct {
	Over      bool
	Questions []QuestionStanding
	Goals     []GoalStanding
}

// GoalStanding is a goal: Holds tells whether it is so now, which passing asks
// for.
type GoalStanding struct {
	ID    string
	Text  string
	Holds bool
}

// QuestionStanding is a question. Says is what is said of the answer once it is
// known. Names are what can be answered to a question for messages.
type QuestionStanding struct {
	ID      string
	Verdict Verdict
	Answer  Answer
	Truth   any // what would have been right, as a check yields it, of a prediction that was wrong
	Says    string
	Names   []string
}

// ClaimStanding is a claim, and how it was when it was last made.
type ClaimStanding struct {
	ID    string
	Made  bool
	Right bool
}

// CounterStanding is a counter's value now.
type CounterStanding struct {
	Text    string
	Value   float64
	Unknown bool // there is nothing to be counted yet: the check yields null
	Bad     bool // to be shown as bad
}

// usualMisses is how many misses earn the first hint; each one more earns the
// next.
const usualMisses = 2

// Look reads the engine and judges: call it after every act, and from time to
// time while the clock runs. It costs what browsing all queues costs, and no
// request.
func (s *Session) Look(ctx context.Context) (Standing, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.look(ctx)
}

func (s *Session) look(ctx context.Context) (Standing, error) {
	if s.closed {
		return Standing{}, backend.Errorf(backend.KindCancelled, "the lesson has been left")
	}
	state, err := s.read(ctx)
	if err != nil {
		return Standing{}, err
	}
	now := Standing{Now: state["now"].(float64)}
	if err := s.judge(ctx, state, now.Now); err != nil {
		return Standing{}, err
	}
	// What was judged is part of what goals may ask for.
	state["answers"], state["claims"] = s.answerState(), s.claimState()
	all, err := s.stepStandings(ctx, state, &now)
	if err != nil {
		return Standing{}, err
	}
	if s.lesson.Closing != nil && (all || s.answers[s.lesson.Closing.ID] != nil) {
		q := s.questionStanding(s.lesson.Closing)
		now.Closing = &q
		all = all && q.Verdict == Right
	}
	if err := s.springTraps(ctx, state); err != nil {
		return Standing{}, err
	}
	if err := s.counters(ctx, state, &now); err != nil {
		return Standing{}, err
	}
	for _, c := range s.lesson.Claims {
		made := s.claims[c.ID]
		now.Claims = append(now.Claims, ClaimStanding{ID: c.ID, Made: made != nil, Right: made != nil && made.right})
	}
	if s.history.lost > 0 {
		s.spoiled = "More happened at once than could be followed: take smaller steps."
	}
	s.passed = s.passed || all && s.spoiled == ""
	s.ever = s.ever || s.passed
	now.Misses, now.Trouble, now.Spoiled, now.Passed = s.misses, slices.Clone(s.trouble), s.spoiled, s.passed
	now.Hints = s.lesson.hints[:min(len(s.lesson.hints), max(0, s.misses-usualMisses+1))]
	return now, nil
}

// stepStandings are the steps, and whether all that they ask for is so now.
func (s *Session) stepStandings(ctx context.Context, state map[string]any, now *Standing) (all bool, err error) {
	all, now.Current = true, len(s.lesson.Steps)
	for i := range s.lesson.Steps {
		step, one := &s.lesson.Steps[i], StepStanding{Over: true}
		for k := range step.Questions {
			q := s.questionStanding(&step.Questions[k])
			one.Questions = append(one.Questions, q)
			one.Over = one.Over && q.Verdict != Open && q.Verdict != Late && (q.Verdict != Wrong || step.Questions[k].Predicts())
			all = all && q.Verdict == Right
		}
		for _, g := range step.Goals {
			holds, err := g.when.holds(ctx, state)
			if err != nil {
				return false, err
			}
			s.reached[g.ID] = s.reached[g.ID] || holds
			one.Goals = append(one.Goals, GoalStanding{ID: g.ID, Text: g.Text, Holds: holds})
			one.Over = one.Over && s.reached[g.ID]
			all = all && holds
		}
		if !one.Over && now.Current == len(s.lesson.Steps) {
			now.Current = i
		}
		now.Steps = append(now.Steps, one)
	}
	return all, nil
}

func (s *Session) questionStanding(q *Question) QuestionStanding {
	one := QuestionStanding{ID: q.ID, Verdict: Open}
	if q.Kind == Messages {
		one.Names = s.history.known(q.Queue)
	}
	a := s.answers[q.ID]
	switch {
	case a == nil:
		return one
	case a.late:
		one.Verdict, one.Says = Late, "Predict first, then act: begin anew."
		return one
	}
	one.Answer = a.answer
	switch {
	case !a.known:
		one.Verdict = Waiting
	case a.right:
		one.Verdict, one.Says = Right, q.Why
	default:
		one.Verdict, one.Says = Wrong, q.Miss
		if q.Predicts() { // the engine has shown it
			one.Says, one.Truth = joined(q.Miss, q.Why), a.truth
		}
	}
	return one
}

func joined(a, b string) string {
	if a == "" || b == "" {
		return a + b
	}
	return a + " " + b
}

// judge compares answers with what is known to be right, and finds questions
// that nobody has answered in time.
func (s *Session) judge(ctx context.Context, state map[string]any, now float64) error {
	for q := range s.lesson.questions {
		a := s.answers[q.ID]
		if a != nil && (a.known || a.late) {
			continue
		}
		truth, err := s.truth(ctx, q, a, state)
		if err != nil {
			return err
		}
		if a == nil {
			locked, err := q.locks.holds(ctx, state)
			if err != nil {
				return err
			}
			if q.Predicts() && truth != nil || locked {
				s.answers[q.ID] = &answered{at: now, late: true}
				s.spoil("It was too late for the prediction: " + q.Ask)
			}
			continue
		}
		if truth == nil {
			continue
		}
		a.known, a.truth, a.right = true, truth, q.right(a.answer, truth)
		if q.Kind == Export {
			a.right = truth == true
		}
		if a.right {
			continue
		}
		s.misses++
		if q.Predicts() {
			s.spoil("The prediction was not right: " + q.Ask)
		}
	}
	return nil
}

// truth is what is right, nil while it is not known.
func (s *Session) truth(ctx context.Context, q *Question, a *answered, state map[string]any) (any, error) {
	switch {
	case q.Kind == Export:
		if a == nil {
			return nil, nil
		}
		return s.exported(a, q.Queue), nil
	case q.Predicts():
		truth, err := q.truth.value(ctx, state)
		if err == nil && truth != nil {
			err = q.fits(truth)
		}
		return truth, err
	case a == nil:
		return nil, nil
	}
	return q.answer, nil
}

func (s *Session) springTraps(ctx context.Context, state map[string]any) error {
	for i, t := range s.lesson.traps {
		is, err := t.when.holds(ctx, state)
		if err != nil {
			return err
		}
		if is && !s.sprung[i] {
			s.miss(t.text)
			if t.spoils {
				s.spoil(t.text)
			}
		}
		s.sprung[i] = is
	}
	return nil
}

func (s *Session) miss(why string) {
	s.misses++
	if why != "" {
		s.trouble = append(s.trouble, why)
	}
}

// spoil ends the hopes of this run. The first reason counts.
func (s *Session) spoil(why string) {
	if s.spoiled == "" {
		s.spoiled = why
	}
}

func (s *Session) counters(ctx context.Context, state map[string]any, now *Standing) error {
	for _, c := range s.lesson.Counters {
		v, err := c.value.value(ctx, state)
		if err != nil {
			return err
		}
		n, ok := numberIn(v)
		if !ok && v != nil {
			return &backend.Error{Kind: backend.KindInvalid, Subject: c.value.where, Message: "the counter is no number", Next: "the check is: " + c.value.text}
		}
		now.Counters = append(now.Counters, CounterStanding{Text: c.Text, Value: n, Unknown: !ok, Bad: c.Bad && n != 0})
	}
	return nil
}

// answerState and claimState are what was said, as checks see it.
func (s *Session) answerState() map[string]any {
	all := map[string]any{}
	for q := range s.lesson.questions {
		a := s.answers[q.ID]
		if a == nil || a.late {
			continue
		}
		one := map[string]any{"at": a.at, "answer": q.value(a.answer), "right": nil, "exported": a.export}
		if a.known {
			one["right"] = a.right
		}
		all[q.ID] = one
	}
	return all
}

func (s *Session) claimState() map[string]any {
	all := map[string]any{}
	for id, c := range s.claims {
		all[id] = map[string]any{"at": c.at, "right": c.right, "wrong": c.wrong}
	}
	return all
}
