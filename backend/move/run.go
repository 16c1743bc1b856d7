package move

import (
	"context"
	"errors"
	"fmt"
	"math"
	"slices"
	"time"

	"sqscope/backend"
	"sqscope/backend/owner"
)

// phase is where the run has a message.
type phase int

const (
	resting phase = iota // on lease until it is given back: not chosen, or it cannot be moved
	spare                // likewise, but chosen, and more than may be moved now
	ready                // planned, and waiting for its batch
	working              // in a batch or a delete that is under way
	owed                 // sent, and to be deleted with the next lease that we get
	gone                 // moved
)

// item is a message that was received, or that the journal knows of. While it is
// working only its job touches it, but for next.
type item struct {
	m     backend.Message
	ends  time.Time // of the lease, counted from before the receive was sent; zero: none of ours
	turn  int       // deliveries to us
	phase phase
	l     letter
	at    int   // index in Result.Messages; -1: not chosen
	next  lease // one that came while it was working
	owes  int   // how often a delete of it did not succeed
	past  *fact // from an earlier run of the move; nil: none
	came  bool  // in this run
	pass  int   // of the scan, when it came last
}

type lease struct {
	m    backend.Message
	ends time.Time
}

func (it *item) leased(now time.Time) bool { return it.ends.After(now) }

// run is one move under way. One goroutine, the caller's, keeps its books; others
// make the requests and hand back what is to be done with the answer.
type run struct {
	o     Options
	log   *log
	ctx   context.Context // when it ends nothing new is begun
	work  context.Context // of requests: what was begun is finished
	owner *owner.Group

	answers chan func()
	out     int // of answers

	began    time.Time
	items    map[string]*item
	pools    [][]*item // ready, by destination
	spares   []*item
	doomed   []*item // on lease, sent before, to be deleted
	result   Result
	err      error
	stop     Stop // nothing more is leased or sent
	resuming bool

	scan  scan
	tally tally
	pace  pace

	named    map[string]bool
	jobs     int             // batches under way
	proven   bool            // one batch has gone all the way
	canary   bool            // it is yet to be asked about
	taken    int             // messages that count against Most
	troubles int             // batches in a row of which nothing was moved
	dead     []error         // by destination: why nothing is sent there any more
	stopped  map[string]bool // groups of which nothing more is moved

	others    map[string]*backend.Error // messages that an earlier move has sent, perhaps: why they are left
	unwritten bool                      // something was sent, and that it was stands in no journal
	numbers   numbers
}

func newRun(ctx context.Context, o Options, l *log) *run {
	r := &run{
		o: o, log: l, ctx: ctx, work: context.WithoutCancel(ctx), owner: o.Owner,
		items: map[string]*item{}, pools: make([][]*item, len(o.To)), dead: make([]error, len(o.To)),
		stopped: map[string]bool{}, began: time.Now(), canary: o.Canary > 0 && o.Watch != nil,
		numbers: numbers{known: map[string]bool{}, last: map[string]string{}, fresh: map[string]string{}},
	}
	r.result.ID = l.id
	r.tally.outcomes, r.tally.reasons = map[Outcome]int{}, map[string]int{}
	r.scan.pass = 1
	r.answers = make(chan func(), o.Parallel)
	r.pace.limited = o.Rate != nil && o.Rate(0, 0) > 0
	r.scan.visible = o.From.Visible
	if o.IDs != nil {
		r.named = map[string]bool{}
		for _, id := range o.IDs {
			r.named[id] = true
		}
	}
	return r
}

// move does the whole move, and gives back what it leased, whatever happens.
func (r *run) move() (Result, error) {
	if r.owner == nil {
		r.owner = owner.New(r.work, nil)
		defer r.owner.Close()
	}
	r.loop()
	if r.stop == "" {
		r.stop = r.scan.reason(r)
	}
	r.giveBack()
	r.report(false)
	r.close()
	return r.result, r.err
}

