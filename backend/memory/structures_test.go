package memory

import (
	"math/rand/v2"
	"slices"
	"strconv"
	"testing"

	"pgregory.net/rapid"

	"sqscope/backend"
	"sqscope/backend/rules"
)

// TestTheIndexAgainstAMap stores and removes sequences, and looks for what comes
// next.
func TestTheIndexAgainstAMap(t *testing.T) {
	rapid.Check(t, func(rt *rapid.T) {
		x := index{spare: &spares{}}
		have := map[uint64]*message{}
		last := uint64(0)
		sorted := func() []uint64 {
			var list []uint64
			for seq := range have {
				list = append(list, seq)
			}
			slices.Sort(list)
			return list
		}
		rt.Repeat(map[string]func(*rapid.T){
			"put": func(rt *rapid.T) {
				for range rapid.IntRange(1, 200).Draw(rt, "many") {
					last++
					m := &message{seq: last}
					x.put(m)
					have[last] = m
				}
			},
			"skip": func(rt *rapid.T) { last += uint64(rapid.IntRange(1, 10_000).Draw(rt, "by")) },
			"remove": func(rt *rapid.T) {
				list := sorted()
				n := rapid.IntRange(0, len(list)).Draw(rt, "n")
				for _, seq := range list[rapid.IntRange(0, len(list)-n).Draw(rt, "from"):][:n] {
					x.remove(seq)
					delete(have, seq)
				}
			},
			"": func(rt *rapid.T) {
				var got []uint64
				for m := x.after(0); m != nil; m = x.after(m.seq) {
					got = append(got, m.seq)
				}
				if !slices.Equal(got, sorted()) || x.n != len(have) {
					rt.Fatalf("%v instead of %v", got, sorted())
				}
				probe := rapid.Uint64Range(0, last+100_000).Draw(rt, "probe")
				if x.get(probe) != have[probe] {
					rt.Fatalf("get %d", probe)
				}
				if len(have) == 0 && x.blocks != nil {
					rt.Fatal("memory is kept")
				}
			},
		})
	})
}

func TestTheHeapAgainstASortedList(t *testing.T) {
	rapid.Check(t, func(rt *rapid.T) {
		var h heap[*message]
		var have []*message
		next := uint64(0)
		less := func(a, b *message) int {
			if a.until != b.until {
				return int(a.until - b.until)
			}
			return int(a.seq) - int(b.seq)
		}
		pick := func(rt *rapid.T) int { return rapid.IntRange(0, len(have)-1).Draw(rt, "which") }
		key := rapid.Int64Range(0, 50)
		rt.Repeat(map[string]func(*rapid.T){
			"push": func(rt *rapid.T) {
				next++
				m := &message{seq: next, until: key.Draw(rt, "key")}
				h.push(m.until, m.seq, m)
				have = append(have, m)
			},
			"remove": func(rt *rapid.T) {
				if len(have) > 0 {
					i := pick(rt)
					h.remove(have[i])
					have = slices.Delete(have, i, i+1)
				}
			},
			"rekey": func(rt *rapid.T) {
				if len(have) > 0 {
					m := have[pick(rt)]
					m.until = key.Draw(rt, "key")
					h.rekey(m, m.until)
				}
			},
			"pop": func(rt *rapid.T) {
				if len(have) > 0 {
					first := slices.MinFunc(have, less)
					if got := h.pop(); got != first {
						rt.Fatalf("popped %d instead of %d", got.seq, first.seq)
					}
					have = slices.DeleteFunc(have, func(m *message) bool { return m == first })
				}
			},
			"": func(rt *rapid.T) {
				if err := h.check(); err != nil || h.len() != len(have) {
					rt.Fatalf("%d of %d: %v", h.len(), len(have), err)
				}
			},
		})
	})
}

