package program

import (
	"cmp"
	"maps"
	"slices"
	"strconv"
	"strings"

	"sqscope/backend"
	"sqscope/backend/archive"
	"sqscope/backend/config"
	"sqscope/backend/memo"
	"sqscope/backend/outbox"
	"sqscope/keymap"
	"sqscope/themes"
	"sqscope/ui"
)

// Auto is the theme that is taken by the terminal's background.
const Auto = "auto"

// Look is how the program looks and what its keys are.
type Look struct {
	Theme       *themes.Theme // nil: by the background, one of the two below
	Dark, Light *themes.Theme
	Keys        keymap.Map
	Themes      []*themes.Theme // all there are
}

// Load reads the configuration from a file, "" for the usual one, and what it says
// of looks. A file that was named has to be there: KindNotFound. Problems are no
// error: what they are about has its default.
func Load(path string) (cfg *config.Config, look Look, problems []*backend.Error, err error) {
	cfg, problems = config.Load(cmp.Or(path, config.Path()))
	if path != "" && !cfg.Found {
		return nil, Look{}, nil, &backend.Error{Kind: backend.KindNotFound, Subject: path, Message: "there is no such configuration", Next: "check the path"}
	}
	look, wrong := LookOf(cfg)
	return cfg, look, slices.Concat(problems, wrong), nil
}

// LookOf reads the sections of a configuration that say how the program looks.
// What is wrong has its default, and is told.
func LookOf(cfg *config.Config) (Look, []*backend.Error) {
	var wrong []*backend.Error
	keys := map[keymap.ID][]string{}
	for id, k := range cfg.Keys {
		keys[keymap.ID(id)] = k
	}
	var l Look
	var problems []keymap.Problem
	l.Keys, problems = keymap.Default().With(keys)
	for _, p := range problems {
		wrong = append(wrong, cfg.Wrong(p.Message, p.Expected, p.Unknown, p.Known, "keys", string(p.ID), p.Index))
	}
	custom, ps := themes.Custom(cfg.Themes)
	for _, p := range ps {
		wrong = append(wrong, cfg.Wrong(p.Message, p.Expected, p.Unknown, p.Known, "themes", p.Theme, p.Key))
	}
	l.Themes = slices.Concat(themes.All(), custom)
	for _, f := range []struct {
		key, name string
		to        **themes.Theme
	}{{"theme", cfg.Theme, &l.Theme}, {"dark_theme", cfg.DarkTheme, &l.Dark}, {"light_theme", cfg.LightTheme, &l.Light}} {
		if f.name == Auto || f.name == "" {
			continue
		}
		t, ok := l.Named(f.name)
		if !ok {
			wrong = append(wrong, cfg.Wrong("there is no theme "+f.name, "auto, or a theme's name", f.name, l.Names(), f.key))
			continue
		}
		*f.to = t
	}
	return l, wrong
}

// Options are those of the screen that the configuration decides.
func (l Look) Options(cfg *config.Config) ui.Options {
	views := make([]memo.View, len(cfg.Views))
	for i, v := range cfg.Views {
		views[i] = memo.View(v)
	}
	return ui.Options{
		Theme: l.Theme, Dark: l.Dark, Light: l.Light, Themes: l.Themes, Keys: &l.Keys,
		Mouse: cfg.Mouse, LowMotion: cfg.LowMotion, Clipboard: cfg.Clipboard, Views: views, Columns: cfg.Columns, Pins: cfg.Pins, Masks: cfg.Masks, Groupings: cfg.Groupings, Templates: templatesOf(cfg), History: cfg.History, Messages: cfg.Messages,
		Most: archive.Limits{Messages: cfg.Evidence.Messages, Bytes: cfg.Evidence.Bytes},
	}
}

// templatesOf are the templates of the configuration as drafts.
func templatesOf(cfg *config.Config) []outbox.Template {
	out := make([]outbox.Template, len(cfg.Templates))
	for i, t := range cfg.Templates {
		out[i] = outbox.Template{Name: t.Name, Queues: t.Queues, Draft: outbox.Draft{Body: t.Body, Group: t.Group, Dedup: t.Dedup, Trace: t.Trace}}
		if t.Delay > 0 {
			out[i].Delay = strconv.Itoa(t.Delay)
		}
		for _, key := range slices.Sorted(maps.Keys(t.Attributes)) {
			name, kind, _ := strings.Cut(key, ":")
			a := outbox.Attribute{Name: name, Type: kind, Value: t.Attributes[key]}
			if a.Binary() {
				a.Value = "base64:" + a.Value
			}
			out[i].Attributes = append(out[i].Attributes, a)
		}
	}
	return out
}

// Named is the theme of that name.
func (l Look) Named(name string) (*themes.Theme, bool) {
	i := slices.IndexFunc(l.Themes, func(t *themes.Theme) bool { return strings.EqualFold(t.Name, name) })
	if i < 0 {
		return nil, false
	}
	return l.Themes[i], true
}

// Names are the names of all themes.
func (l Look) Names() []string {
	names := make([]string, len(l.Themes))
	for i, t := range l.Themes {
		names[i] = t.Name
	}
	return names
}
