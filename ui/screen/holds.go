package screen

import (
	"sqscope/backend/fleet"
	"sqscope/themes"
	"sqscope/ui/format"
	"sqscope/ui/text"
)

// Holds says in a sentence what a dead-letter queue holds, in the role that it has:
// an empty one is good. The queue must have been read.
func Holds(q *fleet.Queue) (text.Safe, themes.Role) {
	s, role := text.Sprintf("%s holds %s", q.ARN.Name, format.Plural(q.Stored(), "message")), themes.DLQ
	if q.Stored() == 0 {
		role = themes.Good
	}
	if q.InFlight+q.Delayed > 0 {
		s = text.Join(s, text.Sprintf(" (%d visible, %d in flight, %d delayed)", q.Visible, q.InFlight, q.Delayed))
	}
	return s, role
}
