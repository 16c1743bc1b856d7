package rules

import (
	"strings"
	"testing"
	"unicode/utf8"

	"pgregory.net/rapid"

	"sqscope/backend"
)

// refusedByTheBook is the rule of 3.2 word for word, one character at a time.
func refusedByTheBook(s string) int {
	for i := 0; i < len(s); {
		r, n := utf8.DecodeRuneInString(s[i:])
		ok := r == 0x9 || r == 0xA || r == 0xD || r >= 0x20 && r <= 0xD7FF || r >= 0xE000 && r <= 0xFFFD || r >= 0x10000
		if !ok || r == utf8.RuneError && n == 1 {
			return i
		}
		i += n
	}
	return -1
}

func TestBodyCharactersAreThoseOfTheBook(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		parts := rapid.SliceOfN(rapid.OneOf(
			rapid.StringMatching(`[ -~]{0,20}`),
			rapid.String(),
			rapid.SampledFrom([]string{"\t", "\r\n", "\x00", "\x1f", "\x7f", "\u0085", "é", "語語", "слово", "\xc3", "語\xe8", "\xe0\x80\x80", "\uf8ff", "\ufffd", "\ufffe", "\uffff", "😀", "\xff", "\xed\xa0\x80", "\xe8\xaa"}),
			rapid.Map(rapid.SliceOfN(rapid.Byte(), 0, 9), func(b []byte) string { return string(b) }),
		), 0, 8).Draw(t, "parts")
		body := strings.Join(parts, "")
		if got, want := firstRefused(body), refusedByTheBook(body); got != want {
			t.Fatalf("first refused of %q at %d, want %d", body, got, want)
		}
	})
}

func FuzzBody(f *testing.F) {
	for _, s := range []string{"", "plain", "line\r\n\tnext", "\x07", "seven77\x1f", "日本語", "\xed\xa0\x80", "\ufffe"} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, body string) {
		if got, want := firstRefused(body), refusedByTheBook(body); got != want {
			t.Fatalf("first refused of %q at %d, want %d", body, got, want)
		}
		if err := Body(body); err != nil && backend.CodeOf(err) != backend.ErrInvalidMessageContents {
			t.Fatalf("Body(%q) = %v", body, err)
		}
	})
}

// TestBodyThatIsNotUTF8IsRefusedByItsByte: it could not come back as it was.
func TestBodyThatIsNotUTF8IsRefusedByItsByte(t *testing.T) {
	for body, want := range map[string]string{
		"abc\xff":           "'#xFF'",
		"cut \xe8\xaa":      "'#xE8'",
		"half \xed\xa0\x80": "'#xED'",
	} {
		err := Body(body)
		if err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("Body(%q) = %v, want %s named", body, err, want)
		}
	}
}

func BenchmarkBody(b *testing.B) {
	for name, unit := range map[string]string{"ASCII": "abcdefgh", "JSON": "{\"a\": 1}\n", "Japanese": "日本語のテキスト", "Russian": "слова на русском "} {
		body := strings.Repeat(unit, 1024/len(unit)+1)[:1024]
		body = strings.ToValidUTF8(body, "")
		b.Run(name+"1KiB", func(b *testing.B) {
			b.SetBytes(int64(len(body)))
			for b.Loop() {
				if firstRefused(body) >= 0 {
					b.Fatal("refused")
				}
			}
		})
	}
}
