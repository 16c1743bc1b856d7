package reader

import (
	"bytes"
	"compress/gzip"
	"encoding/base64"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"sqscope/backend"
	"sqscope/backend/decode/document"
	"sqscope/backend/peek"
	"sqscope/keymap"
)

func gzipped(s string) string {
	var b bytes.Buffer
	w := gzip.NewWriter(&b)
	_, _ = w.Write([]byte(s)) // a buffer takes all
	_ = w.Close()
	return b.String()
}

// hostile are the bodies of the corpus, each repeated to about that size.
func hostile(t testing.TB, size int) map[string]string {
	t.Helper()
	files, err := filepath.Glob("../../backend/decode/testdata/hostile/*")
	if err != nil || len(files) < 15 {
		t.Fatalf("the corpus has %d files: %v", len(files), err)
	}
	bodies := map[string]string{
		"deep":      strings.Repeat("[", min(size/2, 9_999)) + strings.Repeat("]", min(size/2, 9_999)),
		"too deep":  strings.Repeat("[", 20_000) + strings.Repeat("]", 20_000),
		"bomb":      gzipped(strings.Repeat("\x1b[2J", 4<<20)),
		"bomb text": base64.StdEncoding.EncodeToString([]byte(gzipped(strings.Repeat("\x1b[2J", 4<<20)))),
		"half":      gzipped("\x1b[2J")[:12],
	}
	for _, f := range files {
		data, err := os.ReadFile(f)
		if err != nil {
			t.Fatal(err)
		}
		once := string(data)
		many := strings.Repeat(once, size/len(once)+1)
		name := filepath.Base(f)
		bodies[name] = once
		bodies[name+", many"] = many
		bodies[name+" in a list"] = `[` + strings.Repeat(document.Quote(once)+",", size/len(once)/2+1) + `1]`
		bodies[name+" in base64"] = base64.StdEncoding.EncodeToString([]byte(many[:len(many)*3/4]))
		bodies[name+" in gzip"] = gzipped(many)
		bodies[name+" in SNS"] = `{"Type":"Notification","MessageId":"\u001b","TopicArn":"arn\u202e","Subject":` + document.Quote(once) + `,"Message":` + document.Quote(many) + `}`
	}
	return bodies
}

// hostileMessage has the body everywhere where foreign text can stand.
func hostileMessage(name, body string) Message {
	short := body[:min(len(body), 2000)]
	return Message{orders, peek.Message{Message: backend.Message{
		MessageId: name + "\x1b[31m\u202e", Body: body, MD5OfBody: "\x9b2J",
		Attributes: map[string]string{backend.SysMessageGroupId: short, backend.SysAWSTraceHeader: "\x1b]52;c;cm0=\a", backend.SysSenderId: "\u200b"},
		MessageAttributes: map[string]backend.MessageAttribute{
			"\x1b[2J":  {DataType: "String.\u202e", StringValue: backend.Some(short)},
			"binary":   {DataType: "Binary", BinaryValue: []byte(short)},
			"\u200d\n": {DataType: "Number", StringValue: backend.Some("1")},
		},
	}}}
}

var everyView = []keymap.ID{
	keymap.ReaderRaw, keymap.ReaderRaw, keymap.ReaderBytes, keymap.ReaderBytes, keymap.ReaderHead, keymap.ReaderHead,
	keymap.ReaderFoldAll, keymap.ReaderDeeper, keymap.ReaderOpenAll, keymap.ReaderFold,
	keymap.ReaderOuter, keymap.ReaderBytes, keymap.ReaderOuter, keymap.ReaderOuter, keymap.ReaderInner,
}

// inEveryView opens a body and looks at it in every way there is.
func inEveryView(t testing.TB, p *place, m Message, own map[string]bool) {
	t.Helper()
	p.do(p.Show(m))
	look := func() { harmless(t, p.View(52, 20, true), 52, 20, own) }
	look()
	for _, id := range everyView {
		if p.press(t, id) {
			look()
			p.Move(7)
			p.Scroll(1 << 30)
			look()
		}
	}
	p.do(p.Search("a"))
	harmless(t, p.View(79, 20, false), 79, 20, own)
	p.press(t, keymap.ReaderNext)
	look()
	p.do(p.Search(""))
}

