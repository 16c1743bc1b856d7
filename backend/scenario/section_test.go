package scenario

import (
	"bytes"
	"context"
	"encoding/json"
	"strconv"
	"strings"
	"testing"
	"time"

	"pgregory.net/rapid"

	"sqscope/backend"
	"sqscope/backend/memory"
)

// A section that is wrong is refused, and nothing has changed.
func TestASectionThatIsWrong(t *testing.T) {
	g, r := busyStage(t)
	g.clock.Advance(time.Minute)
	file := g.snapshot()
	value, err := r.Save()
	if err != nil {
		t.Fatal(err)
	}
	for name, tt := range map[string]struct {
		change func(*section)
		says   string
	}{
		"newer":                 {func(s *section) { s.Version = 3 }, "version 3"},
		"no version":            {func(s *section) { s.Version = 0 }, "a version of 1"},
		"another text":          {func(s *section) { s.Text = "format = 1\nfoo = 1" }, `busy.toml:2:1: unknown key "foo"`},
		"counters":              {func(s *section) { s.Counters = nil }, "1 counters were expected"},
		"actors":                {func(s *section) { s.Actors = s.Actors[1:] }, "actors were expected"},
		"actor's name":          {func(s *section) { s.Actors[0].Name = "x" }, "a-producer was expected"},
		"kind of actor":         {func(s *section) { s.Actors[0].Producer, s.Actors[0].Worker = nil, s.Actors[2].Worker }, "a producer was expected"},
		"dice":                  {func(s *section) { s.Actors[0].Dice = []byte("x") }, "dice"},
		"kind of error":         {func(s *section) { s.Actors[0].Err = &errorRecord{Kind: "x"} }, "no kind of error"},
		"time":                  {func(s *section) { s.Actors[0].Producer.Next.At = -1 }, "a time"},
		"beginning":             {func(s *section) { s.Actors[0].Producer.Began = 1 << 62 }, "a beginning"},
		"number of a wait":      {func(s *section) { s.Actors[0].Producer.Next.Number = 1 << 62 }, "a wait of number"},
		"hands":                 {func(s *section) { s.Actors[2].Worker.Hands = nil }, "3 to 2000 hands were expected"},
		"rule":                  {func(s *section) { s.Actors[2].Worker.Hands[0].Fault = 9 }, "rules of failing"},
		"batch":                 {func(s *section) { s.Actors[2].Worker.Hands[0].Batch = make([]backend.Message, 11) }, "at most 10 messages"},
		"messages without time": {func(s *section) { s.Actors[2].Worker.Hands[0] = handRecord{Batch: make([]backend.Message, 1)} }, "when it is done"},
		"free hand":             {func(s *section) { s.Actors[2].Worker.Idle = []int{7} }, "a free hand"},
		"waits without a hand": {func(s *section) {
			w := s.Actors[5].Worker
			w.Pause = map[bool]*waitRecord{true: nil, false: {At: 1, Number: 1}}[w.Pause != nil]
		}, "waits for messages"},
		"two kinds":  {func(s *section) { s.Actors[0].Worker = s.Actors[2].Worker }, "one kind of actor"},
		"tallies":    {func(s *section) { s.Tallies = s.Tallies[1:] }, "tallies of 3 queues"},
		"tally":      {func(s *section) { s.Tallies[0].Queue = "x" }, "the tally of queue a"},
		"knob":       {func(s *section) { s.Actors[0].Knobs = map[string]string{"rat": "1"} }, `no knob "rat"`},
		"knob value": {func(s *section) { s.Actors[0].Knobs = map[string]string{"rate": "-1"} }, "it cannot be"},
	} {
		var sec section
		if err := json.Unmarshal(value, &sec); err != nil {
			t.Fatal(err)
		}
		tt.change(&sec)
		bad, err := json.Marshal(sec)
		if err != nil {
			t.Fatal(err)
		}
		i := strings.Index(file, `{"section":`)
		j := i + strings.Index(file[i:], "\n")
		wrong := file[:i] + `{"section":{"name":"scenario","value":` + string(bad) + "}}" + file[j:]
		err = g.engine.Restore(t.Context(), strings.NewReader(wrong))
		if err == nil || backend.KindOf(err) != backend.KindInvalid || !strings.Contains(err.Error(), tt.says) || !strings.Contains(err.Error(), "section scenario") {
			t.Errorf("%s: got %v, want %q", name, err, tt.says)
		}
	}
	if g.snapshot() != file {
		t.Error("something has changed")
	}
	clock := memory.NewClock(memory.ClockOptions{Paused: true})
	defer clock.Close()
	engine := memory.New(memory.Options{Clock: clock})
	defer engine.Close()
	if _, err := Restore(t.Context(), engine, strings.NewReader(file[:len(file)/2])); backend.KindOf(err) != backend.KindInvalid {
		t.Errorf("half a file: got %v", err)
	}
}

