package connect

import (
	"sqscope/backend/config"
	"sqscope/backend/meter"
	"sqscope/backend/scenario"
)

// Named are the contexts of a configuration.
func Named(cfg *config.Config) []Context {
	var all []Context
	for _, c := range cfg.Contexts {
		n := Context{
			Name: c.Name, Access: c.Access, Color: c.Color, Members: c.Members,
			Profile: c.Profile, Region: c.Region, Regions: c.Regions, EndpointURL: c.EndpointURL, Meant: c.Account, CloudWatch: c.CloudWatch, AdminTokenFile: c.AdminTokenFile,
			Embedded: c.Scenario != "", Scenario: c.Scenario,
		}
		if len(c.Lower) > 0 {
			n.Lower = c.Most
		}
		all = append(all, n)
	}
	return all
}

// Scenarios are those that are built in.
func Scenarios() []*scenario.Scenario {
	var all []*scenario.Scenario
	for _, name := range scenario.Names() {
		s, err := scenario.Load(name)
		if err != nil {
			panic(err) // It is part of the program, and its tests load each.
		}
		all = append(all, s)
	}
	return all
}

// PricesOf are the prices of a configuration.
func PricesOf(cfg *config.Config) meter.Prices {
	p := meter.ListPrices()
	if have := cfg.Prices; have != config.Default().Prices {
		p = meter.Prices{Standard: have.Standard, FIFO: have.FIFO, Metrics: have.Metrics, Label: "prices of the configuration"}
	}
	return p
}
