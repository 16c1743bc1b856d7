package reader

import (
	"context"
	"encoding/json"
	"reflect"
	"regexp"
	"slices"
	"strings"
	"testing"
	"unicode"
	"unicode/utf8"

	tea "charm.land/bubbletea/v2"
	"github.com/charmbracelet/x/ansi"

	"sqscope/backend"
	"sqscope/backend/config"
	"sqscope/backend/decode"
	"sqscope/backend/decode/document"
	"sqscope/backend/decode/query"
	"sqscope/backend/fleet"
	"sqscope/backend/guard"
	"sqscope/backend/memory"
	"sqscope/backend/owner"
	"sqscope/backend/peek"
	"sqscope/keymap"
	"sqscope/themes"
	"sqscope/ui/screen"
	"sqscope/ui/text"
)

// place is a reader on its own, and what its host was asked.
type place struct {
	screen.Host
	*Reader
	asked screen.Dialog
}

func (p *place) Ask(d screen.Dialog)                 { p.asked = d }
func (p *place) Dismiss()                            { p.asked = nil }
func (p *place) Say(themes.Role, text.Safe) tea.Cmd  { return nil }
func (p *place) Clipboard(text.Safe, string) tea.Cmd { return nil }

// open makes a reader that masks hold for.
func open(t testing.TB, masks ...config.Mask) *place {
	t.Helper()
	ctx, cancel := context.WithCancel(context.Background())
	engine := memory.New(memory.Options{Seed: 1})
	group := owner.New(ctx, func(name string, v any, stack []byte) { t.Errorf("%s: %v\n%s", name, v, stack) })
	conn := &screen.Connection{
		Name: "demo", Context: ctx, Guard: guard.New(guard.Change), Place: backend.Place{Embedded: true},
		Fleet: fleet.New(fleet.Options{Stack: engine.Stack(), Group: group}),
	}
	t.Cleanup(func() { cancel(); group.Close(); engine.Close(); engine.Clock().Close() })
	p := &place{}
	env := &screen.Env{Host: p, Conns: []*screen.Connection{conn}, Theme: themes.Default(true), Keys: keymap.Default(), Masks: masks}
	base := screen.NewBase(env, screen.Spec{})
	p.Reader = New(&base, func(peek.Message) (text.Safe, themes.Role) { return text.Const("visible · 0 receives"), themes.Good })
	return p
}

// do runs a command to its end.
func (p *place) do(cmd tea.Cmd) {
	for cmd != nil {
		answer, ok := cmd().(screen.Answer)
		if !ok {
			return
		}
		cmd = p.Update(answer.Msg)
	}
}

var orders = backend.ARNOf("orders", "us-east-1")

func message(body string) Message {
	return Message{orders, peek.Message{Message: backend.Message{MessageId: "m-" + body[:min(len(body), 8)], Body: body}}}
}

// press calls the action, as its key would.
func (p *place) press(t testing.TB, id keymap.ID) bool {
	t.Helper()
	i := slices.IndexFunc(p.Bindings(true), func(b screen.Binding) bool { return b.Action == id })
	if i < 0 {
		t.Fatalf("%s is not bound", id)
	}
	b := p.Bindings(true)[i]
	if b.Off != nil && b.Off() != "" {
		return false
	}
	p.do(b.Run())
	return true
}

var style = regexp.MustCompile("\x1b\\[[0-9;:]*m")

// styles are all that sqscope itself sends.
func styles() map[string]bool {
	own := map[string]bool{themes.Reset: true, "\x1b[1m": true, "\x1b[4m": true, "\x1b[7m": true}
	t := themes.Default(true)
	for role := range themes.Field + 1 {
		for _, s := range style.FindAllString(t.SGR(role), -1) {
			own[s] = true
		}
	}
	return own
}

// harmless holds a frame against its promise: h lines of w cells, and in it no
// byte that a terminal obeys but sqscope's own styles, no character that turns
// text round, and none that is not seen.
func harmless(t testing.TB, frame string, w, h int, own map[string]bool) {
	t.Helper()
	for _, s := range style.FindAllString(frame, -1) {
		if !own[s] {
			t.Fatalf("a style that is not ours: %q", s)
		}
	}
	lines := strings.Split(frame, "\n")
	if len(lines) != h {
		t.Fatalf("%d lines, want %d", len(lines), h)
	}
	for _, l := range lines {
		plain := style.ReplaceAllString(l, "")
		if !utf8.ValidString(plain) {
			t.Fatalf("no UTF-8: %q", plain)
		}
		for _, r := range plain {
			if unicode.In(r, unicode.Cc, unicode.Cf, unicode.Co, unicode.Cs, unicode.Zl, unicode.Zp) {
				t.Fatalf("%U in %q", r, plain)
			}
		}
		if got := ansi.StringWidth(l); got != w {
			t.Fatalf("%d cells, want %d: %q", got, w, plain)
		}
	}
}

func TestAnotherMessageEndsWhatWasBeingOpened(t *testing.T) {
	p := open(t)
	first, second := p.Show(message(`{"a":1}`)), p.Show(message(`{"b":2}`))
	p.do(second)
	p.do(first)
	if got, _ := p.Text(); !strings.Contains(got, `"b": 2`) {
		t.Errorf("got %q", got)
	}
	if p.Show(message(`{"b":2}`)) != nil {
		t.Error("it is opened once more")
	}
}

