package vt

import (
	"fmt"
	"sync"
	"unicode/utf8"

	"github.com/charmbracelet/x/ansi"
)

// Options say what kind of terminal to be.
type Options struct {
	Width, Height int
	Theme         Theme
	// Kitty makes the terminal speak the Kitty keyboard protocol.
	Kitty bool
	// LineFeedReturns makes a line feed go to the start of the next line, as
	// the tty driver does in between when it is not in raw mode. Bubble Tea
	// counts on that when its input is no terminal.
	LineFeedReturns bool
	// Reply receives the terminal's answers. It is called from Write.
	Reply func([]byte)
}

// Term is a terminal. Its methods may be called from several goroutines.
type Term struct {
	mu   sync.Mutex
	opts Options

	main, alt, scr *screen
	tabs           []bool
	modes          map[int]bool
	last           string // last printed character, for REP
	lastWidth      int
	lastX, lastY   int // and where

	parser  *ansi.Parser
	pending []byte

	kitty       [2][]int // a stack of flags for each screen
	title       string
	clipboard   string
	progress    string
	cursorShape int
	bells       int
	fg, bg, cc  *Color // set by OSC 10, 11, 12
	version     uint64
}

// New returns a terminal with an empty screen.
func New(o Options) *Term {
	t := &Term{opts: o, parser: ansi.NewParser()}
	t.parser.SetParamsSize(64)
	t.parser.SetDataSize(1 << 20)
	t.reset()
	return t
}

func (t *Term) reset() {
	t.main, t.alt = newScreen(t.opts.Width, t.opts.Height), newScreen(t.opts.Width, t.opts.Height)
	t.scr = t.main
	t.modes = map[int]bool{7: true, 25: true} // autowrap, visible cursor
	t.kitty = [2][]int{{0}, {0}}
	t.fg, t.bg, t.cc = nil, nil, nil
	t.resetTabs()
}

func (t *Term) resetTabs() {
	t.tabs = make([]bool, max(t.opts.Width, 1))
	for x := 0; x < len(t.tabs); x += 8 {
		t.tabs[x] = true
	}
}

// Resize changes the size of the terminal.
func (t *Term) Resize(w, h int) {
	t.mu.Lock()
	defer t.mu.Unlock()
	t.opts.Width, t.opts.Height = w, h
	t.main.resize(w, h)
	t.alt.resize(w, h)
	t.resetTabs()
	t.version++
}

// Write takes a program's output.
func (t *Term) Write(p []byte) (int, error) {
	t.mu.Lock()
	defer t.mu.Unlock()
	data := p
	if len(t.pending) > 0 {
		data = append(t.pending, p...)
		t.pending = nil
	}
	t.pending = append([]byte(nil), t.decode(data, false)...)
	t.version++
	return len(p), nil
}

// decode handles what is whole in data and returns the rest: a sequence that
// was cut, a character that was cut, or, unless all is asked for, a last
// character that a mark yet to come may still belong to.
func (t *Term) decode(data []byte, all bool) []byte {
	end := len(data)
	for i := end - 1; i >= max(end-3, 0); i-- {
		if utf8.RuneStart(data[i]) {
			if !utf8.FullRune(data[i:]) {
				end = i
			}
			break
		}
	}
	for at := 0; ; {
		if at >= end {
			return data[at:]
		}
		seq, width, n, state := ansi.DecodeSequence(data[at:end], ansi.NormalState, t.parser)
		last := at+n == end
		if last && state != ansi.NormalState && end-at < 1<<20 {
			return data[at:]
		}
		if last && !all && width > 0 && seq[len(seq)-1] >= utf8.RuneSelf {
			return data[at:]
		}
		t.handle(seq, width)
		at += n
	}
}

func (t *Term) reply(format string, args ...any) {
	if t.opts.Reply != nil {
		t.opts.Reply(fmt.Appendf(nil, format, args...))
	}
}

func (t *Term) handle(seq []byte, width int) {
	switch {
	case width > 0:
		t.print(string(seq), width)
	case len(seq) == 1 && (seq[0] < 0x20 || seq[0] == 0x7f):
		t.control(seq[0])
	case len(seq) > 1 && seq[0] == 0x1b:
		switch seq[1] {
		case '[':
			t.csi(ansi.Cmd(t.parser.Command()), t.parser.Params())
		case ']':
			t.osc(seq)
		case 'P':
			t.dcs(ansi.Cmd(t.parser.Command()), t.parser.Data())
		case '_', '^', 'X':
		default:
			t.esc(seq[1:])
		}
	case len(seq) > 0 && seq[0] >= utf8.RuneSelf:
		t.combine(string(seq))
	}
}

// combine adds a zero-width character to the character printed last.
func (t *Term) combine(mark string) {
	if s := t.scr; t.lastX < s.w && t.lastY < s.h && s.lines[t.lastY][t.lastX].Width > 0 {
		s.lines[t.lastY][t.lastX].Text += mark
	}
}

func (t *Term) print(text string, width int) {
	s := t.scr
	if s.cur.wrap || (width == 2 && s.cur.x == s.w-1 && t.modes[7]) {
		if t.modes[7] {
			s.cur.x = 0
			s.index()
		}
		s.cur.wrap = false
	}
	if t.modes[-4] { // insert mode
		s.insert(width)
	}
	s.set(s.cur.x, s.cur.y, Cell{Text: text, Width: width, Style: s.cur.style})
	t.lastX, t.lastY = s.cur.x, s.cur.y
	if s.cur.x+width >= s.w {
		s.cur.x = s.w - 1
		s.cur.wrap = t.modes[7]
	} else {
		s.cur.x += width
	}
	t.last, t.lastWidth = text, width
}

func (t *Term) control(c byte) {
	s := t.scr
	switch c {
	case '\a':
		t.bells++
	case '\b':
		s.move(s.cur.x-1, s.cur.y)
	case '\t':
		t.tab(1)
	case '\n', '\v', '\f':
		s.index()
		s.cur.wrap = false
		if t.opts.LineFeedReturns {
			s.cur.x = 0
		}
	case '\r':
		s.move(0, s.cur.y)
	}
}

func (t *Term) tab(n int) {
	x := t.scr.cur.x
	for ; n > 0; n-- {
		for x++; x < t.scr.w-1 && !t.tabs[x]; x++ {
		}
	}
	for ; n < 0; n++ {
		for x--; x > 0 && !t.tabs[x]; x-- {
		}
	}
	t.scr.move(x, t.scr.cur.y)
}

func (t *Term) esc(seq []byte) {
	s := t.scr
	switch string(seq) {
	case "7":
		s.saved = s.cur
	case "8":
		s.cur = s.saved
		s.move(s.cur.x, s.cur.y)
	case "D":
		s.index()
	case "E":
		s.index()
		s.move(0, s.cur.y)
	case "H":
		t.tabs[s.cur.x] = true
	case "M":
		s.reverseIndex()
	case "c":
		t.reset()
	}
}
