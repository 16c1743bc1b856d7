package themes

import (
	"flag"
	"os"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"sqscope/backend/config"
)

func TestEveryPaletteSaysOnlyWhatIsAStyle(t *testing.T) {
	for _, th := range All() {
		for r, def := range th.palette {
			if _, err := parse(def, r.ground()); err != nil {
				t.Errorf("%s: %s: %v", th.Name, r, err)
			}
		}
	}
}

func TestAThemeOfTrueColourHasEveryRole(t *testing.T) {
	for _, th := range All() {
		if th.Name == "mono" || strings.HasSuffix(th.Name, "16") {
			continue
		}
		for r := range roles {
			if th.SGR(r) == "" {
				t.Errorf("%s lacks %s", th.Name, r)
			}
		}
	}
}

func TestARowUnderTheCursorIsSeenInEveryTheme(t *testing.T) {
	for _, th := range All() {
		for _, r := range []Role{Selected, Marked, Match, Field} {
			if th.SGR(r) == "" {
				t.Errorf("%s does not show %s", th.Name, r)
			}
		}
		if th.SGR(Selected) == th.SGR(Marked) {
			t.Errorf("%s shows a marked row as the one under the cursor", th.Name)
		}
	}
}

func TestMonoHasNoColours(t *testing.T) {
	for r := range roles {
		for _, code := range strings.Split(strings.TrimSuffix(strings.TrimPrefix(Mono().SGR(r), "\x1b["), "m"), ";") {
			if !slices.Contains([]string{"", "1", "3", "4", "7"}, code) {
				t.Errorf("%s has the code %s", r, code)
			}
		}
	}
}

func TestThemesAreFoundByTheirNames(t *testing.T) {
	if len(Names()) < 8 || !slices.IsSorted(Names()) {
		t.Errorf("%q", Names())
	}
	if u := slices.Compact(Names()); len(u) != len(All()) {
		t.Errorf("two themes have one name: %q", Names())
	}
	for _, n := range Names() {
		if th, ok := ByName(n); !ok || th.Name != n || th.What == "" {
			t.Errorf("%s: %+v", n, th)
		}
	}
	if _, ok := ByName("no such"); ok {
		t.Error("a theme that is not there was found")
	}
	settings := config.Default()
	for _, n := range []string{settings.DarkTheme, settings.LightTheme} {
		if _, ok := ByName(n); !ok {
			t.Errorf("the default of the config file is no theme: %s", n)
		}
	}
}

func TestEveryColourOfAContextHasARoleOfItsOwn(t *testing.T) {
	used := map[Role]bool{}
	for _, c := range config.Colors() {
		r, ok := ByColor(c)
		if !ok || used[r] {
			t.Errorf("%s: %s, %v", c, r, ok)
		}
		used[r] = true
	}
	if _, ok := ByColor("mauve"); ok {
		t.Error("mauve has a role")
	}
}

func TestEveryRoleHasANameOfItsOwn(t *testing.T) {
	all := roleNames()
	slices.Sort(all)
	if len(slices.Compact(all)) != int(roles) || all[0] == "" || slices.Contains(all, "base") {
		t.Errorf("%q", all)
	}
}

var update = flag.Bool("update", false, "write docs/THEMES.md")

func TestTheGuideIsCurrent(t *testing.T) {
	const path = "../docs/THEMES.md"
	if *update {
		if err := os.WriteFile(path, []byte(Guide()), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	have, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(Guide(), string(have)); diff != "" {
		t.Errorf("go test ./themes -update writes %s (-want +have):\n%s", path, diff)
	}
}
