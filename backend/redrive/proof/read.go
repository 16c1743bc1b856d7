package proof

import (
	"context"
	"slices"
	"time"

	"sqscope/backend"
	"sqscope/backend/peek"
)

const (
	readTime    = time.Minute // of one reading of a queue
	releaseTime = 20 * time.Second
)

// read receives from Back what can be had of it, and gives it back.
func (f *Follower) read(ctx context.Context, p *Picture) error {
	p.Read, p.About = 0, 0
	var first error
	for i, q := range f.o.Back {
		visible := p.Back[i].Visible
		p.About += visible
		if visible == 0 {
			continue
		}
		seen, err := f.receive(ctx, q, visible)
		p.Read += len(seen)
		for _, m := range seen {
			f.judge(m.Message)
		}
		if err != nil && first == nil {
			first = err
		}
	}
	p.ReadAt, p.About = p.At, max(p.About, p.Read)
	return first
}

func (f *Follower) receive(ctx context.Context, q Queue, visible int) ([]peek.Message, error) {
	s := peek.Open(peek.Options{
		Stack: q.Stack, Leases: f.o.Leases, URL: q.URL, ARN: q.ARN, FIFO: q.ARN.FIFO(), MaxReceiveCount: q.MaxReceiveCount,
		Visible: visible, Budget: readTime, AskFirst: true,
	})
	_, err := s.Look(ctx, min(visible, f.o.Most), nil)
	seen := s.Messages()
	away, cancel := context.WithTimeout(context.WithoutCancel(ctx), releaseTime)
	defer cancel()
	if held := s.Release(away); err == nil {
		err = held
	}
	return seen, err
}

// judge decides what a message is that was seen in Back: one that came back, one
// that was there before, or one that failed since.
func (f *Follower) judge(m backend.Message) {
	if it := f.byNew[m.MessageId]; it != nil {
		it.Fate = CameBack
		return
	}
	if f.known[m.MessageId] || f.fresh[m.MessageId] {
		return
	}
	sent := m.Time(backend.SysSentTimestamp)
	switch {
	case !sent.Before(f.start.Add(-skew)) && f.match(m):
		f.known[m.MessageId] = true
	case sent.After(f.start):
		f.fresh[m.MessageId] = true
	default:
		// Sent before and perhaps failed since: on a standard queue nothing in it
		// tells when it was dead-lettered (docs/SQS.md 6.2).
		f.unknown[m.MessageId] = true
	}
}

// match takes a message for one that was redriven, by its content. One whose own
// new id is known, and is another, cannot be it unless a consumer sent it on.
func (f *Follower) match(m backend.Message) bool {
	same := f.byDigest[digestOf(m)]
	i := slices.IndexFunc(same, func(it *Item) bool { return it.Fate == NotBack && it.NewID == "" })
	if i < 0 {
		i = slices.IndexFunc(same, func(it *Item) bool { return it.Fate == NotBack })
	}
	if i < 0 {
		return false
	}
	same[i].Fate = CameBack
	return true
}
