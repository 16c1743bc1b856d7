package redrive

import (
	"context"
	"slices"
	"time"

	"sqscope/backend"
	"sqscope/backend/guard"
	"sqscope/backend/journal"
	"sqscope/backend/move"
	"sqscope/backend/redrive/proof"
	"sqscope/backend/redrive/tasks"
)

// Phase is what a redrive is doing.
type Phase string

// The phases, in their order.
const (
	PhaseCanary Phase = "canary"   // the first messages are moved
	PhaseWatch  Phase = "watching" // the canary is watched
	PhaseMove   Phase = "moving"
	PhaseProve  Phase = "proving" // all is moved; what becomes of it is watched
	PhaseDone   Phase = "done"
)

// State is how far a redrive has come.
type State struct {
	Phase   Phase
	Move    move.Progress  // of the move that runs, or ran last
	Task    tasks.Progress // likewise, of SQS's own task
	Picture proof.Picture  // of the last look
	Until   time.Time      // when watching ends at the latest, in the queues' time
	Moved   int            // by all of them so far
}

// Result is what a redrive did. Each message that was chosen is in one of the
// results of the moves.
type Result struct {
	ID      string
	Card    *Card
	Moves   []move.Result
	Task    *tasks.Result // nil: SQS's own task was not used
	Picture proof.Picture
	Stopped string // why the guards stopped it, or a person did; "": it ran to its end
	Report  proof.Report
	Path    string // of the report, as Markdown; "": there is none
	Problem error  // why the report or the proof is not what it should be; nil: it is
}

// Moved is how many messages were moved.
func (r Result) Moved() int {
	n := 0
	for _, m := range r.Moves {
		n += m.Count(move.Moved) + m.Count(move.Both)
	}
	if r.Task != nil {
		n += r.Task.Moved()
	}
	return n
}

// Run redrives. It examines the plan once more, and does nothing where there is a
// blocker. Tell, which may be nil, is called from this goroutine. With an error the
// redrive ended before its time; the Result says what was done until then. That ctx
// ended or a guard stopped it is no error.
//
// To redrive again what an interrupted move left, see [move.Resume].
func Run(ctx context.Context, p Plan, tell func(State)) (Result, error) {
	e, err := examine(ctx, &p)
	card := e.c
	if err == nil {
		err = card.Err()
	}
	if err != nil {
		return Result{Card: card}, err
	}
	r := &run{p: p, card: card, began: time.Now(), done: map[string]bool{}, stayed: map[string]bool{}}
	r.result.Card, r.result.ID = card, proof.NewID(r.began)
	r.tell = tell
	following, cancel := context.WithCancel(context.WithoutCancel(ctx)) // a last look is for all who gave up
	defer cancel()
	if err := r.follow(following); err != nil {
		return r.result, err
	}
	end, err := r.begin(ctx)
	if err != nil {
		return r.result, err
	}
	err = r.carry(ctx)
	r.finish(ctx, following, err)
	end(r.outcome(err))
	return r.result, err
}

// run is a redrive under way.
type run struct {
	p      Plan
	card   *Card
	began  time.Time
	tell   func(State)
	state  State
	result Result
	f      *proof.Follower
	w      *watcher
	grants context.Context // carries the grant for deletes
	passed time.Time       // when the canary did
	done   map[string]bool // ids that were moved
	stayed map[string]bool // ids that were tried and are where they were
}

// follow begins to follow, before anything is moved.
func (r *run) follow(ctx context.Context) error {
	o := proof.Options{
		From: proof.Queue{Stack: r.p.From.Stack, URL: r.card.From.URL, ARN: r.card.From.ARN, MaxReceiveCount: r.card.From.MaxReceiveCount},
		Read: r.p.Read && r.p.Leases != nil, Leases: r.p.Leases, Known: r.p.Known, Label: r.p.Label,
	}
	if r.p.History != nil {
		o.Past = r.p.History.Times
	}
	stack := r.p.stackTo()
	for _, d := range r.card.To {
		o.To = append(o.To, proof.Queue{Stack: stack, URL: d.URL, ARN: d.ARN, MaxReceiveCount: d.MaxReceiveCount})
		if q, ok := r.back(ctx, stack, d); ok && !slices.ContainsFunc(o.Back, func(b proof.Queue) bool { return b.ARN == q.ARN }) {
			o.Back = append(o.Back, q)
		}
	}
	f, err := proof.New(ctx, o)
	if err != nil {
		return err
	}
	r.f = f
	r.w = &watcher{f: f, g: r.p.Guards, to: o.To, old: map[string]time.Duration{}, tell: func(p proof.Picture) {
		r.state.Picture = p
		r.report()
	}}
	return nil
}

