package lab

import (
	"bytes"
	"context"
	"fmt"
	"io"
	"maps"
	"slices"
	"sync"
	"time"

	"sqscope/backend"
	"sqscope/backend/tomlfile"
)

// Session is somebody at a lesson. Make it with [Begin]. Its methods may be
// called from any goroutine, but not from an event of the engine's clock.
type Session struct {
	lesson *Lesson
	world  World
	start  []byte             // snapshot of the beginning
	end    context.CancelFunc // of the subscription
	hand   *Hand

	mu      sync.Mutex
	closed  bool
	events  <-chan backend.Event
	history *history
	answers map[string]*answered
	claims  map[string]*claimed
	reached map[string]bool // goals, once: what makes a step over
	sprung  []bool          // of the traps: true when last looked
	trouble []string        // what the traps said, the last one last
	spoiled string          // why this run cannot be passed any more
	misses  int             // in all runs of the session
	resets  int
	passed  bool // in this run
	ever    bool // in any run
}

// answered is an answer that was given.
type answered struct {
	answer Answer
	at     float64
	export []any // of an export: the ids of the messages in the file
	truth  any   // what is right, once it is known
	known  bool
	right  bool
	late   bool // it became too late before it was answered
}

// claimed is the last time that something was claimed.
type claimed struct {
	at    float64
	right bool
	wrong int // times before that it was not
}

// eventBuffer is the events that can come between two looks.
const eventBuffer = 1 << 14

// Begin begins a lesson in its world, and tries every check of the lesson on the
// state once, so that what is wrong with one shows now. The errors of a check are
// of KindInvalid and name its place in the file. The session lasts until
// [Session.Close], whatever becomes of ctx.
func Begin(ctx context.Context, l *Lesson, w World) (*Session, error) {
	s := &Session{lesson: l, world: w, sprung: make([]bool, len(l.traps))}
	s.hand = &Hand{s: s}
	if err := s.checkKnobs(ctx); err != nil {
		return nil, err
	}
	for _, b := range l.before {
		_, err := w.Stack.SQS.ReceiveMessage(ctx, backend.ReceiveMessageInput{
			QueueUrl: b.queue, MaxNumberOfMessages: backend.Some(b.most), VisibilityTimeout: backend.Some(b.seconds), WaitTimeSeconds: backend.Some(0),
		})
		if err != nil {
			return nil, err
		}
	}
	var start bytes.Buffer
	if err := w.Stack.Snapshots.Snapshot(ctx, &start); err != nil {
		return nil, err
	}
	s.start = start.Bytes()
	listening, end := context.WithCancel(context.WithoutCancel(ctx))
	s.end = end
	var err error
	if s.events, err = w.Stack.Events.Subscribe(listening, eventBuffer); err == nil {
		if err = s.anew(ctx); err == nil {
			_, err = s.Look(ctx)
		}
	}
	if err == nil {
		err = s.tryChecks(ctx)
	}
	if err != nil {
		s.Close()
		return nil, err
	}
	return s, nil
}

// anew begins the account of a run. Answers to what is always so are kept.
func (s *Session) anew(ctx context.Context) error {
	clock, err := s.world.Stack.Clock.Clock(ctx)
	if err != nil {
		return err
	}
	s.drain() // what had happened before
	s.history = newHistory(clock.Now, s.lesson.names)
	s.world.Requests.Clear()
	s.hand.clear()
	kept := map[string]*answered{}
	for id, a := range s.answers {
		if q := s.lesson.question(id); !q.Predicts() && q.Kind != Export && !a.late {
			kept[id] = a
		}
	}
	s.answers, s.claims, s.reached = kept, map[string]*claimed{}, map[string]bool{}
	clear(s.sprung)
	s.trouble, s.spoiled, s.passed = nil, "", false
	return nil
}

// tryChecks finds checks that do not fit the state.
func (s *Session) tryChecks(ctx context.Context) error {
	s.mu.Lock()
	defer s.mu.Unlock()
	state, err := s.read(ctx)
	if err != nil {
		return err
	}
	for _, c := range s.lesson.checks() {
		if _, err := c.value(ctx, state); err != nil {
			return err
		}
	}
	return nil
}

// Close ends the session. The world is closed by whoever made it.
func (s *Session) Close() {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.closed = true
	s.end()
}

// Lesson is the lesson.
func (s *Session) Lesson() *Lesson { return s.lesson }

// Hand is the learner's own consumer.
func (s *Session) Hand() *Hand { return s.hand }

// State is what checks see now: the object that docs/LAB.md describes. It is not
// to be changed.
func (s *Session) State(ctx context.Context) (map[string]any, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.read(ctx)
}

// Answer answers a question. It is refused as KindInvalid if it is no answer,
// KindConflict if it is too late: the prediction comes first, and then the act.
// What is always so may be answered again after a wrong answer.
func (s *Session) Answer(ctx context.Context, id string, a Answer) error {
	s.mu.Lock()
	defer s.mu.Unlock()
	q := s.lesson.question(id)
	if q == nil {
		return &backend.Error{Kind: backend.KindNotFound, Subject: id, Message: "there is no such question", Next: "take " + tomlfile.OneOf(id, s.lesson.questionIDs())}
	}
	state, err := s.read(ctx)
	if err == nil {
		err = s.judge(ctx, state, state["now"].(float64)) // what makes it too late may have happened just now
	}
	if err != nil {
		return err
	}
	locked, err := q.locks.holds(ctx, state)
	if err != nil {
		return err
	}
	switch before := s.answers[id]; {
	case before == nil:
	case before.late:
		return s.tooLate(id, "it has been seen by now what the answer is")
	case before.right, q.Predicts() && (before.known || locked):
		return s.tooLate(id, "it has been answered")
	}
	if err := q.check(a, s.history.known(q.Queue)); err != nil {
		return err
	}
	given := &answered{answer: cloneAnswer(a), at: state["now"].(float64)}
	if q.Kind == Export {
		if given.export, err = readExport(a.Path); err != nil {
			return err
		}
	}
	s.answers[id] = given
	_, err = s.look(ctx)
	return err
}

