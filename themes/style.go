package themes

import (
	"fmt"
	"slices"
	"strconv"
	"strings"
)

// sixteen are the names of a terminal's own colours, in its order.
func sixteen() []string {
	return []string{
		"black", "red", "green", "yellow", "blue", "magenta", "cyan", "white",
		"grey", "brightred", "brightgreen", "brightyellow", "brightblue", "brightmagenta", "brightcyan", "brightwhite",
	}
}

// attributes are the words of a style beside its colour, and their codes.
func attributes() map[string]string {
	return map[string]string{"bold": "1", "italic": "3", "underline": "4", "reverse": "7"}
}

// styleHelp completes "expected …".
const styleHelp = `a colour, as "#rrggbb" or one of the terminal's own sixteen, with bold, italic, underline or reverse before it; "" for none`

// groundHelp is the same for a background.
const groundHelp = `"on" and a colour, as "on #rrggbb" or "on blue", or reverse or underline; "" for none`

// parse makes the sequence of a style: attributes and at most one colour, which
// for a background has "on" before it. An empty style is no sequence.
func parse(def string, ground bool) (sgr string, err error) {
	var codes []string
	words := strings.Fields(def)
	colours, on := 0, false
	for i, word := range words {
		code, isAttribute := attributes()[word]
		switch {
		case isAttribute:
			codes = append(codes, code)
			continue
		case word == "on" && !on && i+1 < len(words):
			on = true
			continue
		case word == "on":
			return "", fmt.Errorf("%q has no colour after on", def)
		}
		code, err := colour(word, on)
		if err != nil {
			return "", err
		}
		codes = append(codes, code)
		colours++
	}
	switch {
	case colours > 1:
		return "", fmt.Errorf("%q has more than one colour", def)
	case on && colours == 0:
		return "", fmt.Errorf("%q has no colour after on", def)
	case ground && colours == 1 && !on:
		return "", fmt.Errorf("%q is for a background: write on before the colour", def)
	case !ground && on:
		return "", fmt.Errorf("%q has a background, and this role has none of its own", def)
	case len(codes) == 0:
		return "", nil
	}
	return "\x1b[" + strings.Join(codes, ";") + "m", nil
}

// colour is the code of a colour, as foreground or as background.
func colour(word string, on bool) (string, error) {
	layer := 30
	if on {
		layer = 40
	}
	if i := slices.Index(sixteen(), word); i >= 0 {
		return strconv.Itoa(layer + i%8 + i/8*60), nil
	}
	r, g, b, ok := hex(word)
	switch {
	case ok:
		return fmt.Sprintf("%d;2;%d;%d;%d", layer+8, r, g, b), nil
	case strings.HasPrefix(word, "#"):
		return "", fmt.Errorf("%q is no colour: it has a # and six digits of 0 to 9 and a to f", word)
	}
	return "", fmt.Errorf("%q is no colour and no attribute", word)
}

// hex reads #rrggbb.
func hex(word string) (r, g, b int, ok bool) {
	digits, sharp := strings.CutPrefix(word, "#")
	n, err := strconv.ParseUint(digits, 16, 32)
	if !sharp || len(digits) != 6 || err != nil {
		return 0, 0, 0, false
	}
	return int(n >> 16), int(n >> 8 & 255), int(n & 255), true
}
