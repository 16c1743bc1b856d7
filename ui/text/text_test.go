package text

import (
	"slices"
	"strings"
	"testing"
	"unicode"
	"unicode/utf8"

	"github.com/charmbracelet/x/ansi"
	"pgregory.net/rapid"

	"sqscope/ui/screentest/vt"
)

func TestHostileCharactersBecomeVisible(t *testing.T) {
	for _, tt := range []struct{ name, in, want string }{
		{"colour", "\x1b[31mred", "␛[31mred"},
		{"clipboard, OSC 52", "\x1b]52;c;cm0gLXJmIC8=\a", "␛]52;c;cm0gLXJmIC8=␇"},
		{"link, OSC 8", "\x1b]8;;http://evil.example\x1b\\pay\x1b]8;;\x1b\\", `␛]8;;http://evil.example␛\pay␛]8;;␛\`},
		{"title", "\x1b]0;gone\x9c", `␛]0;gone‹\x9c›`},
		{"device control string", "\x1bP$qm\x1b\\", `␛P$qm␛\`},
		{"eight-bit CSI as a byte", "a\x9b2Jb", `a‹\x9b›2Jb`},
		{"eight-bit CSI as a code point", "a\u009b2J", "a‹U+009B›2J"},
		{"reset and character set", "\x1bc\x1b(0\x0e", "␛c␛(0␎"},
		{"carriage return over a line", "safe\rEVIL", "safe␍EVIL"},
		{"backspaces", "no\b\byes", "no␈␈yes"},
		{"line end and tab", "a\n\tb", "a␊␉b"},
		{"null and delete", "\x00\x7f", "␀␡"},
		{"direction turned", "user\u202e nimda", "user‹U+202E› nimda"},
		{"direction isolated", "\u2066a\u2069\u200f\u061c", "‹U+2066›a‹U+2069›‹U+200F›‹U+061C›"},
		{"zero-width space", "ord\u200bers", "ord‹U+200B›ers"},
		{"byte order mark", "\ufeff{}", "‹U+FEFF›{}"},
		{"soft hyphen", "pay\u00adment", "pay‹U+00AD›ment"},
		{"tag characters", "hi\U000e0041", "hi‹U+E0041›"},
		{"variation selector on a letter", "a\ufe0f", "a‹U+FE0F›"},
		{"a second selector on an emoji", "❤\ufe0f\ufe0f", "❤‹U+FE0F›"},
		{"supplementary selector", "😀\U000e0101", "😀‹U+E0101›"},
		{"line separator", "a\u2028b", "a‹U+2028›b"},
		{"interlinear annotation", "\ufff9a\ufffb", "‹U+FFF9›a‹U+FFFB›"},
		{"Hangul filler", "\u3164\u115f\uffa0", "‹U+3164›‹U+115F›‹U+FFA0›"},
		{"blank braille", "\u2800", "‹U+2800›"},
		{"private use", "\ue0b0", "‹U+E0B0›"},
		{"non-character", "\uffff", "‹U+FFFF›"},
		{"unassigned", "\u0378", "‹U+0378›"},
		{"surrogate in bytes", "\xed\xa0\x80", `‹\xed›‹\xa0›‹\x80›`},
		{"overlong slash", "\xc0\xaf", `‹\xc0›‹\xaf›`},
		{"cut character", "a\xf0\x9f", `a‹\xf0›‹\x9f›`},
		{"mark with nothing to stand on", "\u0301a", "◌\u0301a"},
		{"mark after a mark of ours", "\x1b\u0301", "␛◌\u0301"},
		{"a tower of marks", "e" + strings.Repeat("\u0301", 7), "e\u0301\u0301\u0301◌\u0301\u0301\u0301◌\u0301"},
		{"vowel sign on a Latin letter", "a\u093e", "a‹U+093E›"},
		{"lone letter of a flag", "🇩 x", "‹U+1F1E9› x"},
		{"joiner between letters", "a\u200db", "a‹U+200D›b"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			got := Clean(tt.in)
			if got.String() != tt.want {
				t.Errorf("got %q, want %q", got, tt.want)
			}
			if len(got.Marked()) == 0 {
				t.Error("nothing is marked")
			}
		})
	}
}

func TestHonestTextStaysReadable(t *testing.T) {
	for _, tt := range []struct {
		name, in, want string
		width          int
	}{
		{"ASCII", `{"id": 1}`, `{"id": 1}`, 9},
		{"accents", "Grüße, žluťoučký", "Grüße, žluťoučký", 16},
		{"decomposed accents", "e\u0301a\u0308", "e\u0301a\u0308", 2},
		{"Vietnamese, decomposed", "e\u0302\u0323", "e\u0302\u0323", 1},
		{"Japanese", "注文 ｶﾞ", "注文 ｶ゛", 8},
		{"Korean", "한글", "한글", 4},
		{"Korean, decomposed", "\u1112\u1161\u11ab\u1100\u1173\u11af", "한글", 4},
		{"Arabic", "طلب", "طلب", 3},
		{"Hebrew with points", "שָׁלוֹם", "שָׁלוֹם", 4},
		{"Thai", "กำ ที่", "ก\u0e4dา ที่", 4},
		{"Hindi", "नमस्ते का", "नमस्ते का", 5},
		{"Tamil", "வணக்கம்", "வணக்கம்", 5},
		{"heart", "❤\ufe0f ok", "❤ ok", 4},
		{"keycap", "1\ufe0f\u20e3", "1\u20e3", 1},
		{"joined emoji", "👩\u200d💻.", "👩.", 3},
		{"family", "👨\u200d👩\u200d👧\u200d👦", "👨", 2},
		{"skin", "👍🏽", "👍", 2},
		{"joined with selector and skin", "🏃🏽\u200d♀\ufe0f", "🏃", 2},
		{"flag", "🇩🇪🇫🇷", "🇩🇪🇫🇷", 4},
		{"frames", "╭─╮▁█…→", "╭─╮▁█…→", 7},
		{"no-break space", "10\u00a0kg", "10\u00a0kg", 5},
		{"what our marks look like", "␛‹U+202E›", "␛‹U+202E›", 9},
	} {
		t.Run(tt.name, func(t *testing.T) {
			got := Clean(tt.in)
			if got.String() != tt.want || got.Width() != tt.width {
				t.Errorf("got %q of width %d, want %q of %d", got, got.Width(), tt.want, tt.width)
			}
			if got.Marked() != nil {
				t.Errorf("%q is marked at %v", got, got.Marked())
			}
			if n := Hidden(tt.in); n != 0 {
				t.Errorf("%d hidden characters counted", n)
			}
		})
	}
}

func TestMarksStandWhereTheHostileCharactersWere(t *testing.T) {
	got := Clean("␛ü\x1b\x1b[m\u202ex\xff")
	want := []string{"␛␛", "‹U+202E›", `‹\xff›`}
	var marked []string
	for _, m := range got.Marked() {
		marked = append(marked, got.String()[m.Start:m.End])
	}
	if !slices.Equal(marked, want) {
		t.Errorf("marked %q, want %q in %q", marked, want, got)
	}
	joined := Join(Const("key: "), got, Const("!"))
	if m := joined.Marked(); len(m) != 3 || joined.String()[m[2].Start:m[2].End] != `‹\xff›` {
		t.Errorf("after joining %v of %q", m, joined)
	}
	for _, m := range joined.Truncate(8).Marked() {
		if s := joined.Truncate(8).String()[m.Start:m.End]; s != "␛" {
			t.Errorf("after cutting %q is marked", s)
		}
	}
}

func TestHiddenCountsWhatIsNotSeenButLineEnds(t *testing.T) {
	for in, want := range map[string]int{
		"plain":              0,
		"two\nlines\r\n\tok": 0,
		"\r\x1b[m\u202e\xff": 4,
		"e\u0301\u0301":      0,
		"\u0301":             1,
	} {
		if got := Hidden(in); got != want {
			t.Errorf("%q: got %d, want %d", in, got, want)
		}
	}
}

func TestLines(t *testing.T) {
	var got []string
	for _, l := range Lines("a\tb\r\n\tüx\t.\n\x1b\r!\n") {
		got = append(got, l.String())
	}
	want := []string{"a   b", "    üx  .", "␛␍!", ""}
	if !slices.Equal(got, want) {
		t.Errorf("got %q, want %q", got, want)
	}
	if len(Lines("")) != 1 {
		t.Error("no line of nothing")
	}
}

func TestCutting(t *testing.T) {
	for _, tt := range []struct {
		in                        string
		w                         int
		end, start, middle, right string
	}{
		{"orders-dlq", 10, "orders-dlq", "orders-dlq", "orders-dlq", "orders-dlq"},
		{"orders-dlq", 7, "orders…", "…rs-dlq", "ord…dlq", "orders…"},
		{"orders-dlq", 1, "…", "…", "…", "…"},
		{"orders-dlq", 0, "", "", "", ""},
		{"日本語", 4, "日…", "…語", "日…", "日… "},
		{"日本", 9, "日本", "日本", "日本", "     日本"},
	} {
		s := Clean(tt.in)
		for name, pair := range map[string][2]string{
			"Truncate":       {s.Truncate(tt.w).String(), tt.end},
			"TruncateLeft":   {s.TruncateLeft(tt.w).String(), tt.start},
			"TruncateMiddle": {s.TruncateMiddle(tt.w).String(), tt.middle},
		} {
			if pair[0] != pair[1] {
				t.Errorf("%s(%q, %d) = %q, want %q", name, tt.in, tt.w, pair[0], pair[1])
			}
		}
	}
	if got := Clean("日本").PadLeft(5).String(); got != " 日本" {
		t.Errorf("got %q", got)
	}
	if got := Clean("日本").Pad(3).String(); got != "日…" {
		t.Errorf("got %q", got)
	}
}

func TestAListNamesWhatHasRoomAndCountsTheRest(t *testing.T) {
	for _, tt := range []struct {
		names []string
		w     int
		want  string
	}{
		{nil, 9, ""},
		{[]string{"orders"}, 6, "orders"},
		{[]string{"orders", "refunds"}, 15, "orders, refunds"},
		{[]string{"orders", "refunds"}, 14, "orders +1"},
		{[]string{"orders", "refunds", "payments"}, 20, "orders, refunds +1"},
		{[]string{"orders", "refunds", "payments"}, 17, "orders +2"},
		{[]string{"orders", "refunds", "payments"}, 8, "or…rs +2"},
		{[]string{"\x1b[31m", "b"}, 30, Clean("\x1b[31m").String() + ", b"},
		{[]string{"a", "b", "c", "d"}, 4, "a +3"},
		{[]string{"orders", "refunds"}, 3, "… …"},
		{[]string{"orders", "refunds"}, 0, ""},
	} {
		got := List(tt.names, tt.w)
		if got.Width() > tt.w {
			t.Errorf("List(%q, %d) = %q takes %d cells", tt.names, tt.w, got, got.Width())
		}
		if got.String() != tt.want {
			t.Errorf("List(%q, %d) = %q, want %q", tt.names, tt.w, got, tt.want)
		}
	}
}

func TestWrap(t *testing.T) {
	for _, tt := range []struct {
		in   string
		w    int
		want []string
	}{
		{"the queue is gone", 9, []string{"the queue", "is gone"}},
		{"the queue is gone", 8, []string{"the", "queue is", "gone"}},
		{"arn:aws:sqs", 4, []string{"arn:", "aws:", "sqs"}},
		{"to arn:aws:sqs", 4, []string{"to", "arn:", "aws:", "sqs"}},
		{"日本語 x", 4, []string{"日本", "語 x"}},
		{"日", 1, []string{"…"}},
		{"", 5, []string{""}},
		{"a b", 0, []string{"a", "b"}},
	} {
		var got []string
		for _, l := range Clean(tt.in).Wrap(tt.w) {
			got = append(got, l.String())
		}
		if !slices.Equal(got, tt.want) {
			t.Errorf("%q in %d cells: got %q, want %q", tt.in, tt.w, got, tt.want)
		}
	}
}

func TestSprintfCleansItsArguments(t *testing.T) {
	got := Sprintf("%s: %d %v", "a\x1b[m", 3, Clean("\r"))
	if got.String() != "a␛[m: 3 ␍" {
		t.Errorf("got %q", got)
	}
}

func TestCleanTextIsNotCopied(t *testing.T) {
	s := strings.Repeat("orders-dlq ", 20)
	if n := testing.AllocsPerRun(100, func() { _ = Clean(s).Width() }); n != 0 {
		t.Errorf("%v allocations", n)
	}
}

// hostile seeds the fuzzer with what has been used against terminals.
var hostile = []string{
	"", "plain", "\x1b[31mred\x1b[m", "\x1b]52;c;cm0gLXJmIC8=\a", "\x1b]8;;http://x\x1b\\y\x1b]8;;\x1b\\",
	"\x1b]0;title\a", "\x1b]2;t\x9c", "\x1bP+q544e\x1b\\", "\x9b31m", "\u009b31m\u009d0;t\u009c", "\x1b[6n\x1b[c\x1b[>q\x1b[14t",
	"\x1b[?1049l\x1b[2J\x1b[H", "\x1b]11;?\a\x1b]4;1;#000\a", "\x1b_Gf=100;AAAA\x1b\\", "\x1b^pm\x1b\\\x1bXsos\x1b\\",
	"\x1b]1337;File=:AAAA\a", "\x1b]777;notify;a;b\a", "\x1b[20;30r\x1b7\x1b8\x1bc\x1b#8", "\x05\x0e\x0f",
	// CVE-2021-25743: an error text or an event that moves the cursor and writes over what stands there.
	"Warning\x1b[2K\x1b[1A\x1b[1GNormal   Scheduled", "name\rNAME\b\b\x1b[8mhidden\x1b[m",
	// CVE-2021-42574: source that reads in another order than it runs.
	"/*\u202e } \u2066if (admin)\u2069 \u2066 begin", "\u200e\u200f\u061c\u2067\u2068\u202a\u202b\u202c\u202d",
	"a\u200b\u200c\u200d\u2060\ufeff\u00ad\u034f\u180e", "\U000e0001\U000e0041\U000e007f", "\ufe0f\ufe0e\U000e0100",
	"\u115f\u1160\u3164\uffa0\u17b4\u17b5\u2800", "\u2028\u2029\ufff9\ufffa\ufffb\ufffc", "\ue000\U000f0000\uffff\U0010ffff\u0378",
	"\xff\xfe\xed\xa0\x80\xc0\xaf\xf4\x90\x80\x80\xf0\x9f", "\u0301\u0301\u0301\u0301\u0301", "e\u0301\u0302\u0303\u0304\u0305",
	"👩\u200d💻👨\u200d👩\u200d👧\u200d👦👍🏽🏽❤\ufe0f🇩🇪🇩", "🏴\U000e0067\U000e0062\U000e007f", "1\ufe0f\u20e3*\ufe0e",
	"नमस्ते का क्ष्म्य कििि क\u09cdক ক\u09be\u09cdক क\u093e\u094dत", "क" + strings.Repeat("\u094dत", 9), "กำา ำ", "한\u11a8\u1100\u1161\u11a8\u11a8\u1100\u1100\u1161", "ｶﾞﾊﾟ", "ÅÄÖ 日本語 ﷽",
	"\u0600\u06dd1\u0d4eക", "a\u093e\u0903", "\u16ff0\u302e\U0001d165", "{\"k\":\"\\u001b[31m\"}\n\t\r\n",
}

func FuzzClean(f *testing.F) {
	for _, s := range hostile {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, s string) { holds(t, s) })
}

// TestPromisesHoldForRandomText puts together what has a rule of its own:
// bytes at random, as the fuzzer changes them, rarely make such sequences.
func TestPromisesHoldForRandomText(t *testing.T) {
	pieces := strings.Split("a|1|#|é|\u0301|\u0308|\u20e3|\ufe0f|\ufe0e|\u200d|\u200c|❤|👩|👍|🏽|🇩|🇪|🏴|\U000e0067|क|त|\u094d|\u093e|\u0903|\u093c|ক|\u09cd|\u09be|\u09d7|க|\u0bcd|\u0bc6|"+
		"က|\u1039|\u102b|\u103b|ក|\u17d2|\u17b6|ก|ำ|ຳ|า|\u0e34|ｶ|ﾞ|ﾟ|가|각|\u1100|\u1161|\u11a8|\ua960|\u0600|\u0d4e|日|　|\u302e|\x1b|[m|\r|\n|\t|\xff|\xe0\xa4|\u202e|◌|…|‹|›|©|™|﷽|〰|\U0001d165", "|")
	rapid.Check(t, func(t *rapid.T) {
		holds(t, strings.Join(rapid.SliceOfN(rapid.SampledFrom(pieces), 0, 12).Draw(t, "pieces"), ""))
	})
}

// reporter is a test of this package or of rapid.
type reporter interface {
	Helper()
	Fatalf(format string, args ...any)
}

// holds checks everything that the package promises for one text.
func holds(t reporter, s string) {
	t.Helper()
	got := Clean(s)
	check(t, got)
	if again := Clean(got.String()); again.String() != got.String() {
		t.Fatalf("not stable: %q, then %q", got, again)
	}
	width := 0
	for rest := s; rest != ""; {
		n, cells, most := Measure(rest)
		if n < 1 || cells < 1 || most < cells || most > cells+maxSpacing+maxConjunct {
			t.Fatalf("%q is %d bytes, %d to %d cells", rest, n, cells, most)
		}
		width += cells
		rest = rest[n:]
	}
	if width != got.Width() {
		t.Fatalf("measured %d cells, cleaned to %d: %q", width, got.Width(), got)
	}
	for _, l := range Lines(s) {
		check(t, l)
	}
	check(t, Join(got, got))
	for _, w := range []int{-1, 0, 1, 2, 7, got.Width() / 2} {
		for _, cut := range []Safe{got.Truncate(w), got.TruncateLeft(w), got.TruncateMiddle(w)} {
			check(t, cut)
			if cut.Width() > max(w, 0) {
				t.Fatalf("%q cut to %d cells is %q of %d", got, w, cut, cut.Width())
			}
		}
		for _, l := range got.Wrap(w) {
			check(t, l)
			if l.Width() > max(w, 1) {
				t.Fatalf("%q wrapped at %d cells has %q", got, w, l)
			}
		}
		for _, padded := range []Safe{got.Pad(w), got.PadLeft(w)} {
			check(t, padded)
			if padded.Width() != max(w, 0) {
				t.Fatalf("%q padded to %d cells is %q", got, w, padded)
			}
		}
	}
	onlyCellsChange(t, got)
}

// check holds a text against all that a Safe promises.
func check(t reporter, s Safe) {
	t.Helper()
	out := s.String()
	if !utf8.ValidString(out) {
		t.Fatalf("%q is not UTF-8", out)
	}
	indic := false
	for _, r := range out {
		if unicode.In(r, unicode.C, unicode.Zl, unicode.Zp, unicode.Other_Default_Ignorable_Code_Point, unicode.Variation_Selector) || !unicode.IsGraphic(r) {
			t.Fatalf("%q has %U", out, r)
		}
		cl := classOf(r)
		indic = indic || cl == spacing || cl == consonant
	}
	if got := ansi.StringWidth(out); got != s.Width() {
		t.Fatalf("%q: width %d, by graphemes %d", out, s.Width(), got)
	}
	if got := ansi.StringWidthWc(out); got != s.Width() && !indic {
		t.Fatalf("%q: width %d, by code points %d", out, s.Width(), got)
	}
	end := 0
	for _, m := range s.Marked() {
		if m.Start < end || m.End <= m.Start || m.End > len(out) {
			t.Fatalf("%q: marks %v", out, s.Marked())
		}
		end = m.End
	}
}

// onlyCellsChange writes a text on a terminal: nothing but the cells of its
// width may differ from an empty one.
func onlyCellsChange(t reporter, s Safe) {
	t.Helper()
	w := min(s.Width(), 300)
	s = s.Truncate(w)
	term := vt.New(vt.Options{Width: w + 1, Height: 3, Reply: func(b []byte) { t.Fatalf("%q makes the terminal answer %q", s, b) }})
	empty := term.Snapshot()
	if _, err := term.Write([]byte(s.String())); err != nil {
		t.Fatalf("%v", err)
	}
	snap := term.Snapshot()
	if snap.CursorX != s.Width() || snap.CursorY != 0 {
		t.Fatalf("%q of width %d leaves the cursor at %d,%d", s, s.Width(), snap.CursorX, snap.CursorY)
	}
	for y, line := range snap.Lines {
		for x, c := range line {
			if c.Style != (vt.Style{}) || (y > 0 || x >= w) && c != empty.Lines[y][x] {
				t.Fatalf("%q changes cell %d,%d to %+v", s, x, y, c)
			}
		}
	}
	snap.Lines, snap.CursorX = empty.Lines, empty.CursorX
	if snap.Title != "" || snap.Clipboard != "" || snap.Progress != "" || snap.Bells != 0 || snap.AltScreen || snap.Mouse || !snap.CursorVisible {
		t.Fatalf("%q changes more than cells: %+v", s, snap)
	}
}

func BenchmarkClean(b *testing.B) {
	for name, unit := range map[string]string{"ascii": "orders-dlq ", "chinese": "订单已付款", "arabic": "طلب جديد ", "hostile": "\x1b[31m\u202e\xff", "emoji": "👩\u200d💻❤\ufe0f"} {
		s := strings.Repeat(unit, 1<<20/len(unit))
		b.Run(name, func(b *testing.B) {
			b.SetBytes(int64(len(s)))
			for b.Loop() {
				Clean(s)
			}
		})
	}
}

func TestABeginningIsOneLineOfWholeCharacters(t *testing.T) {
	for in, want := range map[string]string{
		"":             "",
		" \n\t":        "",
		"\n [\n  1\n]": "[ 1 ]",
		"12345678":     "12345678",
		"123456789":    "12345678…",
		"1234567é":     "1234567…",
		"a\x1b[2Jb":    Clean("a\x1b[2Jb").String(),
	} {
		if got := Beginning(in, 8).String(); got != want {
			t.Errorf("Beginning(%q) is %q, want %q", in, got, want)
		}
	}
}
