package cli

import (
	"cmp"
	"strconv"
	"time"
)

// Lesson is a lesson of the lab as it is listed.
type Lesson struct {
	Number  int       `json:"number"`
	Name    string    `json:"name"`
	Title   string    `json:"title"`
	Concept string    `json:"concept"`
	Passed  time.Time `json:"passed,omitzero"` // for the first time
	Runs    int       `json:"runs"`
	Misses  int       `json:"misses"`
}

// labCmd opens the lab, or lists its lessons.
type labCmd struct {
	Lesson string `arg:"" optional:"" help:"A lesson's number or name, or a file with one; without it the list." complete:"lesson"`
	JSON   bool   `name:"json" help:"List the lessons, one JSON object a line."`
	Theme  string `help:"Colours, by a theme's name; without it the terminal is asked." complete:"theme"`
	Size   string `help:"Print one frame of that size, as 120x32, instead of taking the terminal." placeholder:"WxH"`
	Config string `help:"Another configuration file." placeholder:"FILE" complete:"file"`
}

// Run shows the screen; the list is printed where there is none.
func (c *labCmd) Run(r *runner) error {
	if c.JSON && c.Lesson != "" {
		return Usagef("--json lists the lessons: it goes with none of them")
	}
	if c.JSON || c.Lesson == "" && c.Size == "" && !c.shown(r.Program) {
		all, err := r.Lessons()
		if len(all) == 0 {
			return err
		}
		return cmp.Or(list(r.print(c.JSON), []string{"", "LESSON", "NAME", "STATE", "ABOUT"}, all, func(l Lesson) []string {
			return []string{strconv.Itoa(l.Number), l.Title, l.Name, l.state(), l.Concept}
		}), err) // without what was passed, where that cannot be read
	}
	if c.Size == "" && !(terminal(r.Stdin) && terminal(r.Stdout)) {
		return Usagef("a lesson needs a terminal; --size 120x32 prints one frame of it")
	}
	return r.screen(ScreenCmd{Lab: true, Lesson: c.Lesson, Theme: c.Theme, Size: c.Size, Config: c.Config})
}

// shown tells whether the lab takes the terminal.
func (c *labCmd) shown(p Program) bool {
	return !c.JSON && c.Size == "" && (c.Lesson != "" || terminal(p.Stdin) && terminal(p.Stdout))
}

func (l Lesson) state() string {
	switch {
	case !l.Passed.IsZero():
		return "passed"
	case l.Runs > 0:
		return "begun"
	}
	return "new"
}
