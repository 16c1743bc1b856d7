package decode

import (
	"bytes"
	"compress/gzip"
	"compress/zlib"
	"context"
	"encoding/base64"
	"encoding/binary"
	"encoding/json"
	"net/url"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/klauspost/compress/zstd"

	"sqscope/backend"
	"sqscope/backend/config"
	"sqscope/backend/decode/document"
)

func gzipped(s string) string {
	var b bytes.Buffer
	w := gzip.NewWriter(&b)
	_, _ = w.Write([]byte(s)) // a buffer takes all
	_ = w.Close()
	return b.String()
}

func zlibbed(s string) string {
	var b bytes.Buffer
	w := zlib.NewWriter(&b)
	_, _ = w.Write([]byte(s))
	_ = w.Close()
	return b.String()
}

func zstded(s string) string {
	var b bytes.Buffer
	w, err := zstd.NewWriter(&b, zstd.WithEncoderConcurrency(1))
	if err != nil {
		panic(err)
	}
	_, _ = w.Write([]byte(s))
	_ = w.Close()
	return b.String()
}

func base64ed(s string) string { return base64.StdEncoding.EncodeToString([]byte(s)) }

func snsed(s string) string {
	return `{"Type":"Notification","MessageId":"m-1","TopicArn":"arn:aws:sns:eu-west-1:123456789012:orders","Subject":"hello",` +
		`"Message":` + document.Quote(s) + `,"Timestamp":"2026-11-22T10:00:00Z","MessageAttributes":{"kind":{"Type":"String","Value":"new"}}}`
}

func eventBridged(detail string) string {
	return `{"version":"0","id":"e-1","detail-type":"Order placed","source":"shop","account":"123456789012","time":"2026-11-22T10:00:00Z","region":"eu-west-1","resources":[],"detail":` + detail + `}`
}

// field is a field of a protobuf message that holds bytes.
func field(number int, s string) string {
	b := binary.AppendUvarint(nil, uint64(number)<<3|2)
	return string(binary.AppendUvarint(b, uint64(len(s)))) + s
}

const order = `{"order":{"id":7,"total":100.50}}`

