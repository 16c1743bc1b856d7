package themes

import (
	"slices"
	"strings"
	"testing"
)

func TestAStyleIsAttributesAndOneColour(t *testing.T) {
	for def, want := range map[string]string{
		"":                     "",
		"bold":                 "\x1b[1m",
		"bold underline":       "\x1b[1;4m",
		"italic reverse":       "\x1b[3;7m",
		"red":                  "\x1b[31m",
		"brightcyan":           "\x1b[96m",
		"bold grey":            "\x1b[1;90m",
		"#0aF0ff":              "\x1b[38;2;10;240;255m",
		"bold #000000":         "\x1b[1;38;2;0;0;0m",
		"on blue":              "\x1b[44m",
		"on brightwhite":       "\x1b[107m",
		"on #010203":           "\x1b[48;2;1;2;3m",
		"underline on #010203": "\x1b[4;48;2;1;2;3m",
	} {
		got, err := parse(def, strings.Contains(def, "on #") || strings.HasPrefix(def, "on "))
		if err != nil || got != want {
			t.Errorf("%q is %q, %v; want %q", def, got, err, want)
		}
	}
}

func TestWhatIsNoStyleIsRefused(t *testing.T) {
	for _, test := range []struct {
		def    string
		ground bool
		says   string
	}{
		{"#12345", false, "six digits"},
		{"#12345g", false, "six digits"},
		{"#+12345", false, "six digits"},
		{"#1234567", false, "six digits"},
		{"crimson", false, "no colour and no attribute"},
		{"Bold", false, "no colour and no attribute"},
		{"red blue", false, "more than one colour"},
		{"on", true, "no colour after on"},
		{"on bold", true, "no colour after on"},
		{"on red on", true, "no colour after on"},
		{"red", true, "write on before"},
		{"on red", false, "none of its own"},
	} {
		if got, err := parse(test.def, test.ground); err == nil || !strings.Contains(err.Error(), test.says) {
			t.Errorf("%q: %q, %v; want %q", test.def, got, err, test.says)
		}
	}
}

func TestAThemeOfYourOwnChangesItsBase(t *testing.T) {
	made, problems := Custom(map[string]map[string]string{
		"night": {"text": "#ff0000", "selected": "on blue", "title": ""},
		"day":   {"base": "light"},
	})
	if len(problems) > 0 || len(made) != 2 {
		t.Fatalf("%+v, %+v", made, problems)
	}
	day, night, light, dark := made[0], made[1], Default(false), Default(true)
	if day.Name != "day" || day.Dark || day.SGR(Text) != light.SGR(Text) {
		t.Errorf("day is %+v", day)
	}
	if night.SGR(Text) != "\x1b[38;2;255;0;0m" || night.SGR(Selected) != "\x1b[44m" || night.SGR(Title) != "" || night.SGR(Bad) != dark.SGR(Bad) {
		t.Errorf("night is %+v", night)
	}
	if again := Default(true); again.SGR(Text) != dark.SGR(Text) {
		t.Error("the base changed")
	}
}

func TestWhatIsWrongInAThemeIsAsInItsBase(t *testing.T) {
	for name, test := range map[string]struct {
		def       map[string]string
		key, says string
		known     string // among the known names, where one is not
	}{
		"unknown role":            {map[string]string{"selection": "on red"}, "selection", `no role "selection"`, "selected"},
		"unknown base":            {map[string]string{"base": "drak"}, "base", `no theme "drak"`, "dark"},
		"no colour":               {map[string]string{"text": "crimson"}, "text", "crimson", ""},
		"a background on text":    {map[string]string{"text": "on red"}, "text", "none of its own", ""},
		"a text colour on ground": {map[string]string{"bar": "red"}, "bar", "write on before", ""},
	} {
		made, problems := Custom(map[string]map[string]string{"mine": test.def})
		if len(problems) != 1 || len(made) != 1 {
			t.Errorf("%s: %+v", name, problems)
			continue
		}
		p := problems[0]
		if p.Theme != "mine" || p.Key != test.key || !strings.Contains(p.Message, test.says) || p.Expected == "" && p.Unknown == "" {
			t.Errorf("%s: %+v", name, p)
		}
		if test.known != "" && !slices.Contains(p.Known, test.known) {
			t.Errorf("%s: %q is not among %q", name, test.known, p.Known)
		}
		for r := range roles {
			if made[0].SGR(r) != Default(true).SGR(r) {
				t.Errorf("%s: %s is not as in the base", name, r)
			}
		}
	}
	for _, name := range []string{"light", "auto"} {
		if made, problems := Custom(map[string]map[string]string{name: {"text": "red"}}); len(made) != 0 || len(problems) != 1 || problems[0].Key != "" {
			t.Errorf("%s: %+v, %+v", name, made, problems)
		}
	}
}

// FuzzCustom: whatever a theme says, every role is empty or one sequence of
// attributes and colours, so that no other byte reaches the terminal.
func FuzzCustom(f *testing.F) {
	f.Add("text", "bold #ff0000")
	f.Add("selected", "on\x1b[31m red")
	f.Add("base", "light")
	f.Fuzz(func(t *testing.T, key, value string) {
		made, _ := Custom(map[string]map[string]string{"mine": {key: value}})
		for r := range roles {
			sgr := made[0].SGR(r)
			body := strings.TrimSuffix(strings.TrimPrefix(sgr, "\x1b["), "m")
			if sgr != "" && (sgr != "\x1b["+body+"m" || strings.Trim(body, "0123456789;") != "") {
				t.Fatalf("%s is %q", r, sgr)
			}
		}
	})
}
