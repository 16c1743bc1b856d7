package rules

import (
	"fmt"
	"strings"
	"testing"

	"sqscope/backend"
)

func TestQueuePolicies(t *testing.T) {
	const bad = "Invalid value for the parameter Policy."
	one := func(statement string) string { return `{"Version":"2012-10-17","Statement":[` + statement + `]}` }
	granted := `{"Version":"2008-10-17","Id":"arn:aws:sqs:us-east-1:123456789012:q/SQSDefaultPolicy","Statement":[
		{"Sid":"l","Effect":"Allow","Principal":{"AWS":["arn:aws:iam::111111111111:root","111111111112"]},
		"Action":["SQS:SendMessage","SQS:ReceiveMessage"],"Resource":"arn:aws:sqs:us-east-1:123456789012:q"}]}`
	padding := strings.Repeat(" ", MaxPolicyBytes-len(policyOf(1)))
	for what, c := range map[string]struct{ text, want string }{
		"none":               {"", ""},
		"as AddPermission":   {granted, ""},
		"SNS":                {one(`{"Effect":"Allow","Principal":{"Service":"sns.amazonaws.com"},"Action":"sqs:SendMessage","Resource":"*","Condition":{"ArnEquals":{"aws:SourceArn":"arn:aws:sns:us-east-1:1:t"}}}`), ""},
		"TLS only":           {one(`{"Effect":"Deny","Principal":"*","Action":"sqs:*","Resource":"*","Condition":{"Bool":{"aws:SecureTransport":"false"}}}`), ""},
		"a single statement": {`{"Statement":{"Effect":"Allow","Principal":"*","Action":"sqs:*"}}`, ""},
		"all but":            {one(`{"Effect":"Deny","NotPrincipal":{"AWS":"1"},"NotAction":"sqs:SendMessage","Resource":"*"}`), ""},
		"20 statements":      {policyOf(20), ""},
		"21 statements":      {policyOf(21), "21 statements were found in the submitted policy, max allowed is 20"},
		"8,192 bytes":        {policyOf(1) + padding, ""},
		"8,193 bytes":        {policyOf(1) + padding + " ", bad},
		"a list":             {`[]`, bad},
		"a string":           {`"{}"`, bad},
		"null":               {`null`, bad},
		"empty":              {`{}`, bad},
		"no statements":      {one(``), bad},
		"null statement":     {`{"Statement":null}`, bad},
		"other version":      {`{"Version":"2020-01-01","Statement":{"Effect":"Allow","Principal":"*","Action":"sqs:*"}}`, bad},
		"no effect":          {one(`{"Principal":"*","Action":"sqs:*"}`), bad},
		"odd effect":         {one(`{"Effect":"allow","Principal":"*","Action":"sqs:*"}`), bad},
		"no principal":       {one(`{"Effect":"Allow","Action":"sqs:*"}`), bad},
		"principal text":     {one(`{"Effect":"Allow","Principal":"111111111111","Action":"sqs:*"}`), bad},
		"no action":          {one(`{"Effect":"Allow","Principal":"*","Action":null}`), bad},
		"8 actions":          {one(`{"Effect":"Allow","Principal":"*","Action":["a","b","c","d","e","f","g","h"]}`), "8 Actions were found, maximum allowed is 7."},
		"50 principals":      {one(principals(50)), ""},
		"51 principals":      {one(principals(51)), bad},
		"10 conditions":      {one(conditions(10)), ""},
		"11 conditions":      {one(conditions(11)), bad},
	} {
		_, err := NewSettings(standard, attrs{backend.AttrPolicy: c.text}, nil)
		if textOf(err) != c.want {
			t.Errorf("%s: %v, want %q", what, err, c.want)
		}
	}
}

func principals(n int) string {
	return `{"Effect":"Allow","Action":"sqs:*","Principal":{"AWS":["1"` + strings.Repeat(`,"1"`, n-1) + `]}}`
}

func conditions(n int) string {
	var b strings.Builder
	for i := range n {
		fmt.Fprintf(&b, `,"aws:k%d":"v"`, i)
	}
	return `{"Effect":"Allow","Action":"sqs:*","Principal":"*","Condition":{"StringEquals":{` + b.String()[1:] + `}}}`
}
