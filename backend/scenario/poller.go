package scenario

import (
	"time"

	"sqscope/backend"
)

// poller receives for an actor as long as it wants messages. Those of one actor
// share it, as the threads of a consumer share a poll, so that a message wakes
// one of them and not all.
type poller struct {
	c     *client
	queue int
	in    backend.ReceiveMessageInput
	wait  time.Duration // of a long poll; 0: polls are short
	every time.Duration // pause after an empty short poll
	wants func() bool
	take  func(messages []backend.Message, now time.Time)

	pause  *wait // until the next poll, if it is not woken before
	inLine turn  // while a poll is out
	wake   func(now time.Time)
}

// retryPause is how long an actor waits after an error of the engine.
const retryPause = 5 * time.Second

// open makes a poller ready. Queue, batch and timeouts are those of the file, or
// of the knobs.
func (p *poller) open(c *client, queue int) {
	p.c, p.queue = c, queue
	p.in.QueueUrl = c.queueName(queue)
	p.pause = c.run.wait(p.over)
	p.wake = c.run.locked(p.again)
}

func (p *poller) end() {
	p.inLine.end()
	p.pause.end()
}

// listen polls for as long as messages are wanted and there are some, and waits
// for more if some are wanted still.
func (p *poller) listen(now time.Time) {
	for p.wants() && !p.pause.on() {
		wake := p.wake
		if p.wait == 0 {
			wake = nil
		}
		messages, cancel, err := p.c.poll(p.queue, p.in, wake, now)
		switch {
		case err != nil:
			p.pause.begin(now.Add(retryPause))
		case len(messages) > 0:
			p.c.Requests++
			p.take(messages, now)
		case p.wait == 0:
			p.c.Requests++
			p.c.Empty++
			p.pause.begin(now.Add(p.every))
		default:
			// A long poll that ends empty is followed by another at once.
			p.inLine = turn{p.c.run.nextWait(), cancel}
			p.pause.begin(now.Add(p.wait))
		}
	}
}

// over is the end of a wait. A long poll that has not been woken by then is one
// more request, with an empty answer.
func (p *poller) over(now time.Time) {
	if p.inLine.number > 0 {
		p.c.Requests++
		p.c.Empty++
	}
	p.again(now)
}

// again ends the waiting, whatever ended it, and polls anew.
func (p *poller) again(now time.Time) {
	p.end()
	p.listen(now)
}

// settle follows a change of how much is wanted.
func (p *poller) settle(now time.Time) {
	if !p.wants() {
		p.end()
		return
	}
	p.listen(now)
}

// pollRecord is a poller in a snapshot.
type pollRecord struct {
	Pause  *waitRecord `json:"pause,omitempty"`
	InLine uint64      `json:"inLine,omitempty"` // number of the wait
}

func (p *poller) save() pollRecord { return pollRecord{p.pause.record(), p.inLine.number} }

// load comes after all that decides whether messages are wanted.
func (p *poller) load(r pollRecord) error {
	if (r.Pause != nil) != p.wants() || r.InLine > 0 && (r.Pause == nil || p.wait == 0) {
		return wrong("an actor that waits for messages was expected to want some, and one that does not to want none")
	}
	p.inLine.number = r.InLine
	return p.pause.load(r.Pause)
}

func (p *poller) waiting() []resumption {
	all := resumed(p.pause)
	if p.inLine.number > 0 {
		all = append(all, resumption{p.inLine.number, p.queueUp})
	}
	return all
}

// queueUp takes the place in line again. Where that is not to be had, the pause
// is there still, and the poll after it gets the reason.
func (p *poller) queueUp() {
	cancel, err := p.c.run.engine.Await(p.in.QueueUrl, p.wake)
	p.c.note(err)
	p.inLine.cancel = cancel
}
