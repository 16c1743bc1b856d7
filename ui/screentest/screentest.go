// Package screentest runs a whole Bubble Tea program in a test: with its event
// loop, its renderer and a terminal that understands what the renderer sends,
// but with a clock of the test's own (testing/synctest). A test presses a key
// and reads the screen that the user would then see. It never waits for real
// time and never guesses whether the program is done: an hour of polling takes
// a millisecond, and a test that passes once passes always.
//
// What runs in such a bubble must not wait for anything outside of it, such as
// a socket or another process. Give the program an HTTP client that calls its
// handler directly.
package screentest

import (
	"context"
	"errors"
	"image/png"
	"io"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"

	tea "charm.land/bubbletea/v2"
	"github.com/charmbracelet/colorprofile"
	"github.com/charmbracelet/x/exp/golden"

	"sqscope/ui/screentest/draw"
	"sqscope/ui/screentest/keyseq"
	"sqscope/ui/screentest/vt"
)

// Options for [Run]. The zero value is a dark terminal of 80 by 24 cells.
type Options struct {
	Width, Height int
	Light         bool
	Kitty         bool
	Colors        colorprofile.Profile // 0: true colour
	Env           []string             // added to TERM and COLORTERM
}

// Screen is a running program, seen from the outside.
type Screen struct {
	t       testing.TB
	program *tea.Program
	term    *vt.Term
	in      *io.PipeWriter
	out     *counter
	done    chan struct{}
	model   tea.Model
	err     error
}

const frame = time.Second / 30

// escape is how long Bubble Tea waits for more after an Esc: 50 ms, and as long
// again where no time has passed beyond that, as on a virtual clock.
const escape = 100 * time.Millisecond

// Run starts the program and calls f with its first screen. The program is
// stopped when f returns, if it has not ended by then.
func Run(t *testing.T, o Options, model func() tea.Model, f func(t *testing.T, s *Screen)) {
	t.Helper()
	synctest.Test(t, func(t *testing.T) {
		if o.Colors == colorprofile.Unknown {
			o.Colors = colorprofile.TrueColor
		}
		if o.Width == 0 {
			o.Width, o.Height = 80, 24
		}
		theme := vt.Dark
		if o.Light {
			theme = vt.Light
		}
		ctx, cancel := context.WithCancel(t.Context())
		reader, writer := io.Pipe()
		var replies sync.WaitGroup
		s := &Screen{t: t, in: writer, done: make(chan struct{})}
		s.term = vt.New(vt.Options{Width: o.Width, Height: o.Height, Theme: theme, Kitty: o.Kitty, LineFeedReturns: true, Reply: func(b []byte) {
			replies.Go(func() { _, _ = writer.Write(b) })
		}})
		s.out = &counter{Writer: s.term}
		s.program = tea.NewProgram(model(),
			tea.WithContext(ctx), tea.WithInput(reader), tea.WithOutput(s.out), tea.WithWindowSize(o.Width, o.Height),
			tea.WithColorProfile(o.Colors), tea.WithFPS(30), tea.WithoutSignalHandler(), tea.WithoutCatchPanics(),
			tea.WithEnvironment(append([]string{"TERM=xterm-256color", "COLORTERM=truecolor"}, o.Env...)))
		go func() {
			defer close(s.done)
			s.model, s.err = s.program.Run()
		}()
		s.Settle()
		defer func() {
			cancel()
			_ = reader.Close()
			_ = writer.Close()
			<-s.done
			replies.Wait()
			// A tea.Tick cannot be cancelled: let those that are out run down,
			// for no goroutine may be left in the bubble.
			time.Sleep(365 * 24 * time.Hour)
			if s.err != nil && !errors.Is(s.err, context.Canceled) && !errors.Is(s.err, tea.ErrProgramKilled) {
				t.Errorf("the program ended with %v", s.err)
			}
		}()
		f(t, s)
	})
}

// Settle lets the program finish what it can do without time passing, and
// draw. It is called after every key.
func (s *Screen) Settle() { s.Wait(2 * frame) }

// Wait lets time pass.
func (s *Screen) Wait(d time.Duration) {
	time.Sleep(d)
	synctest.Wait()
}

// Press presses keys by name (Enter, ctrl+x, S-Tab) or types text.
func (s *Screen) Press(words ...string) {
	s.t.Helper()
	for _, w := range words {
		if k, ok := keyseq.Parse(w); ok {
			s.send(k.Bytes(s.term.KittyFlags()&1 != 0, s.term.Mode(1)))
		} else {
			s.Type(w)
		}
	}
}