func (s *Session) tooLate(id, message string) error {
	return &backend.Error{Kind: backend.KindConflict, Subject: id, Message: message, Next: "begin the lesson anew to answer it differently"}
}

func cloneAnswer(a Answer) Answer {
	a.Numbers, a.Choices = slices.Clone(a.Numbers), slices.Clone(a.Choices)
	return a
}

// Claim says at this moment what a claim of the lesson says, and tells whether
// that is so. A wrong one is a miss.
func (s *Session) Claim(ctx context.Context, id string) (right bool, err error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	i := slices.IndexFunc(s.lesson.Claims, func(c Claim) bool { return c.ID == id })
	if i < 0 {
		return false, &backend.Error{Kind: backend.KindNotFound, Subject: id, Message: "the lesson has no such claim"}
	}
	state, err := s.read(ctx)
	if err != nil {
		return false, err
	}
	if right, err = s.lesson.Claims[i].when.holds(ctx, state); err != nil {
		return false, err
	}
	c := &claimed{at: state["now"].(float64), right: right}
	if before := s.claims[id]; before != nil {
		c.wrong = before.wrong
	}
	if !right {
		c.wrong++
		s.miss(s.lesson.Claims[i].Wrong)
	}
	s.claims[id] = c
	_, err = s.look(ctx)
	return right, err
}

// Knobs are those of the lesson, with their values.
func (s *Session) Knobs(ctx context.Context) ([]backend.Knob, error) {
	if s.world.Stage == nil || len(s.lesson.Knobs) == 0 {
		return nil, nil
	}
	all, err := s.world.Stage.Knobs(ctx)
	if err != nil {
		return nil, err
	}
	var knobs []backend.Knob
	for _, ref := range s.lesson.Knobs {
		for _, k := range all {
			if k.Subject == ref.Subject && k.Name == ref.Name {
				knobs = append(knobs, k)
			}
		}
	}
	return knobs, nil
}

// Turn turns a knob of the lesson. Others are KindDenied here, though the scene
// may turn them elsewhere.
func (s *Session) Turn(ctx context.Context, subject, name, value string) error {
	if !slices.ContainsFunc(s.lesson.Knobs, func(k KnobRef) bool { return k.Subject == subject && k.Name == name }) {
		var allowed []string
		for _, k := range s.lesson.Knobs {
			allowed = append(allowed, k.Subject+" "+k.Name)
		}
		return &backend.Error{
			Kind: backend.KindDenied, Subject: subject + " " + name, Message: "this lesson does not let that be turned",
			Next: "take " + tomlfile.OneOf(subject+" "+name, allowed),
		}
	}
	return s.world.Stage.SetKnob(ctx, subject, name, value)
}

// checkKnobs finds knobs of the lesson that the scenario does not have.
func (s *Session) checkKnobs(ctx context.Context) error {
	if len(s.lesson.Knobs) == 0 {
		return nil
	}
	if s.world.Stage == nil {
		return &backend.Error{Kind: backend.KindInvalid, Subject: s.lesson.Setup.File, Message: "the lesson has knobs, and its scenario no actors"}
	}
	all, err := s.world.Stage.Knobs(ctx)
	if err != nil {
		return err
	}
	names := map[string][]string{} // by subject
	for _, k := range all {
		names[k.Subject] = append(names[k.Subject], k.Name)
	}
	for _, ref := range s.lesson.Knobs {
		if slices.Contains(names[ref.Subject], ref.Name) {
			continue
		}
		e := &backend.Error{
			Kind: backend.KindInvalid, Subject: ref.where, Message: fmt.Sprintf("%q has no knob %q", ref.Subject, ref.Name),
			Next: "expected " + tomlfile.OneOf(ref.Name, names[ref.Subject]),
		}
		if names[ref.Subject] == nil {
			e.Message = fmt.Sprintf("nothing in the scenario is called %q and has knobs", ref.Subject)
			e.Next = "expected " + tomlfile.OneOf(ref.Subject, slices.Sorted(maps.Keys(names)))
		}
		return e
	}
	return nil
}

// Reset begins the lesson anew: the same world with the same future. Misses and
// hints stay, and so do answers to what is always so.
func (s *Session) Reset(ctx context.Context) error {
	s.mu.Lock()
	defer s.mu.Unlock()
	if err := s.world.Stack.Snapshots.Restore(ctx, bytes.NewReader(s.start)); err != nil {
		return err
	}
	s.resets++
	if err := s.anew(ctx); err != nil {
		return err
	}
	_, err := s.look(ctx)
	return err
}

// Snapshot writes the world as it is, actors included, for --restore.
func (s *Session) Snapshot(ctx context.Context, w io.Writer) error {
	return s.world.Stack.Snapshots.Snapshot(ctx, w)
}

// Result is how far the session has come, for [Progress].
func (s *Session) Result(now time.Time) Result {
	s.mu.Lock()
	defer s.mu.Unlock()
	r := Result{Runs: s.resets + 1, Misses: s.misses}
	if s.ever {
		r.Passed = now
	}
	return r
}
