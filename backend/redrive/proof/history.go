package proof

import (
	"cmp"
	"slices"
	"time"

	"sqscope/backend"
	"sqscope/backend/move"
)

// Past is a time that a message was redriven before, and how it ended.
type Past struct {
	Run   string // id of the redrive, or of the move
	At    time.Time
	To    string // ARN
	Fate  Fate   // NotBack where it was watched and not seen again; "": it was not watched
	Doubt bool   // perhaps it was not sent: nobody knows
	ByID  bool   // known by its id, not by its content
}

// History is what earlier redrives say of messages. Make it with [Load]. It never
// changes and may be used from any goroutine.
type History struct {
	byNew    map[string]entry
	byDigest map[Digest][]entry
}

type entry struct {
	Past
	id, newID string
}

// Load reads the journals of moves and the reports in these folders. A folder that
// is not there has none. Problems are what could not be read; what it said is
// missing.
func Load(moves, reports string) (*History, []*backend.Error, error) {
	h := &History{byNew: map[string]entry{}, byDigest: map[Digest][]entry{}}
	all, problems, err := Reports(reports)
	if err != nil {
		return h, problems, err
	}
	told := map[string]bool{} // moves that a report tells of
	for _, r := range all {
		for _, id := range r.Moves {
			told[id] = true
		}
		for _, it := range r.Items {
			h.add(it.Digest, entry{Past{Run: r.ID, At: it.At, To: it.To, Fate: it.Fate, Doubt: it.Doubt}, it.ID, it.NewID})
		}
	}
	journals, err := move.Moves(moves)
	if err != nil {
		return h, problems, err
	}
	for _, m := range journals {
		problems = append(problems, m.Problems...)
		if told[m.ID] {
			continue
		}
		for _, x := range m.Messages {
			h.add(Digest{x.NewMD5, x.NewAttributes}, entry{
				Past{Run: m.ID, At: m.At, To: x.To.String(), Doubt: x.Outcome == move.PossibleDuplicate}, x.ID, x.NewID,
			})
		}
	}
	return h, problems, nil
}

func (h *History) add(d Digest, e entry) {
	if e.newID != "" {
		h.byNew[e.newID] = e
	}
	h.byDigest[d] = append(h.byDigest[d], e)
}

// Of are the times that a message was redriven before, the first one first. It is
// known by its id as far back as ids go; before that, and where SQS's own task
// moved it, by its content, which others may have too.
func (h *History) Of(m backend.Message) []Past { return h.OfDigest(m.MessageId, digestOf(m)) }

// OfDigest is [History.Of] for a message of which only the id and the content are
// known.
func (h *History) OfDigest(id string, d Digest) []Past {
	var all []Past
	runs := map[string]bool{}
	take := func(e entry, byID bool) {
		if !runs[e.Run] {
			runs[e.Run], e.ByID = true, byID
			all = append(all, e.Past)
		}
	}
	chain := false
	for {
		e, ok := h.byNew[id]
		if !ok || runs[e.Run] {
			break
		}
		chain = true
		take(e, true)
		id = e.id
	}
	for _, e := range h.byDigest[d] {
		if !chain || e.newID == "" {
			take(e, false)
		}
	}
	slices.SortFunc(all, func(a, b Past) int { return cmp.Or(a.At.Compare(b.At), cmp.Compare(a.Run, b.Run)) })
	return all
}

// Empty tells whether nothing was ever redriven, as far as it is recorded.
func (h *History) Empty() bool { return len(h.byDigest) == 0 }

// Times is how often a message was redriven before.
func (h *History) Times(m backend.Message) int { return len(h.Of(m)) }
