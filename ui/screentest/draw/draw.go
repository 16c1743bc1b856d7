// Package draw paints a terminal's screen as a picture, with fonts that are
// compiled in. Lines, blocks and braille are drawn by code, so that they meet
// from cell to cell as they do in a terminal.
package draw

import (
	"image"
	"image/color"
	"image/draw"
	"math"
	"os"
	"path/filepath"
	"strings"

	"github.com/go-fonts/dejavu/dejavusans"
	"github.com/go-fonts/dejavu/dejavusansmono"
	"github.com/go-fonts/dejavu/dejavusansmonobold"
	"github.com/go-fonts/dejavu/dejavusansmonoboldoblique"
	"github.com/go-fonts/dejavu/dejavusansmonooblique"
	"golang.org/x/image/font"
	"golang.org/x/image/font/opentype"
	"golang.org/x/image/font/sfnt"
	"golang.org/x/image/math/fixed"

	"sqscope/ui/screentest/vt"
)

// Options for a [Painter].
type Options struct {
	FontSize float64 // in pixels; 0 means 16
	Padding  int     // around the screen, in pixels
	Frame    bool    // a window's title bar above the screen
	NoCursor bool
	Fonts    []string // more font files, tried for what the built-in ones lack
}

// Painter paints screens. It is not safe for use from several goroutines.
type Painter struct {
	opts         Options
	cellW, cellH int
	ascent       int
	faces        [4]face // regular, bold, italic, both
	fallback     []face
	cache        map[glyphKey]glyph
}

type face struct {
	font *sfnt.Font
	face font.Face
}

type glyphKey struct {
	r     rune
	style int
	wide  bool
}

type glyph struct {
	mask *image.Alpha
	at   image.Point // of the mask, from the cell's top left
}

// New makes a painter.
func New(o Options) (*Painter, error) {
	if o.FontSize == 0 {
		o.FontSize = 16
	}
	p := &Painter{opts: o, cache: map[glyphKey]glyph{}}
	for i, ttf := range [][]byte{dejavusansmono.TTF, dejavusansmonobold.TTF, dejavusansmonooblique.TTF, dejavusansmonoboldoblique.TTF} {
		f, err := load(ttf, o.FontSize)
		if err != nil {
			return nil, err
		}
		p.faces[i] = f
	}
	if f, err := load(dejavusans.TTF, o.FontSize); err == nil {
		p.fallback = append(p.fallback, f)
	}
	for _, name := range append(o.Fonts, systemFonts()...) {
		if data, err := os.ReadFile(name); err == nil {
			if f, err := load(data, o.FontSize); err == nil {
				p.fallback = append(p.fallback, f)
			}
		}
	}
	adv, _ := p.faces[0].face.GlyphAdvance('M')
	m := p.faces[0].face.Metrics()
	p.cellW = max(1, int(math.Round(float64(adv)/64)))
	p.cellH = max(1, m.Ascent.Ceil()+m.Descent.Ceil()+int(o.FontSize/12))
	p.ascent = m.Ascent.Ceil() + int(o.FontSize/24)
	return p, nil
}

// systemFonts finds fonts with the characters that DejaVu lacks, if the
// machine has any (Debian: fonts-droid-fallback, fonts-symbola).
func systemFonts() (out []string) {
	_ = filepath.WalkDir("/usr/share/fonts", func(path string, _ os.DirEntry, err error) error {
		if err != nil {
			return nil
		}
		name := strings.ToLower(filepath.Base(path))
		for _, want := range []string{"notosansmonocjk", "notosanscjk-regular", "droidsansfallback", "symbola", "notosanssymbols"} {
			if strings.HasPrefix(name, want) && (strings.HasSuffix(name, ".ttf") || strings.HasSuffix(name, ".otf") || strings.HasSuffix(name, ".ttc")) {
				out = append(out, path)
			}
		}
		return nil
	})
	return out
}

func load(data []byte, size float64) (face, error) {
	f, err := opentype.Parse(data)
	if err != nil {
		var c *opentype.Collection
		if c, err = opentype.ParseCollection(data); err == nil {
			f, err = c.Font(0)
		}
	}
	if err != nil {
		return face{}, err
	}
	fc, err := opentype.NewFace(f, &opentype.FaceOptions{Size: size, DPI: 72, Hinting: font.HintingNone})
	return face{f, fc}, err
}