// TestBodiesAreOpenedLayerByLayer has for each body what its layers are called and
// what the innermost says.
func TestBodiesAreOpenedLayerByLayer(t *testing.T) {
	lambda := func(records string) string { return `{"Records":[` + records + `]}` }
	sqsRecord := `{"messageId":"m","body":` + document.Quote(order) + `,"eventSource":"aws:sqs"}`
	proto := field(1, "an order") + "\x10\x96\x01" + field(3, field(1, "nested")+"\x11\x00\x00\x00\x00\x00\x00\xf8\x3f") + "\x10\x01" + field(4, "\x01\xff")
	for name, test := range map[string]struct{ body, chain, last string }{
		"JSON":                         {order, "JSON", order},
		"JSON with a byte order mark":  {"\uFEFF" + order, "JSON", "\uFEFF" + order},
		"a number":                     {"123", "JSON", "123"},
		"plain text":                   {"order 7 was placed", "text", "order 7 was placed"},
		"a word":                       {"password", "text", "password"},
		"a UUID":                       {"550e8400-e29b-41d4-a716-446655440000", "text", "550e8400-e29b-41d4-a716-446655440000"},
		"a digest":                     {"d41d8cd98f00b204e9800998ecf8427e", "text", "d41d8cd98f00b204e9800998ecf8427e"},
		"a JSON string of text":        {`"hello"`, "JSON", `"hello"`},
		"JSON in a string":             {document.Quote(order), "JSON in a string › JSON", order},
		"JSON in a string in a string": {document.Quote(document.Quote(order)), "JSON in a string › JSON in a string › JSON", order},
		"SNS":                          {snsed(order), "SNS notification › JSON", order},
		"SNS with text":                {snsed("hi"), "SNS notification › text", "hi"},
		"an SNS confirmation":          {`{"Type":"SubscriptionConfirmation","MessageId":"m","Token":"t","TopicArn":"a","Message":"You …"}`, "SNS notification", `{"Type":"SubscriptionConfirmation","MessageId":"m","Token":"t","TopicArn":"a","Message":"You …"}`},
		"what only looks like SNS":     {`{"Type":"Notification","Message":"x"}`, "JSON", `{"Type":"Notification","Message":"x"}`},
		"EventBridge":                  {eventBridged(order), "EventBridge event › JSON", order},
		"EventBridge in SNS":           {snsed(eventBridged(order)), "SNS notification › EventBridge event › JSON", order},
		"an S3 event":                  {lambda(`{"eventSource":"aws:s3","eventName":"ObjectCreated:Put"}`), "S3 event", lambda(`{"eventSource":"aws:s3","eventName":"ObjectCreated:Put"}`)},
		"S3's test event":              {`{"Service":"Amazon S3","Event":"s3:TestEvent","Bucket":"b"}`, "S3 event", `{"Service":"Amazon S3","Event":"s3:TestEvent","Bucket":"b"}`},
		"one record":                   {lambda(sqsRecord), "Lambda event › JSON", order},
		"two records":                  {lambda(sqsRecord + "," + sqsRecord), "Lambda event", lambda(sqsRecord + "," + sqsRecord)},
		"an SNS record":                {lambda(`{"EventSource":"aws:sns","Sns":{"Message":"hi"}}`), "Lambda event › text", "hi"},
		"a destination":                {`{"version":"1.0","requestContext":{"condition":"RetriesExhausted"},"requestPayload":` + lambda(sqsRecord) + `}`, "Lambda destination record › Lambda event › JSON", order},
		"a received message":           {`{"MessageId":"m","MD5OfBody":"x","Body":"hi"}`, "SQS message › text", "hi"},
		"an exported line":             {`{"messageId":"m","md5OfBody":"x","body":"hi"}`, "SQS message › text", "hi"},
		"a Celery task":                {`{"body":` + document.Quote(base64ed(`[[1],{},{}]`)) + `,"content-encoding":"utf-8","content-type":"application/json","headers":{"task":"t"},"properties":{"body_encoding":"base64"}}`, "Celery task › base64 › JSON", `[[1],{},{}]`},
		"an S3 pointer":                {`["software.amazon.payloadoffloading.PayloadS3Pointer",{"s3BucketName":"b","s3Key":"k"}]`, "S3 pointer", `["software.amazon.payloadoffloading.PayloadS3Pointer",{"s3BucketName":"b","s3Key":"k"}]`},
		"an old S3 pointer in SNS":     {snsed(`["com.amazon.sqs.javamessaging.MessageS3Pointer", {"s3BucketName":"b","s3Key":"k"}]`), "SNS notification › S3 pointer", `["com.amazon.sqs.javamessaging.MessageS3Pointer", {"s3BucketName":"b","s3Key":"k"}]`},
		"base64 of JSON":               {base64ed(order), "base64 › JSON", order},
		"base64 of {}":                 {"e30=", "base64 › JSON", "{}"},
		"base64 of text":               {base64ed("order 7 was placed"), "base64 › text", "order 7 was placed"},
		"base64 for URLs":              {base64.RawURLEncoding.EncodeToString([]byte("<<???>> was placed")), "base64 › text", "<<???>> was placed"},
		"base64 on lines":              {base64ed(order)[:20] + "\r\n" + base64ed(order)[20:] + "\n", "base64 › JSON", order},
		"base64 of gzip":               {base64ed(gzipped(order)), "base64 › gzip › JSON", order},
		"base64 of zlib":               {base64ed(zlibbed(order)), "base64 › zlib › JSON", order},
		"base64 of base64":             {base64ed(base64ed(order)), "base64 › base64 › JSON", order},
		"base64 of protobuf":           {base64ed(proto), "base64 › protobuf", proto},
		"gzip":                         {gzipped(order), "gzip › JSON", order},
		"an empty gzip":                {gzipped(""), "gzip › text", ""},
		"zstd":                         {zstded(order), "zstd › JSON", order},
		"base64 of zstd":               {base64ed(zstded(order)), "base64 › zstd › JSON", order},
		"a form":                       {"id=7&name=a+b%21&id=8", "URL-encoded form", "id=7&name=a+b%21&id=8"},
		"a form with JSON":             {"token=x&payload=" + url.QueryEscape(order), "URL-encoded form › JSON", order},
		"an assignment":                {"a=b", "text", "a=b"},
		"a sum":                        {"1 + 1 = 2 & more", "text", "1 + 1 = 2 & more"},
		"percent-encoded JSON":         {url.PathEscape(order), "percent-encoding › JSON", order},
		"XML":                          {`<?xml version="1.0"?><a><b x="1>0">t</b></a>`, "XML", `<?xml version="1.0"?><a><b x="1>0">t</b></a>`},
		"what is not quite XML":        {"<a><b></a>", "text", "<a><b></a>"},
		"protobuf":                     {proto, "protobuf", proto},
		"binary":                       {"\x89PNG\r\n\x1a\n\x00\x00", "binary", "\x89PNG\r\n\x1a\n\x00\x00"},
		"nothing":                      {"", "text", ""},
	} {
		t.Run(name, func(t *testing.T) {
			r := Decode(t.Context(), test.body, nil)
			if r.Chain() != test.chain || r.Last().Bytes != test.last {
				t.Errorf("it is %s, and says %q", r.Chain(), r.Last().Bytes)
			}
			if r.Body() != test.body {
				t.Errorf("the body has become %q", r.Body())
			}
			if r.Stop != StopWhole {
				t.Errorf("stopped: %s", r.Stop.Words())
			}
			var want any
			if (*r.Last()).Doc != nil && r.Last().Kind != Protobuf && r.Last().Kind != Form {
				d := json.NewDecoder(strings.NewReader(strings.TrimPrefix(test.last, "\uFEFF")))
				d.UseNumber()
				if err := d.Decode(&want); err != nil {
					t.Fatal(err)
				}
				if diff := cmp.Diff(want, r.Value()); diff != "" {
					t.Error(diff)
				}
			}
		})
	}
}

