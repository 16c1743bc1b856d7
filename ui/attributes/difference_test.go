package attributes

import (
	"slices"
	"strings"
	"testing"

	"github.com/charmbracelet/x/ansi"
	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"sqscope/backend"
	"sqscope/backend/rules"
	"sqscope/themes"
)

func TestADifferenceMakesOneDocumentOfTheOther(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		lines := rapid.SliceOfN(rapid.SampledFrom([]string{"a", "b", "c", "{", "}"}), 0, 12)
		a, b := lines.Draw(t, "from"), lines.Draw(t, "to")
		var from, to []string
		same := 0
		for _, l := range diff(a, b) {
			if l.sign != '+' {
				from = append(from, l.line)
			}
			if l.sign != '-' {
				to = append(to, l.line)
			}
			if l.sign == ' ' {
				same++
			}
		}
		if !slices.Equal(from, a) || !slices.Equal(to, b) {
			t.Fatalf("%q to %q is shown as %q to %q", a, b, from, to)
		}
		if slices.Equal(a, b) && same != len(a) {
			t.Fatalf("%q differs from itself", a)
		}
	})
}

func TestOnlyWhatChangesIsShownOfALongDocument(t *testing.T) {
	from := `{"a":1,"b":2,"c":3,"d":4,"e":5,"f":6}`
	to := `{"a":1,"b":2,"c":3,"d":4,"e":5,"f":7}`
	var got []string
	for _, l := range jsonDifference(from, to) {
		got = append(got, l.Text.String())
	}
	want := []string{"  …", `    "e": 5,`, `-   "f": 6`, `+   "f": 7`, `  }`}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Error(diff)
	}
}

func TestUndoingEncryptionSetsTheOneThatWasOn(t *testing.T) {
	sse := map[string]string{backend.AttrSqsManagedSseEnabled: "true"}
	off := map[string]string{backend.AttrSqsManagedSseEnabled: "false"}
	kms := map[string]string{backend.AttrKmsMasterKeyId: "alias/k", backend.AttrSqsManagedSseEnabled: "false"}
	for _, from := range []map[string]string{sse, off, kms} {
		for _, to := range []map[string]string{sse, off, kms} {
			set := encryptionOf(to).set(encryptionOf(from))
			undo := before(from, set)
			got := encryptionOf(after(t, after(t, from, set), undo))
			if got != encryptionOf(from) {
				t.Errorf("from %v with %v, undone with %v, is %+v", from, set, undo, got)
			}
			if mid := encryptionOf(after(t, from, set)); mid != encryptionOf(to) {
				t.Errorf("from %v with %v is %+v, not %+v", from, set, mid, encryptionOf(to))
			}
		}
	}
}

// after is what a queue has once attributes were set, by SQS's own rules.
func after(t *testing.T, have, set map[string]string) map[string]string {
	t.Helper()
	arn, _ := backend.ParseARN("arn:aws:sqs:us-east-1:000000000000:orders")
	s, err := rules.NewSettings(arn, have, nil)
	if err == nil && len(set) > 0 {
		s, err = s.Set(arn, set, nil)
	}
	if err != nil {
		t.Fatal(err)
	}
	return s.Attributes()
}

func TestValuesAreSaidInWords(t *testing.T) {
	arn := "arn:aws:sqs:us-east-1:000000000000:dead"
	for _, c := range []struct{ name, value, want string }{
		{backend.AttrVisibilityTimeout, "90", "1m 30s"},
		{backend.AttrVisibilityTimeout, "0", "0 s"},
		{backend.AttrDelaySeconds, "0", "none"},
		{backend.AttrMaximumMessageSize, "262144", "256.0 KiB"},
		{backend.AttrVisibilityTimeout, "soon", "soon"},
		{backend.AttrContentBasedDeduplication, "true", "yes"},
		{backend.AttrRedrivePolicy, "", "nowhere"},
		{backend.AttrRedrivePolicy, `{"deadLetterTargetArn":"` + arn + `","maxReceiveCount":"3"}`, "dead after 3 receives"},
		{backend.AttrRedrivePolicy, "nonsense", "cannot be read: nonsense"},
		{backend.AttrRedriveAllowPolicy, "", "every queue"},
		{backend.AttrRedriveAllowPolicy, `{"redrivePermission":"byQueue","sourceQueueArns":["` + arn + `"]}`, "only dead"},
	} {
		if got := valueWords(c.name, c.value); got != c.want {
			t.Errorf("%s %q is said as %q, not %q", c.name, c.value, got, c.want)
		}
	}
}

func TestTheWiresJoinEveryNodeWithTheQueue(t *testing.T) {
	d := drawing{t: themes.Mono(), wide: 10}
	for i := range 3 {
		d.nodes = append(d.nodes, node{key: string(rune('a' + i)), side: sends})
	}
	d.nodes = append(d.nodes, node{key: "r", side: receives})
	rows := d.rows([]string{"", "box", "", "", ""}, 3)
	want := []string{
		"", "──┬─▶box────▶", "  │", "  │", "──┤", "  │", "  │", "──┘", "", "",
	}
	for i := range want {
		if !strings.Contains(ansi.Strip(rows[i]), want[i]) {
			t.Errorf("line %d is %q, want %q in it", i, ansi.Strip(rows[i]), want[i])
		}
	}
}