func TestWhatIsTypedWhileABodyIsOpenedIsFound(t *testing.T) {
	p := open(t)
	cmd := p.Show(message(`{"a":"tea","b":"tea"}`))
	p.do(p.Search("tea"))
	p.do(cmd)
	if now, of := p.body.Matches(); now != 1 || of != 2 {
		t.Errorf("%d of %d", now, of)
	}
	p.do(p.Search(""))
	if p.Searching() || p.body.MatchWords() != "" {
		t.Error("it is still searched for")
	}
}

func TestWhoComesBackFindsTheirPlaceAndFolds(t *testing.T) {
	p := open(t)
	p.do(p.Show(message(`{"a":[1,2],"b":{"c":3},"d":4}`)))
	p.View(60, 30, true)
	p.press(t, keymap.ReaderFoldAll)
	p.Move(2)
	for _, away := range []keymap.ID{keymap.ReaderRaw, keymap.ReaderBytes, keymap.ReaderHead} {
		p.press(t, away)
		p.View(60, 30, true)
		p.press(t, away)
		if frame := ansi.Strip(p.View(60, 30, true)); p.Path() != ".json.b" || !strings.Contains(frame, "{ … },  1 member") {
			t.Errorf("after %s at %s:\n%s", away, p.Path(), frame)
		}
	}
	p.do(p.Show(message(`[1]`)))
	if p.Path() != ".json" {
		t.Errorf("another message begins at %s", p.Path())
	}
}

// TestPathsAreQueries asks for the path of each line: that value stands in it.
func TestPathsAreQueries(t *testing.T) {
	p := open(t)
	inner := `{"a":[1,{"b c":true}],"x":"x","":{"\u00e9":null},"e":[]}`
	p.do(p.Show(message(`{"Type":"Notification","MessageId":"m","TopicArn":"arn","Message":` + document.Quote(inner) + `}`)))
	for range 2 {
		p.View(200, 40, true)
		object := decode.Object(orders, p.message.Message.Message, backend.StateVisible, *p.Result())
		shown, _ := p.Text()
		for line := range strings.SplitSeq(shown, "\n") {
			q, err := query.Compile(p.Path())
			if err != nil {
				t.Fatalf("%s: %v", p.Path(), err)
			}
			values, err := q.Values(t.Context(), object, 2)
			if err != nil || len(values) != 1 {
				t.Fatalf("%s: %v, %v", p.Path(), values, err)
			}
			line = strings.TrimSuffix(strings.TrimSpace(line), ",")
			if _, value, named := strings.Cut(line, `": `); named {
				line = value
			}
			if kind := reflect.ValueOf(values[0]).Kind(); kind != reflect.Map && kind != reflect.Slice {
				if got, err := json.Marshal(values[0]); err != nil || string(got) != line {
					t.Errorf("%s is %s, and the line says %s", p.Path(), got, line)
				}
			} else if !strings.ContainsAny(line, "[]{}") {
				t.Errorf("%s is a container, and the line says %s", p.Path(), line)
			}
			p.Move(1)
		}
		p.press(t, keymap.ReaderOuter)
	}
}

func TestAHeadThatHasNoRoomSaysSo(t *testing.T) {
	p := open(t)
	m := message("{}")
	m.MessageAttributes = map[string]backend.MessageAttribute{}
	for _, name := range []string{"a", "b", "c", "d", "e", "f", "g", "h", "i", "j"} {
		m.MessageAttributes[name] = backend.MessageAttribute{DataType: "String", StringValue: backend.Some(strings.Repeat("long ", 100))}
	}
	p.do(p.Show(m))
	frame := ansi.Strip(p.View(60, 20, true))
	if !strings.Contains(frame, "more lines: h shows all") {
		t.Errorf("got\n%s", frame)
	}
	p.press(t, keymap.ReaderHead)
	if got, _ := p.Text(); strings.Count(got, "long ") != 1000 {
		t.Errorf("not all is there: %s", got)
	}
}

func TestAValueOfSeveralLinesPassesForNoFact(t *testing.T) {
	p := open(t)
	m := message("{}")
	m.MessageAttributes = map[string]backend.MessageAttribute{"a": {DataType: "String", StringValue: backend.Some("x\nid    forged")}}
	p.do(p.Show(m))
	p.press(t, keymap.ReaderHead)
	got, _ := p.Text()
	for line := range strings.SplitSeq(got, "\n") {
		if strings.HasPrefix(line, "id ") && strings.Contains(line, "forged") {
			t.Errorf("got\n%s", got)
		}
	}
}

func TestEveryAttributeIsShownWithItsType(t *testing.T) {
	for want, a := range map[string]backend.MessageAttribute{
		"3  (Number.int)":               {DataType: "Number.int", StringValue: backend.Some("3")},
		"ff 00  (Binary.sha, 2 B)":      {DataType: "Binary.sha", BinaryValue: []byte{0xff, 0}},
		"readable  (Binary, 8 B)":       {DataType: "Binary", BinaryValue: []byte("readable")},
		"1b 5b 33 31 6d  (Binary, 5 B)": {DataType: "Binary", BinaryValue: []byte("\x1b[31m")},
		"web  (String)":                 {DataType: "String", StringValue: backend.Some("web")},
	} {
		if got := AttributeWords(a); got != want {
			t.Errorf("got %q, want %q", got, want)
		}
	}
}
