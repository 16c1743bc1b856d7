package ui

import (
	"testing"
	"time"

	lessons "sqscope/backend/lab"
)

// TestWhatGoesWrongInEachLessonEarnsAHint does what learners typically do wrong,
// and reads what the screen says of it. One key begins anew, and the hint stays.
func TestWhatGoesWrongInEachLessonEarnsAHint(t *testing.T) {
	t.Parallel()
	for _, l := range []struct {
		lesson string
		how    string
		wrong  func(c *class)
		told   string   // of what went wrong
		hint   string   // how the first one begins
		goals  []string // that are not reached
	}{
		{"1", "a receive is taken for a delete", func(c *class) {
			c.answer("after-receive", "2", "0", "0")
			c.receive("jobs", 1)
			c.Press("b")
			c.Wait(2 * time.Second)
			c.answer("after-receive", "2", "0", "0")
			c.receive("jobs", 1)
		}, "The prediction was not right", "A receive hides a message", []string{"empty"}},

		{"2", "a lease of twelve hours", func(c *class) {
			c.choose("copies", "10 times")
			c.pass("2m")
			c.turn("jobs VisibilityTimeout", "12h")
			c.second()
		}, "waiting for more than 40 seconds", "How long may a job take?", []string{"retried", "second"}},

		{"3", "more and more short polls", func(c *class) {
			c.choose("empties", "None")
			c.receive("letters", 10)
			for range 31 {
				c.Press("a")
				c.Wait(time.Second)
			}
		}, "thirty times, all short", "What does WaitTimeSeconds 0 ask", []string{"long"}},

		{"4", "drained as soon as visible is 0", func(c *class) {
			c.choose("zero", "in flight", "Delayed", "Visible")
			c.pass("40s")
			for range 2 {
				c.at("orders is drained")
				c.Press("Enter")
				c.Wait(time.Second)
			}
		}, "It was not sure", "Visible 0 is one of three counters", []string{"sure"}},

		{"5", "one timer for both times", func(c *class) {
			c.send("desk", `{"note":"X"}`, "", "75")
			c.pass("75s")
			c.receive("desk", 10)
			c.pass("30s")
			c.choose("second-bar", "timer")
		}, "it was sent with another timer", "A message timer is DelaySeconds of the send", []string{"at-45", "at-75"}},

		{"6", "the MessageId as the key", func(c *class) {
			c.choose("charges", "exactly")
			c.charge("message-id")
		}, "its MessageId is another one now", "Two deliveries of one message have the same MessageId", []string{"exactly", "key"}},

		{"7", "another look at the same limit", func(c *class) {
			c.answer("moves", "a")
			c.answer("counts", "3", "2", "1")
			c.receive("invoices", 10)
			c.pass("31s")
			c.receive("invoices", 10)
		}, "dead-lettered another healthy invoice", "A message that has been received three times", []string{"rescued", "safe", "healthy"}},

		{"8", "eleven days for a bill that is three days old", func(c *class) {
			c.answer("standard", "4d")
			c.answer("fifo", "4d")
			c.absence("11d", "10d")
		}, "A bill is lost", "When was it sent?", []string{"there"}},

		{"9", "everything back at once", func(c *class) {
			c.answer("groups", "60", "75", "19", "46")
			c.evidence()
			c.move("orders-dlq", "")
			c.pass("1m")
		}, "the worker still cannot process", "What do they have in common?", []string{"aside", "out", "ended"}},

		{"10", "a redrive before the bug is mended", func(c *class) {
			c.choose("canary", "Processed")
			c.move("orders-dlq", "50")
			c.pass("1m")
		}, "The cause was not mended", "Which comes first: the redrive", []string{"few", "done"}},

		{"11", "the whole queue purged for one message", func(c *class) {
			c.choose("blocked", "A")
			c.pass("1m")
			c.purge("moves.fifo")
		}, "b1 was deleted or purged", "Look at the groups of the queue", []string{"kept", "flows"}},

		{"12", "four sends at once", func(c *class) {
			c.answer("swallowed", "3,4")
			for range 4 {
				c.knock()
			}
		}, "Three of your sends were swallowed", "The window begins with the send that was enqueued", []string{"four", "deleted", "redelivered"}},

		{"13", "the whole batch once more", func(c *class) {
			c.answer("status", "400")
			c.send("parts", `{"part":{n}}`, "1-10")
			c.send("parts", "", "1-10")
		}, "Messages are in parts twice", "What was refused is in Failed", []string{"whole"}},

		{"13", "a function that fails as a whole", func(c *class) {
			c.answer("without", "1")
			c.pass("4m")
		}, "Good pages were printed again", "What was refused is in Failed", []string{"printed", "torn"}},

		{"14", "mails received faster than they are processed", func(c *class) {
			c.choose("unseen", "slowly")
			c.pass("3m")
		}, "Healthy mails are in the dead-letter queue", "Who decides whose message is next", []string{"healthy", "mails"}},
	} {
		t.Run(l.lesson+" "+l.how, func(t *testing.T) {
			inLab(t, seat{w: 80, h: 24, lesson: l.lesson}, func(c *class) {
				l.wrong(c)
				c.missed(l.told, l.hint, l.goals...)
				c.Press("b")
				c.Wait(2 * time.Second)
				c.Press("g")
				c.Hides("✗ to be begun anew")
				if !c.reads("Hint: "+l.hint) || c.reads(l.told) {
					t.Errorf("begun anew, it is not at its beginning with the hint:\n%s", c.Text())
				}
			})
		})
	}
}

