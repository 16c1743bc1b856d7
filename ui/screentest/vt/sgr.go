package vt

import "github.com/charmbracelet/x/ansi"

func (t *Term) sgr(params ansi.Params) {
	st := &t.scr.cur.style
	type param struct {
		n    int
		more bool
	}
	var ps []param
	params.ForEach(0, func(_, n int, more bool) { ps = append(ps, param{max(n, 0), more}) })
	if len(ps) == 0 {
		ps = append(ps, param{})
	}
	get := func(i int) int {
		if i < len(ps) {
			return ps[i].n
		}
		return 0
	}
	for i := 0; i < len(ps); i++ {
		switch n := ps[i].n; {
		case n == 0:
			*st = Style{Link: st.Link}
		case n == 1:
			st.Attr |= Bold
		case n == 2:
			st.Attr |= Faint
		case n == 3:
			st.Attr |= Italic
		case n == 4:
			st.Underline = SingleUnderline
			if ps[i].more {
				i++
				st.Underline = Underline(min(get(i), 5))
			}
		case n == 5, n == 6:
			st.Attr |= Blink
		case n == 7:
			st.Attr |= Reverse
		case n == 8:
			st.Attr |= Conceal
		case n == 9:
			st.Attr |= Strike
		case n == 21:
			st.Underline = DoubleUnderline
		case n == 22:
			st.Attr &^= Bold | Faint
		case n == 23:
			st.Attr &^= Italic
		case n == 24:
			st.Underline = NoUnderline
		case n == 25:
			st.Attr &^= Blink
		case n == 27:
			st.Attr &^= Reverse
		case n == 28:
			st.Attr &^= Conceal
		case n == 29:
			st.Attr &^= Strike
		case n >= 30 && n <= 37:
			st.Fg = Color{Kind: Indexed, Index: uint8(n - 30)}
		case n == 39:
			st.Fg = Color{}
		case n >= 40 && n <= 47:
			st.Bg = Color{Kind: Indexed, Index: uint8(n - 40)}
		case n == 49:
			st.Bg = Color{}
		case n == 59:
			st.Ul = Color{}
		case n >= 90 && n <= 97:
			st.Fg = Color{Kind: Indexed, Index: uint8(n - 90 + 8)}
		case n >= 100 && n <= 107:
			st.Bg = Color{Kind: Indexed, Index: uint8(n - 100 + 8)}
		case n == 38 || n == 48 || n == 58:
			var c Color
			colon := ps[i].more
			switch get(i + 1) {
			case 5:
				c = Color{Kind: Indexed, Index: uint8(get(i + 2))}
				i += 2
			case 2:
				first := i + 2
				if colon { // 38:2:[space]:r:g:b or 38:2:r:g:b
					end := i + 1
					for end < len(ps) && ps[end].more {
						end++
					}
					if end-first >= 3 {
						first = end - 2
					}
				}
				c = Color{Kind: RGB, R: uint8(get(first)), G: uint8(get(first + 1)), B: uint8(get(first + 2))}
				i = first + 2
			}
			switch n {
			case 38:
				st.Fg = c
			case 48:
				st.Bg = c
			default:
				st.Ul = c
			}
		}
	}
}
