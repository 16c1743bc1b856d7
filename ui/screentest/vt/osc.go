package vt

import (
	"encoding/base64"
	"strconv"
	"strings"

	"github.com/charmbracelet/x/ansi"
)

func (t *Term) dcs(cmd ansi.Cmd, data []byte) {
	if cmd.Intermediate() == '+' && cmd.Final() == 'q' { // XTGETTCAP
		for name := range strings.SplitSeq(string(data), ";") {
			t.reply("\x1bP0+r%s\x1b\\", name)
		}
	}
}

func (t *Term) osc(seq []byte) {
	body := strings.TrimSuffix(strings.TrimSuffix(string(seq[2:]), "\x1b\\"), "\a")
	num, data, _ := strings.Cut(body, ";")
	switch num {
	case "0", "2":
		t.title = data
	case "8":
		_, uri, _ := strings.Cut(data, ";")
		t.scr.cur.style.Link = uri
	case "9":
		if rest, ok := strings.CutPrefix(data, "4;"); ok {
			t.progress = rest
		}
	case "10", "11", "12":
		t.oscColor(num, data)
	case "110":
		t.fg = nil
	case "111":
		t.bg = nil
	case "112":
		t.cc = nil
	case "52":
		_, payload, _ := strings.Cut(data, ";")
		if payload == "?" {
			t.reply("\x1b]52;c;%s\x1b\\", base64.StdEncoding.EncodeToString([]byte(t.clipboard)))
		} else if b, err := base64.StdEncoding.DecodeString(payload); err == nil {
			t.clipboard = string(b)
		}
	}
}

func (t *Term) oscColor(num, data string) {
	slot, def := &t.fg, t.opts.Theme.Fg
	switch num {
	case "11":
		slot, def = &t.bg, t.opts.Theme.Bg
	case "12":
		slot, def = &t.cc, t.opts.Theme.Cursor
	}
	if data == "?" {
		c := def
		if *slot != nil {
			c = t.opts.Theme.RGBA(**slot, def)
		}
		t.reply("\x1b]%s;rgb:%02x%02x/%02x%02x/%02x%02x\x1b\\", num, c.R, c.R, c.G, c.G, c.B, c.B)
		return
	}
	if c, ok := parseColor(data); ok {
		*slot = &c
	}
}

func parseColor(s string) (Color, bool) {
	if v, ok := strings.CutPrefix(s, "#"); ok && len(v) == 6 {
		n, err := strconv.ParseUint(v, 16, 32)
		return Color{Kind: RGB, R: uint8(n >> 16), G: uint8(n >> 8), B: uint8(n)}, err == nil
	}
	if v, ok := strings.CutPrefix(s, "rgb:"); ok {
		parts := strings.Split(v, "/")
		if len(parts) != 3 {
			return Color{}, false
		}
		var out [3]uint8
		for i, p := range parts {
			if len(p) == 0 || len(p) > 4 {
				return Color{}, false
			}
			n, err := strconv.ParseUint((p + p)[:2], 16, 8)
			if err != nil {
				return Color{}, false
			}
			out[i] = uint8(n)
		}
		return Color{Kind: RGB, R: out[0], G: out[1], B: out[2]}, true
	}
	return Color{}, false
}
