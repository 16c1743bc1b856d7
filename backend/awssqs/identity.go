package awssqs

import (
	"context"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/sts"

	"sqscope/backend"
)

var _ backend.Credentials = (*Client)(nil)

// turn is a lock that a context can end the wait for. Whoever has put something
// in has the turn.
type turn chan struct{}

func (t turn) take(ctx context.Context) error {
	select {
	case t <- struct{}{}:
		return nil
	case <-ctx.Done():
		return ctx.Err()
	}
}

func (t turn) give() { <-t }

// identity is who we are with an access key, "": nobody knows.
type identity struct {
	turn turn
	key  string
	who  backend.Identity
}

// Identity asks STS who we are, once for each access key. It takes no right
// that could be denied.
func (c *Client) Identity(ctx context.Context) (backend.Identity, error) {
	at := func() string { return aws.ToString(c.sts().Options().BaseEndpoint) }
	const action = "sts:GetCallerIdentity"
	if err := c.identity.turn.take(ctx); err != nil {
		return backend.Identity{}, c.failedBeside("STS", at(), action, "", err)
	}
	defer c.identity.turn.give()
	key, err := c.creds.Retrieve(ctx)
	if err != nil {
		return backend.Identity{}, c.failedBeside("STS", at(), action, "", err)
	}
	if c.identity.key == key.AccessKeyID {
		return c.identity.who, nil
	}
	out, err := c.sts().GetCallerIdentity(ctx, &sts.GetCallerIdentityInput{})
	if err != nil {
		return backend.Identity{}, c.failedBeside("STS", at(), action, "", err)
	}
	c.identity.key = key.AccessKeyID
	c.identity.who = backend.Identity{
		Account: aws.ToString(out.Account), ARN: aws.ToString(out.Arn), UserID: aws.ToString(out.UserId),
	}
	return c.identity.who, nil
}

// Login is where the credentials come from.
func (c *Client) Login() backend.Login {
	l := c.login
	return backend.Login{Profile: l.profile, Source: l.source, RoleARN: l.roleARN, MFA: l.mfa, Command: l.command}
}

// Expiry is how long the credentials last that were fetched last.
func (c *Client) Expiry() backend.Expiry {
	c.creds.mu.Lock()
	defer c.creds.mu.Unlock()
	return c.creds.expiry
}

// Refresh reads the files anew and gets new credentials. Region and endpoint
// stay as they were when the client was opened.
func (c *Client) Refresh(ctx context.Context) error {
	if err := c.renew(ctx); err != nil {
		return err
	}
	if _, err := c.creds.Retrieve(ctx); err != nil {
		return c.failed("", "", err)
	}
	return nil
}

func (c *Client) renew(ctx context.Context) error {
	c.renewing.Lock()
	defer c.renewing.Unlock()
	if c.prompt != nil {
		c.prompt.again()
	}
	r, err := c.resolve(ctx)
	if err != nil {
		return err
	}
	c.creds.replace(r.cfg.Credentials)
	return nil
}
