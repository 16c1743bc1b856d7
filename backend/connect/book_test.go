package connect

import (
	"testing"

	"github.com/google/go-cmp/cmp"

	"sqscope/backend"
	"sqscope/backend/config"
	"sqscope/backend/guard"
)

func book(t *testing.T, access string, toml string) *Book {
	t.Helper()
	files(t, "", "")
	cfg, problems := config.Parse("config.toml", []byte(toml))
	for _, p := range problems {
		t.Error(p)
	}
	b := NewBook(BookOptions{Group: group(t), Access: access, OnPanic: panicked(t), Named: Named(cfg)})
	t.Cleanup(func() {
		if err := b.Close(t.Context()); err != nil {
			t.Error(err)
		}
	})
	return b
}

func placeNames(conns []*Connection) []string {
	var names []string
	for _, c := range conns {
		names = append(names, c.Place.Context+" in "+c.Place.Region)
	}
	return names
}

const somewhere = `
[[contexts]]
name = "eu"
endpoint_url = "http://127.0.0.1:1"
regions = ["eu-west-1", "eu-north-1"]
color = "red"
account = "123456789012"
access = "peek"
lower = [{ queues = "billing*", access = "view" }]

[[contexts]]
name = "us"
endpoint_url = "http://127.0.0.1:2"
region = "us-east-1"

[[contexts]]
name = "world"
members = ["eu", "us"]

[[contexts]]
name = "lost"
members = ["nowhere"]

[[contexts]]
name = "nested"
members = ["world"]
`

func TestSeveralRegionsAreSeveralPlacesWithNamesOfTheirOwn(t *testing.T) {
	b := book(t, "", somewhere)
	conns, err := b.OpenByName(t.Context(), "eu")
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff([]string{"eu eu-west-1 in eu-west-1", "eu eu-north-1 in eu-north-1"}, placeNames(conns)); diff != "" {
		t.Error(diff)
	}
	for _, c := range conns {
		if c.Level != guard.Peek || c.Guard.LevelOf("billing-mail") != guard.View || c.Color != "red" || c.Meant != "123456789012" {
			t.Errorf("%s is not what the configuration says: %+v", c.Place.Context, c)
		}
	}
	name, conns, err := b.Open(t.Context(), Context{EndpointURL: "http://127.0.0.1:1", Regions: []string{"eu-west-1", "us-east-1"}})
	if err != nil || name != "several regions" {
		t.Fatalf("%q, %v", name, err)
	}
	if diff := cmp.Diff([]string{"eu-west-1 in eu-west-1", "us-east-1 in us-east-1"}, placeNames(conns)); diff != "" {
		t.Errorf("from the command line: %s", diff)
	}
}

func TestMembersAreShownTogether(t *testing.T) {
	b := book(t, "view", somewhere)
	conns, err := b.OpenByName(t.Context(), "world")
	if err != nil {
		t.Fatal(err)
	}
	want := []string{"eu eu-west-1 in eu-west-1", "eu eu-north-1 in eu-north-1", "us in us-east-1"}
	if diff := cmp.Diff(want, placeNames(conns)); diff != "" {
		t.Error(diff)
	}
	for _, c := range conns {
		if c.Guard.Level() != guard.View {
			t.Errorf("%s starts with %s, more than was said", c.Place.Context, c.Guard.Level())
		}
	}
	for name, kind := range map[string]backend.Kind{"lost": backend.KindNotFound, "nested": backend.KindInvalid, "unknown": backend.KindNotFound} {
		if _, err := b.OpenByName(t.Context(), name); backend.KindOf(err) != kind {
			t.Errorf("%s: %v", name, err)
		}
	}
}

func TestAContextSaysWhatItStartsWith(t *testing.T) {
	b := book(t, "", somewhere)
	all, err := b.Contexts(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	got := map[string]guard.Level{}
	for _, c := range all {
		got[c.Name] = b.Starts(c)
	}
	if got["demo"] != guard.Change || got["eu"] != guard.Peek || got["us"] != guard.Change {
		t.Errorf("levels %v", got)
	}
}
