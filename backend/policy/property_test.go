package policy_test

import (
	"slices"
	"testing"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"sqscope/backend/policy"
)

// The generators draw from few words, so that statements and requests meet.

func oneOf[T any](all ...T) *rapid.Generator[T] { return rapid.SampledFrom(all) }

func someOf[T any](all ...T) *rapid.Generator[[]T] {
	return rapid.SliceOfN(rapid.SampledFrom(all), 1, 3)
}

var (
	drawPrincipals = rapid.Custom(func(t *rapid.T) policy.Element[policy.Principal] {
		if rapid.Bool().Draw(t, "everyone") {
			return policy.Element[policy.Principal]{Values: []policy.Principal{{Type: policy.Everyone, ID: "*"}}}
		}
		e := policy.Element[policy.Principal]{Not: rapid.Bool().Draw(t, "not")}
		for _, id := range someOf(other, root.ARN, alice.ARN, owned.ARN, "arn:aws:iam::"+other+":role/deploy", session.ARN, "*").Draw(t, "AWS") {
			e.Values = append(e.Values, policy.Principal{Type: policy.AWS, ID: id})
		}
		if rapid.Bool().Draw(t, "service") {
			e.Values = append(e.Values, policy.Principal{Type: policy.Service, ID: "sns.amazonaws.com"})
		}
		return e
	})
	drawCondition = rapid.Custom(func(t *rapid.T) policy.Condition {
		return policy.Condition{
			Operator: oneOf("", "ForAllValues:", "ForAnyValue:").Draw(t, "quantifier") +
				oneOf("StringEquals", "StringNotLike", "ArnLike", "Bool", "IpAddress", "DateLessThan", "NumericNotEquals").Draw(t, "operator") +
				oneOf("", "IfExists").Draw(t, "if exists"),
			Key:    oneOf("aws:SourceArn", "AWS:sourcearn", "aws:SecureTransport", "aws:username").Draw(t, "key"),
			Values: someOf("true", "false", "*", "10.0.0.0/8", "5", "2026-01-01", topic, "arn:aws:sns:*:*:*", "${aws:username}", "a\"b<é").Draw(t, "values"),
		}
	})
	drawStatement = rapid.Custom(func(t *rapid.T) policy.Statement {
		s := policy.Statement{
			Sid:       oneOf("", "a", "b").Draw(t, "sid"),
			Effect:    oneOf(policy.Allow, policy.Deny).Draw(t, "effect"),
			Principal: drawPrincipals.Draw(t, "principal"),
			Action: policy.Element[string]{
				Not: rapid.Bool().Draw(t, "not action"), Values: someOf("*", "sqs:*", "SQS:SendMessage", "sqs:Receive*").Draw(t, "action"),
			},
		}
		if rapid.Bool().Draw(t, "has a resource") {
			s.Resource = policy.Element[string]{
				Not: rapid.Bool().Draw(t, "not resource"), Values: someOf("*", queue, "arn:aws:sqs:*:*:bill*").Draw(t, "resource"),
			}
		}
		same := func(a, b policy.Condition) bool { return a.Operator == b.Operator && a.Key == b.Key }
		for _, c := range rapid.SliceOfN(drawCondition, 0, 2).Draw(t, "conditions") {
			if !slices.ContainsFunc(s.Conditions, func(had policy.Condition) bool { return same(had, c) }) {
				s.Conditions = append(s.Conditions, c)
			}
		}
		return s
	})
	drawPolicy = rapid.Custom(func(t *rapid.T) policy.Policy {
		return policy.Policy{
			Version:    oneOf("", policy.Version2008, policy.Version2012).Draw(t, "version"),
			Id:         oneOf("", "id").Draw(t, "id"),
			Statements: rapid.SliceOfN(drawStatement, 1, 4).Draw(t, "statements"),
		}
	})
	drawRequest = rapid.Custom(func(t *rapid.T) policy.Request {
		r := policy.Request{
			Principal: oneOf(anonymous, sns, root, account, alice, session, federated, owned).Draw(t, "caller"),
			Action:    oneOf("SendMessage", "SendMessageBatch", "ReceiveMessage", "PurgeQueue").Draw(t, "action"),
			Resource:  oneOf(queue, "arn:aws:sqs:us-east-1:123456789012:billing").Draw(t, "queue"),
			Context:   map[string][]string{},
		}
		for _, key := range []string{"aws:SourceArn", "aws:SecureTransport", "aws:username"} {
			r.Context[key] = rapid.SliceOfN(oneOf("true", "false", "10.1.2.3", "2025-05-05", topic, "x"), 0, 2).Draw(t, key)
		}
		return r
	})
)

