package peek

import (
	"context"
	"strconv"
	"time"

	"sqscope/backend"
	"sqscope/backend/rules"
)

// Look reads the first want messages where the queue can be browsed; else it
// takes up to want more on lease. It ends sooner where there is a reason to,
// which the State tells. Progress, which may be nil, is called from this
// goroutine as messages come. When ctx ends Look returns at once; what a receive
// still brings is held as if it had been there.
//
// An error leaves what was seen as it is. One of kind conflict means that
// another look of this session is under way.
func (s *Session) Look(ctx context.Context, want int, progress func(State)) (State, error) {
	if progress == nil {
		progress = func(State) {}
	}
	ctx, look, err := s.begin(ctx)
	if err != nil {
		return State{About: -1}, err
	}
	if s.o.Stack.Browse != nil {
		defer s.end()
		return s.browse(ctx, want, progress)
	}
	s.o.Leases.add(s)
	defer s.o.Leases.settle(s)
	defer s.end()
	counted := s.count(ctx)
	if why := s.refusal(); why != StopNone {
		return State{Seen: s.seen(), About: s.about(counted), Stop: why}, nil
	}
	sc := scan{
		s: s, look: look, visible: counted, about: s.about(counted), report: progress,
	}
	sc.need = func() int { return want - sc.read }
	return sc.run(ctx)
}

// begin makes room for one scan at a time and numbers it.
func (s *Session) begin(ctx context.Context) (context.Context, uint, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.cancel != nil {
		err := backend.Errorf(backend.KindConflict, "is being looked at already")
		err.Subject, err.Next = s.o.ARN.Name, "wait for that look, or cancel it"
		return ctx, 0, err
	}
	ctx, s.cancel = context.WithCancel(ctx)
	s.look++
	return ctx, s.look, nil
}

func (s *Session) end() {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.cancel()
	s.cancel = nil
	s.ended = s.look
}

func (s *Session) seen() int {
	s.mu.Lock()
	defer s.mu.Unlock()
	return len(s.order)
}

