package attributes

import (
	"cmp"
	"context"
	"fmt"
	"slices"
	"strings"
	"time"

	tea "charm.land/bubbletea/v2"

	"sqscope/backend"
	"sqscope/backend/doctor"
	"sqscope/backend/fleet"
	"sqscope/backend/policy"
	"sqscope/themes"
	"sqscope/ui/dialog"
	"sqscope/ui/format"
	"sqscope/ui/screen"
	"sqscope/ui/text"
)

// wiring is what the services beside SQS know of the queue. Each part has its own
// error.
type wiring struct {
	reading  bool
	asOf     time.Time // zero: never asked
	subs     []backend.Subscription
	details  map[string]backend.SubscriptionDetails // by subscription
	subsErr  error
	mappings []backend.Mapping
	timeouts map[string]time.Duration // by function
	mapsErr  error
}

// wiringRead is the answer to having asked.
type wiringRead wiring

// mostDetails is how many subscriptions and functions are asked about one by one:
// each is a request.
const mostDetails = 20

// readWiring asks SNS and Lambda, where there are such.
func (m *Model) readWiring() tea.Cmd {
	w := m.Conn.Stack.Wiring
	if w == nil || m.wiring.reading {
		return nil
	}
	m.wiring.reading = true
	queue := m.queue
	return m.Do(screen.ReadLimit, func(ctx context.Context) tea.Msg {
		out := wiringRead{asOf: time.Now(), details: map[string]backend.SubscriptionDetails{}, timeouts: map[string]time.Duration{}}
		subs, err := w.Subscriptions(ctx, queue)
		out.subs, out.subsErr = subs.List, err
		for _, s := range first(out.subs, mostDetails) {
			// What a subscription does with messages is a detail: without it the
			// map says who sends all the same.
			if d, err := w.SubscriptionDetails(ctx, s.Arn); err == nil && !s.Pending() {
				out.details[s.Arn] = d
			}
		}
		out.mappings, out.mapsErr = w.Mappings(ctx, queue)
		for _, f := range first(out.mappings, mostDetails) {
			// Likewise: a timeout that cannot be read leaves a check out.
			if d, err := w.FunctionTimeout(ctx, f.FunctionArn); err == nil {
				out.timeouts[f.FunctionArn] = d
			}
		}
		return out
	})
}

func first[T any](all []T, n int) []T { return all[:min(len(all), n)] }

// facts are the same for the doctor.
func (w wiring) facts() ([]doctor.Mapping, []backend.Subscription) {
	var all []doctor.Mapping
	for _, f := range w.mappings {
		all = append(all, doctor.Mapping{Mapping: f, Timeout: w.timeouts[f.FunctionArn]})
	}
	return all, w.subs
}

// side is where a node stands on the map.
type side int

const (
	sends side = iota
	receives
	takes // what failed
)

// node is somebody on the map.
type node struct {
	key   string
	side  side
	name  text.Safe
	words text.Safe
	role  themes.Role
	about []dialog.Line
	arn   string      // to be copied
	queue backend.ARN // to be opened
}

func (n node) noOpen() string {
	if n.queue == (backend.ARN{}) {
		return "only queues can be opened here; y copies the ARN"
	}
	return ""
}

// openNode shows the queue that the cursor is on.
func (m *Model) openNode(n node) tea.Cmd { return m.openQueue(n.queue) }

// wires are all who are known to send or receive, in the order of the map.
func (m *Model) wires(q *fleet.Queue) []node {
	all := slices.Concat(m.topics(), m.permitted(sends, "SendMessage"), m.sources(q))
	if !slices.ContainsFunc(all, func(n node) bool { return n.side == sends }) {
		all = append(all, m.nobody(sends))
	}
	right := slices.Concat(m.functions(), m.permitted(receives, "ReceiveMessage"))
	if len(right) == 0 {
		right = []node{m.nobody(receives)}
	}
	return slices.Concat(all, right, m.deadLetterNode(q))
}

// nobody says why a side of the map is empty.
func (m *Model) nobody(s side) node {
	what := map[side]string{sends: "sends", receives: "receives"}[s]
	n := node{key: "nobody " + what, side: s, name: text.Const("nobody known"), role: themes.Dim}
	why := "No topic, no other account and no function is known that " + what + ". Programs of this account that use its own IAM rights leave no trace that could be read."
	switch {
	case m.Conn.Place.Embedded:
		n.words = text.Const("no SNS or Lambda here")
		why = "The embedded engine has no SNS and no Lambda, and takes requests from anybody. The producers and workers of a scenario are actors of the engine, not of AWS, and are not on this map."
	case m.Conn.Stack.Wiring == nil:
		n.words = text.Const("cannot be asked here")
		why = "This endpoint offers neither SNS nor Lambda to ask."
	case m.wiring.asOf.IsZero():
		n.words = text.Const("not asked yet")
	}
	n.about = []dialog.Line{{Role: themes.Text, Text: text.Const(why)}}
	return n
}

