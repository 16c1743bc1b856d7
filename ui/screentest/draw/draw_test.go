package draw

import (
	"bytes"
	"image"
	"image/draw"
	"image/gif"
	"testing"
	"time"

	"sqscope/ui/screentest/vt"
)

func screen(t *testing.T, w, h int, out string) *vt.Snapshot {
	t.Helper()
	term := vt.New(vt.Options{Width: w, Height: h, Theme: vt.Dark})
	if _, err := term.Write([]byte(out)); err != nil {
		t.Fatal(err)
	}
	return term.Snapshot()
}

func painter(t *testing.T) *Painter {
	t.Helper()
	p, err := New(Options{NoCursor: true})
	if err != nil {
		t.Fatal(err)
	}
	return p
}

// Every drawn line must meet its neighbour: a frame of any weight encloses.
func TestLinesMeet(t *testing.T) {
	for _, frame := range []string{"┌─┐│ │└─┘", "┏━┓┃ ┃┗━┛", "╔═╗║ ║╚═╝", "╭─╮│ │╰─╯"} {
		r := []rune(frame)
		p := painter(t)
		img := p.Paint(screen(t, 3, 3, string(r[:3])+"\r\n"+string(r[3:6])+"\r\n"+string(r[6:])))
		bg := vt.Dark.Bg
		// Flood from the corner: the middle must stay dry.
		b := img.Bounds()
		seen := map[image.Point]bool{}
		todo := []image.Point{b.Min}
		for len(todo) > 0 {
			at := todo[len(todo)-1]
			todo = todo[:len(todo)-1]
			if !at.In(b) || seen[at] || img.RGBAAt(at.X, at.Y) != bg {
				continue
			}
			seen[at] = true
			for _, d := range []image.Point{{1, 0}, {-1, 0}, {0, 1}, {0, -1}} {
				todo = append(todo, at.Add(d))
			}
		}
		if seen[image.Pt(b.Dx()/2, b.Dy()/2)] {
			t.Errorf("%q leaks", frame)
		}
	}
}

func TestGIFKeepsThePictures(t *testing.T) {
	p := painter(t)
	var frames []Frame
	for _, s := range []string{"hello", "hello \x1b[31mred\x1b[m", "hello \x1b[31mred\x1b[m ▁▂▃ ⣿", "bye"} {
		frames = append(frames, Frame{p.Paint(screen(t, 30, 4, s)), 70 * time.Millisecond})
	}
	var b bytes.Buffer
	if err := GIF(&b, frames); err != nil {
		t.Fatal(err)
	}
	g, err := gif.DecodeAll(&b)
	if err != nil {
		t.Fatal(err)
	}
	if len(g.Image) != len(frames) {
		t.Fatalf("%d frames, want %d", len(g.Image), len(frames))
	}
	canvas := image.NewRGBA(frames[0].Image.Bounds())
	for i, part := range g.Image {
		draw.Draw(canvas, part.Bounds(), part, part.Bounds().Min, draw.Src)
		for j := range canvas.Pix {
			if d := int(canvas.Pix[j]) - int(frames[i].Image.Pix[j]); d > 24 || d < -24 {
				t.Fatalf("frame %d differs by %d at byte %d", i, d, j)
			}
		}
		if g.Delay[i] != 7 {
			t.Errorf("frame %d lasts %d, want 7", i, g.Delay[i])
		}
	}
}

func BenchmarkPaint(b *testing.B) {
	p, err := New(Options{})
	if err != nil {
		b.Fatal(err)
	}
	term := vt.New(vt.Options{Width: 140, Height: 40, Theme: vt.Dark})
	for range 40 {
		_, _ = term.Write([]byte("\x1b[38;2;90;200;250morders-created │ ▁▂▃▄▅▆▇█ ⣿⣤⣀ standard 12,345 in flight \x1b[m"))
	}
	s := term.Snapshot()
	for b.Loop() {
		p.Paint(s)
	}
}