// about is how many messages there are, given how many are visible: those on
// our lease are not among them.
func (s *Session) about(visible int) int {
	if visible < 0 {
		return -1
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	return visible + s.leases(time.Now())
}

// count reads how many messages are visible now, and what else a look depends
// on. Where that is not allowed or fails the facts that the session was opened
// with must do: the receive itself tells what is wrong.
func (s *Session) count(ctx context.Context) (visible int) {
	out, err := s.o.Stack.SQS.GetQueueAttributes(ctx, backend.GetQueueAttributesInput{
		QueueUrl:       s.o.URL,
		AttributeNames: []string{backend.AttrMessages, backend.AttrMessageRetentionPeriod, backend.AttrRedrivePolicy},
	})
	if err != nil {
		return s.o.Visible
	}
	// A policy that is gone meanwhile leaves the old warning: too much care does
	// no harm. What can be read of a broken one counts.
	if policy, _ := rules.ParseRedrivePolicy(out.Attributes[backend.AttrRedrivePolicy]); policy.MaxReceiveCount > 0 {
		s.mu.Lock()
		s.cost.MaxReceiveCount = policy.MaxReceiveCount
		s.mu.Unlock()
	}
	if n, err := strconv.Atoi(out.Attributes[backend.AttrMessageRetentionPeriod]); err == nil {
		s.mu.Lock()
		s.retention = time.Duration(n) * time.Second
		s.mu.Unlock()
	}
	visible, err = strconv.Atoi(out.Attributes[backend.AttrMessages])
	if err != nil {
		return s.o.Visible
	}
	return visible
}

// wouldDeadLetter tells whether a receive may move a message that we have seen
// and that is not on our lease to the dead-letter queue (docs/SQS.md 13.1). A
// person's acceptance is used up by asking.
func (s *Session) wouldDeadLetter() bool {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.accepted {
		s.accepted = false
		return false
	}
	now := time.Now()
	for _, h := range s.messages {
		if s.atLimit(h) && !h.Leased(now) {
			return true
		}
	}
	return false
}

// refusal is why the next look is not to receive, or StopNone.
func (s *Session) refusal() Stop {
	confirm := s.o.AskFirst && s.Cost().Confirm()
	s.mu.Lock()
	accepted := s.accepted
	if accepted {
		s.cost.Grew = 0 // the person knows of it
	}
	s.mu.Unlock()
	switch {
	case s.wouldDeadLetter():
		return StopDeadLetter
	case confirm && !accepted:
		return StopAsk
	}
	return StopNone
}

// scan is one run of receives.
type scan struct {
	s       *Session
	look    uint
	visible int        // at the start; negative: not known
	about   int        // for the State
	need    func() int // how many more are needed; called with the mutex held
	tens    bool       // ask for ten each time: which messages come cannot be chosen
	report  func(State)
	match   func(Message) bool // of a LookFor, else nil
	want    int                // messages that match
	dlq     depth

	out      int // receives out
	asked    int // messages they may bring
	read     int // messages read, each counted once
	receives int
	empty    int
	row      int // empty polls in a row
	matched  int
	stop     Stop
	err      error
}

// answer is what a receive brought, already taken into the session.
type answer struct {
	asked    int
	messages int
	fresh    int // of them not received before in this scan
	aside    []*held
	err      error
}

// run receives until there is a reason to stop.
func (c *scan) run(ctx context.Context) (State, error) {
	answers := make(chan answer, c.s.o.Parallel)
	over := time.NewTimer(c.s.o.Budget)
	defer over.Stop()
	defer func() { c.s.mu.Lock(); c.s.last = c.counts(); c.s.mu.Unlock() }()
	c.watch(ctx, true)
	for {
		c.send(ctx, answers)
		switch {
		case c.stop == StopCancelled:
			return c.state(), cancelled(ctx)
		case c.out == 0:
			c.watch(ctx, true)
			return c.state(), c.err
		}
		select {
		case a := <-answers:
			c.take(a)
			c.watch(ctx, a.messages < a.asked)
			c.report(c.state())
		case <-over.C:
			c.because(StopBudget)
		case <-ctx.Done():
			c.because(StopCancelled)
		}
	}
}

// cancelled is the error of a look that was given up: by its caller, by a
// release, or because the program ends.
func cancelled(ctx context.Context) *backend.Error {
	e := backend.Errorf(backend.KindCancelled, "the look was cancelled")
	if err := ctx.Err(); err != nil {
		e.Kind, e.Err = backend.KindOf(err), err
	}
	return e
}

// send sends as many receives as are of use: no more than bring what is needed,
// nor than bring what there is about.
func (c *scan) send(ctx context.Context, answers chan<- answer) {
	need := c.left()
	if need <= 0 {
		c.because(c.enough())
	}
	use := need
	if c.visible >= 0 {
		use = min(need, max(c.visible-c.read, 1))
	}
	for c.stop == StopNone && c.out < c.s.o.Parallel && c.asked < use {
		n := min(batch, need-c.asked)
		if c.tens {
			n = batch
		}
		if !c.s.receive(ctx, c.look, c.match != nil, n, answers) {
			c.because(StopCancelled)
			return
		}
		c.out++
		c.asked += n
	}
}

// enough is the reason to stop when nothing more is needed: a LookFor may hold no
// more.
func (c *scan) enough() Stop {
	if c.match != nil {
		return StopHeld
	}
	return StopWanted
}

func (c *scan) left() int {
	c.s.mu.Lock()
	defer c.s.mu.Unlock()
	return c.need()
}

// take notes an answer and whether it is a reason to stop (docs/SQS.md 13.2).
func (c *scan) take(a answer) {
	c.out--
	c.asked -= a.asked
	if a.err != nil {
		if backend.CodeOf(a.err) == backend.ErrOverLimit {
			c.because(StopOverLimit)
			return
		}
		c.because(StopFailed)
		if c.err == nil {
			c.err = a.err
		}
		return
	}
	c.receives++
	c.read += a.fresh
	c.sift(a.aside)
	if a.messages == 0 {
		c.empty++
		c.row++
		switch {
		case c.s.o.FIFO && c.visible > 0 && c.read == 0:
			c.because(StopGroups)
		case c.row >= 2:
			c.because(StopEmpty)
		}
		return
	}
	c.row = 0
	switch {
	case a.fresh < a.messages:
		c.because(StopRepeated)
	case c.visible > 0 && c.read >= c.visible:
		c.because(StopAll)
	case c.left() <= 0:
		c.because(c.enough())
	case c.s.o.FIFO && !c.tens && c.match == nil:
		c.because(StopRound)
	}
}

// because keeps the first reason to stop, but for cancelling.
func (c *scan) because(why Stop) {
	if c.stop == StopNone || why == StopCancelled {
		c.stop = why
	}
}

func (c *scan) state() State {
	st := c.counts()
	st.Seen = c.s.seen()
	return st
}

func (c *scan) counts() State {
	return State{About: c.about, Receives: c.receives, Empty: c.empty, Stop: c.stop}
}
