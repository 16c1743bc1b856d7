package ui

import (
	"bytes"
	"compress/gzip"
	"context"
	"encoding/base64"
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
	"time"
	"unicode"

	"sqscope/backend"
	"sqscope/backend/config"
	"sqscope/backend/journal"
	"sqscope/backend/rules"
)

// TestFramesOfTheReader keeps the look of a message in each form.
func TestFramesOfTheReader(t *testing.T) {
	t.Parallel()
	inEveryLook(t, setup{fill: mixed, masks: hiding}, readerFrames)
}

var hiding = []config.Mask{{Queues: "mixed*", Mode: "deny", Paths: []string{".customer.email"}}}

// notification is what SNS sends for a message.
func notification(message string) string {
	quoted, err := json.Marshal(message)
	if err != nil {
		panic(err)
	}
	return `{"Type":"Notification","MessageId":"9c1f2e0a-0000-4000-8000-000000000001","TopicArn":"arn:aws:sns:eu-west-1:123456789012:orders-placed","Subject":"order placed","Message":` +
		string(quoted) + `,"Timestamp":"2026-11-22T10:00:00.000Z","SignatureVersion":"1","MessageAttributes":{"tenant":{"Type":"String","Value":"acme"}}}`
}

func zipped(s string) string {
	var b bytes.Buffer
	w := gzip.NewWriter(&b)
	_, _ = w.Write([]byte(s)) // a buffer takes all
	_ = w.Close()
	return base64.StdEncoding.EncodeToString(b.Bytes())
}

const customerOrder = `{"orderId":"A-1042","customer":{"name":"Müller","email":"m@example.com"},"total":129.50,"paid":true,"note":"ring twice\u202e","items":[{"sku":"tea","qty":2},{"sku":"milk","qty":1,"gift":null}],"tags":[]}`

// mixed is a queue with a message of each sort, in this order.
func mixed(t *testing.T, sqs backend.SQS) {
	t.Helper()
	queue(t, sqs, "mixed", nil)
	attributes := map[string]backend.MessageAttribute{
		"source":      {DataType: "String", StringValue: backend.Some("web")},
		"tries":       {DataType: "Number.int", StringValue: backend.Some("3")},
		"fingerprint": {DataType: "Binary.sha", BinaryValue: []byte{0xff, 0x00, 0x10, 0x7f}},
		"evil":        {DataType: "String", StringValue: backend.Some("line\nid        forged \u202e")},
		"long":        {DataType: "String", StringValue: backend.Some(strings.Repeat("a long value goes on ", 20))},
	}
	for i, body := range []string{
		customerOrder,
		notification(zipped(customerOrder)),
		`<?xml version="1.0"?><order id="7"><item sku="tea">2</item><note>ring <b>twice</b></note></order>`,
		"plain text\twith \u009b31m and \u202e bidi and joined 👩‍💻 emoji\nin two lines",
		base64.StdEncoding.EncodeToString([]byte("\x89PNG\r\n\x1a\n\x00\x00\x00\x0dIHDR" + strings.Repeat("\x00\x01\xfe", 40))),
		strings.Replace(customerOrder, `"qty":2`, `"qty":3,"gift":true`, 1),
	} {
		in := backend.SendMessageInput{QueueUrl: url(t, sqs, "mixed"), MessageBody: body}
		if i == 0 {
			in.MessageAttributes = attributes
		}
		if _, err := sqs.SendMessage(t.Context(), in); err != nil {
			t.Fatal(err)
		}
		time.Sleep(time.Second) // of the virtual clock: so the list is in this order
	}
}

func readerFrames(t *testing.T, name string, s setup) string {
	var all strings.Builder
	onScreen(t, s, func(t *testing.T, d *desk) {
		take := func(what string) {
			d.Settle()
			d.PNG(name + "-reader-" + what)
			fmt.Fprintf(&all, "── %s\n%s\n", what, d.Text())
		}
		d.Press("Z", "p", "Enter")
		d.Wait(2 * time.Second)
		d.Press("g", "Enter")
		take("json")
		d.Press("h")
		take("head")
		d.Press("h", "-", "j", "j")
		take("folded")
		d.Press("=", "/")
		d.Type("milk")
		d.Press("Enter")
		take("found")
		d.Press("v")
		take("raw")
		d.Press("v", "u")
		take("unmask")
		d.Press("Esc", "Esc", "j", "Enter")
		take("wrapped")
		d.Press("[", "[")
		take("layer")
		d.Press("Esc", "j", "Enter")
		take("xml")
		d.Press("Esc", "j", "Enter")
		take("text")
		d.Press("Esc", "j", "Enter")
		take("binary")
		d.Press("Esc", "g", "Space", "G", "Space", "|")
		take("compared")
		d.Press("Tab")
		take("compared-by-path")
	})
	return all.String()
}

