package peek

import (
	"context"
	"sync"

	"sqscope/backend/owner"
)

// Leases is the account of everything that this process has on lease, for
// whoever must give it back in a hurry: on quit, suspend, a signal or a panic.
// Make it with [NewLeases].
type Leases struct {
	group *owner.Group // of receives and batches; it should end after ReleaseAll

	mu       sync.Mutex
	sessions map[*Session]bool
}

// NewLeases opens an account. The group runs the receives.
func NewLeases(group *owner.Group) *Leases {
	return &Leases{group: group, sessions: map[*Session]bool{}}
}

// Count is how many messages are on lease or being received.
func (l *Leases) Count() int {
	n := 0
	for _, s := range l.open() {
		n += s.leased()
	}
	return n
}

// ReleaseAll releases every session, as [Session.Release] does, all at the same
// time, and tells how many messages were given back and how many were not, or
// are still being received. It returns when ctx ends at the latest.
func (l *Leases) ReleaseAll(ctx context.Context) (released, failed int) {
	var mu sync.Mutex
	var wg sync.WaitGroup
	for _, s := range l.open() {
		wg.Add(1)
		run := func(context.Context) {
			defer wg.Done()
			r, f, _ := s.release(ctx)
			mu.Lock()
			defer mu.Unlock()
			released, failed = released+r, failed+f
		}
		if !l.group.Go("release", run) {
			run(nil)
		}
	}
	wg.Wait()
	return released, failed
}

func (l *Leases) open() []*Session {
	l.mu.Lock()
	defer l.mu.Unlock()
	out := make([]*Session, 0, len(l.sessions))
	for s := range l.sessions {
		out = append(out, s)
	}
	return out
}

// add puts a session on the account that is about to receive.
func (l *Leases) add(s *Session) {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.sessions[s] = true
}

// settle takes a session off the account that has nothing on lease and is not
// receiving.
func (l *Leases) settle(s *Session) {
	l.mu.Lock()
	defer l.mu.Unlock()
	if !s.busy() {
		delete(l.sessions, s)
	}
}