// unasked is a service that refused to tell.
func unasked(key string, s side, service string, err error) node {
	e := backend.AsError(err)
	return node{
		key: key, side: s, name: text.Const(service), words: text.Sprintf("%s: not known", e.Kind), role: themes.Warn,
		about: []dialog.Line{{Role: themes.Warn, Text: text.Sprintf("! %s: %s", e.Kind, e.Error())}, {Role: themes.Dim, Text: text.Const("The rest of the map is not touched by this.")}},
	}
}

// topics are the SNS topics that send to the queue.
func (m *Model) topics() (all []node) {
	if m.wiring.subsErr != nil {
		return []node{unasked("sns", sends, "SNS", m.wiring.subsErr)}
	}
	for _, s := range m.wiring.subs {
		n := node{key: "topic " + s.Arn + s.TopicArn, side: sends, name: text.Sprintf("topic %s", last(s.TopicArn)), words: text.Const("SNS, confirmed"), role: themes.Strong, arn: s.TopicArn}
		n.about = []dialog.Line{{Role: themes.Strong, Text: text.Clean(s.TopicArn)}}
		add := func(role themes.Role, line string) {
			n.about = append(n.about, dialog.Line{Role: role, Text: text.Clean(line)})
		}
		d, known := m.wiring.details[s.Arn]
		switch {
		case s.Pending():
			n.words, n.role = text.Const("SNS, not confirmed"), themes.Warn
			add(themes.Warn, "! nobody has confirmed this subscription: it sends nothing")
		case known && d.Raw:
			n.words = text.Const("SNS, raw")
			add(themes.Text, "sends the text as it was published, without SNS's envelope")
		case known:
			n.words = text.Const("SNS, in its envelope")
			add(themes.Text, "sends in SNS's envelope")
		}
		if known && d.FilterPolicy != "" {
			n.words = text.Join(n.words, text.Const(", filtered"))
			add(themes.Text, "only what this filter lets through: "+d.FilterPolicy)
		}
		if known && d.DeadLetterArn != "" {
			add(themes.Text, "what cannot be delivered goes to "+d.DeadLetterArn)
		}
		all = append(all, n)
	}
	return all
}

// permitted are those whom the policy lets do something.
func (m *Model) permitted(s side, action string) (all []node) {
	for i, st := range m.policy.parsed.Statements {
		if st.Effect != policy.Allow || !st.Covers(action) || i >= len(m.policy.readings) {
			continue
		}
		r := m.policy.readings[i]
		n := node{key: action + " " + statementKey(r), side: s, name: who(st), words: text.Sprintf("by policy %s", r.Sid), role: themes.Text}
		n.about = []dialog.Line{{Role: themes.Strong, Text: text.Clean(r.Text)}}
		if r.Sid == "" {
			n.words = text.Sprintf("by policy, statement %d", i+1)
		}
		if len(r.Warnings) > 0 {
			n.role = themes.Warn
		}
		for _, w := range r.Warnings {
			n.about = append(n.about, dialog.Line{Role: themes.Warn, Text: text.Sprintf("! %s", w.Text)})
		}
		all = append(all, n)
	}
	return all
}

// who are the principals of a statement, in few words.
func who(s policy.Statement) text.Safe {
	var names []string
	for _, p := range s.Principal.Values {
		switch {
		case p.Type == policy.Everyone || p.ID == "*":
			names = append(names, "everyone")
		case p.Type == policy.Service:
			names = append(names, strings.TrimSuffix(p.ID, ".amazonaws.com"))
		default:
			id := strings.TrimSuffix(p.ID, ":root")
			names = append(names, last(id))
		}
	}
	line := strings.Join(names, ", ")
	if s.Principal.Not {
		line = "all but " + line
	}
	return text.Clean(line)
}

// last is the part of an ARN that people know.
func last(arn string) string {
	if i := strings.LastIndexByte(arn, ':'); i >= 0 && i < len(arn)-1 {
		return arn[i+1:]
	}
	return arn
}

