package cli

import (
	"fmt"
	"io"
	"strings"

	"sqscope/backend"
	"sqscope/keymap"
	"sqscope/ui/program"
	"sqscope/ui/text"
)

// Keys lists every action with its keys, those of the configuration included;
// what is wrong with that is said on stderr.
func Keys(o Out, stderr io.Writer, config string) error {
	look, err := looks(stderr, config)
	if err != nil {
		return err
	}
	type key struct {
		Action string   `json:"action"`
		Keys   []string `json:"keys"`
		Help   string   `json:"help"`
		Danger bool     `json:"danger"`
	}
	var all []key
	for _, scope := range keymap.Scopes() {
		for _, a := range look.Keys.In(scope) {
			all = append(all, key{string(a.ID), append([]string{}, a.Keys...), a.Help, a.Danger})
		}
	}
	return list(o, []string{"ACTION", "KEYS", "WHAT IT DOES"}, all, func(k key) []string {
		var shown []string
		for _, s := range k.Keys {
			shown = append(shown, keymap.Shown(s))
		}
		return []string{k.Action, strings.Join(shown, " "), k.Help}
	})
}

// Themes lists the themes, as Keys does.
func Themes(o Out, stderr io.Writer, config string) error {
	look, err := looks(stderr, config)
	if err != nil {
		return err
	}
	type theme struct {
		Name       string `json:"name"`
		Background string `json:"background"`
		What       string `json:"what"`
	}
	var out []theme
	for _, t := range look.Themes {
		out = append(out, theme{t.Name, map[bool]string{true: "dark", false: "light"}[t.Dark], t.What})
	}
	return list(o, []string{"THEME", "BACKGROUND", "WHAT IT IS"}, out, func(t theme) []string { return []string{t.Name, t.Background, t.What} })
}

func looks(stderr io.Writer, config string) (program.Look, error) {
	_, look, problems, err := program.Load(config)
	for _, p := range problems {
		fmt.Fprintln(stderr, "sqscope:", text.Clean(p.Error()))
	}
	return look, err
}

// CheckConfig prints all that is wrong with the configuration, and fails if
// anything is.
func CheckConfig(o Out, path string) error {
	cfg, _, problems, err := program.Load(path)
	switch {
	case err != nil:
		return err
	case len(problems) > 0:
		if err := wrong(o, problems); err != nil {
			return err
		}
		return &backend.Error{
			Kind: backend.KindInternal, Subject: cfg.Path, Message: plural(len(problems), "thing is wrong", "things are wrong"), Next: "sqscope starts with the defaults for these",
		}
	case o.JSON:
		return nil
	}
	state := "nothing is wrong"
	if !cfg.Found {
		state = "is not there; everything is at its default"
	}
	_, err = fmt.Fprintln(o, text.Sprintf("%s: %s", cfg.Path, state))
	return err
}

func wrong(o Out, all []*backend.Error) error {
	type problem struct {
		Where   string `json:"where"`
		Message string `json:"message"`
		Next    string `json:"next"`
	}
	var out []problem
	for _, e := range all {
		out = append(out, problem{e.Subject, e.Message, e.Next})
	}
	return list(o, []string{"WHERE", "WHAT IS WRONG", "WHAT WOULD BE RIGHT"}, out, func(p problem) []string { return []string{p.Where, p.Message, p.Next} })
}
