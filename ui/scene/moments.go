package scene

import (
	"bytes"
	"context"
	"io"
	"path/filepath"
	"slices"
	"time"

	tea "charm.land/bubbletea/v2"

	"sqscope/backend"
	"sqscope/backend/archive"
	"sqscope/backend/guard"
	"sqscope/themes"
	"sqscope/ui/dialog"
	"sqscope/ui/format"
	"sqscope/ui/screen"
	"sqscope/ui/text"
)

// How much is kept to rewind to: so many moments and bytes in all, an automatic
// one each so often, and none of a world that holds more messages.
const (
	mostMoments  = 40
	momentRoom   = 64 << 20
	momentEvery  = 10 * time.Second
	mostMessages = 20_000
)

// How moments came to be kept.
const (
	automatic = "kept by itself"
	asked     = "kept by you"
	before    = "before a rewind"
)

// taken is a moment, or why there is none.
type taken struct {
	screen.Moment
	err error
}

// moments are those that are kept, the oldest first.
type moments struct {
	all   []screen.Moment
	bytes int
	last  time.Time // when one was begun, by the world's clock
	busy  bool
}

// add keeps a moment, for which older ones may have to go: automatic ones first.
func (k *moments) add(n screen.Moment) {
	k.all = append(k.all, n)
	k.bytes += len(n.Data)
	for len(k.all) > 1 && (len(k.all) > mostMoments || k.bytes > momentRoom) {
		i := max(0, slices.IndexFunc(k.all[:len(k.all)-1], func(x screen.Moment) bool { return x.Why == automatic }))
		k.bytes -= len(k.all[i].Data)
		k.all = slices.Delete(k.all, i, i+1)
	}
}

// has tells whether a moment of an instant is kept.
func (k *moments) has(at time.Time) bool {
	return slices.ContainsFunc(k.all, func(n screen.Moment) bool { return n.At.Equal(at) })
}

// stored is how many messages a picture has.
func stored(p *backend.Picture) int {
	n := 0
	for i := range p.Queues {
		n += p.Queues[i].Stored()
	}
	return n
}

// keepNow keeps a moment if it is time for one and none is kept of this instant.
func (m *Model) keepNow() tea.Cmd {
	if !m.seen || m.covered || m.moments.busy || time.Since(m.moments.last) < momentEvery ||
		m.moments.has(m.picture.At) || stored(&m.picture) > mostMessages {
		return nil
	}
	return m.keep(automatic)
}

// keep keeps this moment.
func (m *Model) keep(why string) tea.Cmd {
	if m.noMoments() != "" {
		return nil
	}
	m.moments.busy, m.moments.last = true, time.Now()
	stack := m.Conn.Stack
	return m.Do(screen.ActLimit, func(ctx context.Context) tea.Msg { return take(ctx, stack, why) })
}

// take takes a snapshot of now.
func take(ctx context.Context, stack backend.Stack, why string) taken {
	p, err := stack.Stage.Picture(ctx, ^uint64(0))
	if err != nil {
		return taken{err: err}
	}
	n := taken{Moment: screen.Moment{Why: why, Stored: stored(&p)}}
	if n.Stored > mostMessages {
		if why != automatic {
			n.err = &backend.Error{Kind: backend.KindConflict, Message: "there are too many messages to keep the moment in memory", Next: "save the world to a file"}
		}
		return n
	}
	var b bytes.Buffer
	if n.err = stack.Snapshots.Snapshot(ctx, &b); n.err != nil {
		return n
	}
	n.Data, n.At = b.Bytes(), p.At
	return n
}

func (m *Model) kept(n taken) tea.Cmd {
	m.moments.busy = false
	switch {
	case n.err != nil && n.Why == automatic:
		return nil // the next one will do
	case n.err != nil:
		return m.Env.Host.Fail(n.err)
	case n.Data == nil, n.Why == automatic && m.moments.has(n.At): // as when the scene was left and opened again
		return nil
	}
	m.moments.add(n.Moment)
	if n.Why == asked {
		return m.Env.Host.Say(themes.Good, text.Sprintf("kept %s; b rewinds", format.Clock(n.At, m.Env.UTC)))
	}
	return nil
}

