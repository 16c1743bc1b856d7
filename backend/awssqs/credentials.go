package awssqs

import (
	"context"
	"errors"
	"os"
	"strings"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/config"

	"sqscope/backend"
)

// login is how a profile comes by its credentials, as far as the files and the
// environment tell: enough to say what to do when they are not accepted.
type login struct {
	profile string          // "" where keys of the environment are used instead
	account string          // if the profile says it
	keys    aws.Credentials // that lie in the environment or the files
	next    string          // what renews them, in words
	command string          // what a person types to renew them; "": there is no such command

	source  backend.CredentialSource
	roleARN string
	mfa     string // the device's serial number
	token   string // the name of the SSO token's file; "": no SSO behind it
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
			keys: env.Credentials, account: env.Credentials.AccountID, source: backend.SourceEnvironment,
			next: "export AWS_ACCESS_KEY_ID, AWS_SECRET_ACCESS_KEY and AWS_SESSION_TOKEN anew and start again",
		}
	}
	if o.Profile == "" && env.WebIdentityTokenFilePath != "" {
		return login{
			source: backend.SourceWebIdentity, roleARN: env.RoleARN, account: accountOf(config.SharedConfig{RoleARN: env.RoleARN}),
			next: "renew the token in the file that AWS_WEB_IDENTITY_TOKEN_FILE names",
		}
	}
	l := login{
		profile: o.Profile, account: accountOf(shared), source: sourceOf(shared, env),
		roleARN: shared.RoleARN, mfa: shared.MFASerial, token: tokenOf(shared),
	}
	l.next, l.command = renewal(shared, profileName(o))
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

// sourceOf is the way a profile comes by its credentials, in the SDK's order.
func sourceOf(c config.SharedConfig, env config.EnvConfig) backend.CredentialSource {
	switch {
	case c.WebIdentityTokenFile != "" && c.Source == nil:
		return backend.SourceWebIdentity
	case c.RoleARN != "":
		return backend.SourceRole
	case c.Credentials.HasKeys():
		return backend.SourceKeys
	case c.SSOSessionName != "" || c.SSOStartURL != "":
		return backend.SourceSSO
	case c.LoginSession != "":
		return backend.SourceLogin
	case c.CredentialProcess != "":
		return backend.SourceProcess
	case env.ContainerCredentialsRelativePath != "" || env.ContainerCredentialsEndpoint != "":
		return backend.SourceMachine
	}
	return backend.SourceUnknown
}

// rootOf is the profile at the end of the chain of source profiles: the one that
// somebody logs in with. Name is that of c.
func rootOf(c config.SharedConfig, name string) (config.SharedConfig, string) {
	for c.Source != nil {
		name, c = c.Source.Profile, *c.Source
	}
	return c, name
}

// tokenOf is what the SDK's file of the SSO token is named after.
func tokenOf(c config.SharedConfig) string {
	c, _ = rootOf(c, "")
	if c.SSOSessionName != "" {
		return c.SSOSessionName
	}
	return c.SSOStartURL
}

// renewal is what brings a profile's credentials back, in words and as a command
// where one does it. A role is as good as the profile that it is assumed from.
func renewal(c config.SharedConfig, name string) (next, command string) {
	c, name = rootOf(c, name)
	arg := " --profile " + shellWord(name)
	switch {
	case c.Credentials.HasKeys():
		return "renew the profile's keys: aws configure" + arg, "aws configure" + arg
	case c.WebIdentityTokenFile != "":
		return "renew the token in the profile's web_identity_token_file", ""
	case c.CredentialSource != "":
		return "see why the profile's credential_source " + c.CredentialSource + " has none", ""
	case c.SSOSessionName != "" || c.SSOStartURL != "":
		return "log in: aws sso login" + arg, "aws sso login" + arg
	case c.LoginSession != "":
		return "log in: aws login" + arg, "aws login" + arg
	case c.CredentialProcess != "":
		command = "aws configure export-credentials" + arg
		return "see why the profile's credential_process fails: " + command, command
	}
	return "name a profile with --profile, or make one with aws configure" + arg, ""
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
	if errors.Is(failed.err, errNotAnswered) {
		e.Message, e.Next = errNotAnswered.Error(), nextForMFA
		return
	}
	if failed.none {
		e.Message = "no credentials were found"
		return
	}
	if api := apiError(failed.err); api != nil {
		e.Message += ": " + api.ErrorMessage()
		if inBrief(failed.err).Kind == backend.KindDenied {
			e.Next = c.login.nextForDenied()
		}
		return
	}
	if cause := unreachable(failed.err); cause != "" {
		e.Kind, e.Message = backend.KindNetwork, "the service that gives the credentials cannot be reached: "+cause
		e.Next = nextForNetwork
	} else if errors.Is(failed.err, context.DeadlineExceeded) {
		e.Kind, e.Message, e.Next = backend.KindTimeout, "the credentials did not come in time", "try again; "+nextForNetwork
	}
}

const nextForMFA = "try again to be asked for another MFA code"

// nextForDenied is what to do where the login is good and what it should bring
// is refused.
func (l login) nextForDenied() string {
	switch {
	case l.mfa != "":
		return nextForMFA + ", or ask for the right to sts:AssumeRole on " + l.roleARN
	case l.roleARN != "":
		return "ask for the right to sts:AssumeRole on " + l.roleARN + ", or use another profile"
	}
	return "ask for a role that you may have, or use another profile"
}

// who is whose credentials they are.
func (c *Client) who() string {
	if c.login.source == backend.SourceNone {
		return "placeholders"
	}
	if c.login.profile == "" {
		return "the environment's keys"
	}
	return "profile " + c.login.profile
}
