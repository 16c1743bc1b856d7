package ui

import (
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"time"

	lessons "sqscope/backend/lab"
	"sqscope/ui/lab"
)

// What a learner does, by keys.

// task goes to the task of the lesson's page.
func (c *class) task() {
	c.t.Helper()
	for range 3 {
		if strings.Contains(c.Text(), "▸ Task") {
			return
		}
		c.Press("Tab")
	}
	c.t.Fatalf("there is no task:\n%s", c.Text())
}

// at puts the cursor of the task on the item that has a text.
func (c *class) at(part string) {
	c.t.Helper()
	if !c.find(part) {
		c.t.Fatalf("no item of the task has %q:\n%s", part, c.Text())
	}
}

// find is at, and tells whether there is one.
func (c *class) find(part string) bool {
	c.t.Helper()
	c.task()
	c.Press("g")
	for last := ""; c.cursor() != last; c.Press("j") {
		last = c.cursor()
		if strings.Contains(last, part) {
			return true
		}
	}
	return false
}

// cursor is the line of the cursor, on a wide screen that of each pane.
func (c *class) cursor() (lines string) {
	for line := range strings.SplitSeq(c.Text(), "\n") {
		if strings.Contains(line, " ▸ ") && !strings.Contains(line, "Your consumer") { // the panes' names
			lines += line
		}
	}
	return lines
}

// answer answers a question, with what is typed into its fields. If it is of a
// later step, it looks ahead.
func (c *class) answer(id string, values ...string) {
	c.t.Helper()
	if !c.find(c.beginning(id)) {
		for _, step := range c.session().Lesson().Steps {
			if slices.ContainsFunc(step.Questions, func(q lessons.Question) bool { return q.ID == id }) {
				text := lab.Plain(step.Text)
				c.at(text[:min(45, len(text))])
				c.Press("Enter")
			}
		}
		c.at(c.beginning(id))
	}
	c.Press("Enter")
	for i, v := range values {
		if i > 0 {
			c.Press("Tab")
		}
		c.Type(v)
	}
	c.Press("Enter")
	c.Wait(time.Second)
}

// beginning is how a question begins on the screen.
func (c *class) beginning(id string) string {
	c.t.Helper()
	ask := lab.Plain(c.question(id).Ask)
	return ask[:min(45, len(ask))]
}

// choose answers it with the choices that contain a text each.
func (c *class) choose(id string, choices ...string) {
	c.t.Helper()
	q := c.question(id)
	var numbers []string
	for _, want := range choices {
		for i, choice := range q.Choices {
			if choice == want || strings.Contains(choice, want) && !slices.Contains(q.Choices, want) {
				numbers = append(numbers, strconv.Itoa(i+1))
			}
		}
	}
	if len(numbers) != len(choices) {
		c.t.Fatalf("%s: %q are not all among %q", id, choices, q.Choices)
	}
	c.answer(id, strings.Join(numbers, " "))
}

// receive receives with the learner's own consumer.
func (c *class) receive(queue string, most int) {
	c.t.Helper()
	c.Press("l")
	c.fill(queue, strconv.Itoa(most))
}

// fill fills the fields of a form and confirms it. "" leaves a field as it is.
func (c *class) fill(values ...string) {
	c.t.Helper()
	for i, v := range values {
		if i > 0 {
			c.Press("Tab")
		}
		if v != "" {
			c.Press("C-u")
			c.Type(v)
		}
	}
	c.Press("Enter")
	c.Wait(time.Second)
}

// pass lets time pass in the lesson.
func (c *class) pass(span string) {
	c.t.Helper()
	c.Press("t")
	c.fill(span)
}

// turn turns a knob.
func (c *class) turn(knob, value string) {
	c.t.Helper()
	c.at(knob)
	c.Press("Enter")
	c.Wait(time.Second)
	c.fill(value)
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
	c.back()
}

// under tells whether the line of the cursor begins with a text.
func (c *class) under(part string) bool { return strings.Contains(c.Text(), "▸ "+part) }

// found shows only the messages that a filter finds.
func (c *class) found(filter string) {
	c.t.Helper()
	c.Press("/", "C-u")
	c.Type(filter)
	c.Press("Enter")
	c.Wait(time.Second)
}

// send sends as a program does: fields of the form, "" for one that stays.
func (c *class) send(fields ...string) {
	c.t.Helper()
	c.Press("s")
	c.fill(fields...)
	c.Wait(time.Second)
}

// purge purges a queue on its ordinary screen.
func (c *class) purge(queue string) {
	c.t.Helper()
	c.queues(queue)
	c.Press("a")
	c.Wait(time.Second)
	c.Press("P", "Enter")
	c.Wait(time.Second)
	c.Type(queue)
	c.Press("Enter")
	c.Wait(5 * time.Second)
	c.back()
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

// charge lets the cashier work through the orders with a key, and brings order 7
// back once its bug is mended.
func (c *class) charge(key string) {
	c.t.Helper()
	c.turn("cashier idempotency", key)
	c.pass("3m")
	c.turn("cashier fail 1", "0")
	c.move("charges-dlq", "")
	c.pass("1m")
}

// absence has both bills of lesson 8 dead-lettered and kept for a time, and goes
// away for another.
func (c *class) absence(kept, away string) {
	c.t.Helper()
	c.receive("bills", 1)
	c.receive("bills.fifo", 1)
	for _, q := range []string{"bills-dlq", "bills-dlq.fifo"} {
		c.set(q, "MessageRetentionPeriod", kept)
	}
	c.pass(away)
}

// canary redrives some ten orders and stops.
func (c *class) canary() {
	c.t.Helper()
	c.move("orders-dlq", "1")
	c.pass("9s")
	c.cancel("orders-dlq")
	c.pass("30s")
}

// knock sends to the door of lesson 12, each time with the same deduplication id.
func (c *class) knock() {
	c.t.Helper()
	c.send("door.fifo", `{"order":1}`, "", "", "g", "one")
}

// evidence exports all that is in the dead-letter queue of lesson 9.
func (c *class) evidence() {
	c.t.Helper()
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
}
