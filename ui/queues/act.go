package queues

import (
	"cmp"
	"context"
	"slices"
	"strings"

	tea "charm.land/bubbletea/v2"

	"sqscope/backend"
	"sqscope/backend/find"
	"sqscope/backend/memo"
	"sqscope/keymap"
	"sqscope/themes"
	"sqscope/ui/dialog"
	"sqscope/ui/format"
	"sqscope/ui/screen"
	"sqscope/ui/text"
)

// Bindings are the keys of the filter while it is typed, else of the list.
func (m *Model) Bindings() []screen.Binding {
	if m.typing {
		return []screen.Binding{
			{Action: keymap.FilterKeep, Run: func() tea.Cmd { m.typing = m.wrong != nil; return nil }},
			{Action: keymap.FilterClear, Run: m.clear},
		}
	}
	return slices.Concat(m.queueBindings(), m.listBindings(), m.backBindings(), screen.Moves(func(by int) tea.Cmd { m.move(by); return nil }, m.table.Page))
}

// backBindings are what esc leaves before it leaves the list.
func (m *Model) backBindings() []screen.Binding {
	if m.words() == "" && m.filter.Value() == "" {
		return nil
	}
	return []screen.Binding{{Action: keymap.Back, Word: "all queues", Run: m.clear}}
}

func (m *Model) clear() tea.Cmd {
	m.typing = false
	m.filter.SetValue("")
	return m.filtered()
}

// queueBindings are about the queue under the cursor.
func (m *Model) queueBindings() []screen.Binding {
	need := func() string {
		if _, q := m.here(); q == nil && m.shown >= m.sought {
			return "there is no queue under the cursor"
		}
		return ""
	}
	open := func(kind screen.Kind) func() tea.Cmd {
		return m.when(need, func() tea.Cmd {
			conn, q := m.here()
			return m.Env.Host.Open(screen.Spec{Kind: kind, Conn: conn.Name, Queue: q.ARN})
		})
	}
	letters := func() string {
		if m.shown < m.sought {
			return "" // it is asked again when the rows are there
		}
		conn, q := m.here()
		if q == nil {
			return need()
		}
		_, why := conn.DeadLettersOf(q.ARN)
		return why
	}
	return []screen.Binding{
		{Action: keymap.QueuesOpen, Run: open(screen.Messages), Off: need},
		{Action: keymap.QueuesSend, Run: open(screen.Compose), Off: func() string { return cmp.Or(need(), m.denied("SendMessage")) }},
		{Action: keymap.QueuesDeadLetters, Off: letters, Run: m.when(letters, func() tea.Cmd {
			conn, q := m.here()
			dlq, why := conn.DeadLettersOf(q.ARN)
			if why != "" {
				return nil // it went while the key was on its way
			}
			return m.Env.Host.Open(screen.Spec{Kind: screen.DeadLetters, Conn: conn.Name, Queue: dlq})
		})},
		{Action: keymap.QueuesAttributes, Run: open(screen.Attributes), Off: need},
		{Action: keymap.QueuesTasks, Off: need, Run: m.when(need, m.tasks)},
		{Action: keymap.QueuesImport, Run: open(screen.Imports), Off: func() string { return cmp.Or(need(), m.denied("SendMessageBatch")) }},
		{Action: keymap.QueuesPin, Off: need, Run: m.when(need, m.pin)},
		{Action: keymap.Copy, Off: need, Run: m.when(need, m.copyURL)},
	}
}

// tasks opens those of the dead-letter queue that the queue under the cursor is or
// has, else all there are.
func (m *Model) tasks() tea.Cmd {
	conn, q := m.here()
	dlq, why := conn.DeadLettersOf(q.ARN)
	if why != "" {
		return m.Env.Host.Open(screen.Spec{Kind: screen.Tasks})
	}
	return m.Env.Host.Open(screen.Spec{Kind: screen.Tasks, Conn: conn.Name, Queue: dlq})
}

// denied is why the place of the queue under the cursor does not allow an action.
func (m *Model) denied(action string) string {
	conn, q := m.here()
	name := ""
	if q != nil && action != "CreateQueue" {
		name = q.ARN.Name
	}
	if err := conn.Guard.CheckQueue(action, name); err != nil {
		return backend.AsError(err).Next
	}
	return ""
}

