package scenario

import (
	"cmp"
	"slices"
	"time"

	"sqscope/backend/tomlfile"
)

// machineSpec is a Step Functions state machine with one state, a SendMessage
// that waits for its task token (docs/SQS.md 10.9), as the file declares it. Its
// executions begin at a producer's pace.
type machineSpec struct {
	producerSpec
	timeout time.Duration // TimeoutSeconds of the state
}

// machine starts executions. Each sends a message with a task token and waits
// until a worker answers with it, or time is up.
type machine struct {
	producer
	timeout time.Duration
	open    []task // by their beginnings, and so by their ends
	count   int    // of open that are not over
	peak    int
	end     *wait // of the first that is open
}

// task is an execution that waits.
type task struct {
	Token string `json:"token"`
	Began int64  `json:"began"`
	Over  bool   `json:"over,omitempty"` // answered; it stays until it is the first
}

type machineRecord struct {
	Pace producerRecord `json:"pace"`
	Open []task         `json:"open,omitempty"`
	Peak int            `json:"peak,omitempty"`
	End  *waitRecord    `json:"end,omitempty"`
}

// maxTasks is how many executions of a state machine wait at a time. Beyond that
// none is begun, as where a quota is reached.
const maxTasks = 10_000

func newMachine(c client, spec machineSpec) *machine {
	m := &machine{producer: *newProducer(c, spec.producerSpec), timeout: spec.timeout}
	m.next, m.end = c.run.wait(m.execute), c.run.wait(m.expire)
	return m
}

func (m *machine) stop() {
	m.next.end()
	m.end.end()
}

func (m *machine) state() Actor { return m.client.state(StateMachine, m.producer.state().Queue) }

func (m *machine) figure(now time.Time) Figure {
	f := Figure{Actor: m.state(), Writes: m.writes, Gauge: Gauge{Level: m.count, Limit: maxTasks, Peak: m.peak}}
	for _, t := range m.open {
		if !t.Over {
			began := timeOf(t.Began)
			f.Hands = append(f.Hands, Hand{State: HandWaiting, Since: began, Until: began.Add(m.timeout), Messages: []string{t.Token}})
		}
	}
	return f
}

// execute begins an execution.
func (m *machine) execute(now time.Time) {
	m.pen.now, m.pen.token = now, uuidText(m.pen)
	in := m.message()
	if m.count >= maxTasks || m.send(m.to, in, now) != nil {
		m.Failed++
	} else {
		m.open = append(m.open, task{Token: m.pen.token, Began: now.UnixNano()})
		m.count++
		m.peak = max(m.peak, m.count)
		if !m.end.on() {
			m.end.begin(now.Add(m.timeout))
		}
	}
	m.schedule(now)
}

// answer ends the execution with that token, and tells whether there is one that
// waits.
func (m *machine) answer(token string) bool {
	i := slices.IndexFunc(m.open, func(t task) bool { return t.Token == token && !t.Over })
	if i < 0 {
		return false
	}
	m.open[i].Over = true
	m.count--
	m.Done++
	return true
}

// expire ends executions whose time is up.
func (m *machine) expire(now time.Time) {
	for len(m.open) > 0 && (m.open[0].Over || !timeOf(m.open[0].Began).Add(m.timeout).After(now)) {
		if !m.open[0].Over {
			m.count--
			m.TimedOut++
			m.Failed++
		}
		m.open = m.open[1:]
	}
	if len(m.open) > 0 {
		m.end.begin(timeOf(m.open[0].Began).Add(m.timeout))
	}
}

// answer is a worker's answer for a task, which may be over.
func (r *Run) answer(by *client, token string, now time.Time) {
	f := Flight{At: now, Kind: FlightAnswered, From: by.actor, MessageId: token}
	for _, m := range by.play.machines {
		if m.answer(token) {
			f.To = m.actor
			r.sky.fly(f)
			return
		}
	}
	by.Late++
}

func (m *machine) save() actorRecord {
	r := m.record()
	r.StateMachine = &machineRecord{
		Pace: producerRecord{m.began.UnixNano(), m.next.record()}, Open: m.open, Peak: m.peak, End: m.end.record(),
	}
	return r
}

func (m *machine) load(r actorRecord) error {
	s := r.StateMachine
	if s == nil {
		return wrong("a state machine was expected")
	}
	sorted := slices.IsSortedFunc(s.Open, func(a, b task) int { return cmp.Compare(a.Began, b.Began) })
	for _, t := range s.Open {
		if !t.Over {
			m.count++
		}
	}
	if m.count > maxTasks || !sorted || (len(s.Open) > 0) != (s.End != nil) {
		return wrong("tasks were expected by their beginnings, and with them the time when the first is over")
	}
	m.open, m.peak = s.Open, max(s.Peak, m.count)
	if err := m.end.load(s.End); err != nil {
		return err
	}
	return m.loadPace(s.Pace)
}

func (m *machine) waiting() []resumption { return resumed(m.next, m.end) }

type machineTable struct {
	Name     string      `toml:"name"`
	Queue    string      `toml:"queue"`
	Template string      `toml:"template"`
	Rate     *float64    `toml:"rate"`
	Every    string      `toml:"every"`
	Jitter   *float64    `toml:"jitter"`
	Burst    *burstTable `toml:"burst"`
	Hours    []float64   `toml:"hours"`
	Timeout  string      `toml:"timeout"`
}

func (c *compiler) compileMachines() error {
	for i, table := range c.file.StateMachines {
		path := tomlfile.Path("state_machines", i)
		if table.Template == "" {
			return c.doc.Errorf(path+".template", "a template with {{token}}", "say what is sent for a task")
		}
		p, err := c.compileProducer(path, producerTable{
			Name: table.Name, Queue: table.Queue, Template: table.Template, Rate: table.Rate, Every: table.Every,
			Jitter: table.Jitter, Burst: table.Burst, Hours: table.Hours,
		}, true)
		if err != nil {
			return err
		}
		spec := machineSpec{producerSpec: p}
		if spec.timeout, err = c.duration(path+".timeout", table.Timeout, time.Minute, time.Second, maxAge); err != nil {
			return err
		}
		c.s.machines = append(c.s.machines, spec)
	}
	return nil
}
