package policy

import (
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"

	"sqscope/backend"
)

// Reading is a statement in words, and what to look out for in it.
type Reading struct {
	Statement int // its index
	Sid       string
	Effect    Effect
	Text      string // one sentence, with its full stop
	Warnings  []Warning
}

// Words says each statement of a queue's policy in one sentence, in their
// order. Of the queue's own account and name it makes no words; with the zero
// ARN, where the queue is not known, everything is named.
func (p Policy) Words(queue backend.ARN) []Reading {
	w := words{queue: queue}
	all := make([]Reading, len(p.Statements))
	for i, s := range p.Statements {
		all[i] = Reading{
			Statement: i, Sid: s.Sid, Effect: s.Effect,
			Text: w.sentence(s), Warnings: p.warnings(s, queue),
		}
	}
	return all
}

// words finds words for the parts of a statement of this queue's policy.
type words struct{ queue backend.ARN }

func (w words) sentence(s Statement) string {
	who, not := w.who(s)
	if not {
		who += " may not "
	} else {
		who += " may "
	}
	return capital(who) + w.what(s) + w.where(s) + w.when(s) + "."
}

func capital(s string) string {
	r, size := utf8.DecodeRuneInString(s)
	return string(unicode.ToUpper(r)) + s[size:]
}

// list joins words: a, b and c.
func list(all []string, conjunction string) string {
	if len(all) < 2 {
		return strings.Join(all, "")
	}
	last := len(all) - 1
	return strings.Join(all[:last], ", ") + " " + conjunction + " " + all[last]
}

// who is whom a statement is about. It is "nobody" where everyone is denied, so
// that the verb needs no "not"; else a Deny does.
func (w words) who(s Statement) (who string, not bool) {
	var names []string
	for _, p := range s.Principal.Values {
		names = append(names, w.principal(p))
	}
	everyone := "everyone"
	if s.Effect == Deny {
		everyone = "nobody"
	}
	switch {
	case len(names) == 0:
		return "whoever has this policy", s.Effect == Deny
	case s.Principal.Not:
		return everyone + " except " + list(names, "and"), false
	case s.forEveryone():
		return everyone, false
	}
	return list(names, "and"), s.Effect == Deny
}

// forEveryone tells whether a statement names everyone there is.
func (s Statement) forEveryone() bool {
	for _, p := range s.Principal.Values {
		if !s.Principal.Not && p.ID == "*" && (p.Type == AWS || p.Type == Everyone) {
			return true
		}
	}
	return false
}

func (w words) principal(p Principal) string {
	switch p.Type {
	case Everyone:
		return "everyone"
	case Service:
		return service(p.ID)
	case Federated:
		return "whoever signed in through " + p.ID
	case CanonicalUser:
		return "the canonical user " + p.ID
	}
	switch account := p.account(); {
	case p.ID == "*":
		return "everyone"
	case account != "" && account == w.queue.Account:
		return "the owner's account " + account
	case account != "":
		return "account " + account
	}
	if name := w.thing(p.ID); name != p.ID {
		return name
	}
	return "the principal " + p.ID
}

// verb is what a right is about, in words that follow "may".
func verb(right string) string {
	switch right {
	case "SendMessage":
		return "send"
	case "ReceiveMessage":
		return "receive"
	case "DeleteMessage":
		return "delete messages"
	case "ChangeMessageVisibility":
		return "change visibility timeouts"
	case "GetQueueAttributes":
		return "read the attributes"
	case "GetQueueUrl":
		return "look up the URL"
	case "ListDeadLetterSourceQueues":
		return "list the dead-letter sources"
	case "ListQueueTags":
		return "list the tags"
	case "PurgeQueue":
		return "purge the queue"
	case "DeleteQueue":
		return "delete the queue"
	case "SetQueueAttributes":
		return "change the attributes"
	}
	return "use " + right
}

// what is what a statement is about.
func (w words) what(s Statement) string {
	conjunction := "and"
	if s.Effect == Deny || s.Action.Not {
		conjunction = "or"
	}
	var all []string
	anything := false
	for _, v := range s.Action.Values {
		name := v[strings.IndexByte(v, ':')+1:]
		switch {
		case name == "*" && grants(v, "SendMessage"):
			anything = true
		case strings.ContainsAny(v, "*?"):
			all = append(all, "use whatever is like "+v)
		case isRight(v):
			all = append(all, verb(Right(v)))
		default:
			all = append(all, "use "+v)
		}
	}
	switch {
	case anything && s.Action.Not:
		return "do nothing"
	case anything:
		return "do anything"
	case s.Action.Not:
		return "do anything but " + list(all, conjunction)
	}
	return list(all, conjunction)
}

// isRight tells whether a value of Action names a right of SQS, in full.
func isRight(value string) bool {
	right := Right(value)
	return slices.Contains(Rights(), right) && grants(value, right)
}

// where is which queues a statement is about, if not just the one that has the
// policy.
func (w words) where(s Statement) string {
	var names []string
	for _, v := range s.Resource.Values {
		if v == "*" && !s.Resource.Not || v == w.queue.String() {
			return ""
		}
		names = append(names, w.thing(v))
	}
	switch {
	case len(names) == 0:
		return ""
	case s.Resource.Not:
		return " on any queue except " + list(names, "and")
	case w.queue != (backend.ARN{}) && s.about(w.queue.String(), facts{}):
		return ""
	}
	return " on " + list(names, "and")
}
