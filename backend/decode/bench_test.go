package decode

import (
	"fmt"
	"net/url"
	"strings"
	"testing"

	"sqscope/backend/config"
	"sqscope/backend/decode/document"
)

// orders are n bytes of JSON on one line, nearly.
func orders(n int) string {
	var b strings.Builder
	b.WriteString(`{"orders":[`)
	for i := 0; b.Len() < n-120; i++ {
		fmt.Fprintf(&b, `{"id":%d,"name":"order \u00e9","customer":{"email":"a%d@example.com"},"lines":[{"sku":"A-%d","n":1.5}]},`, i, i*7919%104729, i)
	}
	b.WriteString(`null]}`)
	return b.String()
}

// mebibytes are bodies of 1 MiB of each kind.
func mebibytes() map[string]string {
	const size = 1 << 20
	var proto strings.Builder
	for proto.Len() < size-64 {
		proto.WriteString(field(1, field(1, "an order of something")+"\x10\x96\x01"))
	}
	return map[string]string{
		"JSON":        orders(size),
		"SNS":         snsed(orders(size - size/5)),
		"EventBridge": eventBridged(orders(size - 512)),
		"string":      document.Quote(orders(size - size/5)),
		"base64":      base64ed(orders(size * 3 / 4)),
		"gzip":        gzipped(orders(size * 4)),
		"zstd":        zstded(orders(size * 4)),
		"form":        "payload=" + url.QueryEscape(orders(size/2)),
		"XML":         "<a>" + strings.Repeat("<b c=\"d\">text</b>", size/18) + "</a>",
		"protobuf":    proto.String(),
		"text":        strings.Repeat("an order was placed\n", size/20),
		"binary":      strings.Repeat("\x00\x01\xff\xfeabc", size/7),
	}
}

func BenchmarkDecode(b *testing.B) {
	for name, body := range mebibytes() {
		b.Run(name, func(b *testing.B) {
			b.SetBytes(int64(len(body)))
			for b.Loop() {
				Decode(b.Context(), body, nil)
			}
		})
	}
}

// BenchmarkOpen is all that a reader needs for its first frame.
func BenchmarkOpen(b *testing.B) {
	for name, body := range mebibytes() {
		b.Run(name, func(b *testing.B) {
			for b.Loop() {
				r := Decode(b.Context(), body, nil)
				_ = r.Last().Text()
			}
		})
	}
}

func BenchmarkHostile(b *testing.B) {
	for name, body := range hostile(b, 1<<20) {
		if len(body) < 1<<10 {
			continue
		}
		b.Run(name, func(b *testing.B) {
			for b.Loop() {
				r := Decode(b.Context(), body, nil)
				_ = r.Last().Text()
			}
		})
	}
}

func BenchmarkMaskedHostile(b *testing.B) {
	masks := []config.Mask{{Mode: "deny", Paths: []string{".a.a", ".[][].a"}}}
	for name, body := range hostile(b, 1<<20) {
		if len(body) < 1<<10 {
			continue
		}
		b.Run(name, func(b *testing.B) {
			r := Decode(b.Context(), body, nil)
			for b.Loop() {
				Masked(b.Context(), r, masks)
			}
		})
	}
}

func BenchmarkMasked(b *testing.B) {
	masks := []config.Mask{{Mode: "deny", Paths: []string{".orders[].customer.email", ".customer.email"}}}
	for name, body := range mebibytes() {
		b.Run(name, func(b *testing.B) {
			r := Decode(b.Context(), body, nil)
			for b.Loop() {
				Masked(b.Context(), r, masks)
			}
		})
	}
}
