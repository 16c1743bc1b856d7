package scene

import (
	"context"
	"slices"

	tea "charm.land/bubbletea/v2"

	"sqscope/backend"
	"sqscope/themes"
	"sqscope/ui/dialog"
	"sqscope/ui/format"
	"sqscope/ui/screen"
	"sqscope/ui/text"
)

// knobsRead are the knobs to choose one from.
type knobsRead struct {
	subject string
	faults  bool
	knobs   []backend.Knob
	err     error
}

// readKnobs reads the knobs of a subject: its faults, or the others.
func (m *Model) readKnobs(subject string, faults bool) tea.Cmd {
	stage := m.Conn.Stack.Stage
	return m.Do(screen.ReadLimit, func(ctx context.Context) tea.Msg {
		all, err := stage.Knobs(ctx)
		all = slices.DeleteFunc(all, func(k backend.Knob) bool { return k.Subject != subject || isFault(k) != faults })
		return knobsRead{subject, faults, all, err}
	})
}

// turn lets somebody turn a knob of what is under the cursor.
func (m *Model) turn() tea.Cmd { return m.readKnobs(m.at.name, false) }

// fault lets somebody switch a fault of the queue under the cursor, else of all.
func (m *Model) fault() tea.Cmd {
	if m.at.queue {
		return m.readKnobs(m.at.name, true)
	}
	return m.readKnobs(backend.AllQueues, true)
}

func (m *Model) askKnob(r knobsRead) tea.Cmd {
	if r.err != nil {
		return m.Env.Host.Fail(r.err)
	}
	whose := text.Clean(r.subject)
	if r.subject == backend.AllQueues {
		whose = text.Const("all queues")
	}
	title := text.Join(text.Const("Knobs of "), whose)
	if r.faults {
		title = text.Join(text.Const("Faults of "), whose, text.Const(": enter switches on or off"))
	}
	choices := make([]dialog.Choice, len(r.knobs))
	room := min(knobRoom(r.knobs), 22)
	for i, k := range r.knobs {
		choices[i] = dialog.Choice{Label: text.Clean(k.Name).Pad(room).String() + "  " + k.Value, Note: k.Says}
		if r.faults {
			choices[i] = dialog.Choice{Label: k.Name, Note: faultWords(k)}
		}
	}
	if len(choices) == 0 {
		return m.Env.Host.Fail(&backend.Error{Kind: backend.KindNotFound, Subject: r.subject, Message: "has no knobs here"})
	}
	m.Env.Host.Ask(dialog.NewChoose(m.Env, title, choices, func(i int) tea.Cmd { return m.chosen(r.knobs[i], r.faults) }))
	return nil
}

// faultWords say whether a fault is on, and what it does.
func faultWords(k backend.Knob) string {
	state := "off"
	if k.Value != off {
		state = "ON, probability " + k.Value
	}
	return state + " · " + faultSays(backend.FaultKind(k.Name))
}

func faultSays(k backend.FaultKind) string {
	switch k {
	case backend.FaultThrottle:
		return "requests are refused as RequestThrottled"
	case backend.FaultServerError:
		return "requests end in a 5xx"
	case backend.FaultLatency:
		return "answers come 2 s later"
	case backend.FaultAccessDenied:
		return "requests are refused as AccessDenied"
	case backend.FaultExpiredToken:
		return "requests are refused as ExpiredToken"
	case backend.FaultDuplicateDelivery:
		return "what was received comes once more"
	case backend.FaultShortBatch:
		return "short polls do not ask all servers"
	case backend.FaultPartialBatchFailure:
		return "entries of batches fail"
	case backend.FaultLaggingCounts:
		return "counts are of a minute ago"
	case backend.FaultVisibilityThrottle:
		return "ChangeMessageVisibility is throttled"
	}
	return string(k)
}

// usual is the probability that a fault begins with.
const usual = "0.25"

// chosen takes the new value of a knob. A fault that is on is switched off.
func (m *Model) chosen(k backend.Knob, fault bool) tea.Cmd {
	value, says := k.Value, text.Clean(k.Says)
	if fault {
		if k.Value != off {
			return m.set(k, text.Safe{}, off)
		}
		value, says = usual, text.Sprintf("%s. The probability is for each request that it could happen to, 0 to 1.", faultSays(backend.FaultKind(k.Name)))
	}
	m.askValue(k, says, value, nil)
	return nil
}

// askValue asks for the value of a knob; why is the reason why this one was not
// taken, which stands there until another is typed.
func (m *Model) askValue(k backend.Knob, says text.Safe, value string, why error) {
	subject := k.Subject
	if subject == backend.AllQueues {
		subject = "all queues"
	}
	form := dialog.Form{
		Title:   text.Sprintf("%s of %s", k.Name, subject),
		Notes:   []text.Safe{says},
		Fields:  []dialog.Field{{Label: "value", Value: value}},
		Confirm: "set",
		Run:     func(v []string) tea.Cmd { return m.set(k, says, v[0]) },
	}
	if why != nil {
		e := backend.AsError(why)
		reason := text.Clean("✗ " + e.Message)
		if e.Next != "" {
			reason = text.Sprintf("✗ %s (%s)", e.Message, e.Next)
		}
		form.Preview = func(v []string) []dialog.Line {
			if v[0] != value {
				return nil
			}
			return []dialog.Line{{Role: themes.Bad, Text: reason}}
		}
	}
	m.Env.Host.Ask(dialog.NewForm(m.Env, form))
}