// back is the queue that a destination dead-letters into. One that cannot be found
// is not watched, which the card says from then on.
func (r *run) back(ctx context.Context, s backend.Stack, d Destination) (proof.Queue, bool) {
	switch d.DLQ {
	case backend.ARN{}:
		return proof.Queue{}, false
	case r.card.From.ARN:
		return proof.Queue{Stack: r.p.From.Stack, URL: r.card.From.URL, ARN: d.DLQ, MaxReceiveCount: r.card.From.MaxReceiveCount}, true
	}
	out, err := s.SQS.GetQueueUrl(ctx, backend.GetQueueUrlInput{QueueName: d.DLQ.Name, QueueOwnerAWSAccountId: d.DLQ.Account})
	if err != nil {
		r.card.say(Warning, d.ARN, "6.1", "watch that queue yourself", "dead-letters into %s, which cannot be found: what comes back is not seen: %s", d.DLQ, backend.AsError(err).Message)
		return proof.Queue{}, false
	}
	return proof.Queue{Stack: s, URL: out.QueueUrl, ARN: d.DLQ}, true
}

// begin notes the redrive as a whole.
func (r *run) begin(ctx context.Context) (func(journal.Result), error) {
	if r.p.Recorder == nil {
		return func(journal.Result) {}, nil
	}
	act := journal.Act{
		Name: journal.Redrive, Queue: r.card.From.ARN.String(), Count: max(0, r.card.Count), Sync: true,
		Params: map[string]string{"redrive": r.result.ID, "how": r.how()},
	}
	if len(r.card.To) == 1 {
		act.To = r.card.To[0].ARN.String()
	}
	return r.p.Recorder.Begin(ctx, act)
}

func (r *run) how() string {
	if r.card.Native {
		return "SQS's own move task"
	}
	return "a selective, journaled move"
}

func (r *run) outcome(err error) journal.Result {
	out := journal.Result{Outcome: journal.Done, Count: r.result.Moved(), Message: r.result.Stopped}
	if err != nil {
		e := backend.AsError(err)
		out.Outcome, out.Kind, out.Code, out.Message = journal.Failed, e.Kind.String(), e.Code, e.Error()
	}
	if out.Count > 0 && (err != nil || r.result.Stopped != "") {
		out.Outcome = journal.Partly
	}
	return out
}

func (r *run) report() {
	if r.tell != nil {
		r.state.Moved = r.f.Len()
		r.tell(r.state)
	}
}

func (r *run) enter(ph Phase) {
	r.state.Phase = ph
	r.report()
}

// carry moves: the canary, and if that passed the rest.
func (r *run) carry(ctx context.Context) error {
	r.grants = ctx
	if n := r.deletes(); n > 0 && r.p.Allow != nil {
		r.grants = r.p.Allow(ctx, guard.Grant{
			Act: guard.ActDeleteMessages, ARN: r.card.From.ARN.String(), Count: n, Evidence: "they are in the destination: redrive " + r.result.ID,
		})
	}
	if r.card.Canary > 0 {
		if on, err := r.canary(ctx); !on {
			return err
		}
	}
	r.passed = time.Now()
	r.enter(PhaseMove)
	if r.card.Native {
		return r.task(ctx)
	}
	if rest := r.most() - len(r.done); rest > 0 {
		_, err := r.move(rest, func(ctx context.Context, _ move.Progress) (bool, string) { return r.w.steady(ctx) })
		return err
	}
	return nil
}

// most is how many messages are moved in all: no more than were confirmed. Where
// the counts say that there are none, which may be a minute late, it is a few.
func (r *run) most() int {
	if r.p.Most > 0 {
		return r.p.Most
	}
	return max(r.card.Count, usualCanary)
}

// deletes is how many messages we delete ourselves.
func (r *run) deletes() int {
	if r.card.Native {
		return r.card.Canary
	}
	return r.most()
}

// canary moves the first messages and watches them. It tells whether to go on.
func (r *run) canary(ctx context.Context) (on bool, err error) {
	r.enter(PhaseCanary)
	m, err := r.move(r.card.Canary, nil)
	if err != nil || ctx.Err() != nil || m.Stop != move.StopMost || len(r.done) == 0 || r.p.Most > 0 && r.tries() <= 0 { // that was all that could be had
		return false, err
	}
	r.until(ctx, r.card.Window)
	r.enter(PhaseWatch)
	pass, why := r.w.canary(ctx, r.card.Window)
	if !pass {
		r.result.Stopped = why
	}
	return pass, nil
}

// until tells when watching ends at the latest.
func (r *run) until(ctx context.Context, window time.Duration) {
	if now, err := r.f.Now(ctx); err == nil {
		r.state.Until = now.Add(window)
	}
}

