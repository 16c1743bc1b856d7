package config

import (
	"os"
	"path/filepath"
	"reflect"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"sqscope/backend"
	"sqscope/backend/guard"
)

func TestWhatIsWrongIsToldWithItsPlaceAndHasItsDefault(t *testing.T) {
	for name, test := range map[string]struct {
		file, at, says, expected string
	}{
		"unknown key":         {"theme = \"dark\"\nthem = \"x\"\n", "2:1", `unknown key "them"`, "did you mean theme"},
		"unknown section":     {"[budgets]\nburst = 1\n", "1:2", `unknown key "budgets"`, "did you mean budget"},
		"unknown inner key":   {"[budget]\nbrust = 1\n", "2:1", `unknown key "brust"`, "did you mean burst"},
		"wrong sort":          {"mouse = \"yes\"\n", "1:1", `"mouse" cannot be a text`, "true or false"},
		"a fraction":          {"[budget]\nburst = 1.5\n", "2:1", `"burst" cannot be a number`, "a whole number"},
		"out of range":        {"[budget]\n\n  burst = 0\n", "3:3", `"burst" cannot be "0"`, "from 1 to 10000"},
		"not a number":        {"[budget]\nper_second = nan\n", "2:1", `"per_second" cannot be "NaN"`, "from 0.1 to 1000"},
		"endless":             {"[prices]\nfifo = inf\n", "2:1", `"fifo" cannot be "+Inf"`, "from 0 to 1000"},
		"empty":               {"theme = \" \"\n", "1:1", `"theme" cannot be " "`, "not empty"},
		"clipboard":           {"clipboard = \"xclip\"\n", "1:1", `cannot be "xclip"`, "auto, native, osc52, off"},
		"column":              {"columns = [\"name\", \"depth\"]\n", "1:20", `cannot have "depth"`, "visible"},
		"column twice":        {"columns = [\"name\", \"name\"]\n", "1:20", `has "name" twice`, "each once"},
		"pattern":             {"pins = [\"a[\"]\n", "1:9", `cannot have "a["`, "a pattern"},
		"region":              {"[[contexts]]\nname = \"a\"\nregion = \"Ireland\"\n", "3:1", `"region" cannot be "Ireland"`, "eu-west-1"},
		"account":             {"[[contexts]]\nname = \"a\"\naccount = \"12\"\n", "3:1", `"account" cannot be "12"`, "twelve digits"},
		"url":                 {"[[contexts]]\nname = \"a\"\nendpoint_url = \"localhost:9324\"\n", "3:1", `cannot be "localhost:9324"`, "http://127.0.0.1:9324"},
		"filter":              {"[[views]]\nname = \"a\"\nfilter = \"visble>5\"\n", "3:1", "the filter \"visble>5\" cannot be read", "visible"},
		"sort":                {"[[views]]\nname = \"a\"\nsort = \"depth\"\n", "3:1", `"sort" cannot be "depth"`, "visible, inflight"},
		"color":               {"[[contexts]]\nname = \"a\"\ncolor = \"mauve\"\n", "3:1", `cannot be "mauve"`, "red, orange"},
		"no name":             {"[[contexts]]\nregion = \"eu-west-1\"\n", "1:3", "has no name", "name ="},
		"same name":           {"[[views]]\nname = \"a\"\n[[views]]\nname = \"a\"\n", "4:1", `"a" is named twice`, "another name"},
		"two regions":         {"[[contexts]]\nname = \"a\"\nregion = \"eu-west-1\"\nregions = [\"eu-west-2\"]\n", "3:1", "both", "either region or regions"},
		"engine and profile":  {"[[contexts]]\nname = \"a\"\nprofile = \"p\"\nscenario = \"shop\"\n", "4:1", "an embedded engine has no profile", "a scenario alone"},
		"mask without paths":  {"[[masks]]\nqueues = \"a\"\n", "1:3", "hides nothing", "paths"},
		"mask path":           {"[[masks]]\npaths = [\".a..b\"]\n", "2:10", `cannot have ".a..b"`, ".customer.email"},
		"attribute type":      {"[[templates]]\nname = \"a\"\nattributes = { \"n:Float\" = \"1\" }\n", "3:16", `cannot have "n:Float"`, "Number"},
		"delay on FIFO":       {"[[templates]]\nname = \"a\"\ndedup = \"d\"\ndelay = 5\n", "4:1", "a FIFO queue refuses a delay", "a delay or a dedup"},
		"an empty trace":      {"[[templates]]\nname = \"a\"\ntrace_header = \"\"\n", "3:1", `"trace_header" cannot be ""`, "not empty"},
		"a trace's slip":      {"[[templates]]\nname = \"a\"\ntrace_heder = \"x\"\n", "3:1", "trace_heder", "trace_header"},
		"keys are no list":    {"[keys]\nqueues.send = \"s\"\n", "2:8", `"send" cannot be this`, `["s", "ctrl+n"]`},
		"keys are no texts":   {"[keys]\n\"queues.send\" = [1]\n", "2:1", `"queues.send" cannot be this`, `["s", "ctrl+n"]`},
		"keys twice":          {"[keys]\nqueues.send = [\"s\"]\n\"queues.send\" = [\"w\"]\n", "", "has its keys already", "each action once"},
		"a theme's style":     {"[themes.mine]\ntext = 5\n", "2:1", `"text" cannot be a whole number`, "a text in quotes"},
		"a missing file":      {"include = [\"not-there.toml\"]\n", "1:12", "not-there.toml cannot be read", "keys or themes"},
		"a newer form":        {"theme = \"light\"\nformat = 2\n", "2:1", "format 2", "a newer sqscope"},
		"no TOML":             {"theme = \"light\"\ntheme\n", "2:", "not TOML", ""},
		"a key written twice": {"theme = \"light\"\ntheme = \"dark\"\n", "2:1", "", ""},
	} {
		c, problems := parse(t, test.file)
		if len(problems) != 1 {
			t.Errorf("%s: %d problems: %v", name, len(problems), problems)
			continue
		}
		p := problems[0]
		if p.Kind != backend.KindInvalid || !strings.HasPrefix(p.Subject, c.Path+":"+test.at) || !strings.Contains(p.Message, test.says) || !strings.Contains(p.Next, test.expected) {
			t.Errorf("%s: %v", name, p)
		}
	}
}