// notTaken is a value that a knob did not take.
type notTaken struct {
	acted
	knob  backend.Knob
	says  text.Safe
	value string
}

// set turns a knob. What SQS does not take is refused with its reason, and asked
// for again.
func (m *Model) set(k backend.Knob, says text.Safe, value string) tea.Cmd {
	stage := m.Conn.Stack.Stage
	return m.Act(func(ctx context.Context) tea.Msg {
		what := text.Sprintf("%s %s is now %s", k.Subject, k.Name, value)
		switch {
		case isFault(k) && value == off:
			what = text.Sprintf("%s is off", k.Name)
		case isFault(k):
			what = text.Sprintf("%s is on, with probability %s", k.Name, value)
		}
		err := stage.SetKnob(ctx, k.Subject, k.Name, value)
		if err != nil && backend.KindOf(err) == backend.KindInvalid {
			return notTaken{acted{err: err}, k, says, value}
		}
		return acted{what, err}
	})
}

// noKnobs is why what is under the cursor has none.
func (m *Model) noKnobs() string {
	switch n, ok := m.plan.find(m.at); {
	case !ok:
		return "there is nothing under the cursor"
	case !n.queue && n.actor.Kind == backend.ActorTopic:
		return "a topic has no knobs"
	case !n.queue && (n.actor.Kind == backend.OutsideSender || n.actor.Kind == backend.OutsideReceiver):
		return "who is no actor of the scenario has no knobs"
	}
	return ""
}

func (m *Model) askAgain(n notTaken) tea.Cmd {
	if m.covered {
		return m.Env.Host.Fail(n.err)
	}
	m.askValue(n.knob, n.says, n.value, n.err)
	return nil
}

// messagesRead are the messages to choose one to follow from.
type messagesRead struct {
	ids   []string
	notes []string
	err   error
}

// followRoom is how many messages of a queue are offered.
const followRoom = 200

// askOrEndFollow follows no message any more, or offers those at hand.
func (m *Model) askOrEndFollow() tea.Cmd {
	if m.follow != "" {
		m.follow = ""
		m.log.trace("")
		return nil
	}
	n, ok := m.plan.find(m.at)
	switch {
	case !ok:
		return nil
	case n.queue:
		browse, name, at := m.Conn.Stack.Browse, n.name, m.picture.At
		return m.Do(screen.ReadLimit, func(ctx context.Context) tea.Msg {
			page, err := browse.Browse(ctx, backend.BrowseInput{QueueUrl: name, Limit: followRoom})
			r := messagesRead{err: err}
			for i := range page.Messages {
				s := &page.Messages[i]
				words := string(s.State)
				if s.State == backend.StateInFlight {
					words = "in flight"
				}
				if !s.Until.IsZero() {
					words += " " + brief(s.Until.Sub(at))
				}
				if g := s.Attributes[backend.SysMessageGroupId]; g != "" {
					words += ", group " + g
				}
				r.ids, r.notes = append(r.ids, s.MessageId), append(r.notes, words)
			}
			return r
		})
	}
	var r messagesRead
	for _, h := range n.actor.Hands {
		if n.actor.Kind == backend.ActorStateMachine {
			break // it holds tokens
		}
		for _, s := range h.Messages {
			r.ids, r.notes = append(r.ids, s), append(r.notes, "with "+n.name+", "+string(h.State))
		}
	}
	m.log.each(func(e *backend.Event) bool { // and what it has sent or received just now
		if e.Kind == backend.EventSent && e.MessageId != "" && slices.ContainsFunc(n.actor.Writes, func(q string) bool { return named(e.QueueArn, q) }) && !slices.Contains(r.ids, e.MessageId) {
			r.ids, r.notes = append(r.ids, e.MessageId), append(r.notes, "came at "+format.Clock(e.At, m.Env.UTC))
		}
		return len(r.ids) < followRoom
	})
	return m.askFollow(r)
}

func named(arn, queue string) bool {
	a, ok := backend.ParseARN(arn)
	return ok && a.Name == queue
}

// askFollow lets somebody choose the message to follow.
func (m *Model) askFollow(r messagesRead) tea.Cmd {
	if r.err != nil {
		return m.Env.Host.Fail(r.err)
	}
	if len(r.ids) == 0 {
		return m.Env.Host.Fail(&backend.Error{Kind: backend.KindNotFound, Subject: m.at.name, Message: "holds no message now", Next: "take a queue that holds some"})
	}
	choices := make([]dialog.Choice, len(r.ids))
	for i := range r.ids {
		choices[i] = dialog.Choice{Label: r.ids[i], Note: r.notes[i]}
	}
	m.Env.Host.Ask(dialog.NewChoose(m.Env, text.Const("Follow which message?"), choices, func(i int) tea.Cmd {
		m.follow = r.ids[i]
		m.log.trace(m.follow)
		return nil
	}))
	return nil
}