// listBindings are about the list.
func (m *Model) listBindings() []screen.Binding {
	arranged := func(change func()) func() tea.Cmd {
		return func() tea.Cmd { change(); m.marks(); return m.seek() }
	}
	return []screen.Binding{
		{Action: keymap.Filter, Run: func() tea.Cmd { m.typing = true; return nil }},
		{Action: keymap.QueuesTrouble, Run: arranged(func() { m.order.trouble = !m.order.trouble })},
		{Action: keymap.QueuesHarm, Run: func() tea.Cmd { return m.Env.Host.Open(screen.Spec{Kind: screen.DeadLetters}) }},
		{Action: keymap.QueuesDoctor, Run: func() tea.Cmd { return m.Env.Host.Open(screen.Spec{Kind: screen.Doctor}) }},
		{Action: keymap.QueuesCreate, Run: m.create, Off: func() string { return m.denied("CreateQueue") }},
		{Action: keymap.QueuesGo, Run: m.askGo},
		{Action: keymap.QueuesScene, Run: m.scene, Off: m.noScene},
		{Action: keymap.QueuesViews, Run: m.views},
		{Action: keymap.QueuesSaveView, Run: m.askView},
		{Action: keymap.QueuesColumns, Run: m.askColumns},
		{Action: keymap.QueuesSort, Run: arranged(m.nextSort)},
		{Action: keymap.QueuesReverse, Run: arranged(func() { m.order.reverse = !m.order.reverse })},
		{Action: keymap.QueuesTree, Run: arranged(func() { m.order.flat = !m.order.flat })},
		{Action: keymap.QueuesMetrics, Run: m.toggleMetrics, Off: m.noMetrics},
		{Action: keymap.Refresh, Run: m.refresh},
	}
}

// scene opens the live picture of the place of the queue under the cursor.
func (m *Model) scene() tea.Cmd {
	conn, _ := m.here()
	return m.Env.Host.Open(screen.Spec{Kind: screen.Scene, Conn: conn.Name})
}

func (m *Model) noScene() string {
	conn, _ := m.here()
	return conn.NoScene()
}

// nextSort sorts by the next column on the screen.
func (m *Model) nextSort() {
	i := slices.Index(m.at, m.order.by)
	m.order.by, m.order.reverse = m.at[(i+1)%len(m.at)], false
}

// clicked takes a click on a row, which chooses it and opens it the second time,
// or on a header, which sorts by it and turns the order round the second time.
func (m *Model) clicked(c screen.Click) tea.Cmd {
	y := c.Y - m.above()
	if col, ok := m.table.ColumnAt(c.X, y); ok {
		if m.order.by == m.at[col] {
			m.order.reverse = !m.order.reverse
		} else {
			m.order.by, m.order.reverse = m.at[col], false
		}
		m.marks()
		return m.seek()
	}
	i, ok := m.table.RowAt(y)
	if !ok {
		return nil
	}
	before, _ := m.table.Key()
	m.table.SelectRow(i)
	m.move(0)
	if now, _ := m.table.Key(); c.Double && now == before {
		conn, q := m.here()
		if q != nil {
			return m.Env.Host.Open(screen.Spec{Kind: screen.Messages, Conn: conn.Name, Queue: q.ARN})
		}
	}
	return nil
}

// pin pins the queue under the cursor, or unpins it.
func (m *Model) pin() tea.Cmd {
	conn, q := m.here()
	place, arn := conn.Name, q.ARN.String()
	return m.keep(func(all *memo.Memo) {
		if i := slices.Index(all.Pins[place], arn); i >= 0 {
			all.Pins[place] = slices.Delete(all.Pins[place], i, i+1)
			return
		}
		if all.Pins == nil {
			all.Pins = map[string][]string{}
		}
		all.Pins[place] = append(all.Pins[place], arn)
	})
}

// keep changes what is remembered.
func (m *Model) keep(change func(*memo.Memo)) tea.Cmd {
	store := m.Env.Memo
	return m.Do(screen.ReadLimit, func(context.Context) tea.Msg {
		now, err := store.Change(change)
		return remembered{now, err}
	})
}

// views lets somebody take a saved view.
func (m *Model) views() tea.Cmd {
	views := slices.Concat(m.Env.Views, m.memo.Views)
	if len(views) == 0 {
		return m.Env.Host.Say(themes.Dim, text.Const("no view is saved; W saves this one"))
	}
	choices := make([]dialog.Choice, len(views))
	for i, v := range views {
		choices[i] = dialog.Choice{Label: v.Name, Note: strings.TrimSpace(v.Filter + "  by " + v.Sort)}
	}
	m.Env.Host.Ask(dialog.NewChoose(m.Env, text.Const("Views"), choices, func(i int) tea.Cmd { return m.take(views[i]) }))
	return nil
}

func (m *Model) take(v memo.View) tea.Cmd {
	query, err := find.Parse(v.Filter)
	if err != nil {
		return m.Env.Host.Fail(err)
	}
	m.filter.SetValue(v.Filter)
	m.order.query, m.order.reverse, m.order.flat, m.wrong = query, v.Reverse, v.Flat, nil
	if i := columnOf(v.Sort); i >= 0 {
		m.order.by = i
	}
	ids := v.Columns
	if len(ids) == 0 {
		ids = m.usual()
	}
	m.choose(ids)
	return m.seek()
}

