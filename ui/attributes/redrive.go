package attributes

import (
	"encoding/json"
	"slices"
	"strconv"

	tea "charm.land/bubbletea/v2"

	"sqscope/backend"
	"sqscope/backend/fleet"
	"sqscope/backend/rules"
	"sqscope/themes"
	"sqscope/ui/dialog"
	"sqscope/ui/format"
	"sqscope/ui/screen"
	"sqscope/ui/text"
)

// usualReceives is the maxReceiveCount that is proposed: what AWS advises with
// Lambda, and enough for a consumer that crashes now and then (docs/SQS.md 10.7).
const usualReceives = 5

// chooseDLQ asks which queue takes the messages that fail, or none, or a new one.
func (m *Model) chooseDLQ() tea.Cmd {
	has := m.seen.Attributes[backend.AttrRedrivePolicy] != ""
	now := m.seen.Redrive
	fit := m.kin()
	slices.SortStableFunc(fit, func(a, b *fleet.Queue) int { return rankDLQ(b, now) - rankDLQ(a, now) })
	choices := []dialog.Choice{{Label: "none", Note: "messages that fail are retried until their retention ends"}, {Label: "a new queue", Note: "made for it, and named at once"}}
	if !has {
		choices[0].Off = "it has none"
	}
	for _, q := range fit {
		choices = append(choices, dialog.Choice{Label: q.ARN.Name, Note: dlqNote(q, now)})
	}
	m.Env.Host.Ask(dialog.NewChoose(m.Env, text.Sprintf("Where the failed messages of %s go", m.name()), choices, func(i int) tea.Cmd {
		switch i {
		case 0:
			return m.review(m.queue, text.Sprintf("Take the redrive policy of %s away?", m.name()), map[string]string{backend.AttrRedrivePolicy: ""}, nil)
		case 1:
			return m.Open(screen.Create, m.queue)
		}
		return m.askReceives(fit[i-2].ARN)
	}).At(2)) // the present one, if there is one
	return nil
}

// kin are the queues that the rules let work together with this one: of its kind,
// account and region (docs/SQS.md 2.4).
func (m *Model) kin() (out []*fleet.Queue) {
	for _, q := range m.Conn.Fleet.Snapshot().Queues {
		if q.ARN != m.queue && q.FIFO == m.queue.FIFO() && q.ARN.Account == m.queue.Account && q.ARN.Region == m.queue.Region {
			out = append(out, q)
		}
	}
	return out
}

// rankDLQ puts the present dead-letter queue first, then those that are one.
func rankDLQ(q *fleet.Queue, now rules.RedrivePolicy) int {
	switch {
	case q.ARN.String() == now.DeadLetterTargetArn:
		return 2
	case q.IsDLQ():
		return 1
	}
	return 0
}

func dlqNote(q *fleet.Queue, now rules.RedrivePolicy) string {
	s := ""
	if n := q.Setting(backend.AttrMessageRetentionPeriod); n > 0 {
		s = "keeps messages " + format.Setting(n)
	}
	switch {
	case q.ARN.String() == now.DeadLetterTargetArn:
		return "as now; " + s
	case q.IsDLQ():
		return "dead-letter queue of " + format.Plural(len(q.Sources), "queue") + "; " + s
	}
	return s
}

// redrivePolicy is the JSON of a RedrivePolicy.
func redrivePolicy(target backend.ARN, receives string) string {
	n, err := strconv.Atoi(receives)
	if err != nil {
		return jsonOf(map[string]any{"deadLetterTargetArn": target.String(), "maxReceiveCount": receives})
	}
	return jsonOf(map[string]any{"deadLetterTargetArn": target.String(), "maxReceiveCount": n})
}

// jsonOf is a document of strings and numbers, which always encodes.
func jsonOf(v any) string {
	b, err := json.Marshal(v)
	if err != nil {
		panic(err)
	}
	return string(b)
}

