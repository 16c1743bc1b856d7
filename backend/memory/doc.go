// Package memory is SQS in this process: the engine that demonstrations, tests
// and programs on the developer's desk talk to, as faithful to docs/SQS.md as it
// can be made. It knows no network and no screen.
//
// # Time
//
// All time comes from a [Clock], which owns the one heap of events. Events that
// are due run one at a time, in order of time and then of creation, with time
// standing still; those of queues come before others, in the order of the
// queues. A queue itself needs no events: whoever touches it first
// brings it up to date ([queue.advance]), in the order in which things fell due,
// so that nothing depends on when somebody looked. Only while somebody waits for
// a message or listens to [Events] does a queue keep one event in the clock's
// heap, at the next time when something in it falls due. An engine that nobody
// uses has no timers.
//
// # Chance
//
// Ids come from generators seeded with [Options.Seed]: the same calls in the
// same order at the same times give the same ids, sequence numbers and events,
// and faults. A snapshot holds the generators too: who restores it has the same
// future.
//
// # Boundary
//
// [Engine.Stack] has the service as its clients see it: there faults happen and
// callers are authorised. The engine's own methods are behind that; an actor on
// the clock calls [Engine.Inside], where latency is not felt, and [Engine.Poll].
//
// # Locks
//
// Each queue has one lock, for everything in it but its settings, which are an
// immutable value behind an atomic pointer. There is no lock for all of them on
// the way of a send, a receive or a delete beyond a look at the table of names.
// Locks are taken in this order, and none is held while waiting for anything:
//
//  0. the turn of the clock, by who stops all events: Advance, a snapshot
//  1. queues, in the order of their creation; two only where a message goes from
//     one to the other (dead letters, move tasks); all for a snapshot
//  2. the table of names, for one access to a map
//  3. the clock's heap, or the list of subscribers, or the faults: never two
//
// Nothing of a caller's runs under a lock: what [Engine.Poll] promises to wake is
// woken by an event on the clock.
//
// # Cost
//
// Send, receive, delete, a change of visibility, an expiry: O(log n) in the
// messages of the queue, in whatever state they are, and the digests are taken
// outside of the lock. On a fair queue it is O(log n) in its tenants as well; a
// queue without tenants has no part of that. Counts are exact and O(1). What
// costs O(n) says so.
package memory