// sources are the queues whose failed messages come here.
func (m *Model) sources(q *fleet.Queue) (all []node) {
	for _, s := range q.Sources {
		n := node{key: "source " + s.String(), side: sends, name: text.Clean(s.Name), words: text.Const("its dead letters"), role: themes.DLQ, arn: s.String(), queue: s}
		if source := m.Conn.Queue(s); source != nil && source.Redrive.MaxReceiveCount > 0 {
			n.words = text.Sprintf("after %s", format.Plural(source.Redrive.MaxReceiveCount, "receive"))
		}
		n.about = []dialog.Line{{Role: themes.Strong, Text: text.Clean(s.String())}, {Role: themes.Text, Text: text.Const("Its RedrivePolicy names this queue: messages that it received too often come here. Enter shows it.")}}
		all = append(all, n)
	}
	return all
}

// functions are the Lambda functions that receive from the queue.
func (m *Model) functions() (all []node) {
	if m.wiring.mapsErr != nil {
		return []node{unasked("lambda", receives, "Lambda", m.wiring.mapsErr)}
	}
	for _, f := range m.wiring.mappings {
		n := node{key: "function " + f.UUID, side: receives, name: text.Sprintf("λ %s", functionName(f.FunctionArn)), role: themes.Strong, arn: f.FunctionArn}
		words := []string{fmt.Sprintf("batch %d", f.BatchSize)}
		if !f.Polls() {
			words, n.role = append([]string{f.State}, words...), themes.Dim
		}
		if f.MaximumConcurrency.Set {
			words = append(words, fmt.Sprintf("at most %d", f.MaximumConcurrency.Value))
		}
		if f.ReportBatchItemFailures {
			words = append(words, "partial failures")
		}
		n.words = text.Clean(strings.Join(words, ", "))
		n.about = m.functionLines(f)
		all = append(all, n)
	}
	return all
}

func functionName(arn string) string {
	if parts := strings.SplitN(arn, ":", 8); len(parts) > 6 {
		return parts[6]
	}
	return arn
}

// functionLines say how a function receives (docs/SQS.md 10.7).
func (m *Model) functionLines(f backend.Mapping) []dialog.Line {
	line := fmt.Sprintf("%s · batches of %d", f.State, f.BatchSize)
	if f.Window > 0 {
		line += ", collected for up to " + format.Span(f.Window)
	}
	if f.MaximumConcurrency.Set {
		line += fmt.Sprintf(" · maximum concurrency %d", f.MaximumConcurrency.Value)
	}
	if f.MinimumPollers.Set || f.MaximumPollers.Set {
		line += fmt.Sprintf(" · provisioned, %d to %d pollers", f.MinimumPollers.Value, f.MaximumPollers.Value)
	}
	if t := m.wiring.timeouts[f.FunctionArn]; t > 0 {
		line += " · may run " + format.Span(t)
	}
	report := "ReportBatchItemFailures is off: one message that fails brings its whole batch back"
	if f.ReportBatchItemFailures {
		report = "ReportBatchItemFailures is on: only the messages that fail come back"
	}
	lines := []dialog.Line{{Role: themes.Strong, Text: text.Clean(f.FunctionArn)}, {Role: themes.Text, Text: text.Clean(line)}, {Role: themes.Text, Text: text.Const(report)}}
	for _, p := range f.Filters {
		lines = append(lines, dialog.Line{Role: themes.Warn, Text: text.Sprintf("! what does not match this filter is deleted: %s", p)})
	}
	if s := cmp.Or(f.FilterError, f.StateReason); s != "" {
		lines = append(lines, dialog.Line{Role: themes.Warn, Text: text.Sprintf("! %s", s)})
	}
	if f.LastResult != "" {
		lines = append(lines, dialog.Line{Role: themes.Dim, Text: text.Sprintf("last result: %s", f.LastResult)})
	}
	return lines
}

// deadLetterNode is the queue that takes what fails here.
func (m *Model) deadLetterNode(q *fleet.Queue) []node {
	if q.DLQ == nil {
		return nil
	}
	n := node{key: "dlq", side: takes, name: text.Clean(q.DLQ.Name), role: themes.DLQ, arn: q.DLQ.String(), queue: *q.DLQ, words: text.Const("not read yet")}
	n.about = []dialog.Line{{Role: themes.Strong, Text: text.Clean(q.DLQ.String())}, {Role: themes.Text, Text: text.Sprintf("takes what was received here %s and not deleted. Enter shows it.", format.Plural(q.Redrive.MaxReceiveCount, "time"))}}
	switch dlq := m.Conn.Queue(*q.DLQ); {
	case q.DLQMissing:
		n.role, n.words = themes.Bad, text.Const("does not exist")
		n.about = []dialog.Line{{Role: themes.Bad, Text: text.Sprintf("✗ there is no queue %s: messages that fail stay here until their retention ends", q.DLQ.Name)}}
	case dlq != nil && !dlq.AsOf.IsZero():
		n.words = text.Sprintf("holds %s", format.Count(dlq.Stored()))
	}
	return []node{n}
}
