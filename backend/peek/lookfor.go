package peek

import (
	"context"
	"fmt"
	"time"

	"sqscope/backend"
)

// putBack is how long a LookFor takes at most to give back what did not match.
const putBack = 10 * time.Second

// Found is how far a LookFor has come.
type Found struct {
	State
	Scanned int // messages read, each counted once
	Matched int // of them, those that match
}

// Words say it honestly: "412 read, 3 match, of about 10,000, 42 polls".
func (f Found) Words() string {
	s := fmt.Sprintf("%d read, %d match", f.Scanned, f.Matched)
	switch {
	case f.Exact:
		s += fmt.Sprintf(", of %d", f.About)
	case f.About >= 0:
		s += fmt.Sprintf(", of about %d", f.About)
	}
	if f.Receives > 0 {
		s += ", " + plural(f.Receives, "poll")
	}
	if f.Empty > 0 {
		s += fmt.Sprintf(", %d empty", f.Empty)
	}
	return s
}

// LookFor reads until want messages match, or there is a reason to stop. Only
// those that match are among [Session.Messages]; there may be a few more of them
// than wanted. Match and progress, which may be nil, are called from this
// goroutine. Without match every message does, and no more are received than are
// wanted.
//
// Where the queue cannot be browsed, what does not match stays on lease until the
// scan is over and is then given back at once, before LookFor returns: given back
// sooner it would come again, cost another receive each time and bring the scan no
// further. So that this hides no more than was agreed to, the scan stops with
// [StopHeld] at Options.Hold messages, and as every look after Options.Budget. Of
// a FIFO queue it reads until all groups are locked. Bodies that do not match are
// not kept.
//
// When ctx ends, it goes on only to give back. An error is as that of
// [Session.Look].
func (s *Session) LookFor(ctx context.Context, want int, match func(Message) bool, progress func(Found)) (Found, error) {
	if progress == nil {
		progress = func(Found) {}
	}
	every := match == nil
	if every {
		match = func(Message) bool { return true }
	}
	ctx, look, err := s.begin(ctx)
	if err != nil {
		return Found{State: State{About: -1}}, err
	}
	if s.o.Stack.Browse != nil {
		defer s.end()
		return s.browseFor(ctx, want, match, progress)
	}
	s.o.Leases.add(s)
	defer s.o.Leases.settle(s)
	defer s.putBack(ctx, look)
	defer s.end()
	counted := s.count(ctx)
	if why := s.refusal(); why != StopNone {
		return Found{State: State{Seen: s.seen(), About: s.about(counted), Stop: why}}, nil
	}
	sc := &scan{
		s: s, look: look, visible: counted, about: s.about(counted), tens: !every, match: match, want: want,
	}
	sc.need = func() int {
		if every {
			return min(s.o.Hold-sc.read, want-sc.matched)
		}
		return s.o.Hold - sc.read
	}
	sc.report = func(State) { progress(sc.found()) }
	if want <= 0 {
		sc.because(StopWanted)
	}
	_, err = sc.run(ctx)
	return sc.found(), err
}

func (c *scan) found() Found { return Found{State: c.state(), Scanned: c.read, Matched: c.matched} }

// putBack gives back what a scan received and does not show. What fails comes
// back by itself, and [Session.Account] counts it until then.
func (s *Session) putBack(ctx context.Context, look uint) {
	ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), putBack)
	defer cancel()
	_, _, _ = s.giveBack(ctx, func(h *held) bool { return h.look == look && h.aside })
}

// sift shows those of the messages that match, and keeps of the others only what
// giving them back takes.
func (c *scan) sift(aside []*held) {
	if c.match == nil || len(aside) == 0 {
		return
	}
	c.s.mu.Lock()
	messages := make([]Message, len(aside))
	for i, h := range aside {
		messages[i] = h.Message
	}
	c.s.mu.Unlock()
	good := make([]bool, len(aside))
	for i, m := range messages {
		good[i] = c.match(m)
	}
	c.s.mu.Lock()
	for i, h := range aside {
		switch {
		case good[i]:
			c.matched++
			if h.aside {
				h.aside = false
				c.s.order = append(c.s.order, h)
			}
		case h.aside:
			h.Message.Message = backend.Message{
				MessageId: h.MessageId, ReceiptHandle: h.ReceiptHandle,
				Attributes: map[string]string{backend.SysMessageGroupId: h.GroupId()},
			}
		}
	}
	c.s.mu.Unlock()
	if c.matched >= c.want {
		c.because(StopWanted)
	}
}

// browseFor is LookFor where reading is free.
func (s *Session) browseFor(ctx context.Context, want int, match func(Message) bool, progress func(Found)) (Found, error) {
	var matched []backend.StoredMessage
	f := Found{State: State{About: s.stored(ctx), Stop: StopWanted}}
	for out, err := range backend.Pages(ctx, s.o.Stack.Browse, s.o.URL, page) {
		if err != nil {
			f.Seen, f.Stop = s.seen(), StopFailed
			if backend.KindOf(err) == backend.KindCancelled {
				f.Stop = StopCancelled
			}
			return f, err
		}
		now := time.Now()
		for _, m := range out.Messages {
			if f.Matched == want {
				break
			}
			f.Scanned++
			if match(browsed(m, now)) {
				matched = append(matched, m)
				f.Matched++
			}
		}
		f.Seen = len(matched)
		progress(f)
		if f.Matched == want {
			break
		}
	}
	if f.Matched < want {
		f.About, f.Exact, f.Stop = f.Scanned, true, StopAll
	}
	s.show(matched)
	f.Seen = len(matched)
	return f, nil
}