func TestAHeapGivesMemoryBack(t *testing.T) {
	var h heap[*message]
	for i := range 100_000 {
		h.push(int64(i), 0, &message{})
	}
	for h.len() > 0 {
		h.pop()
	}
	if c := cap(h.slots); c > 256 {
		t.Errorf("room for %d", c)
	}
}

func TestAnEmptyQueueHoldsNoMemory(t *testing.T) {
	for _, name := range []string{"q", "q.fifo"} {
		clock := NewClock(ClockOptions{Paused: true})
		defer clock.Close()
		e := New(Options{Clock: clock})
		defer e.Close()
		in := backend.CreateQueueInput{QueueName: name}
		fifo := name != "q"
		if fifo {
			in.Attributes = map[string]string{backend.AttrFifoQueue: "true"}
		}
		if _, err := e.CreateQueue(t.Context(), in); err != nil {
			t.Fatal(err)
		}
		q := e.byName(name)
		for i := range 20_000 {
			in := backend.SendMessageInput{QueueUrl: name, MessageBody: "m"}
			if fifo {
				id := strconv.Itoa(i)
				in.MessageGroupId, in.MessageDeduplicationId = backend.Some(id), backend.Some(id)
			}
			if _, err := e.SendMessage(t.Context(), in); err != nil {
				t.Fatal(err)
			}
		}
		for q.messages.n > 0 {
			got, err := e.ReceiveMessage(t.Context(), backend.ReceiveMessageInput{QueueUrl: name, MaxNumberOfMessages: backend.Some(10)})
			if err != nil {
				t.Fatal(err)
			}
			for _, m := range got.Messages {
				if err := e.DeleteMessage(t.Context(), backend.DeleteMessageInput{QueueUrl: name, ReceiptHandle: m.ReceiptHandle}); err != nil {
					t.Fatal(err)
				}
			}
		}
		clock.Advance(rules.DeduplicationWindow)
		if err := e.Check(); err != nil {
			t.Error(err)
		}
		room := cap(q.age.slots) + cap(q.hidden.slots) + cap(q.order.slots) + cap(q.ready.slots)
		if room > 4*256 || q.messages.blocks != nil || q.groups != nil || q.dedup.values != nil || q.dedup.order != nil {
			t.Errorf("%s: room for %d in heaps, %d blocks, %d groups, %d duplicates", name, room, len(q.messages.blocks),
				len(q.groups), len(q.dedup.values))
		}
	}
}

func TestUUIDsAreReadAsTheyAreWritten(t *testing.T) {
	r := rand.New(source(1, "q", 1))
	u := newUUID(r)
	if s := u.String(); s[14] != '4' || s[19] != '8' && s[19] != '9' && s[19] != 'a' && s[19] != 'b' {
		t.Errorf("%s is no version 4", s)
	}
	if got, ok := parseUUID(u.String()); !ok || got != u {
		t.Errorf("%v became %v", u, got)
	}
	if newUUID(r) == u {
		t.Error("twice the same")
	}
	for _, s := range []string{"", "x", u.String() + "0", "{" + u.String()[:35], "ABCDEF00-0000-4000-8000-000000000000", "g0000000-0000-4000-8000-000000000000"} {
		if _, ok := parseUUID(s); ok {
			t.Errorf("%q was read", s)
		}
	}
}

// FuzzReceiptHandle: whatever is passed is refused, but for what the queue gave
// itself, and nothing panics.
func FuzzReceiptHandle(f *testing.F) {
	e := New(Options{Seed: 1})
	f.Cleanup(e.Close)
	q := &queue{e: e, id: 42}
	good := q.handle(7, 3)
	f.Add(good)
	f.Add("AQEB")
	f.Add(good[:43] + "=")
	f.Fuzz(func(t *testing.T, handle string) {
		seq, receipt, err := q.openHandle(handle)
		if (err == nil) != (handle == q.handle(seq, receipt)) {
			t.Errorf("%q is read as message %d, receive %d: %v", handle, seq, receipt, err)
		}
	})
}