func TestFormsAndProtobufAreShownAsObjects(t *testing.T) {
	proto := field(1, "an order") + "\x10\x96\x01" + field(3, field(1, "nested")+"\x11\x00\x00\x00\x00\x00\x00\xf8\x3f") + "\x10\x01" + field(4, "\x01\xff")
	for body, want := range map[string]string{
		"id=7&name=a+b%21&id=8": `{"id":["7","8"],"name":"a b!"}`,
		proto:                   `{"1":"an order","2":[150,1],"3":{"1":"nested","2":"0x3ff8000000000000 (double 1.5)"},"4":"0x01ff"}`,
	} {
		if got := Decode(t.Context(), body, nil).Last().Doc.Source(); got != want {
			t.Errorf("got %s", got)
		}
	}
}

func TestXMLIsIndented(t *testing.T) {
	body := `<?xml version="1.0"?><!-- c --><a x="1"><b>t</b><c/><d><![CDATA[<x>]]></d>mixed<e></e></a>`
	want := "<?xml version=\"1.0\"?>\n<!-- c -->\n<a x=\"1\">\n  <b>t</b>\n  <c/>\n  <d><![CDATA[<x>]]></d>\n  mixed\n  <e></e>\n</a>"
	if diff := cmp.Diff(want, Decode(t.Context(), body, nil).Last().Text()); diff != "" {
		t.Error(diff)
	}
}

func TestBytesAreShownInHex(t *testing.T) {
	s := Decode(t.Context(), "\x89PNG\r\n\x1a\n\x00", nil).Last()
	want := "00000000  89 50 4e 47 0d 0a 1a 0a  .PNG....\n00000008  00                       ."
	if diff := cmp.Diff(want, s.Hex(8)); diff != "" {
		t.Error(diff)
	}
	large := Decode(t.Context(), strings.Repeat("\x00", 1<<20+5), nil).Last().Hex(16)
	if !strings.HasSuffix(large, "................\n… and 5 bytes more") {
		t.Errorf("it ends with %q", large[len(large)-60:])
	}
}

