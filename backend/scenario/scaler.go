package scenario

import (
	"strconv"
	"time"

	"sqscope/backend"
	"sqscope/backend/tomlfile"
)

// scalerSpec is what makes an autoscaling group of workers, as the file declares
// it: their number follows the depth of their queue.
type scalerSpec struct {
	name        string
	worker      int // index
	least, most int
	backlog     int // visible messages for each worker
	every       time.Duration
	cooldown    time.Duration
	boot        time.Duration
}

// scaler looks at a queue's counts from time to time, as an alarm does, and has
// as many workers as the backlog wants: more at once, fewer only when the
// cooldown since the last change is over. New workers need their time to boot.
type scaler struct {
	scalerSpec
	client
	next    *wait
	changed time.Time
	wanted  int
	reads   []string
}

type scalerRecord struct {
	Next    *waitRecord `json:"next"`
	Changed int64       `json:"changed"`
	Wanted  int         `json:"wanted"`
}

func newScaler(c client, spec scalerSpec) *scaler {
	s := &scaler{scalerSpec: spec, client: c}
	s.next = c.run.wait(s.look)
	s.reads = c.play.workers[spec.worker].reads
	return s
}

func (s *scaler) start(now time.Time) {
	w := s.play.workers[s.worker]
	s.wanted, s.changed = min(max(w.size(), s.least), s.most), now
	w.resize(s.wanted, 0, now)
	s.next.begin(now.Add(s.every))
}

func (s *scaler) stop() { s.next.end() }

func (s *scaler) state() Actor { return s.client.state(Scaler, s.reads[0]) }

func (s *scaler) figure(time.Time) Figure {
	return Figure{
		Actor: s.state(), Reads: s.reads, Writes: []string{s.play.workers[s.worker].actor},
		Gauge: Gauge{Level: s.wanted, Limit: s.most, Peak: s.play.workers[s.worker].most},
	}
}

func (s *scaler) look(now time.Time) {
	s.next.begin(now.Add(s.every))
	w := s.play.workers[s.worker]
	s.Requests++
	out, err := s.run.sqs.GetQueueAttributes(s.run.ctx, backend.GetQueueAttributesInput{
		QueueUrl: s.reads[0], AttributeNames: []string{backend.AttrMessages},
	})
	s.note(err)
	visible, bad := strconv.Atoi(out.Attributes[backend.AttrMessages])
	if err != nil || bad != nil {
		s.Failed++
		return
	}
	s.Done++
	n := min(max((visible+s.backlog-1)/s.backlog, s.least), s.most)
	if n == s.wanted || n < s.wanted && now.Sub(s.changed) < s.cooldown {
		return
	}
	s.wanted, s.changed = n, now
	w.resize(n, s.boot, now)
}

func (s *scaler) save() actorRecord {
	r := s.record()
	r.Scaler = &scalerRecord{s.next.record(), stampOf(s.changed), s.wanted}
	return r
}

func (s *scaler) load(r actorRecord) error {
	saved := r.Scaler
	if saved == nil || saved.Next == nil {
		return wrong("a scaler with the time of its next look was expected")
	}
	if saved.Wanted < 0 || saved.Wanted > maxWorkers || saved.Changed < 0 {
		return wrong("0 to %d workers were expected", maxWorkers)
	}
	s.changed, s.wanted = timeOf(saved.Changed), saved.Wanted
	return s.next.load(saved.Next)
}

func (s *scaler) waiting() []resumption { return resumed(s.next) }

// scalerOf is the scaler of the workers with that name, nil if they have none.
func (s *Scenario) scalerOf(worker string) *scalerSpec {
	for i := range s.scalers {
		if s.workers[s.scalers[i].worker].name == worker {
			return &s.scalers[i]
		}
	}
	return nil
}

type scalerTable struct {
	Name     string `toml:"name"`
	Worker   string `toml:"worker"`
	Min      *int   `toml:"min"`
	Max      *int   `toml:"max"`
	Backlog  *int   `toml:"backlog"`
	Every    string `toml:"every"`
	Cooldown string `toml:"cooldown"`
	Boot     string `toml:"boot"`
}

func (c *compiler) compileScalers() error {
	for i, table := range c.file.Scalers {
		s, err := c.compileScaler(tomlfile.Path("scalers", i), table)
		if err != nil {
			return err
		}
		if c.s.scalerOf(table.Worker) != nil {
			return c.doc.Errorf(tomlfile.Path("scalers", i, "worker"), "other workers", "%q has a scaler already", table.Worker)
		}
		c.s.scalers = append(c.s.scalers, s)
	}
	return nil
}

func (c *compiler) compileScaler(path string, table scalerTable) (s scalerSpec, err error) {
	s.worker = -1
	var names []string
	for i, w := range c.s.workers {
		names = append(names, w.name)
		if w.name == table.Worker {
			s.worker = i
		}
	}
	if s.worker < 0 {
		return s, c.doc.Errorf(path+".worker", oneOf("the name of workers", table.Worker, names), "there are no workers %q to scale", table.Worker)
	}
	if s.name, err = c.actorName(path, table.Name, table.Worker+"-scaler"); err != nil {
		return s, err
	}
	if s.least, err = c.within(path+".min", table.Min, 1, 0, maxWorkers); err != nil {
		return s, err
	}
	if s.most, err = c.within(path+".max", table.Max, 10, max(s.least, 1), maxWorkers); err != nil {
		return s, err
	}
	if s.backlog, err = c.within(path+".backlog", table.Backlog, 100, 1, maxMessages); err != nil {
		return s, err
	}
	if s.every, err = c.duration(path+".every", table.Every, time.Minute, time.Second, time.Hour); err != nil {
		return s, err
	}
	if s.cooldown, err = c.duration(path+".cooldown", table.Cooldown, 5*time.Minute, 0, 24*time.Hour); err != nil {
		return s, err
	}
	s.boot, err = c.duration(path+".boot", table.Boot, 0, 0, time.Hour)
	return s, err
}
