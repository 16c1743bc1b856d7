// Package policy is the policies of queues: it reads and writes them, decides
// what they allow, says in words what they mean and where they may not mean
// what they seem to, and has templates for the usual ones (docs/SQS.md 1.10,
// 10.1 to 10.4).
//
// Everything here is a function of its arguments: no state, no clock, no
// network, safe from any goroutine. What is true of a request (its time, its
// address, its endpoint) comes with the [Request].
//
// The grammar and the logic are those of the IAM User Guide (policy grammar,
// condition operators, multivalued keys, policy variables, evaluation logic).
// Where it says nothing, or leaves it to the service, this was chosen:
//   - A statement without a Resource is about the queue that has the policy.
//   - Names of elements keep their case, names of operators and condition keys
//     do not need to.
//   - A key with several values satisfies no operator without ForAllValues or
//     ForAnyValue, negated or not.
//   - A date of digits alone is in seconds since 1970, also if it has four.
//   - With ForAllValues and ForAnyValue, IfExists changes nothing: a missing key
//     satisfies the first and not the second.
//   - A value that its operator cannot read (a number that is none) matches
//     nothing, so that a negated operator is satisfied.
//   - A Deny with NotPrincipal spares a caller who is named at every level: the
//     account, for a session the role, and the caller. IAM says that less might
//     deny, and here it does.
//
// Strings from a policy go into sentences and errors as they are. Whoever shows
// them cleans them.
package policy