// compareView looks at two messages beside each other.
func compareView(t testing.TB, p *place, a, b Message, own map[string]bool) {
	t.Helper()
	p.do(p.Compare(a, b))
	d := p.asked.(*comparison)
	for _, size := range [][2]int{{76, 20}, {136, 36}} {
		for range 2 {
			d.jump(1)
			box := d.View(size[0], size[1])
			h := strings.Count(box, "\n") + 1
			if h > size[1] {
				t.Fatalf("%d lines, there is room for %d", h, size[1])
			}
			harmless(t, box, size[0], h, own)
			d.paths, d.all = !d.paths, true
			d.arrange()
		}
	}
}

func TestHostileBodiesAreHarmlessInEveryView(t *testing.T) {
	own, p := styles(), open(t)
	for name, body := range hostile(t, 1<<10) {
		t.Run(name, func(t *testing.T) {
			m := hostileMessage(name, body)
			inEveryView(t, p, m, own)
			other := hostileMessage(name+"2", strings.Replace(body, "a", "\x1b[32mb\u202e", 3))
			compareView(t, p, m, other, own)
		})
	}
}

func FuzzReader(f *testing.F) {
	for _, body := range hostile(f, 100) {
		if len(body) < 10_000 {
			f.Add(body, "a", uint8(len(body)))
		}
	}
	own, p := styles(), open(f)
	f.Fuzz(func(t *testing.T, body, find string, how uint8) {
		p.Clear()
		m := hostileMessage("fuzz", body)
		p.do(p.Show(m))
		p.do(p.Search(find))
		harmless(t, p.View(40, 12, true), 40, 12, own)
		for i := range 3 {
			p.press(t, everyView[(int(how)+i)%len(everyView)])
			harmless(t, p.View(60, 12, true), 60, 12, own)
		}
		p.do(p.Search(""))
		if how%4 == 0 {
			compareView(t, p, m, hostileMessage("other", find+body), own)
		}
	})
}

// mebibytes are bodies of about 1 MiB, as people send them and as nobody should.
func mebibytes(b *testing.B) map[string]string {
	const size = 1 << 20
	var orders strings.Builder
	orders.WriteString(`{"orders":[`)
	for i := 0; orders.Len() < size*4/5; i++ {
		fmt.Fprintf(&orders, `{"id":%d,"name":"order \u00e9","customer":{"email":"a%d@example.com"},"lines":[{"sku":"A-%d","n":1.5}]},`, i, i*7919%104729, i)
	}
	orders.WriteString(`null]}`)
	bodies := map[string]string{
		"JSON on a line": orders.String(),
		"JSON in SNS":    `{"Type":"Notification","MessageId":"m","TopicArn":"arn","Message":` + document.Quote(orders.String()) + `}`,
		"one string":     `{"k":"` + strings.Repeat("x", size) + `"}`,
		"one line":       strings.Repeat("a line without an end ", size/22),
		"XML":            "<a>" + strings.Repeat("<b c=\"d\">text</b>", size/18) + "</a>",
		"gzip of 4 MiB":  gzipped(strings.Repeat(orders.String()[:size/2], 8)),
	}
	for name, body := range hostile(b, size) {
		if len(body) >= 10_000 {
			bodies[name] = body
		}
	}
	return bodies
}

// BenchmarkOpen is all from the message to its first frame.
func BenchmarkOpen(b *testing.B) {
	for name, body := range mebibytes(b) {
		b.Run(name, func(b *testing.B) {
			p := open(b)
			p.View(100, 50, true)
			m := hostileMessage(name, body)
			for b.Loop() {
				p.Clear()
				p.do(p.Show(m))
				p.View(100, 50, true)
			}
		})
	}
}

// BenchmarkScroll is a step of the cursor in such a body.
func BenchmarkScroll(b *testing.B) {
	for name, body := range mebibytes(b) {
		b.Run(name, func(b *testing.B) {
			p := open(b)
			p.do(p.Show(hostileMessage(name, body)))
			p.View(100, 50, true)
			p.Move(500)
			for b.Loop() {
				p.Move(1)
				p.View(100, 50, true)
			}
		})
	}
}

// BenchmarkCompare is all from two messages to the first frame of what differs.
func BenchmarkCompare(b *testing.B) {
	for name, body := range mebibytes(b) {
		if strings.Contains(name, ".json") {
			continue
		}
		other := strings.Replace(strings.Replace(body, "a", "bb", 1), "9", "7", 5)
		b.Run(name, func(b *testing.B) {
			p := open(b)
			for b.Loop() {
				p.do(p.Compare(message(body), message(other)))
				p.asked.View(136, 36)
			}
		})
	}
}
