package messages

import (
	"context"
	"maps"
	"sync"

	tea "charm.land/bubbletea/v2"

	"sqscope/backend"
	"sqscope/backend/config"
	"sqscope/backend/decode"
	"sqscope/backend/decode/query"
	"sqscope/backend/peek"
	"sqscope/ui/screen"
	"sqscope/ui/text"
)

// fact is what was worked out of a message beside the program.
type fact struct {
	of     version
	begins text.Safe      // of its body, as masks leave it
	values map[string]any // what the paths of columns lead to, by the column
	found  bool
	failed bool // the expression that is looked for failed for it
}

// version says from what a fact was made. Bodies never change; what SQS says of
// a message does.
type version struct {
	find, paths int // numbers of what was looked for, and of the columns
	receives    int
	state       backend.State
}

// studyBytes of bodies are worked through at a time, so that the next key is not
// waited for.
const studyBytes = 4 << 20

// studied are facts for the messages with these ids.
type studied struct {
	find  int
	facts map[string]*fact
}

// studying tells whether facts are needed at all.
func (m *Model) studying() bool {
	if m.finding() || len(m.Env.Masks) > 0 {
		return true
	}
	for _, c := range m.listed {
		if c.path != nil {
			return true
		}
	}
	return false
}

// version is from what a message's fact is to be made now.
func (m *Model) version(msg *peek.Message) version {
	return version{m.find.n, m.pathsN, msg.ReceiveCount, msg.State}
}

// fact is what is known of a message by what is asked now, else nil.
func (m *Model) fact(msg *peek.Message) *fact {
	if f := m.facts[msg.MessageId]; f != nil && f.of.find == m.find.n {
		return f
	}
	return nil
}

// study works out what is missing, some messages at a time. One that is under way
// goes on with the rest when it is back.
func (m *Model) study() tea.Cmd {
	if m.studies != nil || !m.studying() {
		return nil
	}
	var todo []peek.Message
	var versions []version
	size := 0
	for i := range m.all {
		msg := &m.all[i]
		of := m.version(msg)
		if f := m.facts[msg.MessageId]; f != nil && f.of == of {
			continue
		}
		todo, versions = append(todo, *msg), append(versions, of)
		if size += len(msg.Body); size >= studyBytes {
			break
		}
	}
	if len(todo) == 0 {
		return nil
	}
	s, n := m.student(), m.find.n
	study, stop := m.Stoppable(screen.ReadLimit, func(ctx context.Context) tea.Msg {
		facts := make(map[string]*fact, len(todo))
		for i, msg := range todo {
			f := s.fact(ctx, msg)
			if ctx.Err() != nil {
				break
			}
			f.of = versions[i]
			facts[msg.MessageId] = f
		}
		return studied{n, facts}
	})
	m.studies = stop
	return study
}

// studied takes facts, and does what waited for them.
func (m *Model) studied(s studied) tea.Cmd {
	m.studies()
	m.studies = nil
	maps.Copy(m.facts, s.facts)
	m.arrange()
	cmds := []tea.Cmd{m.study(), m.follow()}
	if m.settled() {
		acts := m.waiting
		m.waiting = nil
		for _, act := range acts {
			cmds = append(cmds, act())
		}
	}
	return tea.Batch(cmds...)
}

// restudy gives up what is under way, because something else is asked.
func (m *Model) restudy() tea.Cmd {
	if m.studies != nil {
		m.studies() // it comes back at once, and goes on with what is asked now
		return nil
	}
	return m.study()
}

// settled tells whether it is known of each message whether it is found.
func (m *Model) settled() bool { return m.find.pending == 0 }

// forget drops facts of messages that have gone.
func (m *Model) forget() {
	if len(m.facts) > 2*len(m.all)+64 {
		maps.DeleteFunc(m.facts, func(id string, _ *fact) bool { _, there := m.at[id]; return !there })
	}
}

// student works out facts. It may be used from any goroutine.
type student struct {
	env    *screen.Env
	queue  backend.ARN
	find   *query.Find
	paths  map[string]*query.Query
	opened *opened
}

func (m *Model) student() student {
	s := student{env: m.Env, queue: m.queue, find: m.find.find, paths: map[string]*query.Query{}, opened: m.opened}
	for _, c := range m.listed {
		if c.path != nil {
			s.paths[c.id] = c.path
		}
	}
	return s
}

func (s student) fact(ctx context.Context, msg peek.Message) *fact {
	f := &fact{}
	masks := s.env.MasksFor(s.queue, msg.Message)
	if s.find != nil && len(masks) == 0 && len(s.paths) == 0 && (s.inHead(msg) || s.find.In(msg.Body)) {
		f.found = true // it need not be opened
		return f
	}
	r := s.opened.open(ctx, msg, masks)
	if len(masks) > 0 {
		f.begins = preview(r.Body())
	}
	object := sync.OnceValue(func() map[string]any { return decode.Object(s.queue, msg.Message, msg.State, r) })
	f.values = make(map[string]any, len(s.paths))
	for id, q := range s.paths {
		if v, err := q.Values(ctx, object(), 1); err == nil && len(v) > 0 {
			f.values[id] = v[0]
		}
	}
	if s.find != nil {
		var err error
		f.found, err = s.find.Match(ctx, r, object)
		f.failed = err != nil
		f.found = f.found || s.inHead(msg)
	}
	return f
}

// inHead tells whether a text or a regular expression is in what stands beside
// the body: the id, the group, the attributes.
func (s student) inHead(msg peek.Message) bool {
	if s.find.In(msg.MessageId) || s.find.In(msg.GroupId()) {
		return true
	}
	for name, a := range msg.MessageAttributes {
		if s.find.In(name + "=" + a.StringValue.Value) {
			return true
		}
	}
	return false
}

// keptBytes of bodies are kept opened, so that the next letter of what is looked
// for need not open them again.
const keptBytes = 16 << 20

// opened are bodies that were opened, as masks leave them. It may be used from any
// goroutine.
type opened struct {
	mu      sync.Mutex
	results map[string]decode.Result
	size    int
}

func (o *opened) open(ctx context.Context, msg peek.Message, masks []config.Mask) decode.Result {
	o.mu.Lock()
	r, there := o.results[msg.MessageId]
	o.mu.Unlock()
	if there {
		return r
	}
	r = decode.Masked(ctx, decode.Decode(ctx, msg.Body, msg.MessageAttributes), masks)
	if ctx.Err() != nil {
		return r
	}
	o.mu.Lock()
	defer o.mu.Unlock()
	if o.size+len(msg.Body) > keptBytes {
		if o.size < keptBytes/2 { // it alone is too large
			return r
		}
		o.results, o.size = nil, 0
	}
	if o.results == nil {
		o.results = map[string]decode.Result{}
	}
	o.results[msg.MessageId] = r
	o.size += len(msg.Body)
	return r
}