func TestAnEnvelopeTellsWhatItKnows(t *testing.T) {
	pointer := `["software.amazon.payloadoffloading.PayloadS3Pointer",{"s3BucketName":"big","s3Key":"a/b"}]`
	attributes := map[string]backend.MessageAttribute{"ExtendedPayloadSize": {DataType: "Number", StringValue: backend.Some("300000")}}
	for body, want := range map[string][]Fact{
		snsed("x"): {
			{"topic", "arn:aws:sns:eu-west-1:123456789012:orders"},
			{"subject", "hello"},
			{"type", "Notification"},
			{"message id", "m-1"},
			{"published", "2026-11-22T10:00:00Z"},
			{"attribute kind", "new"},
		},
		`{"Records":[{"eventSource":"aws:s3","eventName":"ObjectCreated:Put","s3":{"bucket":{"name":"b"},"object":{"key":"k","size":9}}}]}`: {{"records", "1"}, {"record 1", "ObjectCreated:Put s3://b/k, 9 bytes"}},
		pointer:                     {{"body in", "s3://big/a/b"}, {"bytes", "300000"}},
		"\x89PNG\r\n\x1a\n\x00\x00": {{"bytes", "10"}, {"looks like", "a PNG picture"}},
	} {
		if diff := cmp.Diff(want, Decode(t.Context(), body, attributes).Facts(0)); diff != "" {
			t.Errorf("%.60s: %s", body, diff)
		}
	}
}

func TestLimitsStopTheChainAndSayWhy(t *testing.T) {
	bomb := gzipped(strings.Repeat("0", 9<<20))
	cancelled, cancel := context.WithCancel(t.Context())
	cancel()
	nine := order
	for range 9 {
		nine = document.Quote(nine)
	}
	for name, test := range map[string]struct {
		ctx    context.Context
		limits Limits
		body   string
		want   Stop
		stages int
	}{
		"a bomb":                   {t.Context(), Limits{}, bomb, StopUnpacked, 1},
		"a bomb in a bomb":         {t.Context(), Limits{}, gzipped(bomb), StopUnpacked, 2},
		"a bomb in base64":         {t.Context(), Limits{}, base64ed(bomb), StopUnpacked, 2},
		"a zlib bomb in base64":    {t.Context(), Limits{}, base64ed(zlibbed(strings.Repeat("0", 9<<20))), StopUnpacked, 2},
		"just as much":             {t.Context(), Limits{Unpacked: 1000}, gzipped(strings.Repeat("0", 1000)), StopWhole, 2},
		"one byte more":            {t.Context(), Limits{Unpacked: 1000}, gzipped(strings.Repeat("0", 1001)), StopUnpacked, 1},
		"together too much":        {t.Context(), Limits{Unpacked: 1000}, gzipped(gzipped(strings.Repeat("0", 990))), StopUnpacked, 2},
		"many layers":              {t.Context(), Limits{}, nine, StopStages, 8},
		"no time":                  {cancelled, Limits{}, order, StopContext, 1},
		"half a gzip":              {t.Context(), Limits{}, gzipped(order)[:20], StopBroken, 1},
		"a gzip with a bad digest": {t.Context(), Limits{}, strings.Replace(gzipped(order), gzipped(order)[len(gzipped(order))-8:], "12345678", 1), StopBroken, 1},
		"half a zstd":              {t.Context(), Limits{}, zstded(order)[:20], StopBroken, 1},
		"a zstd bomb":              {t.Context(), Limits{}, zstded(strings.Repeat("0", 9<<20)), StopUnpacked, 1},
		"a huge window of zstd":    {t.Context(), Limits{}, zstdMagic + "\x00\xa8" + strings.Repeat("\x00", 9), StopUnpacked, 1},
		"too deep":                 {t.Context(), Limits{}, strings.Repeat("[", 20_000) + strings.Repeat("]", 20_000), StopDepth, 1},
	} {
		t.Run(name, func(t *testing.T) {
			r := test.limits.Decode(test.ctx, test.body, nil)
			if r.Stop != test.want || len(r.Stages) != test.stages || (r.Stop != StopWhole) != (r.Stop.Words() != "") {
				t.Errorf("%s, %d stages: %q", r.Chain(), len(r.Stages), r.Stop.Words())
			}
		})
	}
}

