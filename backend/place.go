package backend

// Place is where we are connected, in facts that the top line says in words.
// What is not known is empty.
type Place struct {
	Context  string // the context's name: demo, a profile, an endpoint
	Embedded bool   // the engine in this process
	Account  string // twelve digits
	Region   string
	Profile  string
	Endpoint string // URL, if it is not AWS's own
	Scenario string // of the embedded engine
	Listen   string // where the embedded engine is served, if it is
}
