package awssqs

import (
	"context"
	"errors"
	"os"
	"strings"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/config"
	"github.com/aws/aws-sdk-go-v2/credentials/ec2rolecreds"

	"sqscope/backend"
)

// login is how a profile comes by its credentials, as far as the files and the
// environment tell: enough to say what to do when they are not accepted.
type login struct {
	profile string          // "" where keys of the environment are used instead
	account string          // if the profile says it
	keys    aws.Credentials // that lie in the environment or the files
	next    string          // what renews them, in words
}

func loginOf(cfg aws.Config, o Options) login {
	var env config.EnvConfig
	var shared config.SharedConfig
	for _, source := range cfg.ConfigSources {
		switch s := source.(type) {
		case config.EnvConfig:
			env = s
		case config.SharedConfig:
			shared = s
		}
	}
	if o.Profile == "" && env.Credentials.HasKeys() {
		return login{
			keys: env.Credentials, account: env.Credentials.AccountID,
			next: "renew AWS_ACCESS_KEY_ID, AWS_SECRET_ACCESS_KEY and AWS_SESSION_TOKEN",
		}
	}
	l := login{profile: o.Profile, account: accountOf(shared), next: renewal(shared, profileName(o))}
	if l.profile == "" {
		l.profile = shared.Profile
	}
	if shared.RoleARN == "" {
		l.keys = shared.Credentials
	}
	return l
}

// profileName is the profile that is meant, by name.
func profileName(o Options) string {
	switch {
	case o.Profile != "":
		return o.Profile
	case os.Getenv("AWS_PROFILE") != "":
		return os.Getenv("AWS_PROFILE")
	}
	return "default"
}

// accountOf is the account that a profile names, for which nobody need be asked.
func accountOf(c config.SharedConfig) string {
	if c.RoleARN != "" {
		if p := strings.Split(c.RoleARN, ":"); len(p) > 4 {
			return p[4]
		}
		return ""
	}
	if c.SSOAccountID != "" {
		return c.SSOAccountID
	}
	return c.Credentials.AccountID
}

// renewal is what brings a profile's credentials back. A role is as good as the
// profile that it is assumed from, and that one may be the one to log in with.
func renewal(c config.SharedConfig, name string) string {
	for c.Source != nil {
		name, c = c.Source.Profile, *c.Source
	}
	arg := " --profile " + shellWord(name)
	switch {
	case c.SSOSessionName != "" || c.SSOStartURL != "":
		return "log in: aws sso login" + arg
	case c.LoginSession != "":
		return "log in: aws login" + arg
	case c.CredentialProcess != "":
		return "run the profile's credential_process by hand to see what is wrong with it"
	case c.WebIdentityTokenFile != "":
		return "renew the token in the profile's web_identity_token_file"
	case c.Credentials.HasKeys():
		return "renew the profile's keys: aws configure" + arg
	case c.CredentialSource != "":
		return "see why the profile's credential_source " + c.CredentialSource + " has none"
	}
	return "name a profile with --profile, or make one with aws configure" + arg
}

// shellWord is a name as it is typed into a shell.
func shellWord(s string) string {
	plain := func(r rune) bool {
		return r >= 'a' && r <= 'z' || r >= 'A' && r <= 'Z' || r >= '0' && r <= '9' || strings.ContainsRune("-_./@+:", r)
	}
	if s != "" && strings.IndexFunc(s, func(r rune) bool { return !plain(r) }) < 0 {
		return s
	}
	return "'" + strings.ReplaceAll(s, "'", `'\''`) + "'"
}

// watched marks errors of the credential chain, so that they can be told from
// those of SQS whatever they are.
type watched struct{ aws.CredentialsProvider }

// Retrieve gets the credentials.
func (w watched) Retrieve(ctx context.Context) (aws.Credentials, error) {
	c, err := w.CredentialsProvider.Retrieve(ctx)
	if err != nil {
		none := aws.IsCredentialsProvider(w.CredentialsProvider, &ec2rolecreds.Provider{})
		return c, &credentialsError{err: err, none: none}
	}
	return c, nil
}

// IsCredentialsProvider answers the SDK's question for the type behind.
func (w watched) IsCredentialsProvider(target aws.CredentialsProvider) bool {
	return aws.IsCredentialsProvider(w.CredentialsProvider, target)
}

type credentialsError struct {
	err  error
	none bool // the chain found nothing and ended at the metadata of a virtual machine
}

func (e *credentialsError) Error() string { return "no credentials could be had: " + e.err.Error() }

func (e *credentialsError) Unwrap() error { return e.err }

// credentialsFailed says so in words. The text of what a helper program printed
// stays out, for it may be a secret; AWS's own texts are none.
func (c *Client) credentialsFailed(e *backend.Error, failed *credentialsError) {
	e.Kind, e.Subject, e.Next = backend.KindCredentials, c.who(), c.login.next
	e.Message = "the credentials have expired or cannot be had"
	if failed.none {
		e.Message = "no credentials were found"
		return
	}
	if api := apiError(failed.err); api != nil {
		e.Message += ": " + api.ErrorMessage()
		return
	}
	if cause := unreachable(failed.err); cause != "" {
		e.Kind, e.Message = backend.KindNetwork, "the service that gives the credentials cannot be reached: "+cause
		e.Next = nextForNetwork
	} else if errors.Is(failed.err, context.DeadlineExceeded) {
		e.Kind, e.Message, e.Next = backend.KindTimeout, "the credentials did not come in time", "try again; "+nextForNetwork
	}
}

// who is whose credentials they are.
func (c *Client) who() string {
	if c.login.profile == "" {
		return "the environment's keys"
	}
	return "profile " + c.login.profile
}