func TestAllThatIsWrongIsToldInTheOrderOfTheFile(t *testing.T) {
	_, problems := parse(t, "clipboard = \"x\"\nthem = 1\npins = [\"\"]\n[budget]\nidle = 0\nbrust = 1\n[[views]]\n[keys]\na.b = 1\n")
	var lines []string
	for _, p := range problems {
		parts := strings.Split(p.Subject, ":")
		lines = append(lines, parts[len(parts)-2])
	}
	if diff := cmp.Diff([]string{"1", "2", "3", "5", "6", "7", "9"}, lines); diff != "" {
		t.Errorf("lines of the problems (-want +have):\n%s\n%v", diff, problems)
	}
}

func TestOfAFileThatIsOfAnotherFormNothingIsTaken(t *testing.T) {
	for _, file := range []string{"theme = \"light\"\nformat = 2\n", "theme = \"light\"\nformat = 0\n", "theme = \"light\"\n[", "theme = \"light\"\ntheme = \"dark\"\n"} {
		c, problems := parse(t, file)
		if len(problems) != 1 || !strings.Contains(problems[0].Next, "nothing of the file is in force") {
			t.Errorf("%q: %v", file, problems)
		}
		if diff := cmp.Diff(Default(), c.Settings); diff != "" {
			t.Errorf("%q:\n%s", file, diff)
		}
	}
}

func TestAContextInWhoseAccessSomethingIsWrongIsAtView(t *testing.T) {
	for name, lines := range map[string]string{
		"a level that is none":        `access = "write"`,
		"no text":                     `access = 1`,
		"a key with a slip":           `acess = "view"`,
		"a pattern that is none":      `lower = [{ queues = "[", access = "view" }]`,
		"a lower level that is none":  `lower = [{ queues = "*", access = "none" }]`,
		"the first lower of two":      `lower = [{ queues = "*", access = "none" }, { queues = "a", access = "view" }]`,
		"a lower without a level":     `lower = [{ queues = "*" }]`,
		"a lower without queues":      `lower = [{ access = "view" }]`,
		"a lower with a slip":         `lower = [{ queues = "*", access = "view", acces = "x" }]`,
		"a lower that is no array":    `lower = "billing*"`,
		"a lower of the wrong sort":   `lower = [{ queues = 1, access = "view" }]`,
		"wrong although change above": "access = \"change\"\nlower = [{ queues = \"*\", access = 1 }]",
	} {
		c, problems := parse(t, "[[contexts]]\nname = \"prod\"\n"+lines+"\n")
		if len(problems) == 0 || len(c.Contexts) != 1 || c.Contexts[0].Access != "view" {
			t.Errorf("%s: %+v, %v", name, c.Contexts, problems)
		}
	}
	c := right(t, "[[contexts]]\nname = \"prod\"\naccess = \"change\"\n[[contexts]]\nname = \"other\"\n")
	if level, said := c.Contexts[0].Level(); level != guard.Change || !said {
		t.Errorf("prod: %s, %v", level, said)
	}
	if _, said := c.Contexts[1].Level(); said {
		t.Error("the other context says no level")
	}
}