// askReceives asks how often a message may be received.
func (m *Model) askReceives(target backend.ARN) tea.Cmd {
	set := func(v string) map[string]string {
		return map[string]string{backend.AttrRedrivePolicy: redrivePolicy(target, v)}
	}
	now := usualReceives
	if n := m.seen.Redrive.MaxReceiveCount; n > 0 {
		now = n
	}
	m.Env.Host.Ask(dialog.NewForm(m.Env, dialog.Form{
		Title: text.Sprintf("Failed messages of %s go to %s", m.name(), target.Name),
		Notes: []text.Safe{
			text.Const("A message that was received so often without being deleted goes there at the next receive. Every receive counts, also a look by a person. Messages that are there already are not brought back."),
		},
		Fields:  []dialog.Field{{Label: "receives", Value: strconv.Itoa(now), Hint: "1 to 1,000", Check: func(v string) string { return m.refusal(set(v)) }}},
		Preview: func(v []string) []dialog.Line { return m.preview(m.queue, set(v[0])) },
		Confirm: "set",
		Run:     func(v []string) tea.Cmd { return m.set(m.queue, set(v[0])) },
	}))
	return nil
}

// chooseAllow asks which queues may name this one as their dead-letter queue.
func (m *Model) chooseAllow() tea.Cmd {
	now, err := rules.ParseRedriveAllowPolicy(m.seen.Attributes[backend.AttrRedriveAllowPolicy])
	choices := []dialog.Choice{
		{Label: "every queue", Note: "of this account and region; as without a policy"},
		{Label: "no queue", Note: "nobody may make this queue their dead-letter queue"},
		{Label: "only some", Note: "up to 10 queues, chosen from a list"},
	}
	if err == nil && now.Permission == rules.AllowAll {
		choices[0].Off = "it is so already"
	}
	m.Env.Host.Ask(dialog.NewChoose(m.Env, text.Sprintf("Who may send dead letters to %s", m.name()), choices, func(i int) tea.Cmd {
		switch i {
		case 0:
			return m.reviewAllow("")
		case 1:
			return m.reviewAllow(jsonOf(map[string]any{"redrivePermission": rules.DenyAll}))
		}
		allowed := now.SourceQueueArns
		if len(allowed) == 0 {
			for _, s := range m.seen.Sources {
				allowed = append(allowed, s.String())
			}
		}
		return m.pickAllowed(allowed)
	}))
	return nil
}

// pickAllowed lets somebody put queues on the list and take them off, one at a
// time, since there may be thousands to find them among.
func (m *Model) pickAllowed(allowed []string) tea.Cmd {
	names := make([]string, 0, len(allowed))
	choices := []dialog.Choice{{Label: "done", Note: "show the difference for " + format.Plural(len(allowed), "queue")}}
	for _, arn := range allowed {
		choices = append(choices, dialog.Choice{Label: nameOf(arn), Note: "allowed; enter takes it off"})
		names = append(names, arn)
	}
	for _, q := range m.kin() {
		if arn := q.ARN.String(); !slices.Contains(allowed, arn) {
			choices = append(choices, dialog.Choice{Label: q.ARN.Name, Note: "enter allows it"})
			names = append(names, arn)
		}
	}
	m.Env.Host.Ask(dialog.NewChoose(m.Env, text.Sprintf("Queues that may send dead letters to %s", m.name()), choices, func(i int) tea.Cmd {
		if i == 0 {
			return m.reviewAllow(jsonOf(map[string]any{"redrivePermission": rules.AllowByQueue, "sourceQueueArns": allowed}))
		}
		arn := names[i-1]
		if at := slices.Index(allowed, arn); at >= 0 {
			return m.pickAllowed(slices.Delete(slices.Clone(allowed), at, at+1))
		}
		return m.pickAllowed(append(slices.Clone(allowed), arn))
	}))
	return nil
}

// reviewAllow shows what a RedriveAllowPolicy changes. Queues that use this one
// and would not be allowed to any more are named: SQS does not look at them.
func (m *Model) reviewAllow(doc string) tea.Cmd {
	var first []dialog.Line
	if p, err := rules.ParseRedriveAllowPolicy(doc); err == nil && p.Permission != rules.AllowAll {
		for _, s := range m.seen.Sources {
			if !slices.Contains(p.SourceQueueArns, s.String()) {
				first = append(first, dialog.Line{Role: themes.Warn, Text: text.Sprintf("! %s uses this queue now and would not be allowed to; the next time its policy is set SQS refuses it", s.Name)})
			}
		}
	}
	return m.review(m.queue, text.Sprintf("Change who may send dead letters to %s?", m.name()), map[string]string{backend.AttrRedriveAllowPolicy: doc}, first)
}

func nameOf(arn string) string {
	if a, ok := backend.ParseARN(arn); ok {
		return a.Name
	}
	return arn
}