// acts are those in the journal of the program.
func acts(t *testing.T, d *desk) []journal.Entry {
	t.Helper()
	r, err := journal.New(d.kept, journal.Options{}).Newest()
	if err != nil {
		t.Fatal(err)
	}
	page, err := r.Next(t.Context(), 100)
	if err != nil {
		t.Fatal(err)
	}
	return page.Entries
}

func TestWhatMasksHideIsNowhere(t *testing.T) {
	onScreen(t, setup{w: 140, h: 40, fill: mixed, masks: hiding}, func(t *testing.T, d *desk) {
		var given []string
		d.model.opts.Copy = func(s string) error { given = append(given, s); return nil }
		d.Press("Enter")
		d.Wait(2 * time.Second)
		d.Press("g", "Enter")
		d.Shows(`"email": "•••"`, "masked", "Müller")
		for _, keys := range [][]string{{"v"}, {"v"}, {"B"}, {"B"}, {"h"}, {"h"}, {"y"}, {"|"}, {"Tab"}, {"Esc"}} {
			d.Press(keys...)
			d.Settle()
			d.Hides("m@example", "6d 40 65 78")
		}
		d.Press("/")
		d.Type("example")
		d.Press("Enter")
		d.Shows("no match")
		d.Press("Esc", "j", "Enter") // in gzip, in base64, in SNS
		d.Shows("masked", `"email": "•••"`)
		for range 3 {
			d.Press("[")
			d.Hides("m@example", "H4sI")
		}
		for _, s := range given {
			if strings.Contains(s, "m@example") {
				t.Errorf("it was copied: %s", s)
			}
		}
	})
}

func TestWhatIsHiddenIsShownOnceTheJournalHasIt(t *testing.T) {
	onScreen(t, setup{w: 140, h: 40, fill: mixed, masks: hiding}, func(t *testing.T, d *desk) {
		d.Press("Enter")
		d.Wait(2 * time.Second)
		d.Press("g", "Enter", "u")
		d.Shows("Show what the masks hide?", "journal")
		d.Press("Esc")
		d.Hides("m@example.com")
		if n := len(acts(t, d)); n != 0 {
			t.Errorf("%d acts are in the journal of one who did nothing", n)
		}
		d.Press("u", "Enter")
		d.Shows("m@example.com", "UNMASKED")
		kept := acts(t, d)
		if len(kept) != 1 || kept[0].Act.Name != journal.RevealMask || !strings.HasSuffix(kept[0].Act.Queue, ":mixed") || len(kept[0].Act.Messages) != 1 || kept[0].Act.Messages[0].ID == "" {
			t.Errorf("the journal has %+v", kept)
		}
		if all, err := os.ReadFile(only(t, d.kept)); err != nil || bytes.Contains(all, []byte("example.com")) {
			t.Errorf("the journal says what is hidden: %s, %v", all, err)
		}
		d.Press("Esc", "j")
		d.Wait(time.Second)
		d.Press("k")
		d.Wait(time.Second)
		d.Hides("m@example.com", "UNMASKED") // it was for that once
		d.Press("Enter", "j", "u", "Enter", "u")
		d.Hides("m@example.com")
	})
}

// only is the one file in a folder.
func only(t *testing.T, dir string) string {
	t.Helper()
	files, err := filepath.Glob(filepath.Join(dir, "*.jsonl"))
	if err != nil || len(files) != 1 {
		t.Fatalf("%v, %v", files, err)
	}
	return files[0]
}

func TestNothingIsUnmaskedThatTheJournalCannotKeep(t *testing.T) {
	onScreen(t, setup{w: 140, h: 40, fill: mixed, masks: hiding}, func(t *testing.T, d *desk) {
		if err := os.RemoveAll(d.kept); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(d.kept, nil, 0o600); err != nil { // where its folder should be
			t.Fatal(err)
		}
		d.Press("Enter")
		d.Wait(2 * time.Second)
		d.Press("g", "Enter", "u", "Enter")
		d.Wait(time.Second)
		d.Hides("m@example.com")
		d.Shows("✗", "masked")
	})
}

func TestLayersAreReadOneByOne(t *testing.T) {
	onScreen(t, setup{w: 140, h: 40, fill: mixed}, func(t *testing.T, d *desk) {
		d.Press("Enter")
		d.Wait(2 * time.Second)
		d.Press("g", "j", "Enter")
		d.Shows("SNS notification › base64 › gzip › [JSON]", "arn:aws:sns:eu-west-1", "order placed", "acme", `"orderId": "A-1042"`)
		d.Press("[")
		d.Shows("› [gzip] ›", "1f 8b 08")
		d.Press("[")
		d.Shows("› [base64] ›", "H4sI")
		d.Press("[")
		d.Shows("[SNS notification] ›", `"SignatureVersion": "1"`)
		d.Press("j")
		d.Shows("(.body | fromjson).Type")
		d.Press("[")
		d.Shows("this is the outermost layer")
		d.Press("v")
		d.Shows("body as it came", `{"Type":"Notification"`)
	})
}

