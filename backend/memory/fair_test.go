package memory_test

import (
	"fmt"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"

	"sqscope/backend"
)

// Fair queues, sentence by sentence of docs/SQS.md 9.

// tenant sends messages of a tenant, "" for those without one.
func (d *desk) tenant(q, name string, n int) {
	d.t.Helper()
	for i := range n {
		in := backend.SendMessageInput{QueueUrl: q, MessageBody: fmt.Sprintf("%s%d", name, i)}
		if name != "" {
			in.MessageGroupId = backend.Some(name)
		}
		d.same(d.sendInput(in).SequenceNumber, "")
	}
}

// take receives n messages, one by one or in tens, and counts the tenants.
func (d *desk) take(q string, n int) (got []backend.Message, of map[string]int) {
	d.t.Helper()
	of = map[string]int{}
	for len(got) < n {
		some := d.receive(q, min(10, n-len(got)))
		if len(some) == 0 {
			d.t.Fatalf("only %d of %d messages", len(got), n)
		}
		got = append(got, some...)
	}
	for _, m := range got {
		of[m.Attributes[backend.SysMessageGroupId]]++
	}
	return got, of
}

func TestMessagesOfATenantAreProcessedInParallel(t *testing.T) {
	d := open(t)
	q := d.create("q")
	d.tenant(q, "a", 3)
	d.want(d.receive(q, 1), "a0")
	d.want(d.receive(q, 10), "a1", "a2")
}

func TestATenantIsNoisyWithMoreThanATenthInFlightAndAtLeastThirty(t *testing.T) {
	for _, tc := range []struct {
		others, inFlight int // of others, and of a, when it is asked
		noisy            bool
	}{
		{0, 29, false},   // all of them, but not thirty
		{0, 30, true},    //
		{269, 30, true},  // of 299
		{270, 30, false}, // a tenth
		{270, 31, true},
	} {
		t.Run(fmt.Sprint(tc), func(t *testing.T) {
			d := open(t)
			q := d.create("q", backend.AttrVisibilityTimeout, "3600")
			d.tenant(q, "", tc.others)
			d.take(q, tc.others)
			d.tenant(q, "a", tc.inFlight)
			_, of := d.take(q, tc.inFlight)
			d.same(of["a"], tc.inFlight)
			d.tenant(q, "a", 1)
			d.tenant(q, "b", 1)
			want := "a"
			if tc.noisy {
				want = "b"
			}
			_, of = d.take(q, 1)
			d.same(of, map[string]int{want: 1})
		})
	}
}

func TestQuietTenantsComeFirstWithinOneReceiveToo(t *testing.T) {
	d := open(t)
	q := d.create("q", backend.AttrVisibilityTimeout, "3600")
	d.tenant(q, "a", 100)
	d.tenant(q, "b", 5)
	d.tenant(q, "", 2)
	_, of := d.take(q, 20)
	d.same(of, map[string]int{"a": 20})
	got := bodies(d.receive(q, 10))
	got = append(got, bodies(d.receive(q, 10))...) // the thirtieth is a's last before it is noisy
	d.same(got[10:17], []string{"b0", "b1", "b2", "b3", "b4", "0", "1"})
	if slices.ContainsFunc(slices.Concat(got[:10], got[17:]), func(b string) bool { return !strings.HasPrefix(b, "a") }) {
		t.Errorf("got %v", got)
	}
}

func TestAMessageWithoutAGroupIsAQuietTenant(t *testing.T) {
	d := open(t)
	q := d.create("q", backend.AttrVisibilityTimeout, "3600")
	d.tenant(q, "", 200)
	d.take(q, 100) // all in flight are theirs, and yet
	d.tenant(q, "a", 1)
	d.want(d.receive(q, 1), "100")
}

