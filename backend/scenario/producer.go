package scenario

import (
	"strconv"
	"time"

	"sqscope/backend"
)

// producer sends messages at a pace. It waits for one event: its next request.
type producer struct {
	producerSpec
	run   *Run
	to    string // the name of the queue
	pen   *pen
	began time.Time // bursts count from here
	next  wait
	ledger
}

func newProducer(r *Run, s *Scenario, spec producerSpec, p *pen) *producer {
	return &producer{producerSpec: spec, run: r, to: s.queues[spec.queue].name, pen: p}
}

func (p *producer) start(now time.Time) {
	p.began = now
	p.schedule(now)
}

func (p *producer) stop() { p.next.end() }

func (p *producer) state() Actor {
	return Actor{Name: p.name, Kind: Producer, Queue: p.to, Done: p.done, Failed: p.failed, Err: p.err}
}

func (p *producer) send(now time.Time) {
	p.pen.now = now
	if p.batch == 1 {
		_, err := p.run.sqs.SendMessage(p.run.ctx, p.message())
		p.count(1, err)
	} else {
		p.sendBatch()
	}
	p.schedule(now)
}

func (p *producer) message() backend.SendMessageInput {
	return p.choice.pick(p.pen.rng).message(p.to, p.pen)
}

func (p *producer) sendBatch() {
	in := backend.SendMessageBatchInput{QueueUrl: p.to}
	for i := range p.batch {
		in.Entries = append(in.Entries, backend.SendMessageBatchEntry{Id: strconv.Itoa(i + 1), SendMessageInput: p.message()})
	}
	out, err := p.run.sqs.SendMessageBatch(p.run.ctx, in)
	if err != nil {
		p.count(p.batch, err)
		return
	}
	p.count(len(out.Successful), nil)
	for _, f := range out.Failed {
		p.count(1, entryError(f))
	}
}

func (p *producer) count(n int, err error) {
	if err != nil {
		p.failed += uint64(n)
		p.note(err)
		return
	}
	p.done += uint64(n)
}

// schedule plans the next request: when the rate, summed up from now on, has
// made the messages of one request, more or less as the jitter says.
func (p *producer) schedule(now time.Time) {
	messages := float64(p.batch) * (1 + p.jitter*(2*p.pen.rng.Float64()-1))
	t := now.Sub(p.began)
	for {
		rate, left := p.rateAt(t)
		made := rate * left.Seconds()
		if rate > 0 && (left < 0 || made >= messages) {
			t += time.Duration(messages / rate * float64(time.Second))
			break
		}
		messages -= made
		t += left
	}
	p.next = p.run.at(p.began.Add(t), p.send)
}

// rateAt is the rate at a time since the start, and for how long it stays; -1
// is for ever.
func (p *producer) rateAt(t time.Duration) (rate float64, left time.Duration) {
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
