package awsline

import (
	"fmt"
	"strings"
	"unicode"
	"unicode/utf8"
)

// Quote joins words to a line that a POSIX shell takes apart into the same words.
// What is harmless stands as it is, what can be seen stands in '…', and a word
// with anything else, control characters above all, stands in $'…' with those
// bytes in octal, so that the line is one line and shows all that is in it. A
// word cannot have a NUL; it would end there. ($'…' is in POSIX since 2024; bash,
// zsh, ksh and busybox know it, dash does not.)
func Quote(words []string) string {
	var b strings.Builder
	for i, w := range words {
		if i > 0 {
			b.WriteByte(' ')
		}
		quote(&b, w)
	}
	return b.String()
}

func quote(b *strings.Builder, w string) {
	switch {
	case plain(w):
		b.WriteString(w)
	case visible(w):
		b.WriteByte('\'')
		b.WriteString(strings.ReplaceAll(w, "'", `'\''`))
		b.WriteByte('\'')
	default:
		b.WriteString("$'")
		escape(b, w)
		b.WriteByte('\'')
	}
}

// plain tells whether no shell sees anything in the word. A word that begins with
// = is a command's path to zsh, so = is harmless only later.
func plain(w string) bool {
	for i := range len(w) {
		c := w[i]
		letter := c >= 'a' && c <= 'z' || c >= 'A' && c <= 'Z' || c >= '0' && c <= '9'
		if !letter && !strings.ContainsRune("_@%+:,./-", rune(c)) && (c != '=' || i == 0) {
			return false
		}
	}
	return w != ""
}

// visible tells whether the word shows all that is in it.
func visible(w string) bool {
	for i, r := range w {
		if !unicode.IsPrint(r) || r == utf8.RuneError && !strings.HasPrefix(w[i:], string(utf8.RuneError)) {
			return false
		}
	}
	return true
}

// escape writes a word for between $' and '. The apostrophe and the exclamation
// mark are in octal too, because history expansion of an interactive shell does
// not understand this quoting everywhere.
func escape(b *strings.Builder, w string) {
	for len(w) > 0 {
		r, n := utf8.DecodeRuneInString(w)
		switch {
		case r == '\\':
			b.WriteString(`\\`)
		case r == '\n':
			b.WriteString(`\n`)
		case r == '\t':
			b.WriteString(`\t`)
		case r == '\r':
			b.WriteString(`\r`)
		case r != '\'' && r != '!' && unicode.IsPrint(r) && !invalid(r, n):
			b.WriteString(w[:n])
		default:
			for i := range n {
				fmt.Fprintf(b, `\%03o`, w[i])
			}
		}
		w = w[n:]
	}
}
