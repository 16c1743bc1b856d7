package lab_test

import (
	"testing"
	"time"

	"sqscope/backend"
)

// second lets the second ten jobs of lesson 2 be done, with a worker killed.
func (c *class) second() {
	c.t.Helper()
	c.step(3*time.Minute + 2*time.Second)
	c.turn("press", "fail 1", "1")
	for i := 0; c.state("actors", "press", "crashed") == 0.0 && i < 60; i++ {
		c.step(time.Second)
	}
	c.turn("press", "fail 1", "0")
	c.step(4 * time.Minute)
}

func TestLeaseRace(t *testing.T) {
	c := attend(t, "2")
	c.answer("copies", "2")
	c.step(2 * time.Minute)
	if c.last.Counters[0].Value == 0 {
		t.Fatal("nothing was printed twice")
	}
	c.reset()
	c.answer("copies", "2")
	c.step(2 * time.Minute)
	c.turn("jobs", "VisibilityTimeout", "25s")
	c.second()
	c.choose("long-work", "heartbeat")
	c.passed()
}

func TestLeaseRaceByHeartbeat(t *testing.T) {
	c := attend(t, "2")
	c.answer("copies", "2")
	c.step(2 * time.Minute)
	c.turn("press", "extension", "10")
	c.turn("press", "heartbeat", "5s")
	c.second()
	c.choose("long-work", "heartbeat")
	c.passed()
}

func TestALeaseOfTwelveHours(t *testing.T) {
	c := attend(t, "2")
	c.answer("copies", "1") // and this was wrong too
	c.step(2 * time.Minute)
	c.turn("jobs", "VisibilityTimeout", "12h")
	c.step(3*time.Minute + 2*time.Second)
	c.turn("press", "fail 1", "1")
	c.step(time.Minute)
	c.turn("press", "fail 1", "0")
	c.step(2 * time.Minute)
	c.hinted("waiting for more than 40 seconds")
	c.stuck("retried", "second")
}

func TestNothingMended(t *testing.T) {
	c := attend(t, "2")
	for range 2 {
		c.answer("copies", "2")
		c.step(2 * time.Minute)
		c.second()
		c.stuck("once")
		c.reset()
	}
	if st := c.look(); len(st.Hints) == 0 {
		t.Error("there is no hint")
	}
}

func TestNobodyKilled(t *testing.T) {
	c := attend(t, "2")
	c.answer("copies", "2")
	c.step(2 * time.Minute)
	c.turn("jobs", "VisibilityTimeout", "25s")
	c.step(8 * time.Minute)
	c.only("killed", "retried")
}

func TestEmptyIsNotEmpty(t *testing.T) {
	c := attend(t, "3")
	c.choose("empties", "Some")
	empty := 0
	for range 10 {
		if len(c.receive("letters", 1)) == 0 {
			empty++
		}
	}
	if empty == 0 || c.last.Counters[1].Value != float64(empty) {
		t.Errorf("%d empty receives, counters %v", empty, c.last.Counters)
	}
	for range 5 {
		c.receive("letters", 10)
	}
	c.stuck("long")
	c.set("letters", map[string]string{"ReceiveMessageWaitTimeSeconds": "20"})
	_, err := c.s.Hand().Receive(t.Context(), "letters", 10, backend.Opt[int]{}, backend.Opt[int]{})
	c.must(err)
	c.choose("billed", "All")
	c.choose("done", "may end")
	c.passed()
}

func TestPollingShortForEver(t *testing.T) {
	c := attend(t, "3")
	c.choose("empties", "None")
	for range 31 {
		c.receive("letters", 10)
	}
	c.hinted("all short")
	c.stuck("long")
}

func TestSixShortPollsAreNotLong(t *testing.T) {
	c := attend(t, "3")
	c.choose("empties", "Some")
	for range 20 {
		c.receive("letters", 10)
	}
	c.choose("billed", "All")
	c.only("long")
}

func (c *class) claim(id string) bool {
	c.t.Helper()
	right, err := c.s.Claim(c.t.Context(), id)
	c.must(err)
	c.look()
	return right
}

func (c *class) purge(queue string) {
	c.t.Helper()
	c.must(c.sqs.PurgeQueue(c.t.Context(), backend.PurgeQueueInput{QueueUrl: queue}))
	c.look()
}

func (c *class) send(in backend.SendMessageInput) backend.SendMessageOutput {
	c.t.Helper()
	out, err := c.sqs.SendMessage(c.t.Context(), in)
	c.must(err)
	c.look()
	return out
}

func TestNumbersThatLag(t *testing.T) {
	c := attend(t, "4")
	c.answer("zero", "1 2 3")
	c.step(6 * time.Minute)
	if !c.claim("drained") {
		t.Fatal("it is not drained")
	}
	c.purge("returns")
	c.step(61 * time.Second)
	c.send(backend.SendMessageInput{QueueUrl: "returns", MessageBody: "new"})
	c.answer("ceiling", "120000")
	c.choose("scale", "in flight and delayed")
	c.passed()
}

func TestDrainedTooSoon(t *testing.T) {
	c := attend(t, "4")
	c.answer("zero", "1 2 3")
	c.step(40 * time.Second) // visible is 0 by now
	if c.claim("drained") {
		t.Error("it is drained")
	}
	c.step(100 * time.Second)
	c.claim("drained")
	c.hinted("It was not sure")
	c.stuck("sure")
}

func TestASendRightAfterAPurge(t *testing.T) {
	c := attend(t, "4")
	c.answer("zero", "1 2 3")
	c.step(6 * time.Minute)
	c.claim("drained")
	c.purge("returns")
	c.step(10 * time.Second)
	c.send(backend.SendMessageInput{QueueUrl: "returns", MessageBody: "new"})
	c.step(2 * time.Minute)
	c.answer("ceiling", "120000")
	c.only("kept")
	if st := c.look(); len(st.Trouble) != 1 {
		t.Errorf("trouble: %q", st.Trouble)
	}
}
