package scene

import (
	"slices"

	"sqscope/backend"
)

// id names what stands in the scene. An actor and a queue may have one name, and
// so have who sends from outside and who receives there.
type id struct {
	queue    bool
	name     string
	receives bool // from outside
}

func queueID(name string) id { return id{queue: true, name: name} }

func actorID(f *backend.Figure) id {
	return id{name: f.Name, receives: f.Kind == backend.OutsideReceiver}
}

// The columns of the scene.
const (
	senders = iota
	queues
	receivers
	columns
)

// node is a queue or an actor at its place in the plan.
type node struct {
	id
	col, row int
	under    bool // a dead-letter queue, which stands under its source
	heap     *backend.QueueHeap
	actor    *backend.Figure
}

// edge is a way that messages take.
type edge struct{ from, to int }

// plan is where everything stands, in rows: each queue has a band, to the left of
// which stand those who send to it, and to the right those who receive from it.
type plan struct {
	nodes []node
	edges []edge
	rows  int
	at    map[id]int
}

// newPlan arranges a picture.
func newPlan(p *backend.Picture) plan {
	b := planner{picture: p, plan: plan{at: make(map[id]int, len(p.Actors)+len(p.Queues))}, placed: make([]bool, len(p.Actors))}
	targets := map[string]bool{}
	for i := range p.Queues {
		targets[p.Queues[i].DLQ] = true
	}
	for i := range p.Queues {
		if q := &p.Queues[i]; !targets[q.ARN.String()] {
			b.band(q, false)
		}
	}
	for i := range p.Queues { // dead-letter queues of each other, or of queues that are gone
		if q := &p.Queues[i]; !b.has(queueID(q.ARN.Name)) {
			b.band(q, false)
		}
	}
	b.rest()
	b.connect()
	return b.plan
}

// planner makes a plan.
type planner struct {
	plan
	picture *backend.Picture
	placed  []bool // actors
	used    [columns]int
}

func (p *plan) has(x id) bool {
	_, ok := p.at[x]
	return ok
}

func (b *planner) put(n node) {
	n.row = b.rows + b.used[n.col]
	b.used[n.col]++
	b.at[n.id] = len(b.nodes)
	b.nodes = append(b.nodes, n)
}

// band puts a queue with those who use it first, and its dead-letter queue under
// it.
func (b *planner) band(q *backend.QueueHeap, under bool) {
	if b.has(queueID(q.ARN.Name)) {
		return
	}
	b.put(node{id: queueID(q.ARN.Name), col: queues, under: under, heap: q})
	b.sendersTo(q.ARN.Name)
	for i := range b.picture.Actors {
		if f := &b.picture.Actors[i]; consumes(f.Kind) && first(f.Reads) == q.ARN.Name {
			b.actor(i, receivers)
			b.companions(f)
		}
	}
	b.end()
	if q.DLQ == "" {
		return
	}
	for i := range b.picture.Queues {
		if d := &b.picture.Queues[i]; d.ARN.String() == q.DLQ {
			b.band(d, true)
		}
	}
}

// end begins the next band.
func (b *planner) end() {
	b.rows += slices.Max(b.used[:])
	b.used = [columns]int{}
}

// sendersTo puts those whose first target has this name, and before each topic
// those who publish to it.
func (b *planner) sendersTo(name string) {
	for i := range b.picture.Actors {
		f := &b.picture.Actors[i]
		if !sends(f.Kind) || first(f.Writes) != name || b.placed[i] {
			continue
		}
		if f.Kind == backend.ActorTopic {
			b.placed[i] = true // so that a circle ends
			b.sendersTo(f.Name)
		}
		b.actor(i, senders)
	}
}

