package lab_test

import (
	"testing"
	"time"

	"sqscope/backend/lab"
)

func TestReceiveIsNotDelete(t *testing.T) {
	c := attend(t, "1")
	c.answer("after-receive", "2 1 0")
	one := c.receive("jobs", 1)
	c.answer("after-timeout", "3 0 0")
	c.step(10 * time.Second)
	again := c.receive("jobs", 10)
	c.choose("old-handle", "the message is gone")
	c.stuck("empty")
	c.remove(one...) // the old handle
	for _, r := range again {
		c.remove(r)
	}
	c.choose("crash", "Nothing")
	c.passed()
}

func TestReceiveTakenForDelete(t *testing.T) {
	c := attend(t, "1")
	for range 2 {
		c.answer("after-receive", "2 0 0")
		c.receive("jobs", 1)
		if st := c.look(); st.Steps[0].Questions[0].Verdict != lab.Wrong || st.Spoiled == "" {
			t.Fatalf("%+v", st)
		}
		c.reset()
	}
	c.hinted("")
}

func TestAnEmptyQueueIsNotEnough(t *testing.T) {
	c := attend(t, "1")
	c.answer("after-receive", "2 1 0")
	c.remove(c.receive("jobs", 1)...)
	c.remove(c.receive("jobs", 2)...)
	c.choose("old-handle", "the message is gone")
	c.stuck("back", "again")
	c.step(time.Minute)
	c.stuck("back", "again")
}

func TestOneJobLeft(t *testing.T) {
	c := attend(t, "1")
	c.answer("after-receive", "2 1 0")
	c.receive("jobs", 1)
	c.answer("after-timeout", "3 0 0")
	c.step(10 * time.Second)
	c.choose("old-handle", "the message is gone")
	c.remove(c.receive("jobs", 10)[:2]...)
	c.only("empty")
}

func TestGivingBackIsNoTimeout(t *testing.T) {
	c := attend(t, "1")
	c.answer("after-receive", "2 1 0")
	c.receive("jobs", 1)
	c.must(c.s.Hand().Hide(t.Context(), 1, 0))
	c.receive("jobs", 1)
	c.stuck("back")
}