func TestPatternsLowerWhatMayBeDoneWithAQueue(t *testing.T) {
	c := right(t, `
[[contexts]]
name = "prod"
lower = [{ queues = "billing*", access = "peek" }, { queues = "*-audit", access = "view" }]
`).Contexts[0]
	for queue, want := range map[string]guard.Level{
		"orders": guard.Change, "billing": guard.Peek, "billing-eu.fifo": guard.Peek, "billing-audit": guard.View, "audit": guard.Change,
	} {
		if got := c.Most(queue); got != want {
			t.Errorf("%s: %s, want %s", queue, got, want)
		}
	}
}

func TestAMaskThatIsWrongHidesMore(t *testing.T) {
	all := []Mask{{Mode: "allow"}}
	for name, test := range map[string]struct {
		file string
		want []Mask
	}{
		"a mode that is none":     {"[[masks]]\nqueues = \"a\"\nmode = \"hide\"\npaths = [\".x\"]", []Mask{{Queues: "a", Mode: "allow"}}},
		"a pattern that is none":  {"[[masks]]\nqueues = \"[\"\npaths = [\".x\"]", []Mask{{Mode: "deny", Paths: []string{".x"}}}},
		"a path that is none":     {"[[masks]]\nqueues = \"a\"\npaths = [\".x\", \"..\"]", []Mask{{Queues: "a", Mode: "allow"}}},
		"no path that is one":     {"[[masks]]\nqueues = \"a\"\npaths = [\"..\"]", []Mask{{Queues: "a", Mode: "allow"}}},
		"paths of the wrong sort": {"[[masks]]\nqueues = \"a\"\npaths = [1]", []Mask{{Queues: "a", Mode: "allow"}}},
		"no paths":                {"[[masks]]\nqueues = \"a\"", []Mask{{Queues: "a", Mode: "allow"}}},
		"a key with a slip":       {"[[masks]]\nqueue = \"a\"\npaths = [\".x\"]", all},
		"less is allowed":         {"[[masks]]\nmode = \"allow\"\npaths = [\".x\", \"..\"]", []Mask{{Mode: "allow", Paths: []string{".x"}}}},
		"no array":                {"masks = \"x\"", all},
		"an array of texts":       {"masks = [\".x\"]", all},
		"one table":               {"[masks]\npaths = [\".x\"]", all},
		"a file that is no TOML":  {"[[masks]]\npaths = [\".x\"]\n=", all},
	} {
		c, problems := parse(t, test.file+"\n")
		if len(problems) == 0 {
			t.Errorf("%s: not told", name)
		}
		if diff := cmp.Diff(test.want, c.Masks); diff != "" {
			t.Errorf("%s (-want +have):\n%s", name, diff)
		}
	}
}

func TestMasksAndTemplatesAreForTheQueuesTheyName(t *testing.T) {
	c := right(t, `
[[masks]]
paths = [".a"]
[[masks]]
queues = "orders*"
mode = "allow"
paths = [".items[].id", ".\"odd key\"", "[].b"]
[[templates]]
name = "order"
queues = "orders"
[[templates]]
name = "any"
`)
	if got := c.MasksFor("payments"); len(got) != 1 || got[0].Mode != "deny" {
		t.Errorf("%+v", got)
	}
	if got := c.MasksFor("orders-dlq"); len(got) != 2 || got[1].Mode != "allow" {
		t.Errorf("%+v", got)
	}
	templates := func(queue string) []Template {
		return slices.DeleteFunc(slices.Clone(c.Templates), func(t Template) bool { return !Fits(t.Queues, queue) })
	}
	if a, b := templates("orders"), templates("payments"); len(a) != 2 || len(b) != 1 || b[0].Name != "any" {
		t.Errorf("%+v, %+v", a, b)
	}
}

func TestAnActionsKeysCanBeWrittenInThreeWays(t *testing.T) {
	want := map[string][]string{"queues.send": {"s", "w"}, "everywhere.quit": {}}
	for _, file := range []string{
		"[keys]\n\"queues.send\" = [\"s\", \"w\"]\n\"everywhere.quit\" = []\n",
		"[keys]\nqueues.send = [\"s\", \"w\"]\neverywhere.quit = []\n",
		"[keys.queues]\nsend = [\"s\", \"w\"]\n[keys.everywhere]\nquit = []\n",
	} {
		if diff := cmp.Diff(want, right(t, file).Keys); diff != "" {
			t.Errorf("%s:\n%s", file, diff)
		}
	}
}

