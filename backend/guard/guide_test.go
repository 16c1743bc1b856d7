package guard

import (
	"encoding/json"
	"os"
	"regexp"
	"slices"
	"strings"
	"testing"

	"sqscope/backend"
)

// The policies of the safety guide, one for each level, allow what the level
// does: pasted together up to a level, all of it and nothing more of SQS.
func TestTheGuidesPoliciesAreTheLevels(t *testing.T) {
	page, err := os.ReadFile("../../docs/guide/safety.md")
	if err != nil {
		t.Fatal(err)
	}
	blocks := regexp.MustCompile("(?s)```json\n(.*?)```").FindAllStringSubmatch(string(page), -1)
	if len(blocks) != int(Change)+1 {
		t.Fatalf("%d policies; want one for each level", len(blocks))
	}
	for level := View; level <= Change; level++ {
		var policy struct {
			Statement []struct{ Action []string }
		}
		if err := json.Unmarshal([]byte(blocks[level][1]), &policy); err != nil {
			t.Fatalf("%v: %v", level, err)
		}
		var got, want []string
		for _, s := range policy.Statement {
			for _, a := range s.Action {
				if sqs, ok := strings.CutPrefix(a, "sqs:"); ok {
					got = append(got, sqs)
				}
			}
		}
		for _, a := range backend.Actions() {
			if Needs(a) == level && !strings.HasSuffix(a, "Batch") { // which have no right of their own (docs/SQS.md 10.1)
				want = append(want, a)
			}
		}
		slices.Sort(got)
		if !slices.Equal(got, want) {
			t.Errorf("%v: the guide allows %v; the level takes %v", level, got, want)
		}
	}
}