func TestADenyAddedNeverAllowsMoreAndAnAllowNeverLess(t *testing.T) {
	rank := map[policy.Effect]int{policy.Deny: 0, "": 1, policy.Allow: 2}
	rapid.Check(t, func(t *rapid.T) {
		p, r, s := drawPolicy.Draw(t, "policy"), drawRequest.Draw(t, "request"), drawStatement.Draw(t, "statement")
		before, after := p.Evaluate(r), p.With(s).Evaluate(r)
		switch {
		case s.Effect == policy.Deny && rank[after.Effect] > rank[before.Effect],
			s.Effect == policy.Deny && before.Effect == policy.Allow && after.Effect == "",
			s.Effect == policy.Allow && rank[after.Effect] < rank[before.Effect],
			s.Effect == policy.Allow && before.Effect == policy.Deny && after.Effect != policy.Deny,
			s.Effect == policy.Allow && after.Delegated && before.Effect == policy.Allow && !before.Delegated:
			t.Fatalf("before %+v, after %+v", before, after)
		}
	})
}

func TestTheOrderOfStatementsDoesNotMatter(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		p, r := drawPolicy.Draw(t, "policy"), drawRequest.Draw(t, "request")
		before := p.Evaluate(r)
		p.Statements = rapid.Permutation(p.Statements).Draw(t, "order")
		if after := p.Evaluate(r); after.Effect != before.Effect || after.Delegated != before.Delegated {
			t.Fatalf("before %+v, after %+v", before, after)
		}
	})
}

func TestADecisionIsThatOfItsStatement(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		p, r := drawPolicy.Draw(t, "policy"), drawRequest.Draw(t, "request")
		d := p.Evaluate(r)
		if (d.Statement >= 0) != (d.Effect != "") {
			t.Fatalf("%+v", d)
		}
		if d.Effect == "" {
			return
		}
		s := p.Statements[d.Statement]
		p.Statements = []policy.Statement{s}
		if alone := p.Evaluate(r); s.Effect != d.Effect || s.Sid != d.Sid || alone.Effect != d.Effect {
			t.Fatalf("%+v, its statement alone %+v", d, alone)
		}
	})
}

func TestNobodyIsAllowedWhomBothPoliciesIgnore(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		p, r := drawPolicy.Draw(t, "policy"), drawRequest.Draw(t, "request")
		d := policy.Access(owner, r, p)
		alone := p.Evaluate(r)
		isRoot := r.Principal == root || r.Principal == account
		switch {
		case alone.Effect == policy.Deny && d.Effect != policy.Deny:
			t.Fatalf("a deny is lost: %+v", d)
		case d.Effect == policy.Allow && alone.Effect != policy.Allow:
			t.Fatalf("without any Allow: %+v", d)
		case d.Effect == policy.Allow && alone.Delegated && !isRoot:
			t.Fatalf("allowed by the account alone: %+v", d)
		}
		if message := policy.DeniedMessage(r, d); (message == "") != (d.Effect == policy.Allow) {
			t.Fatalf("%+v is told as %q", d, message)
		}
	})
}

func TestParseReadsWhatJSONWrites(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		doc := drawPolicy.Draw(t, "policy").JSON()
		p, err := policy.Parse(doc)
		if err != nil {
			t.Fatalf("%v in %s", err, doc)
		}
		again, err := policy.Parse(p.JSON())
		if err != nil {
			t.Fatal(err)
		}
		if diff := cmp.Diff(p, again); diff != "" {
			t.Fatal(diff)
		}
		if p.JSON() != again.JSON() {
			t.Fatal("the JSON is not stable")
		}
	})
}

func TestWhatIsReadMeansWhatWasWritten(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		p, r := drawPolicy.Draw(t, "policy"), drawRequest.Draw(t, "request")
		back, err := policy.Parse(p.JSON())
		if err != nil {
			t.Fatal(err)
		}
		if diff := cmp.Diff(p.Evaluate(r), back.Evaluate(r)); diff != "" {
			t.Fatal(diff)
		}
	})
}
