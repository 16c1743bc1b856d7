package scenario

import (
	"time"

	"sqscope/backend/tomlfile"
)

// downstreamSpec is a service that workers call for each message, as the file
// declares it.
type downstreamSpec struct {
	name  string
	limit int // calls a second; 0: none
	down  []outage
}

// outage is a time in which the service refuses everything, since the actors'
// start; until -1 is for ever.
type outage struct{ after, until time.Duration }

// downstream takes as many calls in each second of the clock as its limit, and
// answers the others with a 503. It has no message of its own and waits for
// nothing.
type downstream struct {
	downstreamSpec
	client
	began  time.Time
	off    bool  // by its knob
	second int64 // since the epoch, that level is of
	level  int   // calls in that second, the refused ones too
	taken  int   // likewise, but those that were taken
	peak   int   // of level
}

type downstreamRecord struct {
	Began  int64 `json:"began"`
	Second int64 `json:"second"`
	Level  int   `json:"level"`
	Taken  int   `json:"taken"`
	Peak   int   `json:"peak"`
}

func newDownstream(c client, spec downstreamSpec) *downstream {
	return &downstream{downstreamSpec: spec, client: c}
}

func (d *downstream) start(now time.Time) { d.began = now }

func (d *downstream) stop() {}

func (d *downstream) state() Actor { return d.client.state(Downstream, "") }

func (d *downstream) figure(now time.Time) Figure {
	f := Figure{Actor: d.state(), Gauge: Gauge{Limit: d.limit, Peak: d.peak}}
	if d.second == now.Unix() {
		f.Gauge.Level = d.level
	}
	return f
}

// call tells whether the service takes a call of an actor for a message.
func (d *downstream) call(by *client, id string, now time.Time) bool {
	if s := now.Unix(); s != d.second {
		d.second, d.level, d.taken = s, 0, 0
	}
	d.level++
	d.peak = max(d.peak, d.level)
	ok := !d.isDown(now) && (d.limit == 0 || d.taken < d.limit)
	f := Flight{At: now, Kind: FlightCalled, From: by.actor, To: d.name, MessageId: id}
	if ok {
		d.taken++
		d.Done++
	} else {
		f.Kind = FlightRefused
		d.Failed++
		d.Refused++
	}
	d.run.sky.fly(f)
	return ok
}

func (d *downstream) isDown(now time.Time) bool {
	if d.off {
		return true
	}
	t := now.Sub(d.began)
	for _, o := range d.down {
		if t >= o.after && (o.until < 0 || t < o.until) {
			return true
		}
	}
	return false
}

func (d *downstream) save() actorRecord {
	r := d.record()
	r.Downstream = &downstreamRecord{stampOf(d.began), d.second, d.level, d.taken, d.peak}
	return r
}

func (d *downstream) load(r actorRecord) error {
	s := r.Downstream
	if s == nil {
		return wrong("a downstream was expected")
	}
	if s.Began < 0 || s.Taken < 0 || s.Level < s.Taken || s.Peak < s.Level {
		return wrong("a level was expected between what was taken and the peak")
	}
	d.began, d.second, d.level, d.taken, d.peak = timeOf(s.Began), s.Second, s.Level, s.Taken, s.Peak
	return nil
}

func (d *downstream) waiting() []resumption { return nil }

type downstreamTable struct {
	Name  string        `toml:"name"`
	Limit *int          `toml:"limit"`
	Down  []outageTable `toml:"down"`
}

type outageTable struct {
	After string `toml:"after"`
	Until string `toml:"until"`
}

func (c *compiler) compileDownstreams() error {
	for i, table := range c.file.Downstreams {
		path := tomlfile.Path("downstreams", i)
		if table.Name == "" {
			return c.doc.Errorf(path+".name", "a name", "the downstream has no name")
		}
		spec := downstreamSpec{}
		var err error
		if spec.name, err = c.actorName(path, table.Name, ""); err != nil {
			return err
		}
		if spec.limit, err = c.within(path+".limit", table.Limit, 0, 1, maxRate); err != nil {
			return err
		}
		for k, o := range table.Down {
			at := tomlfile.Path("downstreams", i, "down", k)
			var one outage
			if one.after, err = c.duration(at+".after", o.After, 0, 0, maxAge); err != nil {
				return err
			}
			if one.until, err = c.duration(at+".until", o.Until, -1, 0, maxAge); err != nil {
				return err
			}
			if one.until >= 0 && one.until <= one.after {
				return c.doc.Errorf(at+".until", "later than "+one.after.String(), "the outage would end before it begins")
			}
			spec.down = append(spec.down, one)
		}
		c.downstreams[spec.name] = len(c.s.downstreams)
		c.s.downstreams = append(c.s.downstreams, spec)
	}
	return nil
}
