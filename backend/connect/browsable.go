package connect

import (
	"bytes"
	"os"

	"sqscope/backend"
	"sqscope/backend/endpoint/adminclient"
)

// browsable adds to a stack what the engine of another sqscope offers beyond SQS
// through its admin API: reading without receiving, and the clock that its times
// are of. Its totals are left out: they are asked for with every look, and the
// depths tell enough. A token is sent to this machine only.
func (c Context) browsable(s backend.Stack, p backend.Place) (backend.Stack, error) {
	if c.AdminTokenFile == "" {
		return s, nil
	}
	if !backend.IsLoopback(p.Endpoint) {
		return s, &backend.Error{
			Kind: backend.KindInvalid, Subject: c.name(p), Message: "an admin token is for a loopback endpoint only", Next: "take admin_token_file away, or name an endpoint on this machine",
		}
	}
	data, err := os.ReadFile(c.AdminTokenFile)
	token := string(bytes.TrimSpace(data))
	if err != nil || token == "" {
		return s, &backend.Error{
			Kind: backend.KindInvalid, Subject: c.AdminTokenFile, Message: "the admin token cannot be read", Next: "sqscope serve --admin-token-file writes it", Err: err,
		}
	}
	engine := adminclient.New(p.Endpoint, token, nil).Stack()
	s.Browse, s.Clock, s.Events = engine.Browse, engine.Clock, engine.Events
	return s, nil
}
