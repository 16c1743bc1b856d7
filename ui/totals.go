package ui

import (
	"sqscope/backend/fleet"
	"sqscope/backend/guard"
	"sqscope/themes"
)

// deadLetters counts the dead-letter queues and what they hold, as far as it
// has been read.
func deadLetters(s *fleet.Snapshot) (n, held int) {
	for _, q := range s.DLQs {
		held += q.Stored()
	}
	return len(s.DLQs), held
}

func levelRole(l guard.Level) themes.Role {
	switch l {
	case guard.View:
		return themes.LevelView
	case guard.Peek:
		return themes.LevelPeek
	}
	return themes.LevelChange
}