// Size is the size in pixels of a picture of w by h cells.
func (p *Painter) Size(w, h int) image.Point {
	return image.Pt(w*p.cellW+2*p.opts.Padding, h*p.cellH+2*p.opts.Padding+p.bar())
}

func (p *Painter) bar() int {
	if p.opts.Frame {
		return p.cellH * 7 / 4
	}
	return 0
}

// Paint paints a screen.
func (p *Painter) Paint(s *vt.Snapshot) *image.RGBA {
	img := image.NewRGBA(image.Rectangle{Max: p.Size(s.Width, s.Height)})
	draw.Draw(img, img.Bounds(), image.NewUniform(s.Theme.Bg), image.Point{}, draw.Src)
	if p.opts.Frame {
		p.frame(img, s)
	}
	origin := image.Pt(p.opts.Padding, p.opts.Padding+p.bar())
	for y, line := range s.Lines {
		for x, c := range line {
			if c.Width == 0 {
				continue
			}
			at := origin.Add(image.Pt(x*p.cellW, y*p.cellH))
			cell := image.Rectangle{at, at.Add(image.Pt(c.Width*p.cellW, p.cellH))}
			fg, bg := s.Theme.Resolve(c.Style)
			cursor := s.CursorVisible && !p.opts.NoCursor && x == s.CursorX && y == s.CursorY
			if cursor && s.CursorShape <= 2 {
				fg, bg = s.Theme.Bg, s.Theme.Cursor
			}
			if bg != s.Theme.Bg {
				draw.Draw(img, cell, image.NewUniform(bg), image.Point{}, draw.Src)
			}
			p.text(img, cell, c, fg)
			p.decorate(img, cell, c, fg, s)
			if cursor && s.CursorShape > 2 {
				bar := canvas{img, cell, s.Theme.Cursor}
				if s.CursorShape <= 4 {
					bar.fill(0, p.cellH-2, cell.Dx(), p.cellH, 1)
				} else {
					bar.fill(0, 0, 2, p.cellH, 1)
				}
			}
		}
	}
	return img
}

func (p *Painter) text(img *image.RGBA, cell image.Rectangle, c vt.Cell, fg color.RGBA) {
	if c.Text == "" || c.Text == " " {
		return
	}
	style := 0
	if c.Attr&vt.Bold != 0 {
		style |= 1
	}
	if c.Attr&vt.Italic != 0 {
		style |= 2
	}
	for _, r := range c.Text {
		if r == 0x200d || r >= 0xfe00 && r <= 0xfe0f {
			break // of a joined emoji the first one is shown
		}
		if p.special(img, cell, r, fg) {
			continue
		}
		g := p.glyph(glyphKey{r, style, c.Width == 2})
		if g.mask == nil {
			continue
		}
		to := g.mask.Bounds().Add(cell.Min).Add(g.at)
		draw.DrawMask(img, to, image.NewUniform(fg), image.Point{}, g.mask, g.mask.Bounds().Min, draw.Over)
	}
}

// glyph renders a character once and keeps it.
func (p *Painter) glyph(k glyphKey) glyph {
	if g, ok := p.cache[k]; ok {
		return g
	}
	width := p.cellW
	if k.wide {
		width *= 2
	}
	var g glyph
	for _, f := range append([]face{p.faces[k.style], p.faces[0]}, p.fallback...) {
		i, err := f.font.GlyphIndex(&sfnt.Buffer{}, k.r)
		if err != nil || i == 0 {
			continue
		}
		adv, _ := f.face.GlyphAdvance(k.r)
		x := (fixed.I(width) - adv) / 2
		if adv == 0 {
			x = 0 // a mark brings its own offset
		}
		dot := fixed.Point26_6{X: x, Y: fixed.I(p.ascent)}
		dr, mask, mp, _, ok := f.face.Glyph(dot, k.r)
		if !ok || dr.Empty() {
			break
		}
		m := image.NewAlpha(image.Rectangle{Max: dr.Size()})
		draw.Draw(m, m.Bounds(), mask, mp, draw.Src)
		g = glyph{m, dr.Min}
		break
	}
	if g.mask == nil && k.r > 0x20 && !p.known(k.r) { // a box for what no font has
		m := image.NewAlpha(image.Rect(0, 0, width-2, p.cellH*2/3))
		b := m.Bounds()
		for x := range b.Dx() {
			m.SetAlpha(x, 0, color.Alpha{160})
			m.SetAlpha(x, b.Dy()-1, color.Alpha{160})
		}
		for y := range b.Dy() {
			m.SetAlpha(0, y, color.Alpha{160})
			m.SetAlpha(b.Dx()-1, y, color.Alpha{160})
		}
		g = glyph{m, image.Pt(1, p.cellH/6)}
	}
	p.cache[k] = g
	return g
}

