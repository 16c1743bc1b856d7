package backendtest

import (
	"bufio"
	"bytes"
	"io/fs"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"
)

// unproved are the sections of docs/SQS.md that have recorded facts and no test
// that could show them, with the reason.
var unproved = map[string]string{
	"0.1":  "what the marks mean",
	"0.2":  "when things changed; as they are now, they stand in the other sections",
	"10.7": "Lambda's doing, not SQS's; the actors of backend/scenario imitate it",
	"10.8": "SNS's doing, not SQS's; the actors of backend/scenario imitate it",
	"10.9": "what other services put into a body, which SQS does not read",
}

// Every section of docs/SQS.md that holds something recorded from AWS is named by
// a test, in a comment, as the place where the behaviour stands. Which fact of
// it the test proves is for the reader to see; that nobody forgets a section is
// for this one.
func TestEverySectionWithRecordedFactsIsNamedByATest(t *testing.T) {
	facts := recordedFacts(t)
	if len(facts) < 50 {
		t.Fatalf("only %d sections with recorded facts were found", len(facts))
	}
	named := namedSections(t)
	for section, line := range facts {
		switch why, excepted := unproved[section]; {
		case excepted && why == "":
			t.Errorf("no reason is given why %s is not tested", section)
		case excepted || named[section]:
		default:
			t.Errorf("no test names section %s of docs/SQS.md, which has recorded facts: %.80s", section, line)
		}
	}
	for section := range unproved {
		if facts[section] == "" {
			t.Errorf("section %s is excepted and has no recorded facts", section)
		}
	}
}

var (
	heading  = regexp.MustCompile(`^###? (\d+(?:\.\d+)?)[ .]`)
	recorded = regexp.MustCompile(`\[rec\b`)
)

// recordedFacts are the sections with something recorded, and the first of it.
func recordedFacts(t *testing.T) map[string]string {
	t.Helper()
	b, err := os.ReadFile("../../docs/SQS.md")
	if err != nil {
		t.Fatal(err)
	}
	facts := map[string]string{}
	section := ""
	for line := range strings.Lines(string(b)) {
		if m := heading.FindStringSubmatch(line); m != nil {
			section = m[1]
		}
		if recorded.MatchString(line) && facts[section] == "" {
			facts[section] = strings.TrimSpace(line)
		}
	}
	return facts
}

var (
	comment = regexp.MustCompile(`//(.*)$`)
	number  = regexp.MustCompile(`^(\d{1,2}\.\d{1,2})(\.\d+)?$`)
	chapter = regexp.MustCompile(`SQS\.md (\d{1,2})\b`) // a number alone may be anything
	// Versions of protocols look like sections.
	version = regexp.MustCompile(`(JSON |HTTP/|XML |TLS )1\.\d`)
)

// sectionsIn are the sections that a comment names.
func sectionsIn(text string) (sections []string) {
	for _, m := range chapter.FindAllStringSubmatch(text, -1) {
		sections = append(sections, m[1])
	}
	text = version.ReplaceAllString(text, "")
	for _, word := range strings.FieldsFunc(text, func(r rune) bool { return !strings.ContainsRune("0123456789.", r) }) {
		if m := number.FindStringSubmatch(strings.Trim(word, ".")); m != nil {
			sections = append(sections, m[1])
		}
	}
	return sections
}

// namedSections are the sections that the comments of the module's tests name,
// and those of the suite here, which is tests too.
func namedSections(t *testing.T) map[string]bool {
	t.Helper()
	suite, err := filepath.Glob("*.go")
	if err != nil {
		t.Fatal(err)
	}
	named := map[string]bool{}
	err = filepath.WalkDir("../..", func(path string, d fs.DirEntry, err error) error {
		switch {
		case err != nil:
			return err
		case d.IsDir() && d.Name() != ".." && strings.HasPrefix(d.Name(), "."):
			return fs.SkipDir
		case !strings.HasSuffix(path, "_test.go") && !slices.Contains(suite, strings.TrimPrefix(path, "../../backend/backendtest/")):
			return nil
		}
		b, err := os.ReadFile(path)
		if err != nil {
			return err
		}
		lines := bufio.NewScanner(bytes.NewReader(b))
		lines.Buffer(nil, 1<<20)
		for lines.Scan() {
			m := comment.FindStringSubmatch(lines.Text())
			if m == nil {
				continue
			}
			for _, section := range sectionsIn(m[1]) {
				named[section] = true
			}
		}
		return lines.Err()
	})
	if err != nil {
		t.Fatal(err)
	}
	return named
}