// What is new is said wherever the learner is, with the keys that lead from there
// to what is to be done.
func TestWhatIsNewInALessonIsSaidWhereTheLearnerIs(t *testing.T) {
	inLab(t, seat{w: 80, h: 24, lesson: "1"}, func(c *class) {
		c.answer("after-receive", "2", "0", "0")
		c.receive("jobs", 1)
		c.Shows("! b: begin anew. The prediction was not right")
		c.Press("b")
		c.Wait(2 * time.Second)
		c.answer("after-receive", "2", "0", "0")
		c.queues("jobs")
		c.Press("Enter")
		c.Wait(time.Second)
		c.Press("M")
		c.fill("1")
		c.Shows("! f2 and then b: begin anew. The prediction was not right")
	})
}

// TestNoLessonIsPassedByPressingKeys presses enter on all that there is, guesses
// until every answer is right, and lets time pass. What is to be done it does not.
func TestNoLessonIsPassedByPressingKeys(t *testing.T) {
	t.Parallel()
	for _, name := range lessons.Names() {
		t.Run(name, func(t *testing.T) {
			inLab(t, seat{w: 80, h: 24, lesson: name}, func(c *class) {
				c.rummage()
				c.guess()
				c.pass("1m")
				c.rummage()
				c.guess()
				c.notPassed()
			})
		})
	}
}

// rummage presses enter on each item of the task, and leaves what it asks.
func (c *class) rummage() {
	c.t.Helper()
	c.task()
	c.Press("g")
	for last := ""; c.cursor() != last; c.Press("j") {
		last = c.cursor()
		c.Press("Enter")
		for len(c.model.dialogs) > 0 {
			c.Press("Esc")
		}
	}
}

// guess answers with one choice after the other what may be answered again.
func (c *class) guess() {
	c.t.Helper()
	st := c.model.lesson().Standing
	all := []lessons.QuestionStanding{}
	for _, step := range st.Steps {
		all = append(all, step.Questions...)
	}
	if st.Closing != nil {
		all = append(all, *st.Closing)
	}
	for _, is := range all {
		q := c.question(is.ID)
		if q.Kind != lessons.Choice || q.Predicts() || is.Verdict == lessons.Right || is.Verdict == lessons.Late {
			continue
		}
		for _, choice := range q.Choices {
			if c.verdict(is.ID) != lessons.Right {
				c.choose(is.ID, choice)
			}
		}
	}
}

// verdict is how a question stands.
func (c *class) verdict(id string) lessons.Verdict {
	st := c.model.lesson().Standing
	for _, step := range st.Steps {
		for _, q := range step.Questions {
			if q.ID == id {
				return q.Verdict
			}
		}
	}
	return st.Closing.Verdict
}