func (p *Painter) known(r rune) bool {
	for _, f := range append(p.faces[:1:1], p.fallback...) {
		if i, err := f.font.GlyphIndex(&sfnt.Buffer{}, r); err == nil && i != 0 {
			return true
		}
	}
	return false
}

func (p *Painter) decorate(img *image.RGBA, cell image.Rectangle, c vt.Cell, fg color.RGBA, s *vt.Snapshot) {
	t := max(1, p.cellH/16)
	ul := canvas{img, cell, s.Theme.RGBA(c.Ul, fg)}
	w, base := cell.Dx(), p.ascent+t
	base = min(base, p.cellH-2*t)
	switch c.Underline {
	case vt.SingleUnderline:
		ul.fill(0, base, w, base+t, 1)
	case vt.DoubleUnderline:
		ul.fill(0, base-t, w, base, 1)
		ul.fill(0, base+t, w, base+2*t, 1)
	case vt.CurlyUnderline:
		for x := range w {
			wave := float64(base) + float64(t)*math.Sin(2*math.Pi*(float64(x)+.5)/float64(p.cellW))*1.2
			for y := base - 3*t; y <= base+3*t; y++ {
				ul.dot(x, y, float64(t)/2+.7-math.Abs(float64(y)-wave))
			}
		}
	case vt.DottedUnderline:
		for x := 0; x < w; x += 2 * t {
			ul.fill(x, base, x+t, base+t, 1)
		}
	case vt.DashedUnderline:
		ul.fill(0, base, w*2/3, base+t, 1)
	}
	if c.Attr&vt.Strike != 0 {
		y := p.ascent * 2 / 3
		canvas{img, cell, fg}.fill(0, y, w, y+t, 1)
	}
}

// frame draws a title bar.
func (p *Painter) frame(img *image.RGBA, s *vt.Snapshot) {
	bar := image.Rect(0, 0, img.Bounds().Dx(), p.bar())
	shade := s.Theme.Bg
	for _, v := range []*uint8{&shade.R, &shade.G, &shade.B} {
		if s.Theme.Bg.R > 128 {
			*v -= 18
		} else {
			*v += 18
		}
	}
	draw.Draw(img, bar, image.NewUniform(shade), image.Point{}, draw.Src)
	r := float64(p.cellH) / 3.2
	for i, c := range []color.RGBA{{0xff, 0x5f, 0x57, 0xff}, {0xfe, 0xbc, 0x2e, 0xff}, {0x28, 0xc8, 0x40, 0xff}} {
		mx, my := r*2.4+float64(i)*r*3.1, float64(p.bar())/2
		for y := int(my - r - 1); y <= int(my+r+1); y++ {
			for x := int(mx - r - 1); x <= int(mx+r+1); x++ {
				canvas{img, bar, c}.dot(x, y, r+.5-math.Hypot(float64(x)+.5-mx, float64(y)+.5-my))
			}
		}
	}
	title := []rune(s.Title)
	if most := bar.Dx()/p.cellW - 16; len(title) > most {
		title = title[:max(most, 0)]
	}
	fg := s.Theme.Fg
	fg.A = 0xff
	x := (bar.Dx() - len(title)*p.cellW) / 2
	for _, ch := range title {
		cell := image.Rect(x, (p.bar()-p.cellH)/2, x+p.cellW, (p.bar()+p.cellH)/2)
		p.text(img, cell, vt.Cell{Text: string(ch), Width: 1}, fg)
		x += p.cellW
	}
}
