package deadletters

import (
	"context"
	"hash/fnv"
	"io"
	"maps"
	"slices"
	"strconv"
	"time"

	tea "charm.land/bubbletea/v2"

	"sqscope/backend/config"
	"sqscope/backend/decode"
	"sqscope/backend/memo"
	"sqscope/backend/peek"
	"sqscope/backend/redrive/proof"
	"sqscope/backend/triage"
	"sqscope/backend/triage/arrange"
	"sqscope/backend/triage/harm"
	"sqscope/themes"
	"sqscope/ui/screen"
	"sqscope/ui/text"
)

// groupLimit is how long a grouping may take.
const groupLimit = 30 * time.Second

// keptBytes of bodies are kept opened from one grouping to the next.
const keptBytes = 32 << 20

// grouped is the end of a grouping.
type grouped struct {
	found   triage.Grouping
	letters []triage.Message
	bars    map[string][]triage.ReceiveBar
	again   map[string]int
	read    screen.Letters
	version uint64
	err     error
}

// versionOf tells apart what is to be grouped: messages, how often they were
// received, and what was arranged.
func (m *Model) versionOf() uint64 {
	h := fnv.New64a()
	for i := range m.all {
		_, _ = io.WriteString(h, m.all[i].MessageId)
		_, _ = h.Write([]byte{byte(m.all[i].ReceiveCount), byte(m.all[i].ReceiveCount >> 8), '\n'})
	}
	_, _ = io.WriteString(h, strconv.Itoa(m.arranged))
	return h.Sum64()
}

// group groups what was read, unless that was done. While a grouping is under way
// the next one waits for its end.
func (m *Model) group() tea.Cmd {
	if m.grouping || !m.recalled || m.look.Looking() {
		return nil
	}
	q, version := m.Conn.Queue(m.queue), m.versionOf()
	if q == nil || version == m.version && m.err == nil {
		return nil
	}
	m.grouping = true
	all, env, queue, past := m.all, m.Env, m.queue, m.past
	facts, rules := triage.Facts{Queue: harm.Of(q), Markers: slices.Clone(m.markers)}, m.ruled()
	state := m.look.State()
	whole := m.look.Free && state.Exact && state.About <= len(all)
	opened := make(map[string]decode.Result, len(m.letters))
	size := 0
	for i := range m.letters {
		if size += len(m.letters[i].Message.Body); size > keptBytes {
			break
		}
		opened[m.letters[i].MessageId] = m.letters[i].Body
	}
	return m.Do(groupLimit, func(ctx context.Context) tea.Msg {
		out := grouped{version: version, letters: make([]triage.Message, len(all)), bars: map[string][]triage.ReceiveBar{}, again: map[string]int{}}
		for i, msg := range all {
			r, there := opened[msg.MessageId]
			if !there {
				r = decode.Masked(ctx, decode.Decode(ctx, msg.Body, msg.MessageAttributes), env.MasksFor(queue, msg.Message))
			}
			out.letters[i] = triage.Message{Message: msg, Body: r}
		}
		if out.found, out.err = triage.Find(ctx, out.letters, facts, rules); out.err != nil {
			return out
		}
		for _, g := range out.found.Groups {
			of := make([]triage.Message, len(g.Members))
			for i, n := range g.Members {
				of[i] = out.letters[n]
				if past != nil && past.Times(of[i].Message.Message) > 0 {
					out.again[g.ID]++
				}
			}
			out.bars[g.ID] = triage.ReceiveBars(of)
		}
		out.read = screen.Letters{At: time.Now(), Oldest: out.found.First, Read: harm.Read{
			Messages: len(all), All: whole,
			Loss: harm.OfMessages(len(all), func(i int) peek.Message { return all[i] }, facts.Queue),
		}}
		return out
	})
}

