package ui

import (
	"path/filepath"
	"strings"
	"testing"
	"time"
)

// at140 begins a lesson on a wide terminal.
func at140(lesson string) seat { return seat{w: 140, h: 40, lesson: lesson} }

// second lets the second ten jobs of lesson 2 be done, with a worker killed.
func (c *class) second() {
	c.t.Helper()
	c.pass("3m2s")
	c.turn("press fail 1", "1")
	for range 60 {
		if c.counter("workers killed") > 0 {
			break
		}
		c.pass("1")
	}
	c.turn("press fail 1", "0")
	c.pass("4m")
}

// counter is a counter of the lesson.
func (c *class) counter(name string) float64 {
	c.t.Helper()
	for _, n := range c.model.lesson().Standing.Counters {
		if n.Text == name {
			return n.Value
		}
	}
	c.t.Fatalf("nothing counts %q", name)
	return 0
}

func TestTheLeaseRaceByKeys(t *testing.T) {
	inLab(t, seat{w: 80, h: 24, lesson: "2"}, func(c *class) {
		c.choose("copies", "more than")
		c.pass("2m")
		c.turn("jobs VisibilityTimeout", "25s")
		c.second()
		c.choose("long-work", "heartbeat")
		c.passed()
	})
}

func TestALeaseThatIsTooLongEarnsAHint(t *testing.T) {
	inLab(t, seat{w: 80, h: 24, lesson: "2"}, func(c *class) {
		c.choose("copies", "10 times")
		c.pass("2m")
		c.turn("jobs VisibilityTimeout", "12h")
		c.second()
		c.task()
		c.Press("g")
		c.Shows("Hint:", "waiting for more than 40", "✗ to be begun anew")
	})
}

func TestEmptyIsNotEmptyByKeys(t *testing.T) {
	inLab(t, at140("3"), func(c *class) {
		c.choose("empties", "Some")
		c.receive("letters", 1)
		for range 9 {
			c.Press("a")
			c.Wait(time.Second)
		}
		for range 5 {
			c.receive("letters", 10)
		}
		c.Press("l")
		c.fill("letters", "10", "20")
		c.choose("billed", "All")
		c.choose("done", "may end")
		c.passed()
	})
}

func TestPollingShortForEverEarnsAHint(t *testing.T) {
	inLab(t, seat{w: 80, h: 24, lesson: "3"}, func(c *class) {
		c.choose("empties", "None")
		c.receive("letters", 10)
		for range 31 {
			c.Press("a")
			c.Wait(time.Second)
		}
		c.task()
		c.Press("g")
		c.Shows("all short", "Hint:")
	})
}

// queues goes to the list of queues, with the cursor on one.
func (c *class) queues(name string) {
	c.t.Helper()
	if strings.Contains(c.Text(), "Your consumer") {
		c.Press("F2")
	}
	for range 5 {
		if len(c.model.stack) == 1 {
			break
		}
		c.Press("Esc")
		c.Wait(time.Second)
	}
	c.Press("/", "C-u")
	c.Type(name)
	c.Press("Enter")
	c.Wait(time.Second)
}

// back goes to the lesson.
func (c *class) back() {
	c.t.Helper()
	c.Press("F2")
	c.Wait(time.Second)
}

// set sets an attribute of a queue on its ordinary screen.
func (c *class) set(queue, attribute, value string) {
	c.t.Helper()
	c.queues(queue)
	c.Press("a")
	c.Wait(time.Second)
	c.Press("1", "g")
	for range 40 {
		if c.under(attribute) {
			break
		}
		c.Press("j")
	}
	c.Press("e", "C-u")
	c.Type(value)
	c.Press("Enter")
	c.Wait(2 * time.Second)
	c.Shows("set " + attribute)
	c.back()
}

// under tells whether the line of the cursor begins with a text.
func (c *class) under(part string) bool { return strings.Contains(c.Text(), "▸ "+part) }

// send sends as a program does: fields of the form, "" for one that stays.
func (c *class) send(fields ...string) {
	c.t.Helper()
	c.Press("s")
	c.fill(fields...)
	c.Wait(time.Second)
}

// move has SQS move the messages of a dead-letter queue back by a task of its own.
func (c *class) move(dlq, rate string) {
	c.t.Helper()
	c.queues(dlq)
	c.Press("t")
	c.Wait(time.Second)
	c.Press("n")
	c.fill("", rate, dlq)
	c.Wait(time.Second)
	c.back()
}

// cancel cancels the task that runs.
func (c *class) cancel(dlq string) {
	c.t.Helper()
	c.queues(dlq)
	c.Press("t")
	c.Wait(2 * time.Second)
	c.Press("X")
	c.Press("Enter")
	c.Wait(2 * time.Second)
	c.back()
}