func TestThePathUnderTheCursorIsAQueryForTheValue(t *testing.T) {
	onScreen(t, setup{w: 140, h: 40, fill: mixed}, func(t *testing.T, d *desk) {
		copied := ""
		d.model.opts.Copy = func(s string) error { copied = s; return nil }
		d.Press("Enter")
		d.Wait(2 * time.Second)
		d.Press("g", "Enter", "/")
		d.Type("milk")
		d.Press("Enter")
		d.Shows(".json.items[1].sku", "1/1")
		d.Press(".")
		d.Wait(time.Second)
		if copied != ".json.items[1].sku" {
			t.Errorf("copied %q", copied)
		}
		d.Press("Left", "Left")
		d.Shows(".json.items", "2 elements")
		d.Press("Right")
		d.Shows("tea")
		d.Hides("milk")
		d.Press("/", "C-u")
		d.Type("/a-[0-9]+/i")
		d.Press("Enter")
		d.Shows("1/1", ".json.orderId")
		d.Press("/", "C-u")
		d.Type("/a-[/")
		d.Shows("✗", "missing closing ]")
	})
}

func TestTwoMessagesAreComparedSideBySide(t *testing.T) {
	onScreen(t, setup{w: 140, h: 40, fill: mixed}, func(t *testing.T, d *desk) {
		d.Press("Enter")
		d.Wait(2 * time.Second)
		d.Press("g", "Space", "j", "Space", "Space", "|")
		d.Shows("compare: two messages are compared, and 3 are marked")
		d.Press("k", "Space", "k", "k", "Space", "G", "Space", "|")
		d.Shows("Two messages compared", "~ .json.items[0].qty", "+ .json.items[0].gift", `"qty": 2 `, `"gift": true`, "lines the same")
		d.Press("Tab")
		d.Shows("- .messageAttributes.tries", "3  (Number.int)")
		d.Press("Tab", "Space")
		d.Shows(`"orderId": "A-1042"`)
		d.Resize(80, 24)
		d.Press("n")
		d.Shows(`-       "qty": 2`, `+       "qty": 3`)
		d.Press("Esc")
		d.Hides("Two messages compared")
		d.Shows("Queues / mixed")
	})
}

// corrupt is a queue whose messages come with other bodies than were sent.
type corrupt struct {
	backend.SQS
	bodies []string
}

func (c corrupt) ReceiveMessage(ctx context.Context, in backend.ReceiveMessageInput) (backend.ReceiveMessageOutput, error) {
	out, err := c.SQS.ReceiveMessage(ctx, in)
	for i := range out.Messages {
		m := &out.Messages[i]
		var n int
		if _, err := fmt.Sscan(m.Body, &n); err == nil {
			m.Body = c.bodies[n]
			m.MD5OfBody = rules.MD5OfBody(m.Body)
		}
	}
	return out, err
}

var ownStyle = regexp.MustCompile("\x1b\\[[0-9;:]*m")

// TestAHostileBodyIsHarmlessOnTheWholeScreen has the list with its previews, the
// reader, and the dialogs that quote a body, as the terminal gets them.
func TestAHostileBodyIsHarmlessOnTheWholeScreen(t *testing.T) {
	t.Parallel()
	files, err := filepath.Glob("../backend/decode/testdata/hostile/*")
	if err != nil || len(files) == 0 {
		t.Fatal(err)
	}
	var bodies []string
	for _, f := range files {
		data, err := os.ReadFile(f)
		if err != nil {
			t.Fatal(err)
		}
		bodies = append(bodies, string(data))
	}
	s := setup{w: 140, h: 40, remote: true, wrap: func(sqs backend.SQS) backend.SQS { return corrupt{sqs, bodies} }, fill: func(t *testing.T, sqs backend.SQS) {
		queue(t, sqs, "evil", nil)
		for i := range bodies {
			send(t, sqs, "evil", fmt.Sprint(i))
		}
	}}
	onScreen(t, s, func(t *testing.T, d *desk) {
		harmless := func() {
			frame, _ := d.camera.last()
			for _, r := range ownStyle.ReplaceAllString(frame, "") {
				if r != '\n' && unicode.In(r, unicode.Cc, unicode.Cf, unicode.Co, unicode.Zl, unicode.Zp) || r == unicode.ReplacementChar {
					t.Fatalf("%U on the screen:\n%s", r, d.Text())
				}
			}
		}
		d.Press("Enter", "l")
		d.Wait(5 * time.Second)
		d.Shows(fmt.Sprintf("saw %d", len(bodies)))
		harmless()
		for range bodies {
			for _, key := range []string{"Enter", "v", "v", "B", "B", "h", "h", "Esc", "|", "Esc", "x", "Esc", "j"} {
				d.Press(key)
				harmless()
			}
		}
	})
}
