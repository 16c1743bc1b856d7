package awsline

import (
	"os/exec"
	"strings"
	"testing"
	"unicode"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"
)

// split takes a line apart with a real shell.
func split(t interface {
	Helper()
	Fatalf(string, ...any)
}, shell, line string,
) []string {
	t.Helper()
	out, err := exec.Command(shell, "-c", `printf '%s\0' `+line).Output()
	if err != nil {
		t.Fatalf("%s: %v\n%s", shell, err, line)
	}
	words := strings.Split(string(out), "\x00")
	return words[:len(words)-1]
}

// shells are those here that know the line's quoting.
func shells(line string) []string {
	var all []string
	for _, s := range []string{"bash", "zsh", "busybox sh", "sh"} {
		if s == "sh" && strings.Contains(line, "$'") {
			continue // dash does not know it
		}
		if _, err := exec.LookPath(s); err == nil {
			all = append(all, s)
		}
	}
	return all
}

func TestAShellTakesALineApartIntoItsWords(t *testing.T) {
	for _, in := range requests() {
		args, err := Args(aws, in)
		if err != nil {
			t.Fatal(err)
		}
		line := Quote(args)
		for _, shell := range shells(line) {
			if diff := cmp.Diff(args, split(t, shell, line)); diff != "" {
				t.Errorf("%s, %s (-want +got)\n%s", shell, line, diff)
			}
		}
	}
}

// checkQuote holds a word against what a shell makes of it.
func checkQuote(t interface {
	Helper()
	Fatalf(string, ...any)
}, words []string,
) {
	t.Helper()
	line := Quote(words)
	for _, r := range line {
		if r != unicode.ReplacementChar && !unicode.IsPrint(r) {
			t.Fatalf("%q has %U in it", line, r)
		}
	}
	for _, shell := range shells(line) {
		if diff := cmp.Diff(words, split(t, shell, line)); diff != "" {
			t.Fatalf("%s, %s (-want +got)\n%s", shell, line, diff)
		}
	}
}

func TestAnyBytesSurviveQuoting(t *testing.T) {
	var all []byte
	for b := 1; b < 256; b++ {
		all = append(all, byte(b))
	}
	checkQuote(t, []string{string(all), "", "=x", "~", "a'b", "'", "\\", "!x", "\x017", "\xff9", "é\u202e", "\ufffd", "\ufffd\x80", "#", "{a,b}", "$(x)"})
	rapid.Check(t, func(t *rapid.T) {
		word := rapid.Map(rapid.SliceOf(rapid.ByteRange(1, 255)), func(b []byte) string { return string(b) })
		checkQuote(t, rapid.SliceOfN(word, 1, 200).Draw(t, "words"))
	})
}

// Shells that are not here have their own ideas: zsh looks for a command's path
// behind a leading =.
func TestOnlyWhatIsHarmlessEverywhereIsUnquoted(t *testing.T) {
	got := Quote([]string{"a-Z_0@%+:,./", "a=b", "=b", "~", "", "*", "a b", "#"})
	if want := "a-Z_0@%+:,./ a=b '=b' '~' '' '*' 'a b' '#'"; got != want {
		t.Errorf("got %s, want %s", got, want)
	}
}

func FuzzQuote(f *testing.F) {
	f.Add("plain", "it's\n")
	f.Fuzz(func(t *testing.T, a, b string) {
		if strings.Contains(a+b, "\x00") {
			t.Skip("no word has a NUL")
		}
		checkQuote(t, []string{a, b})
	})
}
