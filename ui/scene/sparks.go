package scene

import (
	"slices"
	"time"

	"sqscope/backend"
	"sqscope/themes"
)

// spark is a message on its way across the screen. It flies in the world's time,
// also while the engine's stands: after a step one sees what has happened in it.
type spark struct {
	backend.Flight
	born time.Time
}

const (
	// flying is how long a spark takes from end to end.
	flying = 700 * time.Millisecond
	// apart is how far sparks on the same way follow each other.
	apart = 60 * time.Millisecond
	// most is how many sparks there are at most. More could not be told apart.
	most = 96
)

// launch adds sparks for new flights: of a flood, every second, third … one.
func launch(sparks []spark, flights []backend.Flight, now time.Time) []spark {
	type way struct{ from, to string }
	before := map[way]int{}
	for i := 0; i < len(flights) && len(sparks) < most; i += 1 + len(flights)/most {
		w := way{flights[i].From, flights[i].To}
		sparks = append(sparks, spark{flights[i], now.Add(time.Duration(before[w]) * apart)})
		before[w]++
	}
	return sparks
}

// start is where a spark comes from.
func (s *spark) start(p *plan) id {
	switch s.Kind {
	case backend.FlightReceived, deadLettered:
		return queueID(s.From)
	case backend.FlightDeleted, backend.FlightGivenBack:
		return p.receiver(s.From)
	}
	return id{name: s.From}
}

// end is where it goes to. What is sent goes to a queue or to a topic.
func (s *spark) end(p *plan) id {
	switch s.Kind {
	case backend.FlightSent, backend.FlightDeleted, backend.FlightGivenBack, deadLettered:
		return p.target(s.To)
	case backend.FlightReceived:
		return p.receiver(s.To)
	}
	return id{name: s.To}
}

// landed takes away the sparks that have arrived.
func landed(sparks []spark, now time.Time) []spark {
	return slices.DeleteFunc(sparks, func(s spark) bool { return now.Sub(s.born) >= flying })
}

// glyph is what a spark looks like: each kind by its shape.
func (s *spark) glyph() (string, themes.Role) {
	switch s.Kind {
	case backend.FlightReceived:
		return "◆", themes.Number
	case backend.FlightDeleted:
		return "✓", themes.Good
	case backend.FlightGivenBack:
		return "◁", themes.Warn
	case backend.FlightCalled:
		return "·", themes.Text
	case backend.FlightRefused:
		return "✗", themes.Bad
	case backend.FlightAnswered:
		return "◇", themes.Good
	case deadLettered:
		return "▼", themes.DLQ
	}
	return "●", themes.Accent
}

// deadLettered is a flight from a queue to its dead-letter queue, of which the
// engine tells and no actor.
const deadLettered backend.FlightKind = "deadLettered"