func TestFurtherFilesHaveKeysAndThemesOnly(t *testing.T) {
	dir := t.TempDir()
	write := func(name, content string) string {
		path := filepath.Join(dir, name)
		if err := os.WriteFile(path, []byte(content), 0o600); err != nil {
			t.Fatal(err)
		}
		return path
	}
	more := write("more.toml", "mouse = false\n[keys]\nqueues.send = [\"w\"]\nqueues.sort = [\"s\"]\n[themes.mine]\nbase = \"light\"\n[themes.other]\ntext = \"red\"\n")
	path := write("config.toml", "include = [\"more.toml\"]\n[keys]\nqueues.send = [\"s\"]\n[themes.mine]\nbase = \"dark\"\n")
	c, problems := Load(path)
	var told []string
	for _, p := range problems {
		told = append(told, strings.TrimPrefix(p.Subject, more+":")+" "+p.Message)
	}
	if diff := cmp.Diff([]string{`1:1 unknown key "mouse"`, `3:8 "queues.send" has its keys already`, `5:9 there is a theme "mine" already`}, told); diff != "" {
		t.Error(diff)
	}
	if diff := cmp.Diff(map[string][]string{"queues.send": {"s"}, "queues.sort": {"s"}}, c.Keys); diff != "" {
		t.Error(diff)
	}
	if c.Themes["mine"]["base"] != "dark" || c.Themes["other"]["text"] != "red" || !c.Mouse {
		t.Errorf("%+v", c.Themes)
	}

	// What others find wrong in these sections has its place, whichever file it is in.
	for _, test := range []struct {
		err  *backend.Error
		want string
	}{
		{c.Wrong("no key", "", "", nil, "keys", "queues.send", 0), path + ":3:16"},
		{c.Wrong("no key", "", "", nil, "keys", "queues.sort", 0), more + ":4:16"},
		{c.Wrong("no such action", "", "", nil, "keys", "queues.sort", -1), more + ":4:8"},
		{c.Wrong("no such role", "", "", nil, "themes", "other", "text"), more + ":8:1"},
		{c.Wrong("no such base", "", "", nil, "themes", "mine", "base"), path + ":5:1"},
	} {
		if test.err.Subject != test.want {
			t.Errorf("%v, want it at %s", test.err, test.want)
		}
	}
}

func TestAnUnknownNameIsToldWithThoseItMayHaveBeen(t *testing.T) {
	c := right(t, "theme = \"drak\"\n")
	if err := c.Wrong("there is no theme \"drak\"", "", "drak", []string{"dark", "light"}, "theme"); err.Next != "expected one of dark, light; did you mean dark?" {
		t.Error(err)
	}
	many := make([]string, 60)
	for i := range many {
		many[i] = strings.Repeat("x", i+20)
	}
	many[30] = "queues.send"
	if err := c.Wrong("there is no such action", "one of many", "queue.send", many, "keys"); err.Next != "expected queues.send" {
		t.Error(err)
	}
	if err := c.Wrong("there is no such action", "one of many", "abc", many, "keys"); err.Next != "expected one of many" {
		t.Error(err)
	}
}

// FuzzParse: whatever the file is, nothing panics, what is wrong is told with its
// place, and what comes out obeys the rules.
func FuzzParse(f *testing.F) {
	f.Add(Example())
	f.Add(strings.ReplaceAll(Example(), "\n#", "\n"))
	f.Add("[[contexts]]\nname = \"a\"\nlower = [{queues=\"*\"}]\n[[masks]]\nmode=1\n[keys]\na.b.c = [1]\n\"\" = []\n")
	f.Add("\"\" = 1\n[themes]\na.b.c = \"x\"\n")
	f.Fuzz(func(t *testing.T, content string) {
		c, problems := Parse("/nowhere/config.toml", []byte(content))
		for _, p := range problems {
			if p.Kind != backend.KindInvalid || p.Subject == "" || p.Message == "" {
				t.Errorf("%+v", p)
			}
		}
		again := &reader{config: &Config{Settings: c.Settings}, file: c.files[0]}
		before := len(again.problems)
		again.check()
		for _, p := range again.problems[before:] {
			// Names and patterns that were left empty are told only once.
			if !strings.Contains(p.Message, `cannot be ""`) && !strings.Contains(p.Message, `cannot be "0"`) {
				t.Errorf("still wrong: %v", p)
			}
		}
		if reflect.DeepEqual(c.Settings, Settings{}) {
			t.Error("no defaults")
		}
	})
}
