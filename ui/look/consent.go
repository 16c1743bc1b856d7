package look

import (
	"context"
	"strconv"
	"strings"

	tea "charm.land/bubbletea/v2"

	"sqscope/backend/peek"
	"sqscope/themes"
	"sqscope/ui/dialog"
	"sqscope/ui/format"
	"sqscope/ui/screen"
	"sqscope/ui/text"
)

// consumers are those who were found to receive from the queue, in words.
type consumers struct{ names []string }

// askConsumers finds out who else receives, so that a look can say before with
// whom it competes. What cannot be found out is not said.
func (l *Look) askConsumers() tea.Cmd {
	wiring, queue := l.base.Conn.Stack.Wiring, l.queue
	if l.Free || wiring == nil {
		return nil
	}
	return l.base.Do(screen.ReadLimit, func(ctx context.Context) tea.Msg {
		mappings, err := wiring.Mappings(ctx, queue)
		if err != nil {
			return nil
		}
		var c consumers
		for _, mapping := range mappings {
			if mapping.Polls() {
				c.names = append(c.names, "the Lambda function "+functionName(mapping.FunctionArn))
			}
		}
		return c
	})
}

// functionName is the name in a function's ARN, with its version if it has one.
func functionName(arn string) string {
	if _, name, ok := strings.Cut(arn, ":function:"); ok {
		return name
	}
	return arn
}

// around is what is known of the queue besides what a look can tell.
func (l *Look) around() peek.Facts {
	f := peek.Facts{Visible: -1, Consumers: l.consumers}
	if q := l.base.Conn.Queue(l.queue); q != nil && !q.AsOf.IsZero() {
		f.Visible = q.Visible
		if _, leased := l.LeaseLeft(); q.AsOf.Before(l.looked) && l.state.About >= 0 {
			f.Visible = max(0, l.state.About-leased) // the look has counted since
		}
		if q.DLQ != nil {
			f.DLQ = q.DLQ.Name
		}
	}
	return f
}

// harmful tells whether a person has to say yes first.
func harmful(p peek.Preflight) bool { return p.Confirm() || len(p.Over) > 0 }

// card says what a look would cost and asks whether it shall be made. What
// happened is said first, where something did: then nobody pressed a key for the
// card, and a word has to be typed so that no key meant for something else says
// yes.
func (l *Look) card(r Request, p peek.Preflight, happened []text.Safe) *dialog.FormDialog {
	f := dialog.Form{
		Title: text.Sprintf("Look at %s of %s?", upTo(r.Want), l.queue.Name),
		Notes: happened, Confirm: "look",
		Run: func([]string) tea.Cmd { return l.agreed(r, p) },
	}
	if r.Match != nil {
		f.Title = text.Sprintf("Read %s until %s?", l.queue.Name, untilWords(r.Want))
	}
	for _, line := range p.Lines() {
		f.Notes = append(f.Notes, text.Clean(Bullet+line))
	}
	f.Notes = append(f.Notes, l.named(Bullet+"the last receive of ", p.Last)...)
	f.Notes = append(f.Notes, l.named(Bullet+"dead-lettered by it: ", p.Over)...)
	if harmful(p) {
		f.Danger, f.Confirm = true, "look all the same"
	}
	if len(happened) > 0 {
		f.Fields = []dialog.Field{{Label: "go on", Must: "yes", Check: func(v string) string {
			if v != "yes" {
				return "type yes, or leave with esc"
			}
			return ""
		}}}
	}
	return dialog.NewForm(l.base.Env, f)
}

func upTo(want int) string {
	if want == 1 {
		return "a message"
	}
	return "up to " + format.Count(want) + " messages"
}

func untilWords(want int) string {
	if want == 1 {
		return "1 message matches"
	}
	return format.Count(want) + " messages match"
}

// named are the messages with these ids, the first few of them.
func (l *Look) named(what string, ids []string) []text.Safe {
	if len(ids) == 0 {
		return nil
	}
	const few = 3
	s := strings.Join(ids[:min(few, len(ids))], ", ")
	if more := len(ids) - few; more > 0 {
		s += " and " + format.Count(more) + " more"
	}
	return []text.Safe{text.Clean(what + s)}
}

// agreed looks, after somebody has said yes to what it may do.
func (l *Look) agreed(r Request, p peek.Preflight) tea.Cmd {
	if l.looking {
		return nil
	}
	if harmful(p) {
		l.session.AcceptDeadLettering()
	}
	return l.Look(r)
}

// AskNumber asks how many messages are wanted, and says with every digit what
// that costs.
func (l *Look) AskNumber(r Request, title, label, confirm string) tea.Cmd {
	if !l.Open() {
		return l.notOpen()
	}
	number := func(v string) (int, bool) {
		n, err := strconv.Atoi(strings.ReplaceAll(v, ",", ""))
		return n, err == nil && n >= 1 && n <= mostLook
	}
	before := func(n int) peek.Preflight {
		if r.Match != nil {
			n = mostLook // how many are read for that is not known
		}
		return l.session.Preflight(l.around(), n)
	}
	danger := harmful(before(r.Want))
	f := dialog.Form{
		Title: text.Clean(title), Confirm: confirm, Danger: danger,
		Fields: []dialog.Field{{Label: label, Value: strconv.Itoa(r.Want), Check: func(v string) string {
			if _, ok := number(v); !ok {
				return "a whole number from 1 to " + format.Count(mostLook)
			}
			return ""
		}}},
		Preview: func(v []string) []dialog.Line {
			n, ok := number(v[0])
			if !ok {
				return []dialog.Line{{Role: themes.Bad, Text: text.Sprintf("✗ a whole number from 1 to %s", format.Count(mostLook))}}
			}
			var lines []dialog.Line
			for _, line := range before(n).Lines() {
				lines = append(lines, dialog.Line{Role: themes.Text, Text: text.Clean(Bullet + line)})
			}
			return lines
		},
		Run: func(v []string) tea.Cmd {
			n, _ := number(v[0])
			r.Want = n
			if l.Free {
				l.asked = r
			}
			return l.agreed(r, before(n))
		},
	}
	if r.Match != nil && !l.Free {
		f.Notes = []text.Safe{text.Sprintf("Messages that do not match %s are hidden from consumers until the reading is over, and given back then. It takes up to 10,000 messages and 10 s.", r.Words)}
	}
	if danger {
		f.Confirm += " all the same"
	}
	l.base.Env.Host.Ask(dialog.NewForm(l.base.Env, f))
	return nil
}
