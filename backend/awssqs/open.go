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
// Beside SQS a Client asks CloudWatch, SNS, Lambda and STS, where somebody wants
// to know, and the SDK asks whoever gives the credentials. Those requests are
// few and harmless, so the SDK repeats them as it does; each of them is reported
// to Options.Observe.
//
// A Client may be used from any goroutine. Lock order: a turn (identity,
// subscriptions, measurements: held over the request), or renewing (over the
// reading of files), then the mutex of the chain or of the prompt, which are
// held over nothing. A request of SQS waits for none of the first. A call ends
// with its context, and a call without a deadline after the limits of the HTTP
// client below, all of which a long poll of 20 s fits in. Close ends what waits
// for a person.
package awssqs

import (
	"context"
	"errors"
	"net"
	"net/http"
	"sync"
	"sync/atomic"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	awshttp "github.com/aws/aws-sdk-go-v2/aws/transport/http"
	"github.com/aws/aws-sdk-go-v2/config"
	"github.com/aws/aws-sdk-go-v2/credentials"
	"github.com/aws/aws-sdk-go-v2/credentials/ec2rolecreds"
	"github.com/aws/aws-sdk-go-v2/service/sqs"
	"github.com/aws/aws-sdk-go-v2/service/sts"
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
	HTTPClient  HTTPClient // for every service; nil: our own, with sane limits

	// CloudWatch lets CloudWatch be asked for what SQS does not tell. It has a
	// price for each metric, so it is off unless somebody wants it.
	CloudWatch bool
	// Observe hears of every request that is not to SQS, from the goroutine that
	// made it. It must not wait for anything. Nil: nobody does.
	Observe func(backend.ForeignCall)
	// MFA asks a person for the code of the device with that serial number. Its
	// context ends with Close and with the next Refresh, not with the request that
	// needs the code: that one may time out, and the code still count for the
	// next. After a code that was not given or not accepted nobody is asked again
	// until Refresh. Nil: a profile that needs a code cannot be opened.
	MFA func(ctx context.Context, serial string) (string, error)
}

// HTTPClient sends a request; an [*http.Client] is one.
type HTTPClient interface {
	Do(*http.Request) (*http.Response, error)
}

// Client is SQS at one place, and what AWS knows beyond it. Make it with [Open].
type Client struct {
	api      *sqs.Client
	options  Options
	place    backend.Place
	base     string // the endpoint as it was configured; "": AWS's own
	endpoint string // for people: without user and password
	login    login
	prompt   *prompt // nil without Options.MFA
	creds    *chain
	renewing sync.Mutex // one provider after the other; held while the files are read
	cancel   context.CancelFunc

	sts        func() *sts.Client
	sns        func() topics
	lambda     func() functions
	kms        func() keys
	cloudwatch func() watch

	identity identity
	listed   atomic.Pointer[subscriptions]
	measured measurements
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
	life, cancel := context.WithCancel(context.WithoutCancel(ctx))
	c := &Client{options: o, cancel: cancel}
	if o.MFA != nil {
		c.prompt = &prompt{ask: o.MFA, life: life}
	}
	r, err := c.resolve(ctx)
	if err != nil {
		cancel()
		return nil, backend.Place{}, err
	}
	c.login, c.base, c.endpoint = r.login, r.endpoint, readable(r.endpoint)
	if r.endpoint == "" {
		c.endpoint = "SQS in " + r.cfg.Region
	}
	c.place = backend.Place{
		Region: r.cfg.Region, Profile: c.login.profile, Account: c.login.account, Endpoint: readable(r.endpoint),
	}
	c.creds = newChain(r.cfg.Credentials, c.login, c.prompt)
	c.connect(r.cfg)
	return c, c.place, nil
}