// groupedAs shows the groups, and groups again if more was read meanwhile.
func (m *Model) groupedAs(g grouped) tea.Cmd {
	m.grouping, m.version, m.err = false, g.version, g.err
	if g.err != nil {
		return m.Env.Host.Fail(g.err)
	}
	m.found, m.letters, m.bars, m.again, m.readOf = g.found, g.letters, g.bars, g.again, g.read.Read
	if len(g.letters) > 0 {
		m.NoteLetters(m.queue, g.read)
	}
	if m.inside != "" && m.groupOf(m.inside) == nil {
		m.inside = "" // its messages are in other groups now, or gone
	}
	m.groups.SetRows(len(m.found.Groups), func(i int) string { return m.found.Groups[i].ID }, m.groupCell)
	if m.goTo != "" && m.groups.Select(m.goTo) {
		m.goTo = ""
	}
	m.fillMembers()
	return tea.Batch(m.group(), m.follow())
}

// recalled is what was arranged for this queue in this run or another.
type recalled struct {
	rules   arrange.Rules
	markers []arrange.Marker
	err     error
}

func (m *Model) recall() tea.Cmd {
	store, key := m.Env.Memo, m.queue.String()
	return m.Do(screen.ReadLimit, func(context.Context) tea.Msg {
		all, err := store.Load()
		return recalled{all.Groups[key], all.Markers[key], err}
	})
}

func (m *Model) recalledAs(r recalled) tea.Cmd {
	m.recalled, m.rules, m.markers = true, r.rules, r.markers
	m.arranged++
	if r.err != nil {
		return tea.Batch(m.group(), m.Env.Host.Fail(r.err))
	}
	return m.group()
}

// saved is the end of keeping what was arranged, and what it led to.
type saved struct {
	words text.Safe
	err   error
}

// save keeps what was arranged now for the queue, and groups by it.
func (m *Model) save(words text.Safe) tea.Cmd {
	m.arranged++
	store, queue, rules, markers := m.Env.Memo, m.queue, m.rules, slices.Clone(m.markers)
	return tea.Batch(m.group(), m.Do(screen.ReadLimit, func(context.Context) tea.Msg {
		_, err := store.Change(func(all *memo.Memo) {
			all.ArrangeGroups(queue, rules)
			if all.Markers != nil {
				delete(all.Markers, queue.String())
			}
			for _, marker := range markers {
				all.AddMarker(queue, marker)
			}
		})
		return saved{words, err}
	}))
}

func (m *Model) savedAs(s saved) tea.Cmd {
	if s.err != nil {
		return m.Env.Host.Fail(s.err)
	}
	return m.Env.Host.Say(themes.Good, s.words)
}

// arrange changes a copy of what is arranged: a grouping may be under way.
func (m *Model) arrange(change func(r *arrange.Rules) error) error {
	r := m.rules
	r.Splits, r.Merges, r.Labels = slices.Clone(r.Splits), slices.Clone(r.Merges), maps.Clone(r.Labels)
	if err := change(&r); err != nil {
		return err
	}
	m.rules = r
	return nil
}

// configured is how the configuration has the queue grouped.
func (m *Model) configured() config.Grouping {
	return config.Settings{Groupings: m.Env.Groupings}.GroupingFor(m.queue.Name)
}

// ruled are the rules that hold: those of the configuration stand where nothing
// was arranged here.
func (m *Model) ruled() arrange.Rules {
	r, c := m.rules, m.configured()
	if len(r.By) == 0 {
		r.By = c.By
	}
	if len(r.Ignore) == 0 {
		r.Ignore = c.Ignore
	}
	if len(r.Titles) == 0 {
		r.Titles = c.Titles
	}
	return r
}

// history is what earlier redrives say of messages.
type history struct {
	*proof.History
	err error
}

func (m *Model) readHistory() tea.Cmd {
	moves, reports := m.Env.MoveDir, m.Env.ReportDir
	return m.Do(screen.ReadLimit, func(context.Context) tea.Msg {
		h, _, err := proof.Load(moves, reports) // what cannot be read the tasks tell
		return history{h, err}
	})
}

func (m *Model) tookHistory(h history) tea.Cmd {
	if h.err == nil { // else the tasks tell it
		if m.past != nil || !h.Empty() {
			m.arranged++ // how often they were redriven is counted with the groups
		}
		m.past = h.History
		m.setColumns()
	}
	return m.group()
}

// times is how often a message was redriven before, as far as it is known.
func (m *Model) times(msg *peek.Message) int {
	if m.past == nil {
		return 0
	}
	return m.past.Times(msg.Message)
}
