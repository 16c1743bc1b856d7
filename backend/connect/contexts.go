package connect

import (
	"cmp"
	"context"
	"strings"
)

// Contexts are the places to connect to without another word: the embedded
// engine, and each profile of the AWS files with its region. With an error, which
// is of the files, the list has what could be read.
func Contexts(ctx context.Context) ([]Context, error) {
	all := []Context{{Name: Demo, Embedded: true}}
	profiles, err := Profiles(ctx)
	for _, p := range profiles {
		c := Context{Name: p.Name, Profile: p.Name, Region: p.Region, Source: p.Source}
		if p.Name == Demo {
			c.Name = "profile " + p.Name // the embedded engine has that name
		}
		all = append(all, c)
	}
	return all, err
}

// Words say what the context is.
func (c Context) Words() string {
	switch {
	case c.Embedded && c.Restore != "":
		return "embedded engine, from " + c.Restore
	case c.Embedded:
		return "embedded engine, " + cmp.Or(c.Scenario, DefaultScenario)
	case len(c.Members) > 0:
		return strings.Join(c.Members, ", ")
	case c.EndpointURL != "":
		return "endpoint " + c.EndpointURL
	case c.Profile != "":
		return "AWS profile " + c.Profile
	}
	return "AWS"
}
