package vt

import (
	"bytes"
	"fmt"
	"math/rand"
	"strings"
	"testing"

	"github.com/charmbracelet/colorprofile"
	uv "github.com/charmbracelet/ultraviolet"
	"github.com/charmbracelet/x/ansi"
)

// TestAgainstBubbleTeaRenderer draws random frames with the renderer that
// Bubble Tea uses and expects to find each of them on the screen. It covers
// every optimisation of that renderer: scrolling, tabs, repeats, erases,
// inserts and deletes.
func TestAgainstBubbleTeaRenderer(t *testing.T) {
	words := []string{"orders", "dlq", "╭──╮", "│", "▁▂▃▄▅▆▇█", "⣿⣤⣀", "日本", "é", "e\u0301", "→", "  ", "        ", "aaaaaaaaaaaa", "————————", "👩‍💻", "░░░░"}
	styles := []string{"", "\x1b[1m", "\x1b[38;2;10;20;30m", "\x1b[48;5;236m", "\x1b[7m", "\x1b[3;4:3;58:2::9:8:7m", "\x1b[31;44m", "\x1b[2;9m"}
	for seed := range 100 {
		r := rand.New(rand.NewSource(int64(seed)))
		w, h := 20+r.Intn(100), 5+r.Intn(30)
		term := New(Options{Width: w, Height: h, Theme: Dark})
		var out bytes.Buffer
		ren := uv.NewTerminalRenderer(&out, []string{"TERM=xterm-256color"})
		ren.SetColorProfile(colorprofile.TrueColor)
		ren.SetRelativeCursor(true)
		ren.SetScrollOptim(true)
		ren.SetTabStops([]int{-1, w}[r.Intn(2)])
		ren.SetBackspace(r.Intn(2) == 0)
		ren.SetWidthMethod(ansi.GraphemeWidth)
		ren.EnterAltScreen()
		ren.SetFullscreen(true)
		ren.SetRelativeCursor(false)
		ren.Erase()
		scr := uv.NewScreenBuffer(w, h)
		scr.Method = ansi.GraphemeWidth

		var lines []string
		for range h {
			lines = append(lines, randomLine(r, w, words, styles))
		}
		for frame := range 25 {
			switch r.Intn(5) {
			case 0: // scroll the middle
				a, b := r.Intn(h), r.Intn(h)
				a, b = min(a, b), max(a, b)
				if b > a {
					copy(lines[a:b], lines[a+1:b+1])
					lines[b] = randomLine(r, w, words, styles)
				}
			case 1:
				a, b := r.Intn(h), r.Intn(h)
				a, b = min(a, b), max(a, b)
				if b > a {
					copy(lines[a+1:b+1], lines[a:b])
					lines[a] = randomLine(r, w, words, styles)
				}
			case 2:
				lines[r.Intn(h)] = ""
			default:
				for range 1 + r.Intn(4) {
					lines[r.Intn(h)] = randomLine(r, w, words, styles)
				}
			}
			scr.Clear()
			uv.NewStyledString(strings.Join(lines, "\n")).Draw(scr, scr.Bounds())
			ren.Render(scr.RenderBuffer)
			if err := ren.Flush(); err != nil {
				t.Fatal(err)
			}
			sent := out.String()
			out.Reset()
			// in uneven pieces, as a pty delivers them
			for rest := sent; rest != ""; {
				n := min(1+r.Intn(40), len(rest))
				fmt.Fprint(term, rest[:n])
				rest = rest[n:]
			}
			if err := same(scr, term.Snapshot()); err != nil {
				t.Fatalf("seed %d frame %d (%dx%d): %v\nsent %q", seed, frame, w, h, err, sent)
			}
		}
	}
}

func randomLine(r *rand.Rand, w int, words, styles []string) string {
	var b strings.Builder
	for range r.Intn(12) {
		b.WriteString(styles[r.Intn(len(styles))])
		b.WriteString(words[r.Intn(len(words))])
		b.WriteString("\x1b[m")
	}
	return ansi.Truncate(b.String(), w, "")
}

