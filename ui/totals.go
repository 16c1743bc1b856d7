package ui

import (
	"sqscope/backend"
	"sqscope/backend/guard"
	"sqscope/themes"
	"sqscope/ui/screen"
)

// sums are what the top line says of all queues in sight.
type sums struct {
	queues, dlqs, held       int  // held: messages in dead-letter queues, as far as they have been read
	listed, complete, failed bool // listed: of some place; complete: of all
	unread                   int  // queues that cannot be read, so that nobody knows what they are and hold
	clock                    backend.ClockState
	clocked                  bool // there is a clock that can be stopped
}

func add(places []*screen.Connection) sums {
	s := sums{complete: true}
	for _, c := range places {
		snap := c.Fleet.Snapshot()
		s.queues += len(snap.Queues)
		s.dlqs += len(snap.DLQs)
		for _, q := range snap.DLQs {
			s.held += q.Stored()
		}
		s.unread += snap.Unreadable
		s.listed = s.listed || !snap.ListedAt.IsZero()
		s.complete = s.complete && snap.ListComplete
		s.failed = s.failed || snap.Err != nil
		if !snap.ClockAt.IsZero() {
			s.clock, s.clocked = snap.Clock, true
		}
	}
	return s
}

// levels is the access level of the places in a word, or that for a queue.
func levels(places []*screen.Connection, queue string) string {
	lowest, highest := span(places, queue)
	if lowest != highest {
		return lowest.String() + " to " + highest.String()
	}
	return highest.String()
}

func span(places []*screen.Connection, queue string) (lowest, highest guard.Level) {
	lowest, highest = guard.Change, guard.View
	for _, c := range places {
		lowest, highest = min(lowest, c.Guard.LevelOf(queue)), max(highest, c.Guard.LevelOf(queue))
	}
	return lowest, highest
}

// levelRole is the colour of the highest level: what could be done.
func levelRole(places []*screen.Connection, queue string) themes.Role {
	switch _, highest := span(places, queue); highest {
	case guard.View:
		return themes.LevelView
	case guard.Peek:
		return themes.LevelPeek
	}
	return themes.LevelChange
}