// hostile are bodies of about that size that somebody made to do harm; those in
// testdata are as they came, others are too large for a file.
func hostile(t testing.TB, size int) map[string]string {
	bodies := map[string]string{
		"deep":              strings.Repeat("[", size/2) + strings.Repeat("]", size/2),
		"deepest":           strings.Repeat("[", 9_999) + strings.Repeat("]", 9_999),
		"many deep":         "[" + strings.Repeat(strings.Repeat("[", 9_000)+strings.Repeat("]", 9_000)+",", size/18_000) + "1]",
		"deep objects":      strings.Repeat(`{"a":`, 9_999) + "1" + strings.Repeat("}", 9_999),
		"one long string":   `"` + strings.Repeat("a", size) + `"`,
		"one long number":   strings.Repeat("9", size),
		"many small":        "[" + strings.Repeat("1,", size/2) + "1]",
		"many strings":      "[" + strings.Repeat(`"aaaaaaaa",`, size/11) + "1]",
		"many names":        "{" + strings.Repeat(`"a":{},`, size/7) + `"b":1}`,
		"backslashes":       `"` + strings.Repeat(`\\`, size/2) + `"`,
		"surrogates":        `["` + strings.Repeat(`\ud800`, size/6) + `"]`,
		"open tags":         strings.Repeat("<a>", size/4) + strings.Repeat("</a>", size/16),
		"deep XML":          strings.Repeat("<a>", size/7) + strings.Repeat("</a>", size/7),
		"a doctype":         "<!DOCTYPE a [" + strings.Repeat("<!ENTITY x '", size/12) + ">",
		"ampersands":        strings.Repeat("a=1&", size/4) + "a=1",
		"percents":          "a=" + strings.Repeat("%41", size/3) + "&b=1",
		"gzip bomb":         gzipped(strings.Repeat("0", 16<<20)),
		"zstd bomb":         zstded(strings.Repeat("0", 16<<20)),
		"zlib bomb":         zlibbed(strings.Repeat("0", 16<<20)),
		"many bombs":        "[" + strings.Repeat(document.Quote(base64ed(zlibbed(strings.Repeat("0", 1<<20))))+",", size/1700) + "1]",
		"strings in string": document.Quote(document.Quote(document.Quote(document.Quote(document.Quote(document.Quote(strings.Repeat(`{"a":1}`, 1000))))))),
		"not UTF-8":         strings.Repeat("\xff\xfe\xc0\x80", size/4),
		"NULs":              strings.Repeat("\x00", size),
		"protobuf, deep":    strings.Repeat("\x0a\x7f", size/2),
		"protobuf, many":    strings.Repeat("\x08\x01", size/2) + field(2, "text"),
	}
	base := order
	for len(base64ed(base)) < size {
		base = base64ed(base)
	}
	bodies["base64 of base64"] = base
	files, err := filepath.Glob("testdata/hostile/*")
	if err != nil || len(files) == 0 {
		t.Fatalf("no hostile bodies: %v", err)
	}
	for _, f := range files {
		data, err := os.ReadFile(f)
		if err != nil {
			t.Fatal(err)
		}
		bodies[filepath.Base(f)] = string(data)
	}
	return bodies
}

func TestHostileBodiesAreReadInTime(t *testing.T) {
	for name, body := range hostile(t, 128<<10) {
		t.Run(name, func(t *testing.T) {
			start := time.Now()
			r := Decode(t.Context(), body, nil)
			for i := range r.Stages {
				if n := len(r.Stages[i].Text()); n > 16<<20 {
					t.Errorf("stage %d is laid out as %d bytes", i, n)
				}
				r.Facts(i)
			}
			r.Value()
			if r.Body() != body {
				t.Error("the body has changed")
			}
			Masked(t.Context(), r, []config.Mask{{Mode: "deny", Paths: []string{".a.a", ".[][].a"}}})
			// The benchmarks measure; this finds what is of another order.
			if took := time.Since(start); took > 2*time.Second {
				t.Errorf("it took %v", took)
			}
		})
	}
}

func FuzzDecode(f *testing.F) {
	for _, s := range []string{
		order, snsed(order), eventBridged(order), base64ed(gzipped(order)), zstded(order), zstded(order)[:20], gzipped(order), zlibbed(order), "a=1&b=%7B%7D", "<a><b/>x</a>",
		"%7B%22a%22:1%7D", field(1, "text") + "\x10\x01", document.Quote(document.Quote(order)), `{"Records":[{"eventSource":"aws:s3"}]}`,
	} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, body string) {
		r := Limits{Unpacked: 1 << 20}.Decode(t.Context(), body, nil)
		if r.Body() != body || len(r.Stages) > 8 {
			t.Fatalf("%q, %d stages", r.Body(), len(r.Stages))
		}
		r.Value()
		for i := range r.Stages {
			r.Stages[i].Text()
			r.Facts(i)
		}
	})
}
