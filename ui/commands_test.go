package ui

import (
	"fmt"
	"testing"
	"time"

	"sqscope/backend/guard"
	"sqscope/keymap"
	"sqscope/themes"
	"sqscope/ui/screen"
)

// ? is a character of a filter, so the keys of a field are on another key.
func TestTheLanguageOfTheFilterIsExplainedWhileItIsTyped(t *testing.T) {
	onScreen(t, setup{w: 100, h: 40, fill: fleetOfTen}, func(t *testing.T, d *desk) {
		d.Press("/")
		d.Type("order?")
		d.Shows("/order?", "f1 keys")
		d.Press("F1")
		d.Shows("in this field", "what the filter understands", "age>TIME", "empty the field")
		d.Hides("turn the order round")
		d.Type("age>")
		d.Shows("how old the oldest message is", "for example: age>1h30m")
		d.Press("Enter") // which is only to be read
		d.Shows("for example: age>1h30m")
		d.Press("Esc")
		d.Shows("/order?")
		d.Press("Esc", "?")
		d.Shows("on this screen", "turn the order round")
		for range 40 {
			d.Press("Down")
		}
		d.Shows("everywhere")
	})
}

func TestAnActionIsCalledByItsID(t *testing.T) {
	onScreen(t, setup{w: 100, h: 30, fill: twoSources}, func(t *testing.T, d *desk) {
		d.Press(":")
		d.Type("queues.send")
		d.Press("Enter")
		d.Shows("send to orders")
	})
}

// The best fit is first: by key, by word, by id, then by what the help says.
func TestThePaletteOffersTheBestFitFirst(t *testing.T) {
	onScreen(t, setup{w: 100, h: 30, fill: twoSources}, func(t *testing.T, d *desk) {
		for _, c := range []struct{ typed, shown string }{
			{"D", "queues.doctor"},
			{"doctor", "queues.doctor"},
			{"save", "queues.saveView"},
			{"deadlet", "queues.deadLetters"},
			{"utc", "everywhere.zone"},
			{"go act", "goto.activity"},
			{"theme contrast-l", "theme.contrast-light"},
			{"redrive", "this works in messages"},
		} {
			d.Press(":")
			d.Type(c.typed)
			d.Shows(c.shown)
			d.Press("Esc")
		}
	})
}

func TestWhatIsOffIsNotCalledAndSaysWhy(t *testing.T) {
	onScreen(t, setup{w: 100, h: 30, fill: twoSources, level: guard.Peek}, func(t *testing.T, d *desk) {
		d.Press(":")
		d.Type("queues.send")
		d.Shows("! off:")
		d.Press("Enter")
		d.Hides("send to orders")
		d.Shows("Commands", "! send:")
		d.Press("Esc", ":")
		d.Type("deadLetters.redrive")
		d.Press("Enter")
		d.Shows("this works in dead letters", "Commands")
	})
}

func TestAThemeIsTakenWithoutARestart(t *testing.T) {
	onScreen(t, setup{w: 100, h: 30, fill: twoSources}, func(t *testing.T, d *desk) {
		for _, theme := range themes.All() {
			if theme == nil || theme.Name == d.model.env.Theme.Name {
				continue
			}
			d.Press(":")
			d.Paste("theme " + theme.Name)
			d.Press("Enter")
			d.Shows("the theme is " + theme.Name)
			if d.model.env.Theme.Name != theme.Name {
				t.Errorf("theme %s, want %s", d.model.env.Theme.Name, theme.Name)
			}
			d.Press(":")
			d.Paste("theme " + theme.Name)
			d.Shows("this is the theme that you see")
			d.Press("Esc")
		}
		d.Press(":")
		d.Type("theme auto")
		d.Press("Enter")
		d.Shows("the theme is dark")
	})
}

func TestAContextIsEnteredByItsName(t *testing.T) {
	onScreen(t, setup{w: 100, h: 30, fill: twoSources, contexts: []screen.Context{{Name: "demo"}, {Name: "staging", What: "AWS profile shop-staging"}}}, func(t *testing.T, d *desk) {
		d.Press(":")
		d.Wait(time.Second)
		d.Type("context demo")
		d.Shows("this is the context that you are in")
		d.Press("Esc", ":")
		d.Wait(time.Second)
		d.Type("context stag")
		d.Shows("AWS profile shop-staging")
		d.Press("Enter")
		d.Wait(time.Second)
		d.Shows("nobody answers")
	})
}

func TestTheHelpSpeaksOfTheMouseOnlyWhileItIsTaken(t *testing.T) {
	for _, mouse := range []bool{false, true} {
		t.Run(fmt.Sprint(mouse), func(t *testing.T) {
			onScreen(t, setup{w: 100, h: 30, fill: twoSources, mouse: mouse}, func(t *testing.T, d *desk) {
				d.Press("?")
				d.Type("shift +")
				if mouse {
					d.Shows("with the mouse", "selects text")
				} else {
					d.Hides("selects text")
				}
			})
		})
	}
}

// Whatever a screen binds is in its help and in the palette.
func TestEveryActionOfAScreenIsInItsHelpAndInThePalette(t *testing.T) {
	t.Parallel()
	onScreen(t, setup{w: 100, h: 30, fill: twoSources}, func(t *testing.T, d *desk) {
		for _, keys := range [][]string{nil, {"Enter"}, {"Esc", "a"}, {"Esc", "d"}, {"Esc", "c"}, {"Esc", "L"}, {"Esc", "D"}} {
			d.Press(keys...)
			d.Wait(time.Second)
			for _, a := range d.model.env.Keys.In(string(d.model.top().spec.Kind)) {
				if a.ID == keymap.MessagesNext || a.ID == keymap.MessagesPrev {
					continue // in the reader
				}
				for _, list := range []string{"?", ":"} {
					d.Press(list)
					d.Paste(string(a.ID))
					d.Shows(a.Word, string(a.ID))
					d.Press("Esc")
				}
			}
		}
	})
}
