package connect

import (
	"sqscope/backend/config"
	"sqscope/backend/meter"
)

// Named are the contexts of a configuration.
func Named(cfg *config.Config) []Context {
	var all []Context
	for _, c := range cfg.Contexts {
		n := Context{
			Name: c.Name, Access: c.Access, Color: c.Color, Members: c.Members,
			Profile: c.Profile, Region: c.Region, Regions: c.Regions, EndpointURL: c.EndpointURL, Meant: c.Account, CloudWatch: c.CloudWatch,
			Embedded: c.Scenario != "", Scenario: c.Scenario,
		}
		if len(c.Lower) > 0 {
			n.Lower = c.Most
		}
		all = append(all, n)
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