func TestNumbersThatLagByKeys(t *testing.T) {
	inLab(t, at140("4"), func(c *class) {
		c.choose("zero", "in flight", "Delayed", "Visible")
		c.pass("6m")
		c.at("orders is drained")
		c.Press("Enter")
		c.Wait(time.Second)
		c.Shows("that is so")
		c.queues("returns")
		c.Press("a")
		c.Wait(time.Second)
		c.Press("P", "Enter")
		c.Wait(time.Second)
		c.Type("returns")
		c.Press("Enter")
		c.Wait(5 * time.Second)
		c.Shows("✓ returns was purged")
		c.back()
		c.pass("61s")
		c.queues("returns")
		c.Press("s")
		c.Type("new")
		c.Press("C-s")
		c.Wait(2 * time.Second)
		c.Press("F2")
		c.answer("ceiling", "120000")
		c.choose("scale", "in flight and delayed")
		c.passed()
	})
}

func TestDrainedTooSoonEarnsAHint(t *testing.T) {
	inLab(t, seat{w: 80, h: 24, lesson: "4"}, func(c *class) {
		c.choose("zero", "in flight", "Delayed", "Visible")
		c.pass("40s")
		for range 2 {
			c.at("orders is drained")
			c.Press("Enter")
			c.Wait(time.Second)
		}
		c.Press("g")
		c.Shows("It was not sure", "Hint:")
	})
}

func TestHiddenOnArrivalByKeys(t *testing.T) {
	inLab(t, at140("5"), func(c *class) {
		c.send("desk", `{"note":"X"}`, "", "45")
		c.pass("45s")
		c.receive("desk", 10)
		c.pass("30s")
		c.choose("first-bar", "timer")
		c.choose("second-bar", "visibility")
		c.choose("retroactive", "fifo")
		c.set("desk", "DelaySeconds", "0")
		c.set("desk.fifo", "DelaySeconds", "0")
		c.send("desk.fifo", "X", "", "5", "g")
		c.Shows("DelaySeconds")
		c.answer("third-bar", "15m")
		c.choose("which", "ChangeMessageVisibility")
		c.passed()
	})
}

func TestAtLeastOnceByKeys(t *testing.T) {
	inLab(t, at140("6"), func(c *class) {
		c.choose("charges", "exactly")
		c.turn("cashier idempotency", "effect")
		c.pass("3m")
		c.turn("cashier fail 1", "0")
		c.move("charges-dlq", "")
		c.pass("1m")
		c.choose("where", "transaction")
		c.passed()
	})
}

func TestThreeStrikesByKeys(t *testing.T) {
	inLab(t, at140("7"), func(c *class) {
		c.answer("moves", "a b")
		c.answer("counts", "3", "2", "1")
		c.receive("invoices", 10)
		c.move("invoices-dlq", "")
		c.pass("31s")
		c.queues("invoices")
		c.Press("a")
		c.Wait(time.Second)
		for range 5 {
			c.Press("j")
		}
		c.Press("e", "Enter")
		c.Wait(time.Second)
		c.fill("100")
		c.Wait(time.Second)
		c.Shows("set RedrivePolicy")
		c.back()
		c.receive("invoices", 10)
		c.choose("advice", "5 or more")
		c.passed()
	})
}

func TestTheClockInTheDLQByKeys(t *testing.T) {
	inLab(t, at140("8"), func(c *class) {
		c.answer("standard", "24h")
		c.answer("fifo", "4d")
		c.receive("bills", 1)
		c.receive("bills.fifo", 1)
		for _, q := range []string{"bills-dlq", "bills-dlq.fifo"} {
			c.set(q, "MessageRetentionPeriod", "14d")
		}
		c.pass("10d1h")
		c.choose("redriven", "new message")
		c.passed()
	})
}

func TestRedriveWithoutAStormByKeys(t *testing.T) {
	inLab(t, at140("10"), func(c *class) {
		c.choose("canary", "Back in orders-dlq")
		canary := func() {
			c.move("orders-dlq", "1")
			c.pass("9s")
			c.cancel("orders-dlq")
			c.pass("30s")
		}
		canary()
		c.turn("order-worker fail 1", "0")
		canary()
		c.move("orders-dlq", "4")
		c.pass("2m")
		c.answer("ids", "2")
		c.choose("task", "stay where they are")
		c.passed()
	})
}

func TestOneBadAppleByKeys(t *testing.T) {
	inLab(t, at140("11"), func(c *class) {
		c.pass("1m")
		c.choose("blocked", "B")
		c.answer("overtakes", "b2 b3 b4 b5")
		c.turn("moves.fifo maxReceiveCount", "3")
		c.pass("1m")
		c.choose("redrive", "end of group B")
		c.passed()
	})
}

