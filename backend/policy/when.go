package policy

import "strings"

// clause says when a condition holds and when it does not. A negative one reads
// better the other way round: not "if it does not", but "unless it does".
type clause struct {
	holds, fails string
	negative     bool
}

func (c clause) not() clause { return clause{c.fails, c.holds, !c.negative} }

// when is under which conditions a statement applies.
func (w words) when(s Statement) string {
	var holds, fails []string
	negative := s.Effect == Deny
	for _, c := range s.Conditions {
		said := w.clause(c)
		holds, fails = append(holds, said.holds), append(fails, said.fails)
		negative = negative && said.negative
	}
	switch {
	case len(holds) == 0:
		return ""
	case negative && len(fails) == 1 && fails[0] == usesTLS:
		return " without TLS"
	case negative:
		return ", unless " + list(fails, "or")
	}
	return ", if " + list(holds, "and")
}

const usesTLS = "it uses TLS"

func (w words) clause(c Condition) clause {
	o, _ := parseOperator(c.Operator)
	switch {
	case o.quantifier != single:
		return quantified(c, o)
	case o.family == ofPresence:
		said := clause{holds: "it has " + c.Key, fails: "it has no " + c.Key}
		if len(c.Values) == 1 && strings.EqualFold(c.Values[0], "true") {
			return said.not()
		}
		return said
	}
	said := w.compared(c, o)
	if o.negated {
		return said.not()
	}
	if o.ifExists && !said.negative {
		said.holds += " (or has no " + c.Key + ")"
	}
	return said
}

// compared says an operator without its negation.
func (w words) compared(c Condition, o operator) clause {
	if o.family == ofBooleans && len(c.Values) == 1 {
		if said, ok := flag(c.Key); ok {
			if strings.EqualFold(c.Values[0], "false") {
				return said.not()
			}
			return said
		}
	}
	subject, relation := known(c.Key)
	if o.comparison >= less {
		subject, relation = c.Key, order(o)
		if strings.EqualFold(c.Key, "aws:CurrentTime") || strings.EqualFold(c.Key, "aws:EpochTime") {
			subject = "the time"
		}
		subject += " is "
	}
	if subject == "" {
		subject = c.Key + " is "
		if o.comparison == resembles {
			relation = "like "
		}
	}
	what := relation + w.values(c)
	if rest, ok := strings.CutPrefix(subject, "it comes "); ok {
		return clause{holds: subject + what, fails: "it does not come " + rest + what}
	}
	return clause{holds: subject + what, fails: subject + "not " + what}
}

// flag says the keys that are true or false in every signed request.
func flag(key string) (clause, bool) {
	switch strings.ToLower(key) {
	case "aws:securetransport":
		return clause{holds: usesTLS, fails: "it does not use TLS"}, true
	case "aws:viaawsservice":
		return clause{holds: "an AWS service makes the call for its caller", fails: "no AWS service makes the call for its caller"}, true
	case "aws:principalisawsservice":
		return clause{holds: "the caller is an AWS service", fails: "the caller is not an AWS service"}, true
	}
	return clause{}, false
}

// known has words for the usual keys: what is said of a request, and what stands
// before the value.
func known(key string) (subject, before string) {
	switch strings.ToLower(key) {
	case "aws:sourcearn":
		return "it comes from ", ""
	case "aws:sourceaccount":
		return "it comes on behalf of ", "account "
	case "aws:sourceorgid":
		return "it comes on behalf of ", "the organization "
	case "aws:sourcevpce":
		return "it comes through ", "the VPC endpoint "
	case "aws:sourcevpc":
		return "it comes from ", "the VPC "
	case "aws:sourceip", "aws:vpcsourceip":
		return "it comes from ", "the address "
	case "aws:principalarn":
		return "the caller is ", ""
	case "aws:principalaccount":
		return "the caller is ", "of account "
	case "aws:principalorgid":
		return "the caller is ", "of the organization "
	}
	return "", ""
}

func order(o operator) string {
	dates := o.family == ofDates
	switch {
	case o.comparison == less && dates:
		return "before "
	case o.comparison == less:
		return "less than "
	case o.comparison == lessEqual && dates:
		return "at or before "
	case o.comparison == lessEqual:
		return "at most "
	case o.comparison == greater && dates:
		return "after "
	case o.comparison == greater:
		return "more than "
	case dates:
		return "at or after "
	}
	return "at least "
}

// quantified says an operator for keys with several values.
func quantified(c Condition, o operator) clause {
	verb := " is "
	if o.comparison == resembles {
		verb = " is like "
	}
	values := words{}.values(c)
	some, every := "some "+c.Key, "every "+c.Key
	is, isNot := verb+values, strings.Replace(verb, " is ", " is not ", 1)+values
	if o.comparison >= less {
		is, isNot = " is "+order(o)+values, " is not "+order(o)+values
	}
	if o.negated {
		is, isNot = isNot, is
	}
	if o.quantifier == forAny {
		return clause{holds: some + is, fails: every + isNot + " (or it has none)"}
	}
	return clause{holds: every + is + " (or it has none)", fails: some + isNot}
}

// values are what a key is compared with, ARNs in words.
func (w words) values(c Condition) string {
	var all []string
	for _, v := range c.Values {
		if v == "" || strings.ContainsRune(v, ' ') {
			v = `"` + v + `"`
		}
		all = append(all, w.thing(v))
	}
	if len(all) == 0 {
		return "nothing at all"
	}
	return list(all, "or")
}
