package rules

import (
	"strings"
	"testing"

	"sqscope/backend"
)

func TestPages(t *testing.T) {
	for n, ok := range map[int]bool{-1: false, 0: true, 1: true, 1000: true, 1001: false} {
		if err := MaxResults(backend.Some(n), MaxListResults); (err == nil) != ok {
			t.Errorf("MaxResults %d: %v", n, err)
		}
	}
	if err := MaxResults(backend.Opt[int]{}, MaxMoveTaskResults); err != nil {
		t.Errorf("MaxResults left out: %v", err)
	}
	if got := textOf(MaxResults(backend.Some(11), MaxMoveTaskResults)); !strings.HasSuffix(got, "between 1 and 10.") {
		t.Errorf("a page of 11 tasks: %q", got)
	}
}

func TestMoveTasks(t *testing.T) {
	rate := backend.Some[int]
	for what, c := range map[string]struct {
		in   backend.StartMessageMoveTaskInput
		want string
	}{
		"back to the sources": {backend.StartMessageMoveTaskInput{SourceArn: dlqArn}, ""},
		"to a queue":          {backend.StartMessageMoveTaskInput{SourceArn: dlqArn, DestinationArn: standard.String(), MaxNumberOfMessagesPerSecond: rate(500)}, ""},
		"another service":     {backend.StartMessageMoveTaskInput{SourceArn: "arn:aws:sns:us-east-1:1:t"}, ""},
		"bad destination":     {backend.StartMessageMoveTaskInput{SourceArn: dlqArn, DestinationArn: "orders"}, "You must use this format to specify the DestinationArn: arn:"},
		"rate 0":              {backend.StartMessageMoveTaskInput{SourceArn: dlqArn, MaxNumberOfMessagesPerSecond: rate(0)}, "Value for parameter MaxNumberOfMessagesPerSecond is invalid."},
	} {
		if got := textOf(StartMoveTask(c.in)); c.want == "" && got != "" || !strings.HasPrefix(got, c.want) {
			t.Errorf("%s: %q, want %q", what, got, c.want)
		}
	}
}

func TestPermissions(t *testing.T) {
	ids := []string{"111111111111"}
	for what, c := range map[string]struct {
		in   backend.AddPermissionInput
		want string
	}{
		"all actions":    {backend.AddPermissionInput{Label: "l", AWSAccountIds: ids, Actions: []string{"*"}}, ""},
		"seven":          {backend.AddPermissionInput{Label: "l", AWSAccountIds: ids, Actions: []string{"SendMessage", "ReceiveMessage", "DeleteMessage", "ChangeMessageVisibility", "GetQueueUrl", "GetQueueAttributes", "PurgeQueue"}}, ""},
		"no label":       {backend.AddPermissionInput{AWSAccountIds: ids, Actions: []string{"*"}}, "The request must contain the parameter Label."},
		"bad label":      {backend.AddPermissionInput{Label: "a b", AWSAccountIds: ids, Actions: []string{"*"}}, "Value a b for parameter Label is invalid."},
		"unknown action": {backend.AddPermissionInput{Label: "l", AWSAccountIds: ids, Actions: []string{"SendMessage", "sqs:SendMessage"}}, "Value SQS:sqs:SendMessage for parameter ActionName is invalid. Reason: Please refer"},
		"no account":     {backend.AddPermissionInput{Label: "l", AWSAccountIds: []string{"1", "x"}, Actions: []string{"*"}}, "Value [1, x] for parameter PrincipalId is invalid. Reason: Unable to verify."},
	} {
		if got := textOf(AddPermission(c.in)); c.want == "" && got != "" || !strings.HasPrefix(got, c.want) {
			t.Errorf("%s: %q, want %q", what, got, c.want)
		}
	}
}
