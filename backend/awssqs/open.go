// Package awssqs is [backend.SQS] on AWS or any SQS-compatible endpoint,
// through aws-sdk-go-v2.
//
// One call is one request: the SDK's retries are off, because package meter
// repeats and counts. Nothing is checked here that SQS checks itself; the SDK's
// own checks are off too, so that an error is SQS's wherever it can be. What the
// SDK cannot say, a zero where its default is meant otherwise, is put into the
// request all the same (zeros.go, docs/SQS.md 11.7).
//
// Every error is an [*backend.Error] that says what to do next in words, with
// the exact command where it is a login. No error and no log line has a secret
// in it: the SDK's own logging is off, and the texts of credential helpers are
// kept in Err only.
//
// A Client has no state of its own and no lock; it may be used from any
// goroutine. A call ends with its context, and a call without a deadline after
// the limits of the HTTP client below, all of which a long poll of 20 s fits in.
package awssqs

import (
	"context"
	"errors"
	"net"
	"net/http"
	"net/netip"
	"net/url"
	"strings"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	awshttp "github.com/aws/aws-sdk-go-v2/aws/transport/http"
	"github.com/aws/aws-sdk-go-v2/config"
	"github.com/aws/aws-sdk-go-v2/credentials"
	"github.com/aws/aws-sdk-go-v2/credentials/ec2rolecreds"
	"github.com/aws/aws-sdk-go-v2/service/sqs"
	"github.com/aws/smithy-go/logging"
	"github.com/aws/smithy-go/middleware"

	"sqscope/backend"
)

// Time limits of the HTTP client, for calls whose context has none.
const (
	dialTimeout   = 5 * time.Second
	headerTimeout = 30 * time.Second // a long poll is 20 s
	callTimeout   = 60 * time.Second // ten messages of 1 MiB at a slow link
	idleConns     = 64               // more than the requests that ever run in parallel
)

// loopbackRegion is the region of a loopback endpoint that has none
// (DESIGN.md 7).
const loopbackRegion = "us-east-1"

// Options say where to connect. What is empty comes from the environment and
// the files of the SDK, AWS_ENDPOINT_URL_SQS and AWS_PROFILE among them.
type Options struct {
	Profile     string
	Region      string
	EndpointURL string
	HTTPClient  HTTPClient // nil: our own, with sane limits
}

// HTTPClient sends a request; an [*http.Client] is one.
type HTTPClient interface {
	Do(*http.Request) (*http.Response, error)
}

// Client is SQS at one place. Make it with [Open].
type Client struct {
	api      *sqs.Client
	place    backend.Place
	endpoint string // for people: without user and password
	login    login
}

// Open prepares a client by the SDK's default chain: environment, files, SSO,
// role, process. It sends no request; wrong credentials show at the first call.
//
// A loopback endpoint needs nothing else (DESIGN.md 7): no region means
// us-east-1, and no credentials means placeholders. Then only keys that lie in
// the environment or the files are used, and the rest of the chain only for a
// profile that was asked for by name, so that nothing is fetched, waited for or
// given away for the sake of a program on this machine.
//
// Errors: KindInvalid for an unknown profile, a broken file, a missing region or
// a URL that is none; KindCredentials for a profile that cannot work here.
func Open(ctx context.Context, o Options) (*Client, backend.Place, error) {
	if err := checkURL(o.EndpointURL); err != nil {
		return nil, backend.Place{}, err
	}
	placeholder := credentials.NewStaticCredentialsProvider("sqscope", "sqscope", "")
	local, err := load(ctx, o, config.WithCredentialsProvider(placeholder))
	if err != nil {
		return nil, backend.Place{}, openError(o, err)
	}
	c := &Client{login: loginOf(local, o)}
	endpoint := baseEndpoint(local, o)
	cfg := local
	switch {
	case loopback(endpoint):
		if cfg, err = loopbackConfig(ctx, local, o, c.login); err != nil {
			return nil, backend.Place{}, openError(o, err)
		}
	default:
		if cfg, err = load(ctx, o); err != nil {
			return nil, backend.Place{}, openError(o, err)
		}
	}
	if cfg.Region == "" {
		return nil, backend.Place{}, &backend.Error{
			Kind: backend.KindInvalid, Subject: o.Profile, Message: "no region is set",
			Next: "add --region, as in --region eu-west-1, or set AWS_REGION or the profile's region",
		}
	}
	c.api = sqs.NewFromConfig(cfg, c.configure(o))
	c.endpoint = readable(endpoint)
	if endpoint == "" {
		c.endpoint = "SQS in " + cfg.Region
	}
	c.place = backend.Place{
		Region: cfg.Region, Profile: c.login.profile, Account: c.login.account, Endpoint: readable(endpoint),
	}
	return c, c.place, nil
}

// load is the SDK's default chain.
func load(ctx context.Context, o Options, more ...func(*config.LoadOptions) error) (aws.Config, error) {
	opts := append(more, config.WithLogger(logging.Nop{}), config.WithHTTPClient(transport()))
	if o.Profile != "" {
		opts = append(opts, config.WithSharedConfigProfile(o.Profile))
	}
	if o.Region != "" {
		opts = append(opts, config.WithRegion(o.Region))
	}
	return config.LoadDefaultConfig(ctx, opts...)
}

