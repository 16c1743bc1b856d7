package themes

import (
	"math"
	"strings"
	"testing"
)

// rgb is a colour with parts from 0 to 1.
type rgb [3]float64

// colourOf is the true colour of a style.
func colourOf(t *testing.T, def string) rgb {
	t.Helper()
	words := strings.Fields(def)
	r, g, b, ok := hex(words[len(words)-1])
	if !ok {
		t.Fatalf("%q has no true colour", def)
	}
	return rgb{float64(r) / 255, float64(g) / 255, float64(b) / 255}
}

// linear takes the screen's curve out (WCAG 2.2, relative luminance).
func (c rgb) linear() rgb {
	for i, v := range c {
		if v <= 0.04045 {
			c[i] = v / 12.92
		} else {
			c[i] = math.Pow((v+0.055)/1.055, 2.4)
		}
	}
	return c
}

func (c rgb) luminance() float64 {
	l := c.linear()
	return 0.2126*l[0] + 0.7152*l[1] + 0.0722*l[2]
}

// contrast is that of WCAG 2.2, 1 to 21.
func contrast(a, b rgb) float64 {
	x, y := a.luminance(), b.luminance()
	return (max(x, y) + 0.05) / (min(x, y) + 0.05)
}

// TestEverythingIsLegibleOnEveryBackground measures every role on every
// background of its theme and on the usual ones of terminals. Faint says nothing
// that is not said elsewhere too (rules, scroll tracks) and needs less.
func TestEverythingIsLegibleOnEveryBackground(t *testing.T) {
	for name, need := range map[string]struct{ text, faint float64 }{
		"dark": {4.5, 3}, "light": {4.5, 3}, "warm": {4.5, 3}, "colorblind-dark": {4.5, 3}, "colorblind-light": {4.5, 3},
		"contrast-dark": {7, 4.5}, "contrast-light": {7, 4.5},
	} {
		th, ok := ByName(name)
		if !ok {
			t.Fatalf("there is no theme %s", name)
		}
		grounds := map[string]rgb{}
		for _, def := range terminals(th) {
			grounds["a terminal's "+def] = colourOf(t, def)
		}
		for r := Selected; r < roles; r++ {
			grounds[r.String()] = colourOf(t, th.palette[r])
		}
		for r := range Selected {
			want := need.text
			if r == Faint {
				want = need.faint
			}
			for on, ground := range grounds {
				if got := contrast(colourOf(t, th.palette[r]), ground); got < want {
					t.Errorf("%s: %s on %s has %.2f:1, and needs %.1f:1", name, r, on, got, want)
				}
			}
		}
	}
}

// terminals are backgrounds that terminals have.
func terminals(th *Theme) []string {
	switch {
	case !th.Dark:
		return []string{"#ffffff", "#fdf6e3"}
	case strings.HasPrefix(th.Name, "contrast"):
		return []string{"#000000", "#1e1e1e"}
	}
	return []string{"#000000", "#1e1e1e", "#282828"}
}

// sight is how somebody sees colours: a matrix on linear light (Viénot, Brettel
// and Mollon 1999, for the primaries of sRGB).
type sight [3]rgb

func (s sight) see(c rgb) (seen rgb) {
	l := c.linear()
	for i, row := range s {
		seen[i] = row[0]*l[0] + row[1]*l[1] + row[2]*l[2]
	}
	return seen
}

// lab is a colour of linear light where distances are as large as they look
// (CIE 1976, white D65).
func lab(l rgb) rgb {
	f := func(v float64) float64 {
		if v > 216.0/24389 {
			return math.Cbrt(v)
		}
		return (24389.0/27*v + 16) / 116
	}
	x := f((0.4124*l[0] + 0.3576*l[1] + 0.1805*l[2]) / 0.9505)
	y := f(0.2126*l[0] + 0.7152*l[1] + 0.0722*l[2])
	z := f((0.0193*l[0] + 0.1192*l[1] + 0.9505*l[2]) / 1.089)
	return rgb{116*y - 16, 500 * (x - y), 200 * (y - z)}
}

func distance(a, b rgb) float64 {
	return math.Sqrt((a[0]-b[0])*(a[0]-b[0]) + (a[1]-b[1])*(a[1]-b[1]) + (a[2]-b[2])*(a[2]-b[2]))
}

// TestGoodAndBadLookDifferentToTheColourBlind: what must not be confused is
// apart for people who cannot see red, or green, and for everybody.
func TestGoodAndBadLookDifferentToTheColourBlind(t *testing.T) {
	sights := map[string]sight{
		"everybody":    {{1, 0, 0}, {0, 1, 0}, {0, 0, 1}},
		"protanopes":   {{0.11238, 0.88762, 0}, {0.11238, 0.88762, 0}, {0.00401, -0.00401, 1}},
		"deuteranopes": {{0.29275, 0.70725, 0}, {0.29275, 0.70725, 0}, {-0.02234, 0.02234, 1}},
	}
	const apart = 20 // about ten times what can just be told apart
	for _, name := range []string{"colorblind-dark", "colorblind-light"} {
		th, ok := ByName(name)
		if !ok {
			t.Fatalf("there is no theme %s", name)
		}
		for who, s := range sights {
			for _, pair := range [][2]Role{{Good, Bad}, {Good, Warn}, {Warn, Bad}, {LevelView, LevelChange}, {LevelView, LevelPeek}, {LevelPeek, LevelChange}, {JSONString, JSONNumber}} {
				a, b := colourOf(t, th.palette[pair[0]]), colourOf(t, th.palette[pair[1]])
				if d := distance(lab(s.see(a)), lab(s.see(b))); d < apart {
					t.Errorf("%s: %s see %s and %s %.0f apart", name, who, pair[0], pair[1], d)
				}
			}
		}
	}
}
