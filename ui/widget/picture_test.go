package widget

import (
	"image/png"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"sqscope/themes"
	"sqscope/ui/screentest/draw"
	"sqscope/ui/screentest/vt"
	"sqscope/ui/text"
)

// TestPictures paints the widgets for a person to look at, if the environment
// variable SHOTS names a folder.
func TestPictures(t *testing.T) {
	dir := os.Getenv("SHOTS")
	if dir == "" {
		t.Skip("SHOTS names no folder")
	}
	painter, err := draw.New(draw.Options{Padding: 10})
	if err != nil {
		t.Fatal(err)
	}
	for _, isDark := range []bool{true, false} {
		th, look, name := themes.Default(isDark), vt.Light, "light"
		if isDark {
			look, name = vt.Dark, "dark"
		}
		term := vt.New(vt.Options{Width: 140, Height: 40, Theme: look, LineFeedReturns: true})
		if _, err := term.Write([]byte("\x1b[?25l" + scene(th))); err != nil {
			t.Fatal(err)
		}
		f, err := os.Create(filepath.Join(dir, "widgets-"+name+".png"))
		if err != nil {
			t.Fatal(err)
		}
		if err := png.Encode(f, painter.Paint(term.Snapshot())); err != nil {
			t.Fatal(err)
		}
		if err := f.Close(); err != nil {
			t.Fatal(err)
		}
	}
}

// scene is all widgets at 140x40.
func scene(th *themes.Theme) string {
	table := benchTable(93)
	table.SetSort(3, false)
	table.View(70, 26, th)
	table.Move(4)
	table.ToggleMark()
	table.Move(1)
	table.ToggleMark()
	table.Move(2)
	var body Body
	body.SetDocument(Prepare(`{"orderId":"o-1042","customer":"Müller 日本語","total":129.50,"paid":true,"note":null,"evil":"\u001b[31m`+"\u202e\u200b\u009b31m"+`👩‍💻","path":"`+strings.Repeat("s3://bucket/key/", 8)+`","items":[{"sku":"A-1","qty":2},{"sku":"B-7","qty":1}],"list":[]}`, true))
	find(&body, "s3")
	left := table.View(70, 26, th)
	right := body.View(67, 26, th)
	lines := strings.Split(Beside(left, right, 70, 67, th), "\n")
	var raw Body
	raw.SetDocument(Prepare("plain text\twith \x1b]52;c;cm0gLXJmIC8=\a and \xff bytes\r\n"+strings.Repeat("a long line that goes on ", 8), false))
	in, area := NewInput(), NewArea()
	in.SetValue("orders-that-are-longer-than-the-field-is-wide")
	area.SetValue("{\n\t\"a\": 1,\n\t\"b\": \"\x1b[m\"\n}")
	empty := NewInput()
	empty.Placeholder = text.Const("seconds, 0 to 900; empty: the queue's own")
	lines = append(lines, strings.Split(Beside(raw.View(70, 7, th), area.View(67, 7, th), 70, 67, th), "\n")...)
	lines = append(lines, Beside(in.View(30, th), empty.View(50, th), 70, 67, th))
	for len(lines) < 39 {
		lines = append(lines, Fit("", 140))
	}
	lines = append(lines, Fit(" "+Hints(th, []Hint{{"enter", "messages"}, {"s", "send"}, {"d", "dead letters"}}, []Hint{{"?", "keys"}}, 138), 140))
	box := Box(text.Const("Purge payments.fifo?"), []string{
		th.Paint(themes.Text, "1,204 messages are deleted. That cannot be undone."), "",
		th.Paint(themes.Dim, "type payments.fifo  ") + empty.View(30, th), "",
		th.Paint(themes.Bad, "enter") + " purge   " + th.Paint(themes.Key, "esc") + " cancel",
	}, 60, th)
	return strings.Join(Splice(lines, box, 40, 16), "\n")
}