func same(want uv.ScreenBuffer, got *Snapshot) error {
	for y := range got.Height {
		for x := range got.Width {
			a, b := want.CellAt(x, y), got.Lines[y][x]
			content := a.Content
			if a.Width == 1 && content == "" {
				content = " "
			}
			if content != b.Text || a.Width != b.Width {
				return fmt.Errorf("cell %d,%d is %q/%d, want %q/%d", x, y, b.Text, b.Width, content, a.Width)
			}
			if b.Width == 0 {
				continue
			}
			if content == " " && a.Style.Attrs&(uv.AttrReverse|uv.AttrStrikethrough) == 0 && a.Style.Underline == 0 {
				if !sameColor(a.Style.Bg, b.Bg) {
					return fmt.Errorf("cell %d,%d has background %v, want %v", x, y, b.Bg, a.Style.Bg)
				}
				continue // a blank's foreground and weight are not seen
			}
			if !sameColor(a.Style.Fg, b.Fg) || !sameColor(a.Style.Bg, b.Bg) || uint8(a.Style.Underline) != uint8(b.Underline) {
				return fmt.Errorf("cell %d,%d (%q) has style %+v, want %+v", x, y, b.Text, b.Style, a.Style)
			}
			for at, ua := range map[Attr]uint8{Bold: uv.AttrBold, Faint: uv.AttrFaint, Italic: uv.AttrItalic, Reverse: uv.AttrReverse, Strike: uv.AttrStrikethrough} {
				if (b.Attr&at != 0) != (a.Style.Attrs&ua != 0) {
					return fmt.Errorf("cell %d,%d (%q): attribute %d differs", x, y, b.Text, at)
				}
			}
		}
	}
	return nil
}

func sameColor(c interface{ RGBA() (r, g, b, a uint32) }, got Color) bool {
	if c == nil {
		return got.Kind == Default
	}
	r, g, b, _ := c.RGBA()
	switch c := c.(type) {
	case ansi.BasicColor:
		return got.Kind == Indexed && got.Index == uint8(c)
	case ansi.IndexedColor:
		return got.Kind == Indexed && got.Index == uint8(c)
	}
	return got.Kind == RGB && uint32(got.R) == r>>8 && uint32(got.G) == g>>8 && uint32(got.B) == b>>8
}

func TestReplies(t *testing.T) {
	for _, tt := range []struct{ name, send, want string }{
		{"primary device attributes", "\x1b[c", "\x1b[?62;22;52c"},
		{"background colour", "\x1b]11;?\x1b\\", "\x1b]11;rgb:1616/1818/1d1d\x1b\\"},
		{"background colour, bell-ended", "\x1b]11;?\a", "\x1b]11;rgb:1616/1818/1d1d\x1b\\"},
		{"background colour set by the program", "\x1b]11;#102030\a\x1b]11;?\a", "\x1b]11;rgb:1010/2020/3030\x1b\\"},
		{"synchronized output", "\x1b[?2026$p", "\x1b[?2026;2$y"},
		{"a mode it does not know", "\x1b[?4321$p", "\x1b[?4321;0$y"},
		{"cursor position", "\x1b[3;7H\x1b[6n", "\x1b[3;7R"},
		{"kitty keyboard", "\x1b[>5u\x1b[?u", "\x1b[?5u"},
		{"kitty keyboard popped", "\x1b[>5u\x1b[<u\x1b[?u", "\x1b[?0u"},
		{"version", "\x1b[>q", "\x1bP>|shot 1.0\x1b\\"},
		{"termcap", "\x1bP+q524742\x1b\\", "\x1bP0+r524742\x1b\\"},
		{"clipboard", "\x1b]52;c;aGk=\a\x1b]52;c;?\a", "\x1b]52;c;aGk=\x1b\\"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			var got []byte
			term := New(Options{Width: 20, Height: 5, Theme: Dark, Kitty: true, Reply: func(b []byte) { got = append(got, b...) }})
			for i := range tt.send {
				fmt.Fprint(term, tt.send[i:i+1])
			}
			if string(got) != tt.want {
				t.Errorf("got %q, want %q", got, tt.want)
			}
		})
	}
}