// noMoments is why there is nothing to rewind to.
func (m *Model) noMoments() string {
	if m.Conn.Stack.Snapshots == nil {
		return "this place cannot be saved and brought back"
	}
	if err := m.Conn.Guard.Check(guard.Snapshot); err != nil {
		return backend.AsError(err).Next
	}
	return ""
}

func (m *Model) noRewind() string {
	if s := m.noMoments(); s != "" {
		return s
	}
	if len(m.moments.all) == 0 {
		return "no moment has been kept yet"
	}
	return ""
}

// askRewind lets somebody choose where to go back to, the last one first. The
// present is kept before, so nothing is lost by it.
func (m *Model) askRewind() tea.Cmd {
	all := slices.Clone(m.moments.all)
	slices.Reverse(all)
	choices := make([]dialog.Choice, len(all))
	for i, n := range all {
		ago := "now"
		if d := m.picture.At.Sub(n.At); d >= time.Second {
			ago = format.Span(d) + " ago"
		} else if d < 0 {
			ago = "in " + format.Span(-d)
		}
		choices[i] = dialog.Choice{Label: format.Clock(n.At, m.Env.UTC) + "  " + ago, Note: format.Plural(n.Stored, "message") + ", " + n.Why}
	}
	m.Env.Host.Ask(dialog.NewChoose(m.Env, text.Const("Rewind to, and stop there; the present is kept"), choices, func(i int) tea.Cmd { return m.rewind(all[i]) }))
	return nil
}

// rewound is the end of a rewind.
type rewound struct {
	to     screen.Moment
	before taken
	err    error
}

// Late says it when the screen is gone.
func (r rewound) Late() (themes.Role, text.Safe) {
	if r.err != nil {
		return themes.Bad, text.Clean(r.err.Error())
	}
	return themes.Good, text.Const("went back in time")
}

// rewind brings a moment back. The choice in the list is the confirmation.
func (m *Model) rewind(to screen.Moment) tea.Cmd {
	stack, g := m.Conn.Stack, m.Conn.Guard
	return m.Act(func(ctx context.Context) tea.Msg {
		r := rewound{to: to}
		if r.err = backend.StopClock(ctx, stack.Clock); r.err != nil {
			return r
		}
		if r.before = take(ctx, stack, before); r.before.err != nil {
			r.err = r.before.err
			return r
		}
		if r.err = stack.Snapshots.Restore(g.Allow(ctx, guard.Grant{Act: guard.ActRestore}), bytes.NewReader(to.Data)); r.err == nil {
			r.err = backend.StopClock(ctx, stack.Clock)
		}
		return r
	})
}

func (m *Model) rewound(r rewound) tea.Cmd {
	if r.err != nil {
		return m.acted(acted{err: r.err})
	}
	m.moments.add(r.before.Moment)
	m.sparks = nil
	m.drain(time.Now())
	m.sparks = nil // of what came with the snapshot nothing flies
	m.log.cut(r.to.At, m.follow)
	return m.acted(acted{what: text.Sprintf("it is %s again, and the clock stands", format.Clock(r.to.At, m.Env.UTC))})
}

// askSave asks for the file to save the world in.
func (m *Model) askSave() tea.Cmd {
	name := "world-" + m.picture.At.UTC().Format("20060102-150405") + ".json"
	m.Env.Host.Ask(dialog.NewForm(m.Env, dialog.Form{
		Title: text.Const("Save the world"),
		Notes: []text.Safe{text.Const("Queues, messages, clock, actors and chance, as they are when you press enter. It holds all message bodies. sqscope --restore FILE opens it.")},
		Fields: []dialog.Field{{Label: "file", Value: filepath.Join(m.Env.ExportDir, name), Check: func(v string) string {
			if v == "" {
				return "a file needs a name"
			}
			return ""
		}}},
		Confirm: "save",
		Run: func(v []string) tea.Cmd {
			path, snapshots := v[0], m.Conn.Stack.Snapshots
			if !filepath.IsAbs(path) {
				path = filepath.Join(m.Env.ExportDir, path)
			}
			return m.Act(func(ctx context.Context) tea.Msg {
				err := archive.SaveNew(path, func(w io.Writer) error { return snapshots.Snapshot(ctx, w) })
				return acted{text.Sprintf("saved; sqscope --restore %s opens it", path), err}
			})
		},
	}))
	return nil
}
