package awssqs

import (
	"net"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"sqscope/backend"
)

const ssoConfig = `
[profile work]
sso_session = corp
sso_account_id = 123456789012
sso_role_name = Developer
region = eu-west-1
[sso-session corp]
sso_region = eu-central-1
sso_start_url = https://corp.awsapps.com/start
[profile old sso]
sso_start_url = https://corp.awsapps.com/start
sso_region = eu-central-1
sso_account_id = 210987654321
sso_role_name = Developer
region = eu-west-1
[profile admin]
role_arn = arn:aws:iam::333333333333:role/admin
source_profile = work
region = eu-west-1
[profile mfa]
role_arn = arn:aws:iam::333333333333:role/admin
source_profile = keys
mfa_serial = arn:aws:iam::123456789012:mfa/me
region = eu-west-1
[profile keys]
aws_access_key_id = AKIDFILE
aws_secret_access_key = topsecret
region = eu-west-1
[profile helper]
credential_process = /does/not/exist topsecret
region = eu-west-1
[profile empty]
region = eu-west-1
[profile nowhere]
aws_access_key_id = AKIDFILE
aws_secret_access_key = topsecret
[profile local]
region = eu-west-1
services = local
[services local]
sqs =
  endpoint_url = http://localhost:9324
`

// A loopback endpoint needs nothing (DESIGN.md 7), and asks nobody: not even
// the metadata service, which would be waited for.
func TestLoopbackEndpointNeedsNothing(t *testing.T) {
	metadata, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	asked := make(chan struct{})
	go func() {
		if c, err := metadata.Accept(); err == nil {
			c.Close()
			close(asked)
		}
	}()
	for _, c := range []struct {
		name string
		o    Options
		vars map[string]string
		want backend.Place
		key  string
	}{
		{"nothing set", Options{EndpointURL: endpointURL}, nil, backend.Place{Region: "us-east-1", Endpoint: endpointURL}, "sqscope"},
		{"endpoint in the environment", Options{}, map[string]string{"AWS_ENDPOINT_URL_SQS": "http://localhost:4566"}, backend.Place{Region: "us-east-1", Endpoint: "http://localhost:4566"}, "sqscope"},
		{"endpoint for all services", Options{Region: "eu-west-1"}, map[string]string{"AWS_ENDPOINT_URL": "http://sqs.localhost:4566"}, backend.Place{Region: "eu-west-1", Endpoint: "http://sqs.localhost:4566"}, "sqscope"},
		{"keys in the environment", Options{EndpointURL: endpointURL}, map[string]string{"AWS_ACCESS_KEY_ID": "AKIDENV", "AWS_SECRET_ACCESS_KEY": "x"}, backend.Place{Region: "us-east-1", Endpoint: endpointURL}, "AKIDENV"},
		{"SSO profile in the environment", Options{EndpointURL: endpointURL}, map[string]string{"AWS_PROFILE": "work"}, backend.Place{Region: "eu-west-1", Endpoint: endpointURL, Profile: "work", Account: "123456789012"}, "sqscope"},
		{"profile with an endpoint", Options{Profile: "local"}, nil, backend.Place{Region: "eu-west-1", Endpoint: "http://localhost:9324", Profile: "local"}, "sqscope"},
		{"profile with keys", Options{Profile: "keys", EndpointURL: "http://[::1]:9324"}, nil, backend.Place{Region: "eu-west-1", Endpoint: "http://[::1]:9324", Profile: "keys"}, "AKIDFILE"},
		{"profile without keys", Options{Profile: "empty", EndpointURL: endpointURL}, nil, backend.Place{Region: "eu-west-1", Endpoint: endpointURL, Profile: "empty"}, "sqscope"},
	} {
		t.Run(c.name, func(t *testing.T) {
			environment(t, ssoConfig, c.vars)
			os.Unsetenv("AWS_EC2_METADATA_DISABLED")
			t.Setenv("AWS_EC2_METADATA_SERVICE_ENDPOINT", "http://"+metadata.Addr().String())
			w := &wire{body: "{}"}
			c.o.HTTPClient = w
			client, place, err := Open(t.Context(), c.o)
			if err != nil {
				t.Fatal(err)
			}
			if diff := cmp.Diff(c.want, place); diff != "" {
				t.Errorf("place (-want +got)\n%s", diff)
			}
			if _, err := client.ListQueues(t.Context(), backend.ListQueuesInput{}); err != nil {
				t.Fatal(err)
			}
			if a := w.requests[0].Header.Get("Authorization"); !strings.Contains(a, "Credential="+c.key+"/") {
				t.Errorf("signed with %s, want %s", a, c.key)
			}
			if !backend.IsLoopback(place.Endpoint) {
				t.Error("the place is not taken for this machine")
			}
		})
	}
	metadata.Close()
	select {
	case <-asked:
		t.Error("the metadata service was asked")
	default:
	}
}

