package ui

import (
	"context"
	"strings"
	"time"

	tea "charm.land/bubbletea/v2"

	"sqscope/backend"
	"sqscope/themes"
	"sqscope/ui/dialog"
	"sqscope/ui/screen"
	"sqscope/ui/text"
)

// identified is who AWS says that we are.
type identified struct {
	conn *screen.Connection
	who  backend.Identity
	err  error
}

// identify asks AWS who we are, where that can be asked.
func identify(c *screen.Connection) tea.Cmd {
	if c.Stack.Credentials == nil || c.Place.Embedded || c.Place.Endpoint != "" {
		return nil
	}
	ctx := c.Context
	return func() tea.Msg {
		ctx, cancel := context.WithTimeout(ctx, screen.ReadLimit)
		defer cancel()
		who, err := c.Stack.Credentials.Identity(ctx)
		return identified{c, who, err}
	}
}

// identified notes the account, and says so if it is not the one that the
// configuration means. That it could not be asked is no trouble of its own: the
// queue list says what is wrong with credentials.
func (m *Model) identified(i identified) tea.Cmd {
	if i.err != nil || i.who.Account == "" {
		return nil
	}
	i.conn.Place.Account = i.who.Account
	if i.conn.Identified != nil {
		i.conn.Identified(i.who.ARN)
	}
	if meant := i.conn.Meant; meant != "" && meant != i.who.Account {
		return m.fail(&backend.Error{
			Kind: backend.KindCredentials, Subject: i.conn.Name, Message: "this is account " + i.who.Account + ", and the configuration says that it is " + meant,
			Next: "check the profile before you change anything",
		})
	}
	return nil
}

// renewEvery is how long after credentials have failed they are tried anew.
const renewEvery = 15 * time.Second

// soon is how long before their end credentials are spoken of.
const soon = 15 * time.Minute

// renew fetches credentials that have expired anew, from time to time: somebody
// logs in again in another terminal, and nothing here has to be pressed. Where a
// person would be asked for a code, it waits for that person to ask for it.
func (m *Model) renew() tea.Cmd {
	var cmds []tea.Cmd
	for _, c := range m.env.Conns {
		err := c.Fleet.Snapshot().Err
		if err == nil || err.Kind != backend.KindCredentials || c.Stack.Credentials == nil || c.Stack.Credentials.Login().MFA != "" {
			continue
		}
		if time.Since(m.renewed[c]) < renewEvery {
			continue
		}
		if m.renewed == nil {
			m.renewed = map[*screen.Connection]time.Time{}
		}
		m.renewed[c] = time.Now()
		ctx, f := c.Context, c.Fleet
		cmds = append(cmds, func() tea.Msg {
			ctx, cancel := context.WithTimeout(ctx, screen.ReadLimit)
			defer cancel()
			// That it failed again the list of queues says, and when.
			if c.Stack.Credentials.Refresh(ctx) == nil {
				f.Retry()
			}
			return nil
		})
	}
	return tea.Batch(cmds...)
}

// ending is how long credentials last that end soon and that nobody renews.
func ending(places []*screen.Connection) (left time.Duration, soonest bool) {
	for _, c := range places {
		if c.Stack.Credentials == nil {
			continue
		}
		e := c.Stack.Credentials.Expiry()
		if d := time.Until(e.At); !e.At.IsZero() && !e.Renews && d < soon && (!soonest || d < left) {
			left, soonest = d, true
		}
	}
	return left, soonest
}

// PromptMsg asks a person for something that a request needs, as an MFA code.
type PromptMsg struct {
	Title, Note, Label string
	// Answer is called once, with what was typed or with an error.
	Answer func(value string, err error)
}

func (m *Model) prompt(p PromptMsg) {
	host{m}.Ask(dialog.NewForm(m.env, dialog.Form{
		Title: text.Clean(p.Title), Notes: []text.Safe{text.Clean(p.Note)}, Confirm: "go on",
		Fields: []dialog.Field{{Label: p.Label, Check: func(v string) string {
			if v == "" {
				return "type it, or esc"
			}
			return ""
		}}},
		Run:    func(v []string) tea.Cmd { p.Answer(v[0], nil); return nil },
		Cancel: func() tea.Cmd { p.Answer("", errNotAnswered); return nil },
	}))
}

var errNotAnswered = &backend.Error{Kind: backend.KindCancelled, Message: "nobody answered"}

// sayProblems tells what is wrong with the configuration; all of it is on standard
// error.
func (m *Model) sayProblems() tea.Cmd {
	if len(m.opts.Problems) == 0 {
		return nil
	}
	all := make([]string, len(m.opts.Problems))
	for i, p := range m.opts.Problems {
		all[i] = p.Error()
	}
	m.lastErr = &backend.Error{
		Kind: backend.KindInvalid, Message: strings.Join(all, "\n"), Next: "sqscope config check says the same; what is wrong has its default",
	}
	line := text.Sprintf("configuration: %s", all[0])
	if len(all) > 1 {
		line = text.Sprintf("configuration: %d things are wrong (E shows all): %s", len(all), all[0])
	}
	return m.show(themes.Warn, line, toastOfError)
}
