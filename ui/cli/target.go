package cli

import (
	"net/url"
	"regexp"
	"strings"

	"sqscope/backend/guard"
	"sqscope/backend/tomlfile"
)

// Demo is the name of the embedded engine's context.
const Demo = "demo"

// Target says which context is meant.
type Target struct {
	Scenario    string   `help:"Run the embedded engine with this scenario: a name, or a TOML file." placeholder:"NAME|FILE" group:"Where" complete:"scenario"`
	Restore     string   `help:"Run the embedded engine from this snapshot." placeholder:"FILE" group:"Where" complete:"file"`
	Seed        uint64   `help:"Fixed randomness for the embedded engine." placeholder:"N" group:"Where"`
	Profile     string   `help:"AWS profile." placeholder:"NAME" group:"Where" complete:"profile"`
	Region      []string `help:"AWS region; several make one list." placeholder:"REGION" sep:"none" group:"Where"`
	EndpointURL string   `name:"endpoint-url" help:"An SQS-compatible endpoint." placeholder:"URL" group:"Where"`
	AdminToken  string   `name:"admin-token-file" help:"The admin token of the sqscope that serves the endpoint on this machine: its messages are then browsed, not received." placeholder:"FILE" group:"Where" complete:"file"`
	Context     string   `help:"A context by name: demo, one of the configuration, or a profile." placeholder:"NAME" group:"Where" complete:"context"`
	Access      string   `help:"What may be done: view, peek or change." placeholder:"LEVEL" group:"Where" complete:"access"`
}

// Said tells whether a place was named.
func (t Target) Said() bool {
	return t.Scenario != "" || t.Restore != "" || t.Profile != "" || len(t.Region) > 0 || t.EndpointURL != "" || t.Context != ""
}

// Embedded tells whether the engine in this process is meant, which it is where
// nothing else is. It fails where the flags cannot be meant together, or one of
// them cannot be right.
func (t Target) Embedded() (bool, error) {
	if err := t.check(); err != nil {
		return false, err
	}
	named := t.Context != "" && t.Context != Demo
	aws := t.Profile != "" || len(t.Region) > 0 || t.EndpointURL != ""
	embedded := t.Scenario != "" || t.Restore != "" || t.Seed != 0 || t.Context == Demo
	switch {
	case (aws || named) && embedded:
		return false, Usagef("--scenario, --restore, --seed, --listen and --context demo are for the embedded engine; --profile, --region, --endpoint-url and other contexts are another place")
	case aws && named:
		return false, Usagef("--context names a context whole; --profile, --region and --endpoint-url make one")
	}
	return !aws && !named, nil
}

// region is what the name of a region looks like.
var region = regexp.MustCompile(`^[a-z]+(-[a-z]+)+-\d+$`)

const seeded = Usage("--seed begins a scenario; a snapshot goes on with the chance that it has")

func (t Target) check() error {
	if t.Scenario != "" && t.Restore != "" {
		return Usagef("--scenario and --restore cannot both be what is in the engine")
	}
	if t.Restore != "" && t.Seed != 0 {
		return seeded
	}
	if _, err := guard.ParseLevel(t.Access); t.Access != "" && err != nil {
		return Usagef("--access is %q and must be %s", t.Access, tomlfile.OneOf(t.Access, levels()))
	}
	if t.AdminToken != "" && t.EndpointURL == "" {
		return Usagef("--admin-token-file goes with --endpoint-url; a context of the configuration has its own, admin_token_file")
	}
	if t.EndpointURL != "" {
		u, err := url.Parse(t.EndpointURL)
		switch {
		case err == nil && (u.Scheme == "http" || u.Scheme == "https") && u.Host != "":
		case strings.Contains(t.EndpointURL, "://") && (err != nil || u.Host == ""):
			return Usagef("--endpoint-url is %q and must be a whole address, as http://127.0.0.1:9324", t.EndpointURL)
		case err != nil || u.Host == "":
			return Usagef("--endpoint-url is %q and must be a whole address; did you mean http://%s?", t.EndpointURL, t.EndpointURL)
		default:
			return Usagef("--endpoint-url is %q and must begin with http:// or https://", t.EndpointURL)
		}
		return nil // its regions may be called anything
	}
	for _, r := range t.Region {
		if !region.MatchString(r) {
			return Usagef("--region is %q and must be the name of a region, as eu-west-1", r)
		}
	}
	return nil
}

func levels() []string {
	var names []string
	for l := guard.View; l <= guard.Change; l++ {
		names = append(names, l.String())
	}
	return names
}
