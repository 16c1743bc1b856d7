package awssqs

import (
	"context"
	"errors"
	"sync"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/credentials/stscreds"
)

// errNotAnswered is in the error of credentials that wanted an MFA code and did
// not get one.
var errNotAnswered = errors.New("no MFA code was given")

// prompt asks a person for MFA codes: once for each retrieval of credentials,
// and after one that failed not again until somebody wants it.
type prompt struct {
	ask  func(ctx context.Context, serial string) (string, error)
	life context.Context // of the client; a code outlives the request that needs it

	mu     sync.Mutex
	round  int                // each call of again begins one, whose retrievals are told apart by it
	asked  bool               // in this round, and nothing has come of it yet
	failed error              // what came of it
	cancel context.CancelFunc // takes the question back that is open, if one is
}

// configure makes the SDK ask here.
func (p *prompt) configure(o *stscreds.AssumeRoleOptions) {
	serial, round := aws.ToString(o.SerialNumber), p.current()
	o.TokenProvider = func() (string, error) { return p.code(round, serial) }
}

func (p *prompt) current() int {
	p.mu.Lock()
	defer p.mu.Unlock()
	return p.round
}

// code is the code of the device with that serial number.
func (p *prompt) code(round int, serial string) (string, error) {
	ctx, cancel := context.WithCancel(p.life)
	defer cancel()
	p.mu.Lock()
	switch {
	case round != p.round:
		p.mu.Unlock()
		return "", errNotAnswered
	case p.failed != nil:
		defer p.mu.Unlock()
		return "", p.failed
	}
	p.asked, p.cancel = true, cancel
	p.mu.Unlock()
	code, err := p.ask(ctx, serial)
	if err != nil {
		return "", errors.Join(errNotAnswered, err)
	}
	return code, nil
}

// settle takes the outcome of a retrieval.
func (p *prompt) settle(round int, err error) {
	p.mu.Lock()
	defer p.mu.Unlock()
	if round == p.round && p.asked {
		p.asked, p.failed = false, err
	}
}

// again allows another question and takes back the one that is open.
func (p *prompt) again() {
	p.mu.Lock()
	defer p.mu.Unlock()
	if p.cancel != nil {
		p.cancel()
	}
	p.round++
	p.asked, p.failed, p.cancel = false, nil, nil
}
