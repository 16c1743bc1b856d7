package awssqs

import (
	"context"
	"encoding/json"
	"errors"
	"os"
	"sync"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/credentials/ec2rolecreds"
	"github.com/aws/aws-sdk-go-v2/credentials/ssocreds"

	"sqscope/backend"
)

// chain gives every client the same credentials, remembers how long they last,
// and can be given another provider while requests go on. Its errors can be told
// from those of a service.
type chain struct {
	login  login
	prompt *prompt // nil: nobody is asked for anything

	mu     sync.Mutex
	round  int // of the providers there have been
	now    *aws.CredentialsCache
	expiry backend.Expiry
}

func newChain(p aws.CredentialsProvider, l login, ask *prompt) *chain {
	c := &chain{login: l, prompt: ask}
	c.replace(p)
	return c
}

// replace forgets the credentials and takes others from now on from p.
func (c *chain) replace(p aws.CredentialsProvider) {
	r := retrieval{CredentialsProvider: p, chain: c}
	if c.prompt != nil {
		r.asking = c.prompt.current()
	}
	c.mu.Lock()
	defer c.mu.Unlock()
	c.round++
	r.round = c.round
	c.now, c.expiry = aws.NewCredentialsCache(r), backend.Expiry{}
}

func (c *chain) current() *aws.CredentialsCache {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.now
}

// Retrieve gets the credentials.
func (c *chain) Retrieve(ctx context.Context) (aws.Credentials, error) {
	got, err := c.current().Retrieve(ctx)
	var known *credentialsError
	if err != nil && !errors.As(err, &known) {
		err = &credentialsError{err: err}
	}
	return got, err
}

// IsCredentialsProvider answers the SDK's question for the type behind.
func (c *chain) IsCredentialsProvider(target aws.CredentialsProvider) bool {
	return aws.IsCredentialsProvider(c.current(), target)
}

// retrieval fetches credentials for the chain's cache, which sees to it that
// there is only one at a time for a provider and that it goes on when those who
// wait for it have given up.
type retrieval struct {
	aws.CredentialsProvider
	chain  *chain
	round  int
	asking int // the prompt's round
}

// Retrieve fetches new credentials.
func (r retrieval) Retrieve(ctx context.Context) (aws.Credentials, error) {
	got, err := r.CredentialsProvider.Retrieve(ctx)
	if err != nil {
		none := aws.IsCredentialsProvider(r.CredentialsProvider, &ec2rolecreds.Provider{})
		err = &credentialsError{err: err, none: none}
	} else {
		r.chain.note(r, got)
	}
	if r.chain.prompt != nil {
		r.chain.prompt.settle(r.asking, err)
	}
	return got, err
}

// IsCredentialsProvider answers the SDK's question for the type behind.
func (r retrieval) IsCredentialsProvider(target aws.CredentialsProvider) bool {
	return aws.IsCredentialsProvider(r.CredentialsProvider, target)
}

// note remembers how long new credentials last.
func (c *chain) note(from retrieval, got aws.Credentials) {
	e := c.login.expiryOf(got)
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.round == from.round {
		c.expiry = e
	}
}

// expiryOf is how long credentials last until somebody must do something. What
// the SDK fetches again by itself needs nobody, until the SSO token that it
// fetches with ends and cannot be renewed either.
func (l login) expiryOf(got aws.Credentials) backend.Expiry {
	var e backend.Expiry
	if got.CanExpire {
		e = backend.Expiry{At: got.Expires, Renews: l.mfa == ""}
	}
	if l.token == "" {
		return e
	}
	ends, renews := tokenExpiry(l.token)
	if !ends.IsZero() && !renews && (e.Renews || e.At.IsZero() || ends.Before(e.At)) {
		e = backend.Expiry{At: ends}
	}
	return e
}

// tokenExpiry reads when the SSO token ends and whether the SDK can renew it.
// Zero: it cannot be read.
func tokenExpiry(name string) (ends time.Time, renews bool) {
	path, err := ssocreds.StandardCachedTokenFilepath(name)
	if err != nil {
		return time.Time{}, false
	}
	data, err := os.ReadFile(path)
	if err != nil {
		return time.Time{}, false
	}
	var token struct {
		ExpiresAt    time.Time `json:"expiresAt"`
		RefreshToken string    `json:"refreshToken"`
	}
	if json.Unmarshal(data, &token) != nil {
		return time.Time{}, false
	}
	return token.ExpiresAt, token.RefreshToken != ""
}
