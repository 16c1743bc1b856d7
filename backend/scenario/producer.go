package scenario

import (
	"maps"
	"time"

	"sqscope/backend"
)

// producerSpec is a producer as the file declares it.
type producerSpec struct {
	name   string
	to     target
	choice choice[*template]
	batch  int // messages a request
	pace
}

// pace is how often a producer sends.
type pace struct {
	rate   float64 // messages a second outside bursts, may be 0 with one
	jitter float64 // 0: like a clock; 1: from nothing to twice the interval
	burst  burst
	hours  []float64 // by what the rates are multiplied, hour by hour since the start, and round; nil: 1
}

// burst is a time of another rate that comes back; none if every is 0.
type burst struct {
	every, lasts time.Duration
	after        time.Duration // the first one, since the actors' start
	rate         float64
}

// producer sends messages at a pace. It waits for one event: its next request.
type producer struct {
	producerSpec
	client
	began  time.Time // bursts and hours count from here
	next   *wait
	writes []string
}

type producerRecord struct {
	Began int64       `json:"began"` // as all times in Unix nanoseconds
	Next  *waitRecord `json:"next"`
}

func newProducer(c client, spec producerSpec) *producer {
	p := &producer{producerSpec: spec, client: c}
	p.next = c.run.wait(p.produce)
	p.writes = []string{c.play.scenario.nameOf(spec.to)}
	return p
}

func (p *producer) start(now time.Time) {
	p.began = now
	p.schedule(now)
}

func (p *producer) stop() { p.next.end() }

func (p *producer) state() Actor {
	queue := p.writes[0]
	if p.to.topical {
		queue = ""
	}
	return p.client.state(Producer, queue)
}

func (p *producer) figure(time.Time) Figure { return Figure{Actor: p.state(), Writes: p.writes} }

func (p *producer) produce(now time.Time) {
	p.pen.now = now
	sent := 0
	if p.batch > 1 {
		messages := make([]backend.SendMessageInput, p.batch)
		for i := range messages {
			m := p.message()
			m.MessageAttributes, m.MessageSystemAttributes = maps.Clone(m.MessageAttributes), maps.Clone(m.MessageSystemAttributes)
			messages[i] = m
		}
		sent = p.sendBatch(p.to, messages, now)
	} else if p.send(p.to, p.message(), now) == nil {
		sent = 1
	}
	p.Done += uint64(sent)
	p.Failed += uint64(p.batch - sent)
	p.schedule(now)
}

func (p *producer) message() backend.SendMessageInput { return p.choice.pick(p.pen.rng).message(p.pen) }

func (p *producer) schedule(now time.Time) {
	p.next.begin(p.began.Add(p.pace.next(now.Sub(p.began), p.batch, p.pen.rng.Float64())))
}

// next is when the next request is due, since the beginning: when the rate,
// summed up from t on, has made its messages, more or less as the jitter says.
func (p *pace) next(t time.Duration, batch int, chance float64) time.Duration {
	messages := float64(batch) * (1 + p.jitter*(2*chance-1))
	for {
		rate, left := p.at(t)
		made := rate * left.Seconds()
		if rate > 0 && (left < 0 || made >= messages) {
			return t + time.Duration(messages/rate*float64(time.Second))
		}
		messages -= made
		t += left
	}
}

// at is the rate at a time since the beginning, and for how long it stays; -1 is
// for ever.
func (p *pace) at(t time.Duration) (rate float64, left time.Duration) {
	rate, left = p.plain(t)
	if len(p.hours) == 0 {
		return rate, left
	}
	rate *= p.hours[int(t/time.Hour)%len(p.hours)]
	hour := time.Hour - t%time.Hour
	if left < 0 {
		return rate, hour
	}
	return rate, min(left, hour)
}

func (p *pace) plain(t time.Duration) (rate float64, left time.Duration) {
	if p.burst.every == 0 {
		return p.rate, -1
	}
	if t < p.burst.after {
		return p.rate, p.burst.after - t
	}
	phase := (t - p.burst.after) % p.burst.every
	if phase < p.burst.lasts {
		return p.burst.rate, p.burst.lasts - phase
	}
	return p.rate, p.burst.every - phase
}

func (p *producer) save() actorRecord {
	r := p.record()
	r.Producer = &producerRecord{Began: p.began.UnixNano(), Next: p.next.record()}
	return r
}

func (p *producer) load(r actorRecord) error {
	if r.Producer == nil {
		return wrong("a producer was expected")
	}
	return p.loadPace(*r.Producer)
}

func (p *producer) loadPace(r producerRecord) error {
	if r.Next == nil {
		return wrong("the time of the next request was expected")
	}
	if err := p.next.load(r.Next); err != nil {
		return err
	}
	if r.Began < 0 || r.Began > r.Next.At {
		return wrong("a beginning before the next request was expected")
	}
	p.began = timeOf(r.Began)
	return nil
}

func (p *producer) waiting() []resumption { return resumed(p.next) }