// Type types text, one character at a time.
func (s *Screen) Type(text string) {
	s.t.Helper()
	for _, r := range text {
		s.send(string(r))
	}
}

// Raw sends bytes as they are, all at once.
func (s *Screen) Raw(bytes string) {
	s.t.Helper()
	s.send(bytes)
}

// Paste pastes text.
func (s *Screen) Paste(text string) {
	s.t.Helper()
	s.send("\x1b[200~" + text + "\x1b[201~")
}

func (s *Screen) send(in string) {
	s.t.Helper()
	if s.Ended() {
		s.t.Fatalf("the program has ended; %q is not read by anyone", in)
	}
	_, _ = io.WriteString(s.in, in)
	s.Settle()
	if in == "\x1b" || len(in) == 2 && in[0] == '\x1b' { // esc alone, or alt and a letter
		s.Wait(escape)
	}
}

// Click clicks where the text stands on the screen.
func (s *Screen) Click(text string) {
	s.t.Helper()
	x, y, ok := s.term.Snapshot().Find(text)
	if !ok {
		s.t.Fatalf("nothing to click: %q is not on the screen\n%s", text, s.Text())
	}
	s.program.Send(tea.MouseClickMsg{X: x, Y: y, Button: tea.MouseLeft})
	s.program.Send(tea.MouseReleaseMsg{X: x, Y: y, Button: tea.MouseLeft})
	s.Settle()
}

// Resize changes the size of the window.
func (s *Screen) Resize(w, h int) {
	s.term.Resize(w, h)
	s.program.Send(tea.WindowSizeMsg{Width: w, Height: h})
	s.Settle()
}

// Send delivers a message, as something outside of the program would.
func (s *Screen) Send(msg tea.Msg) {
	s.program.Send(msg)
	s.Settle()
}

// Snapshot is the screen, with its colours, cursor, title and clipboard.
func (s *Screen) Snapshot() *vt.Snapshot { return s.term.Snapshot() }

// Text is the screen without colours.
func (s *Screen) Text() string { return s.term.Snapshot().Text() }

// Written is how many bytes the program has sent to the terminal so far.
func (s *Screen) Written() int64 { return s.out.n.Load() }

// counter counts what is written to the terminal.
type counter struct {
	io.Writer
	n atomic.Int64
}

func (c *counter) Write(b []byte) (int, error) {
	c.n.Add(int64(len(b)))
	return c.Writer.Write(b)
}

// Ended tells whether the program has quit.
func (s *Screen) Ended() bool {
	select {
	case <-s.done:
		return true
	default:
		return false
	}
}

// Model is the final model of a program that has ended.
func (s *Screen) Model() tea.Model {
	<-s.done
	return s.model
}

// Shows fails the test if one of the texts is not on the screen.
func (s *Screen) Shows(texts ...string) {
	s.t.Helper()
	screen := s.Text()
	for _, want := range texts {
		if !strings.Contains(screen, want) {
			s.t.Errorf("the screen does not show %q:\n%s", want, screen)
		}
	}
}

// Hides fails the test if one of the texts is on the screen.
func (s *Screen) Hides(texts ...string) {
	s.t.Helper()
	screen := s.Text()
	for _, bad := range texts {
		if strings.Contains(screen, bad) {
			s.t.Errorf("the screen shows %q:\n%s", bad, screen)
		}
	}
}

// Golden compares the screen with testdata/TestName.golden; `go test -update`
// writes it.
func (s *Screen) Golden() {
	s.t.Helper()
	golden.RequireEqual(s.t, s.Text())
}

// PNG writes the screen as a picture, for a person to look at, if the
// environment variable SHOTS names a folder. Otherwise it does nothing.
func (s *Screen) PNG(name string) {
	s.t.Helper()
	dir := os.Getenv("SHOTS")
	if dir == "" {
		return
	}
	p, err := draw.New(draw.Options{Padding: 10})
	if err != nil {
		s.t.Fatal(err)
	}
	f, err := os.Create(filepath.Join(dir, name+".png"))
	if err != nil {
		s.t.Fatal(err)
	}
	if err := errors.Join(png.Encode(f, p.Paint(s.Snapshot())), f.Close()); err != nil {
		s.t.Fatal(err)
	}
}