// recall takes in what earlier moves know: the ids that destinations gave, for a
// message that is moved twice with the same deduplication id within five minutes
// is a duplicate; and what they have sent, perhaps, and not deleted, for whoever
// sends that makes a second one.
func (r *run) recall() error {
	all, err := Moves(r.o.Dir)
	if err != nil {
		return err
	}
	r.others = map[string]*backend.Error{}
	for _, m := range all {
		for id := range m.newIDs {
			r.numbers.known[id] = true
		}
		if m.From.ARN != r.o.From.ARN || m.From.Context != r.o.From.Context {
			continue
		}
		for _, open := range slices.Concat(m.Both, m.Doubtful) {
			if e := sentBefore(m, open.ID); !m.Ended || !r.named[open.ID] {
				r.others[open.ID] = e
			}
		}
	}
	return nil
}

func sentBefore(m Move, id string) *backend.Error {
	e := backend.Errorf(backend.KindConflict, "was perhaps sent by the move %s", m.ID)
	e.Subject, e.Next = id, "it was left; finish that move first"
	if m.Ended {
		e.Next = "it was left; look in the destination, and name it by its id to move it all the same"
	}
	return e
}

// abandon closes a move that never began.
func (r *run) abandon(err error) error {
	r.because(StopFailed, err)
	r.close()
	return r.err
}

// close writes the end of the journal, if there is nothing left to finish, and
// closes it.
func (r *run) close() {
	r.result.Stop, r.result.Elapsed = r.stop, time.Since(r.began)
	r.result.Seen, r.result.Released = r.tally.seen, r.tally.released
	r.settleOpen()
	r.result.Missing = r.missing()
	var errs []error
	if !r.result.Open {
		errs = append(errs, r.log.put(line{At: time.Now(), End: &end{Stop: r.stop, Moved: r.result.Count(Moved)}}, false))
	}
	errs = append(errs, r.log.file.Close())
	if r.result.Open && r.err == nil {
		e := notDeleted()
		e.Subject, e.Message = r.log.id, fmt.Sprintf("sent and not known to be deleted from the source: %d", r.result.Count(Both))
		r.err = e
	}
	if err := errors.Join(errs...); err != nil && r.err == nil {
		r.result.Problems = append(r.result.Problems, backend.AsError(unwritable(r.log.path, err)))
	}
}

// missing are the ids that were named and of which the result says nothing. What
// came when enough were chosen is among them.
func (r *run) missing() (ids []string) {
	told := make(map[string]bool, len(r.result.Messages))
	for i := range r.result.Messages {
		told[r.result.Messages[i].ID] = true
	}
	for _, id := range r.o.IDs {
		it := r.items[id]
		if it == nil || !it.came || !r.result.Through() && !told[id] {
			ids = append(ids, id)
		}
	}
	return ids
}

// loop begins what can be begun and books what comes back, until neither is left.
func (r *run) loop() {
	done := r.ctx.Done()
	for {
		pause := r.launch()
		if r.out == 0 && pause == 0 {
			if !r.askCanary() {
				return
			}
			continue
		}
		var wake <-chan time.Time
		var timer *time.Timer
		if pause > 0 {
			timer = time.NewTimer(pause)
			wake = timer.C
		}
		select {
		case book := <-r.answers:
			r.out--
			book()
		case <-wake:
		case <-done:
			done = nil
			r.because(StopCancelled, nil)
		}
		if timer != nil {
			timer.Stop()
		}
	}
}

// because keeps the first reason to stop, and its error.
func (r *run) because(why Stop, err error) {
	if r.stop == "" {
		r.stop = why
		if err != nil {
			r.err = backend.AsError(err)
		}
	}
}

// spawn makes a request in a goroutine. What it returns is run by the loop, which
// waits for it.
func (r *run) spawn(name string, request func() func()) {
	r.out++
	answer := func() {
		r.because(StopFailed, backend.Errorf(backend.KindInternal, "%s panicked", name))
	}
	work := func(context.Context) {
		defer func() { r.answers <- answer }()
		answer = request()
	}
	if !r.owner.Go(name, work) { // the program is ending: there is time for what is needed
		work(r.work)
	}
}

