package proof

import (
	"context"
	"slices"
	"time"

	"sqscope/backend"
)

// countsLag is how old approximate counts may be (docs/SQS.md 2.7, 12.2).
const countsLag = time.Minute

// skew is how far our clock and SQS's may be apart.
const skew = time.Minute

// Follower follows what was redriven. Make it with [New], before anything is
// moved.
type Follower struct {
	o     Options
	exact bool
	start time.Time // in the queues' own time

	items    []*Item
	byNew    map[string]*Item
	byDigest map[Digest][]*Item
	out      []gone // how much had left From when

	before  map[backend.ARN]int // stored at the start
	known   map[string]bool     // ids of messages that were in Back before
	fresh   map[string]bool     // ids of new failures
	unknown map[string]bool     // ids of messages in Back of unknown age

	events events
	last   Picture
}

// gone is how many messages had left the dead-letter queue at a time.
type gone struct {
	at time.Time // of our clock
	n  int
}

// New begins to follow, and reads how full the queues are. Where they can be
// browsed and tell events, all of Back is read, which is free; else nothing is
// received. The follower ends with ctx.
func New(ctx context.Context, o Options) (*Follower, error) {
	if o.Most <= 0 {
		o.Most = defaultMost
	}
	f := &Follower{
		o: o, exact: true, byNew: map[string]*Item{}, byDigest: map[Digest][]*Item{},
		before: map[backend.ARN]int{}, known: map[string]bool{}, fresh: map[string]bool{}, unknown: map[string]bool{},
	}
	for _, m := range o.Known {
		f.known[m.MessageId] = true
	}
	for _, q := range slices.Concat([]Queue{o.From}, o.To, o.Back) {
		f.exact = f.exact && Exact(q.Stack)
	}
	var err error
	if f.start, _, err = f.now(ctx); err != nil {
		return nil, err
	}
	if f.exact {
		if err := f.listen(ctx); err != nil {
			return nil, err
		}
	}
	for _, q := range f.watched() {
		d := depth(ctx, q)
		if d.Err != nil {
			return nil, d.Err
		}
		f.before[q.ARN] = d.Stored()
	}
	return f, nil
}

// Exact tells whether the fate of each message can be known whose queues are in
// these stacks: they are engines that can be browsed and tell their events.
func Exact(stacks ...backend.Stack) bool {
	return !slices.ContainsFunc(stacks, func(s backend.Stack) bool { return s.Browse == nil || s.Events == nil })
}

// watched are all queues, each once.
func (f *Follower) watched() []Queue {
	var all []Queue
	for _, q := range slices.Concat([]Queue{f.o.From}, f.o.To, f.o.Back) {
		if !slices.ContainsFunc(all, func(o Queue) bool { return o.ARN == q.ARN }) {
			all = append(all, q)
		}
	}
	return all
}

// now is the time of the queues: an engine's own where there is one.
func (f *Follower) now(ctx context.Context) (time.Time, bool, error) {
	c := f.o.From.Stack.Clock
	if c == nil {
		return time.Now(), false, nil
	}
	s, err := c.Clock(ctx)
	return s.Now, s.Paused, err
}

// Now is the time of the queues: the engine's, or ours.
func (f *Follower) Now(ctx context.Context) (time.Time, error) {
	t, _, err := f.now(ctx)
	return t, err
}

// Exact tells whether the fate of each message will be known.
func (f *Follower) Exact() bool { return f.exact }

// Len is how many messages are followed.
func (f *Follower) Len() int { return len(f.items) }

// Items are the messages that are followed, as they stand at the last look.
func (f *Follower) Items() []Item {
	all := make([]Item, len(f.items))
	for i, it := range f.items {
		all[i] = *it
	}
	return all
}

// Ours tells whether an id in the dead-letter queue is that of a message that was
// redriven and has come back.
func (f *Follower) Ours(id string) bool { return f.byNew[id] != nil }