// loopbackConfig completes the configuration for an endpoint on this machine.
func loopbackConfig(ctx context.Context, local aws.Config, o Options, l login) (aws.Config, error) {
	cfg := local
	switch {
	case l.keys.HasKeys():
		cfg.Credentials = credentials.StaticCredentialsProvider{Value: l.keys}
	case o.Profile != "":
		full, err := load(ctx, o)
		if err != nil {
			return cfg, err
		}
		if !aws.IsCredentialsProvider(full.Credentials, &ec2rolecreds.Provider{}) {
			cfg = full
		}
	}
	if cfg.Region == "" {
		cfg.Region = loopbackRegion
	}
	return cfg, nil
}

// configure sets what the SDK would do otherwise.
func (c *Client) configure(o Options) func(*sqs.Options) {
	return func(s *sqs.Options) {
		s.Retryer = aws.NopRetryer{}
		s.Logger = logging.Nop{}
		s.Credentials = watched{s.Credentials}
		if o.EndpointURL != "" {
			s.BaseEndpoint = aws.String(o.EndpointURL)
		}
		if o.HTTPClient != nil {
			s.HTTPClient = o.HTTPClient
		}
		s.APIOptions = append(s.APIOptions, withoutValidation)
	}
}

// withoutValidation lets SQS say what is missing, in its own words. Actions
// without required parameters have nothing to remove.
func withoutValidation(stack *middleware.Stack) error {
	_, _ = stack.Initialize.Remove("OperationInputValidation")
	return nil
}

func transport() *awshttp.BuildableClient {
	return awshttp.NewBuildableClient().
		WithTimeout(callTimeout).
		WithDialerOptions(func(d *net.Dialer) { d.Timeout = dialTimeout }).
		WithTransportOptions(func(t *http.Transport) {
			t.ResponseHeaderTimeout = headerTimeout
			t.MaxIdleConnsPerHost = idleConns
			t.MaxIdleConns = idleConns
		})
}

// baseEndpoint is the endpoint that the SDK would use, "" for AWS's own.
func baseEndpoint(cfg aws.Config, o Options) string {
	if o.EndpointURL != "" {
		return o.EndpointURL
	}
	return aws.ToString(sqs.NewFromConfig(cfg).Options().BaseEndpoint)
}

func checkURL(s string) error {
	if s == "" {
		return nil
	}
	u, err := url.Parse(s)
	if err == nil && (u.Scheme == "http" || u.Scheme == "https") && u.Host != "" {
		return nil
	}
	return &backend.Error{
		Kind: backend.KindInvalid, Subject: readable(s), Message: "is no endpoint URL",
		Next: "give it with its scheme, as in http://127.0.0.1:9324",
	}
}

// loopback tells whether a URL points to this machine.
func loopback(endpoint string) bool {
	u, err := url.Parse(endpoint)
	if err != nil || u.Host == "" {
		return false
	}
	host := strings.ToLower(u.Hostname())
	if host == "localhost" || strings.HasSuffix(host, ".localhost") {
		return true
	}
	ip, err := netip.ParseAddr(host)
	return err == nil && ip.IsLoopback()
}

// readable is a URL without a password.
func readable(s string) string {
	u, err := url.Parse(s)
	if err != nil {
		return "the endpoint URL"
	}
	if u.User == nil {
		return s
	}
	u.User = nil
	return u.String()
}

// openError says what is wrong with the configuration.
func openError(o Options, err error) error {
	e := &backend.Error{Kind: backend.KindInvalid, Subject: o.Profile, Err: err}
	var missing config.SharedConfigProfileNotExistError
	var broken config.SharedConfigLoadError
	var arn config.CredentialRequiresARNError
	var mfa config.AssumeRoleTokenProviderNotSetError
	switch {
	case errors.As(err, &missing):
		e.Subject, e.Message = missing.Profile, "there is no profile of this name in the AWS config files"
		e.Next = "see those there are with aws configure list-profiles, or leave --profile and AWS_PROFILE out"
	case errors.As(err, &broken):
		e.Subject, e.Message = broken.Filename, "the AWS config file cannot be read"
		if broken.Err != nil {
			e.Message += ": " + broken.Err.Error()
		}
		e.Next = "correct the file"
	case errors.As(err, &arn):
		e.Subject, e.Message = arn.Profile, "the profile has credentials of type "+arn.Type+" but no role_arn"
		e.Next = "add role_arn to the profile"
	case errors.As(err, &mfa):
		e.Kind, e.Message = backend.KindCredentials, "the profile's role wants an MFA code, which sqscope cannot ask for"
		e.Next = `get a session first: eval "$(aws configure export-credentials --profile ` + shellWord(profileName(o)) + ` --format env)"`
	case backend.KindOf(err) == backend.KindCancelled, backend.KindOf(err) == backend.KindTimeout:
		e.Kind, e.Message = backend.KindOf(err), "opening it was given up"
	default:
		e.Message, e.Next = "the AWS configuration does not work: "+err.Error(), "correct ~/.aws/config"
	}
	return e
}