func TestPlaceOnAWS(t *testing.T) {
	for _, c := range []struct {
		name string
		o    Options
		vars map[string]string
		want backend.Place
	}{
		{"a profile with keys", Options{Profile: "keys"}, nil, backend.Place{Region: "eu-west-1", Profile: "keys"}},
		{"SSO says the account", Options{Profile: "work"}, nil, backend.Place{Region: "eu-west-1", Profile: "work", Account: "123456789012"}},
		{"a role says the account", Options{Profile: "admin", Region: "us-west-2"}, nil, backend.Place{Region: "us-west-2", Profile: "admin", Account: "333333333333"}},
		{"keys of the environment", Options{}, map[string]string{"AWS_ACCESS_KEY_ID": "A", "AWS_SECRET_ACCESS_KEY": "x", "AWS_REGION": "eu-north-1"}, backend.Place{Region: "eu-north-1"}},
		{"a compatible endpoint", Options{Profile: "keys", EndpointURL: "https://user:topsecret@queues.example.com"}, nil, backend.Place{Region: "eu-west-1", Profile: "keys", Endpoint: "https://queues.example.com"}},
	} {
		t.Run(c.name, func(t *testing.T) {
			environment(t, ssoConfig, c.vars)
			_, place, err := Open(t.Context(), c.o)
			if err != nil {
				t.Fatal(err)
			}
			if diff := cmp.Diff(c.want, place); diff != "" {
				t.Errorf("place (-want +got)\n%s", diff)
			}
			if backend.IsLoopback(place.Endpoint) {
				t.Error("the place is taken for this machine")
			}
		})
	}
}

func TestOpenRefusals(t *testing.T) {
	for _, c := range []struct {
		name                string
		o                   Options
		config              string
		kind                backend.Kind
		subject, says, next string
	}{
		{"unknown profile", Options{Profile: "nope"}, ssoConfig, backend.KindInvalid, "nope", "no profile of this name", "aws configure list-profiles"},
		{"unknown profile for a loopback endpoint", Options{Profile: "nope", EndpointURL: endpointURL}, "", backend.KindInvalid, "nope", "no profile of this name", ""},
		{"no region", Options{Profile: "nowhere"}, ssoConfig, backend.KindInvalid, "nowhere", "no region", "--region"},
		{"no configuration at all", Options{}, "", backend.KindInvalid, "", "no region", "--region"},
		{"MFA", Options{Profile: "mfa"}, ssoConfig, backend.KindCredentials, "mfa", "MFA", "export-credentials --profile mfa"},
		{"no scheme", Options{EndpointURL: "localhost:9324"}, "", backend.KindInvalid, "localhost:9324", "no endpoint URL", "http://"},
		{"no host", Options{EndpointURL: "http://"}, "", backend.KindInvalid, "http://", "no endpoint URL", "http://"},
	} {
		t.Run(c.name, func(t *testing.T) {
			environment(t, c.config, nil)
			_, _, err := Open(t.Context(), c.o)
			if err == nil {
				t.Fatal("opened")
			}
			e := backend.AsError(err)
			if e.Kind != c.kind || e.Subject != c.subject || !strings.Contains(e.Message, c.says) || !strings.Contains(e.Next, c.next) {
				t.Errorf("got %v\n%+v", err, *e)
			}
		})
	}
}

// T3: expired credentials are shown as that, with the command that renews them.
func TestT3ExpiredCredentialsSayHowToLogIn(t *testing.T) {
	for _, c := range []struct {
		profile, next string
		kind          backend.Kind
	}{
		{"work", "aws sso login --profile work", backend.KindCredentials},
		{"old sso", "aws sso login --profile 'old sso'", backend.KindCredentials},
		{"admin", "aws sso login --profile work", backend.KindCredentials},
		{"helper", "credential_process", backend.KindCredentials},
		{"empty", "aws configure --profile empty", backend.KindCredentials},
	} {
		t.Run(c.profile, func(t *testing.T) {
			environment(t, ssoConfig, nil)
			expired := `{"accessToken":"tokensecret","expiresAt":"2020-01-01T00:00:00Z","startUrl":"https://corp.awsapps.com/start","region":"eu-central-1"}`
			for _, name := range []string{sha1Of("corp"), sha1Of("https://corp.awsapps.com/start")} {
				file := filepath.Join(os.Getenv("HOME"), ".aws", "sso", "cache", name+".json")
				if err := os.WriteFile(file, []byte(expired), 0o600); err != nil {
					t.Fatal(err)
				}
			}
			w := &wire{body: "{}"}
			out, err := open(t, w, Options{Profile: c.profile}).ListQueues(t.Context(), backend.ListQueuesInput{})
			if err == nil {
				t.Fatalf("an answer without credentials: %v", out)
			}
			e := backend.AsError(err)
			if e.Kind != c.kind || e.Subject != "profile "+c.profile || !strings.Contains(e.Next, c.next) || len(w.requests) != 0 {
				t.Errorf("got %v\n%+v", err, *e)
			}
			if strings.Contains(err.Error(), "secret") {
				t.Errorf("a secret is in %v", err)
			}
		})
	}
}
