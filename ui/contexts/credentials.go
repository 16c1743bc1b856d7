package contexts

import (
	"context"
	"time"

	tea "charm.land/bubbletea/v2"

	"sqscope/backend"
	"sqscope/themes"
	"sqscope/ui/format"
	"sqscope/ui/screen"
	"sqscope/ui/text"
)

// renewLimit is how long getting new credentials may take, with somebody typing
// an MFA code meanwhile.
const renewLimit = 2 * time.Minute

// soon is when credentials that nobody renews deserve a warning.
const soon = 15 * time.Minute

// caller is who AWS says that we are in a place, or why it does not.
type caller struct {
	backend.Identity
	err *backend.Error
}

type identified struct{ who map[string]caller }

type renewed struct {
	name string
	err  error
}

// identify asks who we are in the places of the present context.
func (m *Model) identify() tea.Cmd {
	conns := m.Env.Conns
	return m.Do(screen.ReadLimit, func(ctx context.Context) tea.Msg {
		who := map[string]caller{}
		for _, c := range conns {
			if c.Stack.Credentials == nil || c.Place.Endpoint != "" {
				continue // an endpoint of one's own knows nothing of AWS's users
			}
			id, err := c.Stack.Credentials.Identity(ctx)
			who[c.Name] = caller{Identity: id}
			if err != nil {
				who[c.Name] = caller{err: backend.AsError(err)}
			}
		}
		return identified{who}
	})
}

func (m *Model) identified(i identified) {
	for name, c := range i.who {
		if c.err == nil || c.err.Kind != backend.KindCancelled {
			m.who[name] = c
		}
	}
	m.look()
}

// look notes how long the credentials of open contexts last, which asks nobody.
func (m *Model) look() {
	note := func(conns []*screen.Connection) {
		for _, conn := range conns {
			if conn.Stack.Credentials != nil {
				m.expiry[conn.Name] = conn.Stack.Credentials.Expiry()
			}
		}
	}
	note(m.Env.Conns)
	for _, c := range m.all {
		note(m.Env.Host.Opened(c.Name))
	}
}

// needsLogin tells whether credentials are what is wrong with a place.
func (m *Model) needsLogin(conn *screen.Connection) bool {
	e := m.trouble(conn)
	return e != nil && e.Kind == backend.KindCredentials
}

// trouble is what is wrong with a place that we are in: with its list of queues,
// else with the caller.
func (m *Model) trouble(conn *screen.Connection) *backend.Error {
	if conn.Fleet != nil {
		if err := conn.Fleet.Snapshot().Err; err != nil {
			return err
		}
	}
	return m.who[conn.Name].err
}

// loginCommand is what brings the credentials of a place back, or "".
func loginCommand(conn *screen.Connection) string {
	if conn.Stack.Credentials == nil {
		return ""
	}
	return conn.Stack.Credentials.Login().Command
}

func (m *Model) noRenewal() string {
	c, ok := m.here()
	conns := m.Env.Host.Opened(c.Name)
	switch {
	case !ok:
		return m.nothing()
	case m.renewal != "":
		return "those of " + m.renewal + " are being renewed"
	case len(conns) == 0:
		return "this context is not connected; connecting gets its credentials"
	}
	for _, conn := range conns {
		if conn.Stack.Credentials != nil {
			return ""
		}
	}
	return "this context has no credentials of its own to renew"
}

// renew gets new credentials for all places of the context under the cursor.
func (m *Model) renew() tea.Cmd {
	c, ok := m.here()
	if !ok {
		return nil
	}
	conns := m.Env.Host.Opened(c.Name)
	m.renewal = c.Name
	return m.Do(renewLimit, func(ctx context.Context) tea.Msg {
		for _, conn := range conns {
			if conn.Stack.Credentials == nil {
				continue
			}
			if err := conn.Stack.Credentials.Refresh(ctx); err != nil {
				return renewed{c.Name, err}
			}
		}
		return renewed{c.Name, nil}
	})
}

func (m *Model) renewed(r renewed) tea.Cmd {
	m.renewal = ""
	m.look()
	if r.err != nil {
		return m.Env.Host.Fail(r.err)
	}
	line := text.Sprintf("the credentials of %s are renewed", r.name)
	for _, conn := range m.Env.Host.Opened(r.name) {
		if at := m.expiry[conn.Name].At; !at.IsZero() {
			line = text.Join(line, text.Sprintf("; they expire %s", format.Until(at, time.Now())))
			break
		}
	}
	said := m.Env.Host.Say(themes.Good, line)
	if r.name != m.Env.Name {
		return said
	}
	for _, conn := range m.Env.Conns {
		conn.Fleet.Retry()
	}
	return tea.Batch(said, m.identify())
}
