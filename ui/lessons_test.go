package ui

import (
	"strings"
	"testing"
	"time"
)

func TestReceiveIsNotDeleteByKeys(t *testing.T) {
	inLab(t, seat{w: 80, h: 24, lesson: "1"}, func(c *class) {
		c.answer("after-receive", "2", "1", "0")
		c.receive("jobs", 1)
		c.Shows("Your consumer (1)", "latest")
		c.answer("after-timeout", "3", "0", "0")
		c.pass("10s")
		c.receive("jobs", 10)
		c.Shows("old: a later delivery")
		c.choose("old-handle", "the message is gone")
		c.Press("Tab") // to the consumer
		for range 4 {
			c.Press("x", "j")
			c.Wait(time.Second)
		}
		c.choose("crash", "Nothing")
		c.passed()
	})
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

func TestNumbersThatLagByKeys(t *testing.T) {
	inLab(t, at140("4"), func(c *class) {
		c.choose("zero", "in flight", "Delayed", "Visible")
		c.pass("6m")
		c.at("orders is drained")
		c.Press("Enter")
		c.Wait(time.Second)
		c.Shows("that is so")
		c.purge("returns")
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

func TestHiddenOnArrivalByKeys(t *testing.T) {
	t.Parallel()
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
		c.charge("effect")
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
		c.absence("14d", "10d1h")
		c.choose("redriven", "new message")
		c.passed()
	})
}

func TestTriageByKeys(t *testing.T) {
	t.Parallel()
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
		c.evidence()
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

func TestRedriveWithoutAStormByKeys(t *testing.T) {
	t.Parallel()
	inLab(t, at140("10"), func(c *class) {
		c.choose("canary", "Back in orders-dlq")
		c.canary()
		c.turn("order-worker fail 1", "0")
		c.canary()
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
	t.Parallel()
	inLab(t, at140("12"), func(c *class) {
		c.answer("swallowed", "2,4")
		c.knock()
		c.receive("door.fifo", 1)
		c.Press("x")
		c.Wait(time.Second)
		c.pass("10s")
		c.knock()
		c.pass("4m50s")
		c.knock()
		c.knock()
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
	t.Parallel()
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