// Add takes a message that was redriven. One whose id is known already is
// replaced. A zero At is now.
func (f *Follower) Add(it Item) {
	if it.At.IsZero() {
		it.At = time.Now()
	}
	if it.Fate == "" {
		it.Fate = NotBack
	}
	if f.o.Label != nil && it.Label == "" {
		it.Label = f.o.Label(it.ID)
	}
	have := f.find(it)
	if have != nil {
		it.Fate = have.Fate
		*have = it
	} else {
		have = &it
		f.items = append(f.items, have)
		f.byDigest[it.Digest] = append(f.byDigest[it.Digest], have)
		f.left(len(f.items))
	}
	if it.NewID != "" {
		f.byNew[it.NewID] = have
		f.events.catchUp(f, it.NewID)
	}
	if it.ID != "" {
		f.known[it.ID] = true
		delete(f.unknown, it.ID)
	}
}

// find is the item of the same message, or nil.
func (f *Follower) find(it Item) *Item {
	for _, have := range f.byDigest[it.Digest] {
		if it.ID != "" && have.ID == it.ID {
			return have
		}
	}
	return nil
}

// Moved tells how many messages SQS's own task has moved, which are not followed
// one by one unless they were read before.
func (f *Follower) Moved(n int) { f.left(n) }

func (f *Follower) left(n int) {
	if len(f.out) == 0 || n > f.out[len(f.out)-1].n {
		f.out = append(f.out, gone{time.Now(), n})
	}
}

// sent is how many messages have left the dead-letter queue.
func (f *Follower) sent() int {
	if len(f.out) == 0 {
		return 0
	}
	return f.out[len(f.out)-1].n
}

// counted is how many of those that left the counts must show by now.
func (f *Follower) counted() int {
	if f.o.From.Stack.Browse != nil {
		return f.sent()
	}
	n := 0
	for _, g := range f.out {
		if time.Since(g.at) >= countsLag {
			n = g.n
		}
	}
	return n
}

// Look tells how things stand. It reads the depths of all queues; with deep, and
// where Options.Read allows it, it also receives from Back what can be had of it
// and gives it back. Where the fate of each message is known, deep makes no
// difference.
//
// A depth that cannot be read is no error but told in the picture.
func (f *Follower) Look(ctx context.Context, deep bool) (Picture, error) {
	at, paused, err := f.now(ctx)
	if err != nil {
		return f.last, err
	}
	p := Picture{Start: f.start, At: at, Paused: paused, Exact: f.exact, ReadAt: f.last.ReadAt, Read: f.last.Read, About: f.last.About}
	for _, q := range f.o.To {
		p.To = append(p.To, f.depth(ctx, q))
	}
	for _, q := range f.o.Back {
		p.Back = append(p.Back, f.depth(ctx, q))
	}
	if err := ctx.Err(); err != nil {
		return f.last, backend.AsError(err)
	}
	switch {
	case f.exact:
		err = f.hear(ctx)
		p.ReadAt = at
	case deep && f.o.Read:
		err = f.read(ctx, &p)
	}
	f.sum(&p)
	f.last = p
	return p, err
}

// sum counts.
func (f *Follower) sum(p *Picture) {
	p.Sent, p.Fates = max(f.sent(), len(f.items)), map[Fate]int{}
	for _, it := range f.items {
		p.Fates[it.Fate]++
	}
	p.New, p.Unknown = len(f.fresh), len(f.unknown)
	if f.exact {
		p.Since = p.New + p.Returned()
		return
	}
	for _, d := range p.Back {
		grew := d.Stored() - d.Before
		if d.ARN == f.o.From.ARN {
			grew += f.counted()
		}
		if d.Err == nil {
			p.Since += max(0, grew)
		}
	}
	p.Since = max(p.Since, p.New+p.Returned())
}

func (f *Follower) depth(ctx context.Context, q Queue) Depth {
	d := depth(ctx, q)
	d.Before = f.before[q.ARN]
	if d.Err != nil { // the last that was known
		for _, old := range slices.Concat(f.last.To, f.last.Back) {
			if old.ARN == q.ARN {
				d.Visible, d.InFlight, d.Delayed = old.Visible, old.InFlight, old.Delayed
			}
		}
	}
	return d
}

// depth reads about how full a queue is.
func depth(ctx context.Context, q Queue) Depth {
	d := Depth{ARN: q.ARN}
	var err error
	if d.Visible, d.InFlight, d.Delayed, err = backend.Depths(ctx, q.Stack.SQS, q.URL); err != nil {
		d.Err = backend.AsError(err)
	}
	return d
}
