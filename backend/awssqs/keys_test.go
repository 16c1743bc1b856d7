package awssqs

import (
	"strings"
	"testing"

	"sqscope/backend"
)

func TestAKeyIsTriedWithoutMakingAnything(t *testing.T) {
	const generate = "TrentService.GenerateDataKey"
	says := func(status int, kind, message string) func(request) answer {
		return always(status, `{"__type":"`+kind+`","message":"`+message+`"}`)
	}
	for name, c := range map[string]struct {
		answer func(request) answer
		kind   backend.Kind // of the error
	}{
		"it would have worked": {says(412, "DryRunOperationException", "The request would have succeeded, but the DryRun option is set."), 0},
		"disabled":             {says(409, "DisabledException", "key is disabled"), backend.KindInvalid},
		"deleted soon":         {says(400, "KMSInvalidStateException", "key is pending deletion."), backend.KindInvalid},
		"not there":            {says(400, "NotFoundException", "Alias alias/orders is not found."), backend.KindInvalid},
		"denied":               {says(400, "AccessDeniedException", "User: x is not authorized to perform: kms:GenerateDataKey"), backend.KindDenied},
	} {
		f := newFakeAWS(t, map[string]func(request) answer{generate: c.answer})
		err := f.keysOnAWS(Options{}).SendKey(t.Context(), "alias/orders", queue("orders"))
		if usable := name == "it would have worked"; usable != (err == nil) || !usable && backend.KindOf(err) != c.kind {
			t.Errorf("%s: %v (%v)", name, err, backend.KindOf(err))
		}
		if c.kind == backend.KindDenied && !strings.Contains(backend.AsError(err).Next, "kms:GenerateDataKey") {
			t.Errorf("%s: next is %q", name, backend.AsError(err).Next)
		}
		if len(f.asked) == 0 || f.asked[0].action != generate {
			t.Errorf("%s: asked %v", name, f.asked)
		}
	}
}

func TestTheKeyThatAWSManagesAnswersSQSAlone(t *testing.T) {
	f := newFakeAWS(t, nil)
	if err := f.keysOnAWS(Options{}).SendKey(t.Context(), "alias/aws/sqs", queue("orders")); err != nil || len(f.asked) > 0 {
		t.Errorf("%v after %v", err, f.asked)
	}
}