// connect makes the clients: that of SQS now, the others when they are needed.
func (c *Client) connect(cfg aws.Config) {
	cfg.Credentials = c.creds
	own := cfg.Copy()
	own.APIOptions = nil // package meter counts what goes to SQS
	c.api = sqs.NewFromConfig(own, c.configure)
	c.sts = sync.OnceValue(func() *sts.Client {
		return sts.NewFromConfig(cfg, func(s *sts.Options) { s.BaseEndpoint = c.beside(s.BaseEndpoint) })
	})
	c.sns = sync.OnceValue(func() topics { return newTopics(cfg, c.beside) })
	c.lambda = sync.OnceValue(func() functions { return newFunctions(cfg, c.beside) })
	c.kms = sync.OnceValue(func() keys { return newKeys(cfg, c.beside) })
	c.cloudwatch = sync.OnceValue(func() watch { return newWatch(cfg, c.beside) })
	c.identity.turn = make(turn, 1)
	c.measured = measurements{turn: make(turn, 1), known: map[string]measurement{}}
	c.Forget()
}

// Stack is all that the client offers. Metrics are there only with
// Options.CloudWatch.
func (c *Client) Stack() backend.Stack {
	s := backend.Stack{SQS: c, Wiring: c, Credentials: c}
	if c.options.CloudWatch {
		s.Metrics = c
	}
	return s
}

// Close gives up waiting for a person. Requests that are under way go on.
func (c *Client) Close() { c.cancel() }

// resolved is what the options, the environment and the files come to.
type resolved struct {
	cfg      aws.Config
	login    login
	endpoint string // "": AWS's own
}

// resolve reads the environment and the files.
func (c *Client) resolve(ctx context.Context) (resolved, error) {
	o := c.options
	placeholder := credentials.NewStaticCredentialsProvider("sqscope", "sqscope", "")
	local, err := c.load(ctx, config.WithCredentialsProvider(placeholder))
	if err != nil {
		return resolved{}, openError(o, err)
	}
	r := resolved{cfg: local, login: loginOf(local, o), endpoint: baseEndpoint(local, o)}
	switch {
	case backend.IsLoopback(r.endpoint):
		r.cfg, err = c.loopbackConfig(ctx, local, r.login)
		if !r.login.keys.HasKeys() && o.Profile == "" {
			r.login.source = backend.SourceNone
			r.login.next, r.login.command = "the endpoint refuses whoever comes; see what serves it", ""
		}
	default:
		r.cfg, err = c.load(ctx)
	}
	if err != nil {
		return resolved{}, openError(o, err)
	}
	if r.cfg.Region == "" {
		return resolved{}, &backend.Error{
			Kind: backend.KindInvalid, Subject: o.Profile, Message: "no region is set",
			Next: "add --region, as in --region eu-west-1, or set AWS_REGION or the profile's region",
		}
	}
	return r, nil
}

// load is the SDK's default chain.
func (c *Client) load(ctx context.Context, more ...func(*config.LoadOptions) error) (aws.Config, error) {
	opts := append(more, config.WithLogger(logging.Nop{}))
	if o := c.options; o.HTTPClient != nil {
		opts = append(opts, config.WithHTTPClient(o.HTTPClient))
	} else {
		opts = append(opts, config.WithHTTPClient(transport()))
	}
	if c.options.Profile != "" {
		opts = append(opts, config.WithSharedConfigProfile(c.options.Profile))
	}
	if c.options.Region != "" {
		opts = append(opts, config.WithRegion(c.options.Region))
	}
	if c.options.Observe != nil {
		opts = append(opts, config.WithAPIOptions([]func(*middleware.Stack) error{observing(c.options.Observe)}))
	}
	if c.prompt != nil {
		opts = append(opts, config.WithAssumeRoleCredentialOptions(c.prompt.configure))
	}
	return config.LoadDefaultConfig(ctx, opts...)
}

// loopbackConfig completes the configuration for an endpoint on this machine.
func (c *Client) loopbackConfig(ctx context.Context, local aws.Config, l login) (aws.Config, error) {
	cfg := local
	switch {
	case l.keys.HasKeys():
		cfg.Credentials = credentials.StaticCredentialsProvider{Value: l.keys}
	case c.options.Profile != "":
		full, err := c.load(ctx)
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
func (c *Client) configure(s *sqs.Options) {
	s.Retryer = aws.NopRetryer{}
	s.Logger = logging.Nop{}
	if c.options.EndpointURL != "" {
		s.BaseEndpoint = aws.String(c.options.EndpointURL)
	}
	s.APIOptions = append(s.APIOptions, withoutValidation)
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
