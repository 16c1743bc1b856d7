package program

import (
	"context"
	"fmt"
	"io"
	"os"
	"time"

	tea "charm.land/bubbletea/v2"
	"github.com/charmbracelet/colorprofile"

	"sqscope/backend/lab"
	"sqscope/ui"
	"sqscope/ui/screen"
)

// How long a frame waits for all queues to be read, and after that for what is
// drawn of them.
const (
	frameLimit  = 15 * time.Second
	frameSettle = 300 * time.Millisecond
)

// Frame prints one frame of the screen, of w by h cells, once all queues and lessons
// have been read, or after 15 s. Colours are those that the output has; a file has none.
func Frame(ctx context.Context, w, h int, stdout, stderr io.Writer, open func(*Session) (ui.Options, error)) error {
	colors := colorprofile.Detect(stdout, os.Environ())
	return run(ctx, stderr, open, func(_ *Session, o ui.Options) *tea.Program {
		for _, c := range o.First {
			if c.Lesson != nil { // who prints a frame has not begun it
				c.Lesson.Progress = lab.OpenProgress("")
			}
		}
		return tea.NewProgram(
			&still{Model: ui.New(o), conns: o.First}, tea.WithContext(ctx), tea.WithInput(nil), tea.WithOutput(io.Discard), tea.WithoutRenderer(),
			tea.WithoutSignalHandler(), tea.WithWindowSize(w, h), tea.WithColorProfile(colors),
		)
	}, func(last tea.Model) error {
		to := colorprofile.Writer{Forward: stdout, Profile: colors}
		_, err := fmt.Fprintln(&to, last.View().Content)
		return err
	})
}

// still is the program until its queues and lessons have been read.
type still struct {
	*ui.Model
	conns []*screen.Connection
	over  bool
}

// frameOver says that a frame is to be taken as it is.
type frameOver struct{}

func after(d time.Duration) tea.Cmd {
	return tea.Tick(d, func(time.Time) tea.Msg { return frameOver{} })
}

func (s *still) Init() tea.Cmd { return tea.Batch(s.Model.Init(), after(frameLimit)) }

func (s *still) Update(msg tea.Msg) (tea.Model, tea.Cmd) {
	if _, ok := msg.(frameOver); ok {
		return s, tea.Quit
	}
	_, cmd := s.Model.Update(msg) // it is itself again
	if !s.over && s.settled() {
		s.over = true
		cmd = tea.Batch(cmd, after(frameSettle))
	}
	return s, cmd
}

// settled tells whether all queues and lessons have been read, or cannot be.
func (s *still) settled() bool {
	if !s.Settled() {
		return false
	}
	for _, c := range s.conns {
		if c.Fleet == nil {
			return false
		}
		snap := c.Fleet.Snapshot()
		if snap.Err == nil && (!snap.ListComplete || screen.Reading(snap)) {
			return false
		}
	}
	return true
}