// companions puts what belongs to a consumer under it: its scaler, and the
// services that nobody before it calls.
func (b *planner) companions(consumer *backend.Figure) {
	for i := range b.picture.Actors {
		f := &b.picture.Actors[i]
		if f.Kind == backend.ActorScaler && first(f.Writes) == consumer.Name ||
			f.Kind == backend.ActorDownstream && slices.Contains(consumer.Writes, f.Name) && !b.placed[i] {
			b.actor(i, receivers)
		}
	}
}

func (b *planner) actor(i, col int) {
	f := &b.picture.Actors[i]
	if b.has(actorID(f)) {
		return
	}
	b.placed[i] = true
	b.put(node{id: actorID(f), col: col, actor: f})
}

// rest puts the actors that use none of the queues.
func (b *planner) rest() {
	for i := range b.picture.Actors {
		col := receivers
		if sends(b.picture.Actors[i].Kind) {
			col = senders
		}
		b.actor(i, col)
	}
	b.end()
}

func first(names []string) string {
	if len(names) == 0 {
		return ""
	}
	return names[0]
}

func sends(k backend.ActorKind) bool {
	return k == backend.ActorProducer || k == backend.ActorTopic || k == backend.ActorStateMachine || k == backend.OutsideSender
}

func consumes(k backend.ActorKind) bool {
	return k == backend.ActorWorker || k == backend.ActorLambda || k == backend.OutsideReceiver
}

// connect notes the ways between the nodes.
func (b *planner) connect() {
	add := func(from, to id) {
		i, ok := b.at[from]
		j, is := b.at[to]
		if ok && is {
			b.edges = append(b.edges, edge{i, j})
		}
	}
	for i := range b.nodes {
		n := &b.nodes[i]
		if n.queue {
			if d, ok := backend.ParseARN(n.heap.DLQ); ok {
				add(n.id, queueID(d.Name))
			}
			continue
		}
		for _, name := range n.actor.Reads {
			if consumes(n.actor.Kind) {
				add(queueID(name), n.id)
			}
		}
		for _, name := range n.actor.Writes {
			add(n.id, b.target(name))
		}
	}
}

// target is what a name means for somebody who sends there: a queue before an
// actor.
func (p *plan) target(name string) id {
	if x := queueID(name); p.has(x) {
		return x
	}
	return id{name: name}
}

// receiver is who is meant by a name that receives, deletes and gives back.
func (p *plan) receiver(name string) id {
	if x := (id{name: name, receives: true}); p.has(x) {
		return x
	}
	return id{name: name}
}

func (p *plan) find(x id) (*node, bool) {
	i, ok := p.at[x]
	if !ok {
		return nil, false
	}
	return &p.nodes[i], true
}

// first is where the cursor begins: at the first queue.
func (p *plan) first() id {
	for i := range p.nodes {
		if p.nodes[i].queue {
			return p.nodes[i].id
		}
	}
	if len(p.nodes) > 0 {
		return p.nodes[0].id
	}
	return id{}
}

// step is what stands so many nodes below x in its column, at most the last one.
func (p *plan) step(x id, by int) id {
	n, ok := p.find(x)
	if !ok {
		return p.first()
	}
	var col []id
	at := 0
	for i := range p.nodes {
		if p.nodes[i].col != n.col {
			continue
		}
		if p.nodes[i].id == x {
			at = len(col)
		}
		col = append(col, p.nodes[i].id)
	}
	return col[min(max(at+by, 0), len(col)-1)]
}

// beside is what stands nearest in the next column that has anything.
func (p *plan) beside(x id, by int) id {
	n, ok := p.find(x)
	if !ok {
		return p.first()
	}
	for col := n.col + by; col >= 0 && col < columns; col += by {
		best := -1
		for i := range p.nodes {
			if c := &p.nodes[i]; c.col == col && (best < 0 || distance(c.row, n.row) < distance(p.nodes[best].row, n.row)) {
				best = i
			}
		}
		if best >= 0 {
			return p.nodes[best].id
		}
	}
	return x
}

func distance(a, b int) int { return max(a-b, b-a) }
