package memory_test

import (
	"strconv"
	"strings"
	"testing"
	"time"

	"sqscope/backend"
)

func (d *desk) permit(q, label string, accounts, actions []string) error {
	return d.AddPermission(d.ctx, backend.AddPermissionInput{QueueUrl: q, Label: label, AWSAccountIds: accounts, Actions: actions})
}

func TestAddPermissionWritesThePolicyThatAWSWrites(t *testing.T) { // 1.10, 10.2
	d := open(t)
	q := d.create("q")
	d.pass(time.Minute)
	one, two := []string{"111111111111"}, []string{"111111111111", "222222222222"}
	d.must(d.permit(q, "a", one, []string{"ReceiveMessage"}))
	d.must(d.permit(q, "a", one, []string{"ReceiveMessage"})) // idempotent
	want := `{"Version":"2008-10-17","Id":"` + arn("q") + `/SQSDefaultPolicy","Statement":[{"Sid":"a","Effect":"Allow",` +
		`"Principal":{"AWS":"arn:aws:iam::111111111111:root"},"Action":"SQS:ReceiveMessage","Resource":"` + arn("q") + `"}]}`
	d.same(d.attribute(q, backend.AttrPolicy), want)
	d.same(d.attribute(q, backend.AttrLastModifiedTimestamp), strconv.FormatInt(start.Unix()+60, 10))
	d.must(d.permit(q, "b", two, []string{"SendMessage", "*"}))
	want = strings.TrimSuffix(want, "]}") + `,{"Sid":"b","Effect":"Allow","Principal":{"AWS":["arn:aws:iam::111111111111:root",` +
		`"arn:aws:iam::222222222222:root"]},"Action":["SQS:SendMessage","SQS:*"],"Resource":"` + arn("q") + `"}]}`
	d.same(d.attribute(q, backend.AttrPolicy), want)

	d.wantError(d.permit(q, "a", two, []string{"ReceiveMessage"}), backend.ErrInvalidParameterValue,
		"Value a for parameter Label is invalid. Reason: Already exists.")
	remove := func(label string) error {
		return d.RemovePermission(d.ctx, backend.RemovePermissionInput{QueueUrl: q, Label: label})
	}
	d.wantError(remove("x"), backend.ErrInvalidParameterValue, "Value x for parameter Label is invalid. Reason: can't find label on existing policy.")
	d.must(remove("a"))
	d.must(remove("b"))
	d.same(d.attributes(q, backend.AttrPolicy), map[string]string(nil))
	d.wantError(remove("x"), backend.ErrInvalidParameterValue, "Value x for parameter Label is invalid. Reason: can't find label.")
}

func TestAddPermissionLeavesOtherStatementsAsTheyAre(t *testing.T) { // 1.10
	d := open(t)
	q := d.create("q")
	own := `{"Effect":"Deny","Principal":"*","Action":"sqs:*","Condition":{"Bool":{"aws:SecureTransport":"false"}}}`
	d.set(q, backend.AttrPolicy, `{"Version":"2012-10-17","Statement":`+own+`}`) // a single statement needs no list
	d.must(d.permit(q, "a", []string{"111111111111"}, []string{"SendMessage"}))
	got := d.attribute(q, backend.AttrPolicy)
	if !strings.HasPrefix(got, `{"Version":"2012-10-17","Statement":[`+own+`,{"Sid":"a"`) {
		t.Errorf("the policy is %s", got)
	}
}

func TestAPolicyHasRoomForTwentyStatements(t *testing.T) { // 1.10
	d := open(t)
	q := d.create("q")
	for i := range 20 {
		d.must(d.permit(q, "l"+strconv.Itoa(i), []string{"111111111111"}, []string{"SendMessage"}))
	}
	d.wantError(d.permit(q, "x", []string{"111111111111"}, []string{"SendMessage"}), backend.ErrOverLimit,
		"21 Statements were found, maximum allowed is 20.")
}
