package vt

import "github.com/charmbracelet/x/ansi"

func (t *Term) csi(cmd ansi.Cmd, params ansi.Params) {
	s := t.scr
	arg := func(i, def int) int {
		n, _, ok := params.Param(i, def)
		if !ok || n < 0 {
			return def
		}
		return n
	}
	count := max(arg(0, 1), 1)

	switch {
	case cmd.Prefix() == '?' && cmd.Intermediate() == '$' && cmd.Final() == 'p':
		t.reportMode(arg(0, 0))
		return
	case cmd.Intermediate() == ' ' && cmd.Final() == 'q':
		t.cursorShape = arg(0, 0)
		return
	case cmd.Intermediate() != 0:
		return
	}

	switch cmd.Prefix() {
	case '?':
		switch cmd.Final() {
		case 'h', 'l':
			params.ForEach(0, func(_, p int, _ bool) { t.setMode(p, cmd.Final() == 'h') })
		case 'u':
			if t.opts.Kitty {
				t.reply("\x1b[?%du", t.kittyFlags())
			}
		case 'n':
			if arg(0, 0) == 6 {
				t.reply("\x1b[?%d;%dR", s.cur.y+1, s.cur.x+1)
			}
		case 'W':
			if arg(0, 0) == 5 {
				t.resetTabs()
			}
		}
		return
	case '>':
		switch cmd.Final() {
		case 'c':
			t.reply("\x1b[>65;100;1c")
		case 'q':
			t.reply("\x1bP>|shot 1.0\x1b\\")
		case 'u':
			t.pushKitty(arg(0, 0))
		}
		return
	case '<':
		if cmd.Final() == 'u' {
			t.popKitty(count)
		}
		return
	case '=':
		switch cmd.Final() {
		case 'u':
			t.changeKitty(arg(0, 0), arg(1, 1))
		case 'c':
			t.reply("\x1bP!|00000000\x1b\\")
		}
		return
	}

	switch cmd.Final() {
	case '@':
		s.insert(count)
	case 'A':
		t.vertical(-count)
	case 'B', 'e':
		t.vertical(count)
	case 'C', 'a':
		s.move(s.cur.x+count, s.cur.y)
	case 'D':
		s.move(s.cur.x-count, s.cur.y)
	case 'E':
		t.vertical(count)
		s.move(0, s.cur.y)
	case 'F':
		t.vertical(-count)
		s.move(0, s.cur.y)
	case 'G', '`':
		s.move(count-1, s.cur.y)
	case 'H', 'f':
		t.goTo(max(arg(1, 1), 1)-1, max(arg(0, 1), 1)-1)
	case 'I':
		t.tab(count)
	case 'J':
		t.eraseDisplay(arg(0, 0))
	case 'K':
		t.eraseLine(arg(0, 0))
	case 'L':
		if s.cur.y >= s.top && s.cur.y <= s.bottom {
			s.scroll(s.cur.y, s.bottom, -min(count, s.h))
			s.move(0, s.cur.y)
		}
	case 'M':
		if s.cur.y >= s.top && s.cur.y <= s.bottom {
			s.scroll(s.cur.y, s.bottom, min(count, s.h))
			s.move(0, s.cur.y)
		}
	case 'P':
		s.del(count)
	case 'S':
		s.scroll(s.top, s.bottom, min(count, s.h))
	case 'T':
		s.scroll(s.top, s.bottom, -min(count, s.h))
	case 'X':
		s.erase(s.cur.x, s.cur.x+count, s.cur.y)
	case 'Z':
		t.tab(-count)
	case 'b':
		if t.last != "" {
			for range min(count, s.w*s.h) {
				t.print(t.last, t.lastWidth)
			}
		}
	case 'c':
		t.reply("\x1b[?62;22;52c")
	case 'd':
		t.goTo(s.cur.x, count-1)
	case 'g':
		switch arg(0, 0) {
		case 0:
			t.tabs[s.cur.x] = false
		case 3:
			clear(t.tabs)
		}
	case 'h', 'l':
		params.ForEach(0, func(_, p int, _ bool) { t.modes[-p] = cmd.Final() == 'h' })
	case 'm':
		t.sgr(params)
	case 'n':
		switch arg(0, 0) {
		case 5:
			t.reply("\x1b[0n")
		case 6:
			t.reply("\x1b[%d;%dR", s.cur.y+1, s.cur.x+1)
		}
	case 'r':
		top, bottom := max(arg(0, 1), 1)-1, arg(1, s.h)-1
		if bottom < 0 || bottom >= s.h {
			bottom = s.h - 1
		}
		if top < bottom {
			s.top, s.bottom = top, bottom
			t.goTo(0, 0)
		}
	case 's':
		s.saved = s.cur
	case 't':
		switch arg(0, 0) {
		case 14:
			t.reply("\x1b[4;%d;%dt", s.h*20, s.w*10)
		case 16:
			t.reply("\x1b[6;20;10t")
		case 18:
			t.reply("\x1b[8;%d;%dt", s.h, s.w)
		}
	case 'u':
		s.cur = s.saved
		s.move(s.cur.x, s.cur.y)
	}
}

// vertical moves the cursor, held by the scrolling region if it is inside.
func (t *Term) vertical(n int) {
	s := t.scr
	y := s.cur.y + n
	if s.cur.y >= s.top && n < 0 {
		y = max(y, s.top)
	}
	if s.cur.y <= s.bottom && n > 0 {
		y = min(y, s.bottom)
	}
	s.move(s.cur.x, y)
}

func (t *Term) goTo(x, y int) {
	if s := t.scr; t.modes[6] { // origin mode
		s.move(x, min(s.top+y, s.bottom))
	} else {
		s.move(x, y)
	}
}

func (t *Term) eraseDisplay(how int) {
	s := t.scr
	switch how {
	case 0:
		s.erase(s.cur.x, s.w, s.cur.y)
		s.eraseLines(s.cur.y+1, s.h)
	case 1:
		s.eraseLines(0, s.cur.y)
		s.erase(0, s.cur.x+1, s.cur.y)
	case 2, 3:
		s.eraseLines(0, s.h)
	}
}

func (t *Term) eraseLine(how int) {
	s := t.scr
	switch how {
	case 0:
		s.erase(s.cur.x, s.w, s.cur.y)
	case 1:
		s.erase(0, s.cur.x+1, s.cur.y)
	case 2:
		s.erase(0, s.w, s.cur.y)
	}
}
