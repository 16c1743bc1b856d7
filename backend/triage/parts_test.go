package triage

import (
	"math/rand/v2"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"sqscope/backend"
	"sqscope/backend/triage/arrange"
)

func TestTemplates(t *testing.T) {
	for name, c := range map[string]struct {
		texts []string
		want  []string
	}{
		"ids and numbers":        {[]string{"order 17 is gone", "order 4711-ab is gone"}, []string{"order … is gone"}},
		"a status stays":         {[]string{"got 503 after 12 ms", "got 404 after 13 ms"}, []string{"got 503 after … ms", "got 404 after … ms"}},
		"words that take turns":  {[]string{"no stock of mug", "no stock of tee", "no stock of lamp", "no stock of pen"}, []string{"no stock of …"}},
		"words that do not":      {[]string{"card expired", "card declined"}, []string{"card expired", "card declined"}},
		"quoted values":          {[]string{`no key "a/b 1"`, `no key "c/d 2"`}, []string{"no key …"}},
		"quoted names":           {[]string{`no column "name"`, `no column "mail"`}, []string{`no column "name"`, `no column "mail"`}},
		"a long text, one word":  {[]string{"the row was updated by user anna in between", "the row was updated by user bert in between"}, []string{"the row was updated by user … in between"}},
		"two that share nothing": {[]string{"connection refused", "disk is full now"}, []string{"connection refused", "disk is full now"}},
	} {
		var all [][]string
		for _, s := range c.texts {
			all = append(all, template(s))
		}
		phrases := sameTemplate(all)
		got := map[string]bool{}
		for _, s := range all {
			got[phrases[strings.Join(s, "\x00")]] = true
		}
		want := map[string]bool{}
		for _, s := range c.want {
			want[s] = true
		}
		if diff := cmp.Diff(want, got); diff != "" {
			t.Errorf("%s (-want +got):\n%s", name, diff)
		}
	}
}

// Thousands of texts that have nothing in common cost no more than a moment, and
// make few groups.
func TestTextsWithNothingInCommon(t *testing.T) {
	m := letters(many(5000, func(r *rand.Rand) string {
		var words []string
		for range 30 + r.IntN(3) {
			words = append(words, string(rune('a'+r.IntN(26)))+string(rune('a'+r.IntN(26)))+string(rune('a'+r.IntN(26))))
		}
		return `{"error":"` + strings.Join(words, " ") + `"}`
	})...)
	begin := time.Now()
	if g := grouped(t, m, arrange.Rules{}); len(g.Groups) > 3 {
		t.Errorf("%d groups", len(g.Groups))
	}
	if took := time.Since(begin); took > 5*time.Second {
		t.Errorf("took %v", took)
	}
}

func TestReleases(t *testing.T) {
	for s, want := range map[string]bool{
		"5.12.0": true, "v1.2.3": true, "payments/3.0.0-rc1": true, "web@2026.46.1": true, "shop 1.2.3+build.7": true, "1.2.3.RELEASE": true,
		"1.0": false, "2.4": false, "3": false, "": false, "10.0.0.1": false, "2026-03-14": false, "1.2.x": false, "a.b.c": false, "1..2": false,
	} {
		if isRelease(s) != want {
			t.Errorf("%q is a release: %v, want %v", s, !want, want)
		}
	}
}

func TestNamesOfErrors(t *testing.T) {
	d := newDictionary()
	for name, want := range map[string]bool{
		"error": true, "lastError": true, "ERROR_CODE": true, "errorMessage": true, "exceptionClass": true, "failures": true, "fehler": true, "ошибка": true,
		"errorCount": false, "error_rate": false, "errorQueueUrl": false, "reason": false, "mirror": false, "defaultValue": false, "deferred": false,
		"failedAt": false, "erreurs": true,
	} {
		if got := d.of(name).error; got != want {
			t.Errorf("%q names an error: %v, want %v", name, got, want)
		}
	}
}

// Members that are named by ids share a column, so that a map of them has not as
// many columns as messages.
func TestNamesThatAreValues(t *testing.T) {
	for name, want := range map[string]string{"4711": "*", "7": "*", "a-12345": "*", "line1": "line1", "sha256": "sha256", "größe": "größe"} {
		if got := key(name); got != want {
			t.Errorf("%q has the column %q, want %q", name, got, want)
		}
	}
}

