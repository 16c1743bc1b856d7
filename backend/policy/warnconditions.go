package policy

import "strings"

// conditions looks for conditions that do not do what they seem to.
func (p Policy) conditions(s Statement) (all []Warning) {
	for _, c := range s.Conditions {
		o, _ := parseOperator(c.Operator)
		all = append(all, c.key()...)
		if s.Effect == Allow && (o.ifExists && !o.negated && o.quantifier == single || o.quantifier == forAll) {
			all = append(all, warn(MissingKey, c.Key, "%s also lets requests through that have no %s at all", c.Operator, c.Key)...)
		}
		for _, v := range c.Values {
			all = append(all, p.value(c, o, v)...)
		}
	}
	return all
}

// key looks for keys that no request to a queue has.
func (c Condition) key() []Warning {
	key := strings.ToLower(c.Key)
	switch {
	case strings.HasPrefix(key, "aws:resourcetag/"):
		return warn(UnknownKey, c.Key, "SQS looks at a queue's tags in the policies of identities alone, not in a queue's")
	case isGlobalKey(key):
		return nil
	}
	return warn(UnknownKey, c.Key, "SQS never sends %s, so that it always counts as missing", c.Key)
}

// isGlobalKey tells whether a key, in lower case, is one of IAM's global keys,
// which SQS sends where they apply, or comes with a session.
func isGlobalKey(key string) bool {
	name, global := strings.CutPrefix(key, "aws:")
	if !global {
		provider, _, _ := strings.Cut(key, ":")
		return strings.Contains(provider, ".") || provider == "saml" || key == "ec2:sourceinstancearn" ||
			key == "ec2:roledelivery" || key == "lambda:sourcefunctionarn"
	}
	switch name {
	case "calledvia", "calledviafirst", "calledvialast", "viaawsservice", "currenttime", "epochtime", "referer",
		"requestedregion", "securetransport", "tagkeys", "useragent", "sourceaccount", "sourcearn", "sourceorgid",
		"sourceorgpaths", "sourceip", "sourcevpc", "sourcevpce", "vpceaccount", "vpceorgid", "vpceorgpaths", "vpcsourceip",
		"resourceaccount", "resourceorgid", "resourceorgpaths", "principalarn", "principalaccount", "principalorgid",
		"principalorgpaths", "principalisawsservice", "principalservicename", "principalservicenameslist", "principaltype",
		"userid", "username", "assumedroot", "federatedprovider", "tokenissuetime", "multifactorauthage",
		"multifactorauthpresent", "chatbotsourcearn", "ec2instancesourcevpc", "ec2instancesourceprivateipv4", "sourceidentity":
		return true
	}
	return strings.HasPrefix(name, "principaltag/") || strings.HasPrefix(name, "requesttag/")
}

// value looks for values that an operator does not take as they look.
func (p Policy) value(c Condition, o operator, v string) []Warning {
	never := "matches nothing"
	if o.negated {
		never = "excludes nothing"
	}
	switch {
	case !o.readable(v):
		return warn(Unreadable, v, "%s cannot read %q, so that it %s", c.Operator, v, never)
	case p.Version != Version2012 && strings.Contains(v, "${") && (o.family == ofText || o.family == ofARNs):
		return warn(LiteralVariable, v, "%s is plain text in this policy: variables need the version %s", v, Version2012)
	case o.family == ofText && o.comparison != resembles && strings.ContainsAny(plain(v), "*?"):
		return warn(LiteralWildcard, v, "%s takes %q as it stands, wildcards too: use StringLike or ArnLike", c.Operator, v)
	}
	return nil
}

// plain is a value without the escapes for characters that would be special.
func plain(v string) string {
	return strings.NewReplacer("${*}", "", "${?}", "", "${$}", "").Replace(v)
}