// move moves up to that many, and follows them.
func (r *run) move(most int, watch func(context.Context, move.Progress) (bool, string)) (move.Result, error) {
	o := r.p.options(r.card)
	if len(r.done) > 0 && o.IDs != nil {
		o.IDs = slices.DeleteFunc(slices.Clone(o.IDs), func(id string) bool { return r.done[id] || r.p.Most > 0 && r.stayed[id] })
	}
	if len(r.done) > 0 {
		// What came back and is tolerated is not moved a second time.
		chosen := o.Select
		o.Select = func(m backend.Message) bool { return !r.f.Ours(m.MessageId) && (chosen == nil || chosen(m)) }
		o.Rate = func(int, time.Duration) float64 { return r.p.Guards.rate(time.Since(r.passed)) }
	} else if g := r.p.Guards; g.Slow > 0 {
		o.Rate = move.Steady(g.Slow)
	} else if g.Fast > 0 {
		o.Rate = move.Steady(g.Fast)
	}
	o.Most, o.Watch = most, watch
	if r.p.Most > 0 {
		// No more than that are touched, so what the canary could not move is left
		// alone. Without a limit it is tried again.
		o.Tries = r.tries()
		chosen := o.Select
		o.Select = func(m backend.Message) bool { return !r.stayed[m.MessageId] && (chosen == nil || chosen(m)) }
	}
	o.Each = r.moved
	o.Progress = func(p move.Progress) { r.state.Move = p; r.report() }
	m, err := move.Run(r.grants, o)
	if m.ID != "" {
		r.result.Moves = append(r.result.Moves, m)
	}
	switch m.Stop {
	case move.StopWatch:
		r.result.Stopped = m.Why
	case move.StopCancelled:
		r.result.Stopped = "cancelled"
	default:
	}
	return m, err
}

// tries is how many messages may still be tried where there is a limit.
func (r *run) tries() int { return r.p.Most - len(r.done) - len(r.stayed) }

// moved takes a message that the move has something to say of.
func (r *run) moved(m move.Message) {
	if m.Outcome != move.Moved && m.Outcome != move.Both && m.Outcome != move.PossibleDuplicate {
		r.stayed[m.ID] = true
		return
	}
	r.done[m.ID] = true
	it := proof.Item{
		Digest: proof.Digest{Body: m.NewMD5, Attributes: m.NewAttributes}, ID: m.ID, NewID: m.NewID, Group: m.Group,
		To: m.To.String(), Doubt: m.Outcome == move.PossibleDuplicate,
	}
	if r.p.History != nil {
		it.Before = len(r.p.History.OfDigest(m.ID, it.Digest))
	}
	r.f.Add(it)
}

// task has SQS move the rest.
func (r *run) task(ctx context.Context) error {
	desk := tasks.Desk{SQS: r.p.From.Stack.SQS, Source: r.card.From.ARN}
	granted := ctx
	if r.p.Allow != nil {
		granted = r.p.Allow(ctx, guard.Grant{Act: guard.ActRedrive, ARN: r.card.From.ARN.String(), Count: max(0, r.card.Count)})
	}
	var to backend.ARN
	if r.p.To != nil {
		to = r.card.To[0].ARN
	}
	t, err := desk.Start(granted, to, r.p.PerSecond)
	if err != nil {
		return err
	}
	canary := len(r.done)
	watch := tasks.Following{
		Progress: func(p tasks.Progress) {
			r.state.Task = p
			r.f.Moved(canary + p.Moved())
			r.report()
		},
		Watch: func(ctx context.Context, _ tasks.Progress) (bool, string) { return r.w.steady(ctx) },
	}
	res, err := desk.Follow(ctx, t, watch)
	if err != nil && ctx.Err() != nil { // a person gave up: the task must not go on by itself
		res, err = r.cancelTask(ctx, desk, res.Task, watch.Progress)
	}
	r.result.Task = &res
	if res.Why != "" {
		r.result.Stopped = res.Why
	}
	if err == nil && res.Status == backend.TaskFailed {
		e := backend.Errorf(backend.KindConflict, "SQS's own move task has failed: %s", res.FailureReason)
		e.Subject, e.Next = r.card.From.ARN.Name, "what it moved stays moved; see to the reason, then redrive the rest"
		return e
	}
	return err
}

// cancelTime is how long the end of a cancelled task is waited for.
const cancelTime = time.Minute

func (r *run) cancelTask(ctx context.Context, desk tasks.Desk, t tasks.Task, progress func(tasks.Progress)) (tasks.Result, error) {
	ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), cancelTime)
	defer cancel()
	asked := false
	res, err := desk.Follow(ctx, t, tasks.Following{Every: time.Second, Progress: progress, Watch: func(context.Context, tasks.Progress) (bool, string) {
		again := asked
		asked = true
		return !again, "cancelled"
	}})
	res.Why = "cancelled"
	return res, err
}
