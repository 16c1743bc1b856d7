package lab

import "sqscope/backend"

// World is an engine with a lesson's scenario at work. Whoever made it closes it,
// after the session.
type World struct {
	// Stack is the engine's own, behind faults, guard and meter: what a session
	// reads costs nobody a request. It has Browse, Clock, Events and Snapshots.
	Stack backend.Stack
	// Learner is SQS as the learner has it, past the guard: requests of
	// [Session.Hand] go there, and are in Requests as all others of the learner.
	Learner  backend.SQS
	Requests *Requests
	Stage    backend.Stage // with all its knobs; nil: there are no actors
}
