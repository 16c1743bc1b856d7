package screen

import (
	"maps"
	"slices"
	"time"
)

// Moment is the whole world of an engine at an instant, in memory.
type Moment struct {
	At     time.Time // by the engine's clock
	Why    string    // it was kept, in words
	Stored int       // messages
	Data   []byte    // the snapshot, which nobody changes
}

// Moments are those that were kept of this place when its scene was left.
func (b *Base) Moments() []Moment { return b.Env.moments[b.Conn] }

// KeepMoments remembers moments until the place is left. A lesson has its own way
// back.
func (b *Base) KeepMoments(all []Moment) {
	if b.Conn.Lesson != nil {
		return
	}
	if b.Env.moments == nil {
		b.Env.moments = map[*Connection][]Moment{}
	}
	maps.DeleteFunc(b.Env.moments, func(c *Connection, _ []Moment) bool { return !slices.Contains(b.Env.Conns, c) })
	b.Env.moments[b.Conn] = all
}