func TestATenantIsNoisyWithMoreThanATenthOfTheProcessingTime(t *testing.T) {
	d := open(t)
	q := d.create("q", backend.AttrVisibilityTimeout, "3600")
	d.tenant(q, "slow", 3)
	d.tenant(q, "a", 3)
	slow, _ := d.take(q, 1)
	d.pass(25 * time.Second)
	d.delete(q, slow[0])
	slow, of := d.take(q, 1)
	d.same(of, map[string]int{"slow": 1}) // nobody had to wait for 25 s of work
	d.pass(10 * time.Second)
	d.must(d.hide(q, slow[0], 0)) // 35 s
	_, of = d.take(q, 3)
	d.same(of, map[string]int{"a": 3})
	_, of = d.take(q, 2)
	d.same(of, map[string]int{"slow": 2})
}

func TestAmongNoisyTenantsTheOneWithTheFewestInFlightIsFirst(t *testing.T) {
	d := open(t)
	q := d.create("q", backend.AttrVisibilityTimeout, "3600")
	d.tenant(q, "a", 40)
	d.take(q, 40)
	d.tenant(q, "b", 35)
	d.take(q, 35)
	d.tenant(q, "a", 10)
	d.tenant(q, "b", 10)
	var order []string
	for range 10 {
		_, of := d.take(q, 1)
		for name := range of {
			order = append(order, name)
		}
	}
	// Until both have 40; then the one whose message is older.
	d.same(strings.Join(order, ""), "bbbbbababa")
}

func TestNoiseEndsWithTheBacklog(t *testing.T) {
	d := open(t)
	q := d.create("q", backend.AttrVisibilityTimeout, "3600")
	d.tenant(q, "a", 41)
	held, _ := d.take(q, 40)
	d.tenant(q, "b", 1)
	_, of := d.take(q, 2) // b's, and the last of a's
	d.same(of, map[string]int{"a": 1, "b": 1})
	for _, m := range held[:20] {
		d.delete(q, m)
	}
	d.tenant(q, "a", 1) // with 21 in flight it is not noisy anew
	d.tenant(q, "b", 1)
	_, of = d.take(q, 1)
	d.same(of, map[string]int{"a": 1})
}

func TestNoiseEndsAfterFiveMinutesWithoutAMessageInFlight(t *testing.T) {
	d := open(t)
	q := d.create("q", backend.AttrVisibilityTimeout, "3600")
	d.tenant(q, "a", 50)
	held, _ := d.take(q, 40)
	d.tenant(q, "b", 2)
	d.want(d.receive(q, 1), "b0") // for a is noisy
	for _, m := range held {
		d.delete(q, m)
	}
	d.pass(5*time.Minute - time.Second)
	d.want(d.receive(q, 1), "b1")
	d.tenant(q, "b", 1)
	d.pass(time.Second)
	d.want(d.receive(q, 1), "a40")
}

func TestNothingIsLostOrHeldBackByFairness(t *testing.T) {
	d := open(t)
	d.create("dlq")
	q := d.create("q", backend.AttrRedrivePolicy, redrive("dlq", 1), backend.AttrVisibilityTimeout, "60")
	for i := range 20 {
		d.tenant(q, "t"+strconv.Itoa(i), 10)
	}
	d.tenant(q, "noisy", 200)
	_, of := d.take(q, 400)
	d.same(of["noisy"], 200)
	d.same(len(d.receive(q, 10)), 0)
	d.pass(time.Minute)
	d.same(len(d.receive(q, 10)), 0) // all dead
	d.wantDepth("dlq", depth{400, 0, 0})
	_, of = d.take("dlq", 400)
	d.same([]int{of["noisy"], of["t7"]}, []int{200, 10}) // they keep their group
}

func TestAQueueOfManyTenantsForgetsThem(t *testing.T) {
	d := open(t)
	q := d.create("q")
	for i := range 1000 {
		d.tenant(q, "t"+strconv.Itoa(i), 1)
	}
	got, _ := d.take(q, 1000)
	for _, m := range got {
		d.delete(q, m)
	}
	d.consistent()
}
