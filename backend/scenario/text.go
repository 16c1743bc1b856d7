package scenario

import (
	"hash/fnv"
	"math/rand/v2"
	"time"

	"sqscope/backend"
)

// text is a template that was parsed: literal parts and {{fields}} that are
// filled in for each message. A text with no parts is empty.
type text []field

// field writes its part of a message.
type field interface {
	write(dst []byte, p *pen) []byte
}

// literal is what stands between fields.
type literal string

func (l literal) write(dst []byte, _ *pen) []byte { return append(dst, l...) }

// Limits of what one text may grow to, so that nested repeats end: steps is the
// number of fields written, and no message is larger than 1 MiB anyway.
const (
	maxSteps = 100_000
	maxText  = 1<<20 + 1
)

// pen is what fields write with: randomness, time, the counters of the run, the
// values of the message at hand, and the message that is being forwarded.
type pen struct {
	rng      *rand.Rand
	dice     *rand.PCG // what rng draws from
	now      time.Time
	counters []int64
	lets     []string
	source   string // the body of the message being forwarded
	token    string // of the task that the message is for
	buf      []byte
	user     map[string]backend.MessageAttribute // of the message at hand, and so is system
	system   map[string]backend.MessageAttribute
	steps    int
	full     bool // a limit was reached, the last text is cut
}

// newPen gives an actor its own randomness, so that a change of one actor leaves
// the others as they were.
func newPen(seed uint64, name string, counters []int64) *pen {
	h := fnv.New64a()
	_, _ = h.Write([]byte(name)) // a hash takes everything
	dice := rand.NewPCG(seed, h.Sum64())
	p := pen{rng: rand.New(dice), dice: dice, counters: counters}
	p.user, p.system = map[string]backend.MessageAttribute{}, map[string]backend.MessageAttribute{}
	return &p
}

// text writes a template.
func (p *pen) text(t text) string {
	switch len(t) {
	case 0:
		return ""
	case 1:
		if l, ok := t[0].(literal); ok {
			return string(l)
		}
	}
	p.steps, p.full = 0, false
	p.buf = p.write(p.buf[:0], t)
	return string(p.buf)
}

func (p *pen) write(dst []byte, t text) []byte {
	for _, f := range t {
		p.steps++
		if p.full || p.steps > maxSteps {
			p.full = true
			return dst
		}
		if dst = f.write(dst, p); len(dst) > maxText {
			p.full = true
			return dst[:maxText]
		}
	}
	return dst
}

// template makes messages. Group, dedup and trace are nil where the message has
// none of them.
type template struct {
	name       string
	lets       []text
	body       text
	group      text
	dedup      text
	trace      text
	delay      backend.Opt[int]
	attributes []attribute
	quotes     bool // has a field that reads the message being forwarded
	tasked     bool // has the field of the task's token
}

type attribute struct {
	name     string
	dataType string
	value    text
	hex      bool // value is the bytes in hex
}

// message writes one message, for whatever queue. The hex of Binary attributes was
// checked with samples when the file was read; a value that is no hex after all
// gives an attribute without a value, which the engine refuses in words.
//
// The maps of attributes are the pen's, and the message's only until the next.
func (t *template) message(p *pen) backend.SendMessageInput {
	p.lets = p.lets[:0]
	for _, l := range t.lets {
		p.lets = append(p.lets, p.text(l))
	}
	in := backend.SendMessageInput{MessageBody: p.text(t.body), DelaySeconds: t.delay}
	if t.group != nil {
		in.MessageGroupId = backend.Some(p.text(t.group))
	}
	if t.dedup != nil {
		in.MessageDeduplicationId = backend.Some(p.text(t.dedup))
	}
	if t.trace != nil {
		p.system[backend.SysAWSTraceHeader] = backend.MessageAttribute{DataType: "String", StringValue: backend.Some(p.text(t.trace))}
		in.MessageSystemAttributes = p.system
	}
	if len(t.attributes) > 0 {
		clear(p.user)
		for _, a := range t.attributes {
			p.user[a.name] = a.write(p)
		}
		in.MessageAttributes = p.user
	}
	return in
}

func (a attribute) write(p *pen) backend.MessageAttribute {
	v := p.text(a.value)
	if !a.hex {
		return backend.MessageAttribute{DataType: a.dataType, StringValue: backend.Some(v)}
	}
	return backend.MessageAttribute{DataType: a.dataType, BinaryValue: unhex(v)}
}

// choice is one of several things, taken by weight.
type choice[T any] struct {
	values []T
	upTo   []float64 // running sums of the weights
}

func (c *choice[T]) add(v T, weight float64) {
	sum := weight
	if n := len(c.upTo); n > 0 {
		sum += c.upTo[n-1]
	}
	c.values, c.upTo = append(c.values, v), append(c.upTo, sum)
}

func (c *choice[T]) pick(rng *rand.Rand) T {
	x := rng.Float64() * c.upTo[len(c.upTo)-1]
	i := 0
	for i < len(c.upTo)-1 && x >= c.upTo[i] {
		i++
	}
	return c.values[i]
}
