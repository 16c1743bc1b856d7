package ui

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/charmbracelet/x/exp/golden"

	lessons "sqscope/backend/lab"
)

func TestTheLabIsAListOfLessonsWithWhatCameOfThem(t *testing.T) {
	inLab(t, seat{w: 100, h: 30}, func(c *class) {
		c.Shows("Receive is not delete", "The lease race", "new", "0 of")
		c.Press("Enter")
		c.Wait(2 * time.Second)
		c.Shows("lab 1", "embedded engine", "▸ Story", "paused")
		c.Press("v")
		c.Wait(time.Second)
		c.Shows("▸ open")
		c.Press("F2")
		c.Shows("▸ Story")
		c.Press("F2") // once more: away from the lesson
		c.Hides("Story")
		c.Shows("Queues / Lab")
	})
}

// The lesson stands beside the ordinary screens where there is room, and what is
// done there counts.
func TestTheOrdinaryScreensCountInALesson(t *testing.T) {
	inLab(t, seat{w: 140, h: 40, lesson: "1"}, func(c *class) {
		c.answer("after-receive", "2", "1", "0")
		c.Press("F2")
		c.Shows("STEP 1 OF 5", "○ One message was received from jobs", "jobs")
		c.Press("Enter")
		c.Wait(2 * time.Second)
		c.Press("M")
		c.fill("1")
		c.Wait(2 * time.Second)
		c.Shows("STEP 2 OF 5")
	})
}

// Enter goes on from the story to the task, which on a wide screen stands beside it
// with what enter does.
func TestEnterOnTheStory(t *testing.T) {
	inLab(t, seat{w: 80, h: 24, lesson: "1"}, func(c *class) {
		c.Shows("▸ Story", "enter go on")
		c.Press("Enter")
		c.Shows("▸ Task", "enter answer")
		c.Press("Enter")
		c.Shows("Your prediction")
		c.Press("Esc", "Tab", "Enter")
		c.Shows("▸ Your consumer", "that is done on the task; a receives again")
	})
	inLab(t, seat{w: 140, h: 40, lesson: "2"}, func(c *class) {
		c.Shows("▸ Story", "enter predicts it", "enter answer")
		c.Press("Enter")
		c.Shows("▸ Task", "Your prediction")
		c.Press("Esc")
		c.at("press heartbeat")
		c.Shows("enter turn")
	})
}

// What cannot be counted yet is not shown as none.
func TestACounterOfNothingYet(t *testing.T) {
	inLab(t, seat{w: 80, h: 40, lesson: "4"}, func(c *class) {
		c.task()
		c.Shows("—   really in the queue")
		c.at("orders is drained")
		c.Press("Enter")
		c.Wait(2 * time.Second)
		c.Shows("9   really in the queue", "1 ! wrong claims")
	})
}

// TestFramesOfTheLab keeps the look of the list, and of a lesson that is gone
// through.
func TestFramesOfTheLab(t *testing.T) {
	t.Parallel()
	inEveryLook(t, setup{}, func(t *testing.T, name string, s setup) string {
		var all strings.Builder
		inLab(t, seat{w: s.w, h: s.h, light: s.light, colors: s.colors}, func(c *class) {
			take := func(what string) {
				c.PNG(name + "-lab-" + what)
				fmt.Fprintf(&all, "── %s\n%s\n", what, c.Text())
			}
			c.Press("Z")
			c.Wait(5 * time.Second)
			take("list")
			c.Press("Enter")
			c.Wait(8 * time.Second)
			take("story")
			c.task()
			take("task")
			c.Press("Enter")
			take("prediction")
			c.Press("Esc", "F2")
			c.Wait(time.Second)
			take("queues")
			c.Press("F2")
			c.Press("Tab")
			c.task()
			c.answer("after-receive", "2", "1", "0")
			c.Press("l")
			take("receive")
			c.Press("Enter")
			c.Wait(8 * time.Second)
			take("consumer")
			c.task()
			c.Wait(5 * time.Second)
			take("second")
			c.receive("jobs", 10)
			c.pass("30s")
			c.task()
			c.Wait(5 * time.Second)
			take("spoiled")
			c.Press("F2", "Enter")
			c.Wait(5 * time.Second)
			take("messages")
		})
		return all.String()
	})
}

// TestFramesOfEachLesson keeps how each lesson begins.
func TestFramesOfEachLesson(t *testing.T) {
	t.Parallel()
	for _, id := range lessons.Names() {
		for _, size := range [][2]int{{80, 24}, {140, 40}} {
			name := fmt.Sprintf("%s-%dx%d", id, size[0], size[1])
			t.Run(name, func(t *testing.T) {
				var all strings.Builder
				inLab(t, seat{w: size[0], h: size[1], lesson: id}, func(c *class) {
					take := func(what string) {
						c.PNG(name + "-" + what)
						fmt.Fprintf(&all, "── %s\n%s\n", what, c.Text())
					}
					c.Press("Z")
					c.Wait(5 * time.Second)
					take("story")
					c.task()
					take("task")
					c.Press("G")
					take("end")
					c.Press("F2")
					c.Wait(time.Second)
					take("queues")
				})
				golden.RequireEqual(t, all.String())
			})
		}
	}
}