// A section in which values were changed by hand is refused, or its actors can
// go on: nothing panics, and time does not stand still.
func TestATamperedSectionIsRefusedOrWorks(t *testing.T) {
	t.Run("busy", func(t *testing.T) {
		g, r := busyStage(t)
		tamperedSections(t, g, r)
	})
	t.Run("everyone", func(t *testing.T) {
		s := parseEveryone(t)
		g := newStage(t, s)
		tamperedSections(t, g, g.start(s, 2))
	})
}

func tamperedSections(t *testing.T, g *stage, r *Run) {
	g.clock.Advance(time.Minute)
	file := g.snapshot()
	value, err := r.Save()
	if err != nil {
		t.Fatal(err)
	}
	whole := `{"section":{"name":"scenario","value":` + string(value) + "}}"
	taken := 0
	rapid.Check(t, func(t *rapid.T) {
		var tree any
		dec := json.NewDecoder(bytes.NewReader(value))
		dec.UseNumber() // a number of 64 bits stays what it is
		if err := dec.Decode(&tree); err != nil {
			t.Fatal(err)
		}
		for range rapid.IntRange(1, 3).Draw(t, "changes") {
			tamper(t, tree)
		}
		changed, err := json.Marshal(tree)
		if err != nil {
			t.Fatal(err)
		}
		bad := strings.Replace(file, whole, `{"section":{"name":"scenario","value":`+string(changed)+"}}", 1)
		if err := g.engine.Restore(context.Background(), strings.NewReader(bad)); err != nil {
			if backend.KindOf(err) != backend.KindInvalid {
				t.Errorf("refused with %v", err)
			}
			return
		}
		taken++
		g.clock.Advance(10 * time.Second)
		if err := g.engine.Check(); err != nil {
			t.Error(err)
		}
	})
	if !strings.Contains(file, whole) || taken == 0 {
		t.Errorf("%d of the sections were taken, so this has shown little", taken)
	}
}

// tamper changes a value somewhere in a tree.
func tamper(t *rapid.T, tree any) {
	something := func() any {
		return rapid.SampledFrom([]any{
			0, 1, 2, -1, int64(1) << 60, int64(1) << 62, "", "x", nil, true, []any{}, map[string]any{}, 1.5,
		}).Draw(t, "value")
	}
	for {
		switch v := tree.(type) {
		case map[string]any:
			key := rapid.SampledFrom(sortedKeys(v)).Draw(t, "key")
			if next := v[key]; deep(next) && rapid.IntRange(0, 9).Draw(t, "deeper") > 0 {
				tree = next
				continue
			}
			v[key] = something()
		case []any:
			i := rapid.IntRange(0, len(v)-1).Draw(t, "index")
			if deep(v[i]) && rapid.IntRange(0, 9).Draw(t, "deeper") > 0 {
				tree = v[i]
				continue
			}
			v[i] = something()
		}
		return
	}
}

func deep(v any) bool {
	switch v := v.(type) {
	case map[string]any:
		return len(v) > 0
	case []any:
		return len(v) > 0
	}
	return false
}

// FuzzLoad feeds the reader sections. One that it takes makes actors that can
// go on.
func FuzzLoad(f *testing.F) {
	for _, text := range []string{busy, everyone, "format = 1"} {
		s, err := Parse("busy.toml", []byte(text))
		if err != nil {
			f.Fatal(err)
		}
		clock := memory.NewClock(memory.ClockOptions{Start: time.Unix(1_700_000_000, 0), Paused: true})
		engine := memory.New(memory.Options{Clock: clock})
		r, err := s.Start(f.Context(), engine, 1)
		if err != nil {
			f.Fatal(err)
		}
		for range 3 {
			clock.Advance(time.Minute)
			section, err := r.Save()
			if err != nil {
				f.Fatal(err)
			}
			f.Add([]byte(section))
		}
		r.Stop()
		engine.Close()
		clock.Close()
	}
	f.Fuzz(func(t *testing.T, value []byte) {
		if len(value) > 64<<10 || !json.Valid(value) {
			t.Skip()
		}
		var line bytes.Buffer
		if err := json.Compact(&line, value); err != nil {
			t.Skip()
		}
		clock := memory.NewClock(memory.ClockOptions{Start: time.Unix(1_700_000_200, 0), Paused: true})
		defer clock.Close()
		engine := memory.New(memory.Options{Clock: clock})
		defer engine.Close()
		var head bytes.Buffer
		if err := engine.Snapshot(t.Context(), &head); err != nil {
			t.Fatal(err)
		}
		file := strings.Replace(head.String(), `{"end"`, `{"section":{"name":"scenario","value":`+line.String()+"}}\n"+`{"end"`, 1)
		r, err := Restore(t.Context(), engine, strings.NewReader(file))
		if err != nil {
			if backend.KindOf(err) != backend.KindInvalid {
				t.Errorf("refused with %v", err)
			}
			return
		}
		defer r.Stop()
		clock.Advance(time.Second)
		if _, err := r.Save(); err != nil {
			t.Errorf("it cannot be saved: %v", err)
		}
		if err := engine.Check(); err != nil {
			t.Error(strconv.Quote(err.Error()))
		}
	})
}