// launch begins what can be begun. The pause is how long to wait for more, where
// nothing else would end it; 0: there is nothing to wait for.
func (r *run) launch() time.Duration {
	now := time.Now()
	if r.stop == "" && r.o.Budget > 0 && now.Sub(r.began) >= r.o.Budget {
		r.because(StopBudget, nil)
	}
	if r.stop == "" && r.ctx.Err() != nil {
		r.because(StopCancelled, nil)
	}
	if r.stop != "" {
		r.rest()
	}
	r.drawSpares(now)
	for r.room() && r.launchBatch(now, false) {
	}
	for r.room() && r.wantsReceive(now) {
		r.launchReceive()
	}
	if r.scan.out == 0 || r.pending() >= r.ahead() {
		for r.room() && r.launchBatch(now, true) {
		}
	}
	for r.room() && len(r.doomed) > 0 && (len(r.doomed) >= tens || r.out == 0) {
		r.launchDelete()
	}
	return r.pause(now)
}

// pause is how long it is until a send is due, or a receive.
func (r *run) pause(now time.Time) time.Duration {
	var pause time.Duration
	if r.stop == "" && r.pending() > 0 {
		pause = max(0, r.pace.next.Sub(now))
	}
	if wait := r.scan.pause.Sub(now); wait > 0 && r.wantsReceive(r.scan.pause) {
		if r.resuming && r.out == 0 {
			r.giveBack() // what came and was not wanted
		}
		if pause == 0 || wait < pause {
			pause = wait
		}
	}
	return pause
}

func (r *run) room() bool { return r.out < r.o.Parallel }

// rest puts what is waiting for its batch to what is given back.
func (r *run) rest() {
	for i, pool := range r.pools {
		for _, it := range pool {
			r.untake(it)
		}
		r.pools[i] = nil
	}
}

// untake undoes that a message was chosen, as far as nothing was done with it.
func (r *run) untake(it *item) {
	it.phase = resting
	r.taken--
	r.tally.chosen--
}

// pending is how many messages wait for their batch.
func (r *run) pending() (n int) {
	for _, pool := range r.pools {
		n += len(pool)
	}
	return n
}

// serial tells whether batches must go one after the other: the order of a group
// and the comparison of sequence numbers depend on it.
func (r *run) serial() bool {
	if r.o.From.ARN.FIFO() {
		return true
	}
	for _, q := range r.o.To {
		if q.ARN.FIFO() {
			return true
		}
	}
	return false
}

// most is how many messages may be moved for now; 0: any number.
func (r *run) most() int {
	if r.canary && (r.o.Most == 0 || r.o.Canary < r.o.Most) {
		return r.o.Canary
	}
	return r.o.Most
}

// more is how many messages may still be chosen for now.
func (r *run) more() int {
	n := math.MaxInt
	if most := r.most(); most > 0 {
		n = most - r.taken
	}
	if r.o.Tries > 0 {
		n = min(n, r.o.Tries-r.tally.chosen)
	}
	return n
}

// askCanary asks about the first messages when they have been moved. It tells
// whether to go on.
func (r *run) askCanary() bool {
	if !r.canary || r.stop != "" || r.taken < r.o.Canary || r.most() != r.o.Canary {
		return false
	}
	r.canary = false
	r.report(false)
	p := r.progress()
	p.Canary = true
	if stop, why := r.o.Watch(r.ctx, p); stop {
		r.result.Why = why
		r.because(StopWatch, nil)
	}
	return true
}

// report tells how far the move has come, and with watch asks whether to go on.
func (r *run) report(watch bool) {
	if r.o.Progress != nil {
		r.o.Progress(r.progress())
	}
	if !watch || r.stop != "" || r.o.Watch == nil {
		return
	}
	if stop, why := r.o.Watch(r.ctx, r.progress()); stop {
		r.result.Why = why
		r.because(StopWatch, nil)
	}
}