func TestHalfCharacters(t *testing.T) {
	for raw, want := range map[string]bool{
		`"x \ud83c"`: true, `"\ud83c\udf81"`: false, `"\udf81"`: true, `"\ud83c x"`: true, `"\\ud83c"`: false, `"\u00e9"`: false, `"\uD83C\uDF81 \uD83C"`: true, `"\u"`: false,
	} {
		if got := halfCharacter(raw); got != want {
			t.Errorf("%s: %v, want %v", raw, got, want)
		}
	}
}

// A burst is most of a group in a short part of the time in which all came.
func TestBurstOrSteady(t *testing.T) {
	start := time.Date(2026, 3, 14, 0, 0, 0, 0, time.UTC)
	every := func(n int, d time.Duration) (times []time.Time) {
		for i := range n {
			times = append(times, start.Add(time.Duration(i)*d))
		}
		return times
	}
	for name, c := range map[string]struct {
		times []time.Time
		whole time.Duration
		burst bool
		words string
	}{
		"burst":   {every(46, 4*time.Second), 20 * time.Hour, true, "burst: 37 of 46 within 2m 24s, a tenth or less of the 20h in which all came"},
		"steady":  {every(25, time.Hour), 24 * time.Hour, false, "steady: 25 over 1d, one every 1h"},
		"few":     {every(2, time.Second), 24 * time.Hour, false, "2, too few to tell a burst from a drip"},
		"at once": {every(20, time.Second), 19 * time.Second, false, "all that was read came within 19s, too short to tell a burst from a drip"},
		"with a late one": {
			append(every(10, time.Second), start.Add(20*time.Hour)), 20 * time.Hour, true,
			"burst: 9 of 11 within 8s, a tenth or less of the 20h in which all came",
		},
	} {
		a := arrivals(newAxis(start, start.Add(c.whole)), c.times, c.whole, nil)
		if a.Burst != c.burst || a.Words != c.words {
			t.Errorf("%s: %v, %q; want %v, %q", name, a.Burst, a.Words, c.burst, c.words)
		}
	}
}

// Every message is in one bar, the bars stand over each other, and markers are
// where they belong.
func TestHistogram(t *testing.T) {
	start := time.Date(2026, 3, 14, 9, 7, 13, 0, time.UTC)
	for _, span := range []time.Duration{0, time.Second, 7 * time.Minute, 5 * time.Hour, 3 * 24 * time.Hour, 400 * 24 * time.Hour} {
		axis := newAxis(start, start.Add(span))
		if axis.Buckets < 1 || axis.Buckets > mostBuckets || axis.bucket(start) != 0 || axis.bucket(start.Add(span)) != axis.Buckets-1 {
			t.Errorf("%v: %+v", span, axis)
		}
		a := arrivals(axis, []time.Time{start, start.Add(span)}, span, []arrange.Marker{{At: start.Add(-48 * time.Hour)}, {At: start}, {At: start.Add(span + 1000*24*time.Hour)}})
		sum := 0
		for _, n := range a.Counts {
			sum += n
		}
		if sum != 2 || a.Marks[0].Bucket != -1 || a.Marks[1].Bucket != 0 || a.Marks[2].Bucket != axis.Buckets {
			t.Errorf("%v: %d in bars, marks %v", span, sum, a.Marks)
		}
	}
	if a := arrivals(newAxis(time.Time{}, time.Time{}), nil, 0, nil); len(a.Counts) != 0 || a.Words == "" {
		t.Errorf("without times: %+v", a)
	}
}

func TestReceiveBars(t *testing.T) {
	m := letters("a", "b", "c", "d", "e", "f")
	m[0].ReceiveCount = 9
	delete(m[5].Attributes, backend.SysApproximateReceiveCount)
	want := []ReceiveBar{{0, 1}, {2, 1}, {3, 1}, {4, 1}, {5, 1}, {9, 1}}
	if diff := cmp.Diff(want, ReceiveBars(m)); diff != "" {
		t.Error(diff)
	}
}
