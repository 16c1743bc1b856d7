package vt

func (t *Term) setMode(mode int, on bool) {
	switch mode {
	case 47, 1047, 1049:
		if on == (t.scr == t.alt) {
			break
		}
		if on {
			if mode == 1049 {
				t.main.saved = t.main.cur
			}
			cur := t.main.cur
			t.alt = newScreen(t.opts.Width, t.opts.Height)
			t.alt.cur = cur
			t.alt.cur.style = Style{}
			t.scr = t.alt
		} else {
			t.scr = t.main
			if mode == 1049 {
				t.main.cur = t.main.saved
			}
		}
	case 1048:
		if on {
			t.scr.saved = t.scr.cur
		} else {
			t.scr.cur = t.scr.saved
		}
	}
	t.modes[mode] = on
}

// reportMode answers DECRQM. Only modes that this terminal acts on are known.
func (t *Term) reportMode(mode int) {
	v := 0
	switch mode {
	case 1, 6, 7, 25, 1000, 1002, 1003, 1004, 1006, 1049, 2004, 2026, 2027:
		v = 2
		if t.modes[mode] {
			v = 1
		}
	}
	t.reply("\x1b[?%d;%d$y", mode, v)
}

func (t *Term) screenNumber() int {
	if t.scr == t.alt {
		return 1
	}
	return 0
}

func (t *Term) kittyFlags() int {
	st := t.kitty[t.screenNumber()]
	return st[len(st)-1]
}

func (t *Term) pushKitty(flags int) {
	if t.opts.Kitty {
		n := t.screenNumber()
		t.kitty[n] = append(t.kitty[n], flags)
	}
}

func (t *Term) popKitty(n int) {
	st := &t.kitty[t.screenNumber()]
	*st = (*st)[:max(len(*st)-n, 1)]
}

func (t *Term) changeKitty(flags, how int) {
	if !t.opts.Kitty {
		return
	}
	st := t.kitty[t.screenNumber()]
	top := &st[len(st)-1]
	switch how {
	case 1:
		*top = flags
	case 2:
		*top |= flags
	case 3:
		*top &^= flags
	}
}
