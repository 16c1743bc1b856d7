package health

import (
	"fmt"
	"slices"
	"testing"

	"pgregory.net/rapid"

	"sqscope/backend"
	"sqscope/backend/doctor"
	"sqscope/ui/screen"
)

func anyFindings(t *rapid.T) []finding {
	places := []*screen.Connection{{Name: "west"}, {Name: "east"}}
	seen := map[key]bool{}
	var all []finding
	for range rapid.IntRange(0, 30).Draw(t, "n") {
		f := finding{conn: rapid.SampledFrom(places).Draw(t, "place")}
		f.Queue = backend.ARN{Name: rapid.SampledFrom([]string{"orders", "refunds", "mails"}).Draw(t, "queue")}
		f.ID = rapid.SampledFrom([]doctor.ID{doctor.NoDLQ, doctor.OpenPolicy, doctor.Unencrypted}).Draw(t, "id")
		f.About = rapid.SampledFrom([]string{"", "a", "b"}).Draw(t, "about")
		f.Harm = doctor.Harm(rapid.IntRange(0, int(doctor.Loses)).Draw(t, "harm"))
		f.words = f.Queue.Name + " " + string(f.ID)
		if k := (row{finding: f}).key(); !seen[k] {
			seen[k] = true
			all = append(all, f)
		}
	}
	slices.SortStableFunc(all, func(a, b finding) int { return int(b.Harm - a.Harm) })
	return all
}

func TestEachFindingHasOneRowHoweverTheyAreGrouped(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		all := anyFindings(t)
		o := order{by: grouping(rapid.IntRange(0, int(byQueue)).Draw(t, "by")), unfolded: map[string]bool{}}
		folded := arrange(1, all, o)
		inGroups := 0
		for _, r := range folded.rows {
			inGroups += len(r.of)
			o.unfolded[r.group] = true
		}
		if o.by != byNothing && inGroups != len(all) {
			t.Fatalf("%d findings are in groups, of %d", inGroups, len(all))
		}
		a := arrange(2, all, o)
		rows := 0
		for i, r := range a.rows {
			if at := a.at[r.key()]; at != i {
				t.Fatalf("row %d is known as row %d", i, at)
			}
			if r.conn != nil {
				rows++
			} else if r.Harm != r.of[0].Harm {
				t.Fatalf("the head of %s says %s, the worst in it is %s", r.group, r.Harm, r.of[0].Harm)
			}
		}
		if rows != len(all) {
			t.Fatalf("%d rows for %d findings", rows, len(all))
		}
		if o.by != byNothing && !slices.IsSortedFunc(folded.rows, func(x, y row) int { return int(y.Harm - x.Harm) }) {
			t.Fatal("groups are not in the order of the worst in them")
		}
	})
}

func TestAFilterNeedsAllOfItsWords(t *testing.T) {
	var all []finding
	for _, words := range []string{"orders no-dlq", "orders open-policy", "refunds no-dlq"} {
		f := finding{conn: &screen.Connection{Name: "west"}, words: words}
		f.About = words
		all = append(all, f)
	}
	got := arrange(1, all, order{words: []string{"orders", "dlq"}}).rows
	if len(got) != 1 || got[0].words != "orders no-dlq" {
		t.Errorf("got %v", got)
	}
}

// BenchmarkArrange is what a key in the filter asks of a command.
func BenchmarkArrange(b *testing.B) {
	var all []finding
	for i := range 20_000 {
		f := finding{conn: &screen.Connection{Name: "west"}, words: fmt.Sprintf("queue-%d no-dlq loses messages there is no dead-letter queue", i)}
		f.Queue.Name = fmt.Sprintf("queue-%d", i)
		all = append(all, f)
	}
	o := order{words: []string{"queue", "dlq"}, by: byRule}
	for b.Loop() {
		arrange(1, all, o)
	}
}