func (m *Model) askView() tea.Cmd {
	m.Env.Host.Ask(dialog.NewForm(m.Env, dialog.Form{
		Title: text.Const("Save this view"),
		Notes: []text.Safe{text.Const("Filter, order and columns, for w in this and the next runs. A name that is there is replaced.")},
		Fields: []dialog.Field{{Label: "name", Check: func(v string) string {
			if v == "" {
				return "a view needs a name"
			}
			return ""
		}}},
		Confirm: "save",
		Run: func(v []string) tea.Cmd {
			view := memo.View{
				Name: v[0], Filter: m.words(), Sort: columns[m.order.by].id, Reverse: m.order.reverse, Flat: m.order.flat, Columns: slices.Clone(m.shownC),
			}
			said := m.Env.Host.Say(themes.Good, text.Sprintf("saved the view %s", view.Name))
			return tea.Batch(said, m.keep(func(all *memo.Memo) {
				all.Views = slices.DeleteFunc(all.Views, func(old memo.View) bool { return old.Name == view.Name })
				all.Views = append(all.Views, view)
			}))
		},
	}))
	return nil
}

func (m *Model) askColumns() tea.Cmd {
	var items []dialog.Item
	add := func(id string, on bool) {
		c := columns[columnOf(id)]
		items = append(items, dialog.Item{ID: id, Label: c.word, Note: c.help, On: on, Fixed: id == columns[0].id})
	}
	for _, id := range m.shownC {
		add(id, true)
	}
	for _, id := range columnIDs() {
		if !slices.Contains(m.shownC, id) {
			add(id, false)
		}
	}
	m.Env.Host.Ask(dialog.NewPick(m.Env, text.Const("Columns"), items, func(ids []string) tea.Cmd { m.choose(ids); return nil }))
	return nil
}

// create asks for a new queue; of several places in the one under the cursor.
func (m *Model) create() tea.Cmd {
	conn, _ := m.here()
	return m.Env.Host.Open(screen.Spec{Kind: screen.Create, Conn: conn.Name})
}

// opened is a queue that was opened by its URL or ARN.
type opened struct {
	conn *screen.Connection
	arn  backend.ARN
	err  error
}

func (m *Model) askGo() tea.Cmd {
	conn, _ := m.here()
	m.Env.Host.Ask(dialog.NewForm(m.Env, dialog.Form{
		Title: text.Const("Open a queue"),
		Notes: []text.Safe{text.Const("A name, a URL or an ARN. A queue of another account is opened if its policy lets this one in; it stays in the list until you leave.")},
		Fields: []dialog.Field{{Label: "queue", Check: func(v string) string {
			if v == "" {
				return "a name, a URL or an ARN"
			}
			return ""
		}}},
		Confirm: "open",
		Run: func(v []string) tea.Cmd {
			conn, f := m.ofPlace(conn, v[0]), v[0]
			return m.Do(screen.ReadLimit, func(ctx context.Context) tea.Msg {
				arn, err := conn.Fleet.Open(ctx, f)
				return opened{conn, arn, err}
			})
		},
	}))
	return nil
}

// ofPlace is the place for a queue that says its region, else the given one.
func (m *Model) ofPlace(conn *screen.Connection, queue string) *screen.Connection {
	if arn, ok := backend.ParseARN(queue); ok {
		for _, c := range m.Env.Conns {
			if c.Place.Region == arn.Region && (conn.Place.Region != arn.Region || c == conn) {
				return c
			}
		}
	}
	return conn
}

func (m *Model) opened(o opened) tea.Cmd {
	if o.err != nil {
		return m.Env.Host.Fail(o.err)
	}
	return m.Env.Host.Open(screen.Spec{Kind: screen.Messages, Conn: o.conn.Name, Queue: o.arn})
}

func (m *Model) copyURL() tea.Cmd {
	conn, q := m.here()
	what := text.Sprintf("the URL of %s", q.ARN.Name)
	if p := conn.Place; p.Embedded && p.Listen == "" {
		what = text.Sprintf("the URL of %s; nothing answers there without --listen", q.ARN.Name)
	}
	return m.Env.Host.Clipboard(what, q.URL)
}

func (m *Model) refresh() tea.Cmd {
	conns := m.Env.Conns
	return tea.Batch(m.Env.Host.Say(themes.Dim, text.Const("reading again; nothing is received")), func() tea.Msg {
		for _, c := range conns { // of ten thousand queues it takes milliseconds to plan that
			c.Fleet.Retry()
			c.Fleet.RefreshAll()
		}
		return nil
	})
}

func (m *Model) noMetrics() string {
	for _, c := range m.Env.Conns {
		if !c.Place.Embedded && c.Stack.Metrics != nil {
			return ""
		}
	}
	if m.Conn.Place.Embedded {
		return "the engine knows rates and ages by itself"
	}
	return "CloudWatch is not there for this place"
}

func (m *Model) toggleMetrics() tea.Cmd {
	on := !slices.ContainsFunc(m.Env.Conns, func(c *screen.Connection) bool { return !c.Place.Embedded && c.Fleet.Metered() })
	places := 0
	for _, c := range m.Env.Conns {
		if !c.Place.Embedded && c.Stack.Metrics != nil {
			c.Fleet.Meter(on)
			places++
		}
	}
	if !on {
		return m.Env.Host.Say(themes.Good, text.Const("CloudWatch is not read any more"))
	}
	return m.Env.Host.Say(themes.Good, text.Sprintf("reading rates and ages of rows on screen from CloudWatch in %s; it bills each metric that is read", format.Plural(places, "place")))
}