func TestFiveMinutesAtTheDoorByKeys(t *testing.T) {
	inLab(t, at140("12"), func(c *class) {
		knock := func() { c.send("door.fifo", `{"order":1}`, "", "", "g", "one") }
		c.answer("swallowed", "2,4")
		knock()
		c.receive("door.fifo", 1)
		c.Press("x")
		c.Wait(time.Second)
		c.pass("10s")
		knock()
		c.pass("4m50s")
		knock()
		knock()
		c.receive("door.fifo", 1)
		c.pass("31s")
		c.receive("door.fifo", 1)
		c.choose("exactly-once", "Nothing")
		c.choose("retry", "Two messages")
		c.passed()
	})
}

func TestABatchHalfFailsByKeys(t *testing.T) {
	inLab(t, at140("13"), func(c *class) {
		c.answer("status", "200")
		c.send("parts", `{"part":{n}}`, "1-10")
		c.Shows("8 accepted")
		_, said, _ := strings.Cut(c.Text(), "in Failed: ")
		said, _, _ = strings.Cut(said, "\n")
		var failed []string
		for _, part := range strings.Split(said, ", ") {
			number, _, _ := strings.Cut(strings.TrimSpace(part), " ")
			failed = append(failed, number)
		}
		c.send("parts", "", strings.Join(failed, " "))
		c.answer("without", "10")
		c.turn("printer report", "true")
		c.pass("4m")
		c.choose("fifo", "all after it")
		c.passed()
	})
}

func TestTheNoisyNeighbourByKeys(t *testing.T) {
	inLab(t, at140("14"), func(c *class) {
		c.choose("unseen", "without a function")
		c.turn("mails VisibilityTimeout", "60s")
		c.turn("mailer maximum", "2")
		c.pass("1m")
		c.turn("api-v2 rate", "12")
		c.turn("api-v1 rate", "0.0001")
		c.choose("fair", "MessageGroupId")
		c.pass("2m")
		c.choose("reserve", "MaximumConcurrency")
		c.passed()
	})
}

// found shows only the messages that a filter finds.
func (c *class) found(filter string) {
	c.t.Helper()
	c.Press("/", "C-u")
	c.Type(filter)
	c.Press("Enter")
	c.Wait(time.Second)
}

func TestTriageByKeys(t *testing.T) {
	inLab(t, at140("9"), func(c *class) {
		c.answer("groups", "61", "74", "19", "46")
		c.choose("hostile", "clipboard")
		c.choose("do-503", "Redrive")
		c.choose("do-schema", "Set aside")
		c.choose("do-reject", "Delete")
		c.choose("do-throttled", "Redrive")
		c.queues("orders-dlq")
		c.Press("n")
		c.Type("orders-quarantine")
		c.Press("C-s")
		c.Wait(2 * time.Second)
		c.queues("orders-dlq")
		c.Press("Enter")
		c.Wait(2 * time.Second)
		c.Press("w")
		c.Type("all that")
		c.Press("Enter", "Enter", "C-u")
		c.Type("night.jsonl")
		c.Press("Enter")
		c.Wait(2 * time.Second)
		c.Press("Esc", "F2")
		c.answer("export", filepath.Join(c.exports, "night.jsonl"))
		c.Press("F2")
		c.Wait(time.Second)
		c.found(`"decision":"reject"`)
		c.Press("A", "x")
		c.fill("orders-dlq")
		c.Wait(2 * time.Second)
		c.Press("p") // what is sent back is to be processed
		redrive := func(filter string) {
			c.found(filter)
			c.Press("A", "m", "Enter")
			c.Wait(2 * time.Second)
			c.Press("j", "j", "j", "j", "Enter", "C-u") // the canary
			c.Type("0")
			c.Press("Enter")
			c.Wait(2 * time.Second)
			c.Press("m")
			c.fill("orders-dlq")
			for range 20 {
				if strings.Contains(c.Text(), "✓ done") {
					break
				}
				c.Wait(5 * time.Second)
			}
			c.Shows("✓ done")
			c.Press("Esc")
			c.Wait(2 * time.Second)
		}
		redrive(`"retry":`)
		redrive(`nordkauf`)
		c.queues("orders-dlq") // what is left
		c.Press("t")
		c.Wait(2 * time.Second)
		c.Press("n")
		c.fill("orders-quarantine", "", "orders-dlq")
		c.Wait(5 * time.Second)
		c.Press("F2")
		c.choose("tomorrow", "writes why")
		c.passed()
	})
}
