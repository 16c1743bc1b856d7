package awssqs

import (
	"fmt"
	"net/http/httptest"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"testing/synctest"

	"github.com/google/go-cmp/cmp"

	"sqscope/backend"
)

// reported are the calls as "service action items kind", in order.
func reported(calls []backend.ForeignCall) []string {
	var out []string
	for _, c := range calls {
		s := fmt.Sprint(c.Service, " ", c.Action)
		if c.Items > 0 {
			s += fmt.Sprint(" ", c.Items)
		}
		if c.Err != nil {
			s += " " + c.Err.Kind.String()
		}
		out = append(out, s)
	}
	return out
}

// Requests shown equal requests made: each to another service is reported, the
// repeated ones too, and none to SQS.
func TestEveryRequestBesideSQSIsReported(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		fails := 2
		f := newFakeAWS(t, map[string]func(request) answer{
			listQueues: always(200, "{}"),
			listSubscriptions: func(request) answer {
				if fails--; fails >= 0 {
					return answer{503, "busy"}
				}
				return answer{body: page("")}
			},
			listMappings:        always(403, `{"__type":"AccessDeniedException","Message":"no"}`),
			"GetCallerIdentity": always(200, callerIdentity("123456789012", "arn", "id")),
			getMetricData:       metricData(nil),
		})
		c := f.keysOnAWS(Options{CloudWatch: true})
		_ = list(t.Context(), c)
		if _, err := c.Subscriptions(t.Context(), queue("orders")); err != nil {
			t.Fatal(err)
		}
		_, _ = c.Mappings(t.Context(), queue("orders"))
		if _, err := c.QueueMetrics(t.Context(), []string{urlOf("orders")}); err != nil {
			t.Fatal(err)
		}
		want := []string{
			"SNS ListSubscriptions internal", "SNS ListSubscriptions internal", "SNS ListSubscriptions",
			"Lambda ListEventSourceMappings denied", "STS GetCallerIdentity", "CloudWatch GetMetricData 3",
		}
		if diff := cmp.Diff(want, reported(f.calls)); diff != "" {
			t.Errorf("reported (-want +got)\n%s", diff)
		}
		if made := len(f.asked) - f.count(listQueues); made != len(f.calls) {
			t.Errorf("%d requests were made and %d reported", made, len(f.calls))
		}
	})
}

// counted is a server on this machine that counts its requests.
func counted(t *testing.T, f *fakeAWS) *httptest.Server {
	t.Helper()
	server := httptest.NewServer(f)
	t.Cleanup(server.Close)
	return server
}

// Credentials come from elsewhere, over the SDK's own clients and a real
// connection: what they ask is reported as well.
func TestRequestsForCredentialsAreReported(t *testing.T) {
	keys := func(id string) string {
		return fmt.Sprintf(`"AccessKeyId":%q,"SecretAccessKey":"topsecret","Token":"tokensecret","Code":"Success","Expiration":"2099-01-01T00:00:00Z"`, id)
	}
	assumed := `<AssumeRoleResponse><AssumeRoleResult><Credentials><AccessKeyId>AKIDROLE</AccessKeyId><SecretAccessKey>topsecret</SecretAccessKey>
		<SessionToken>tokensecret</SessionToken><Expiration>2099-01-01T00:00:00Z</Expiration></Credentials></AssumeRoleResult></AssumeRoleResponse>`
	const sso = `{"accessToken":"tokensecret","expiresAt":"2099-01-01T00:00:00Z"}`
	const renewable = `{"accessToken":"old","expiresAt":"2020-01-01T00:00:00Z","refreshToken":"tokensecret","clientId":"i","clientSecret":"topsecret","registrationExpiresAt":"2099-01-01T00:00:00Z"}`
	for _, c := range []struct {
		name    string
		profile string
		vars    map[string]string // URL stands for the server's
		token   string            // the SSO token's file
		key     string
		want    []string
	}{
		{"the instance", "empty", map[string]string{"AWS_EC2_METADATA_SERVICE_ENDPOINT": "URL"}, "", "AKIDHOST", []string{
			"instance metadata GetMetadata", "instance metadata GetMetadata", "instance metadata getToken",
		}},
		{"the container", "empty", map[string]string{"AWS_CONTAINER_CREDENTIALS_FULL_URI": "URL/container"}, "", "AKIDTASK", []string{"container credentials GetCredentials"}},
		{"a role", "role", nil, "", "AKIDROLE", []string{"STS AssumeRole"}},
		{"SSO", "work", nil, sso, "AKIDSSO", []string{"SSO GetRoleCredentials"}},
		{"SSO with a token to renew", "work", nil, renewable, "AKIDSSO", []string{"SSO GetRoleCredentials", "SSO OIDC CreateToken"}},
	} {
		t.Run(c.name, func(t *testing.T) {
			f := newFakeAWS(t, map[string]func(request) answer{
				"PUT /latest/api/token":                                   always(200, "session"),
				"GET /latest/meta-data/iam/security-credentials/":         always(200, "hostrole"),
				"GET /latest/meta-data/iam/security-credentials/hostrole": always(200, "{"+keys("AKIDHOST")+"}"),
				"GET /container":              always(200, "{"+keys("AKIDTASK")+"}"),
				"AssumeRole":                  always(200, assumed),
				"GET /federation/credentials": always(200, `{"roleCredentials":{"accessKeyId":"AKIDSSO","secretAccessKey":"topsecret","sessionToken":"s","expiration":4070908800000}}`),
				"POST /token":                 always(200, `{"accessToken":"tokensecret","expiresIn":3600,"tokenType":"Bearer"}`),
			})
			server := counted(t, f)
			environment(t, ssoConfig+"\n[profile role]\nrole_arn = arn:aws:iam::333333333333:role/admin\nsource_profile = keys\nregion = eu-west-1\n", nil)
			os.Unsetenv("AWS_EC2_METADATA_DISABLED")
			for _, s := range []string{"STS", "SSO", "SSO_OIDC"} {
				t.Setenv("AWS_ENDPOINT_URL_"+s, server.URL)
			}
			for name, value := range c.vars {
				t.Setenv(name, strings.Replace(value, "URL", server.URL, 1))
			}
			if c.token != "" {
				file := filepath.Join(os.Getenv("HOME"), ".aws", "sso", "cache", sha1Of("corp")+".json")
				if err := os.WriteFile(file, []byte(c.token), 0o600); err != nil {
					t.Fatal(err)
				}
			}
			client, _, err := Open(t.Context(), Options{Profile: c.profile, Observe: f.observe})
			if err != nil {
				t.Fatal(err)
			}
			defer client.Close()
			creds, err := client.creds.Retrieve(t.Context())
			if err != nil || creds.AccessKeyID != c.key {
				t.Fatalf("key %q, %v", creds.AccessKeyID, err)
			}
			got := reported(f.calls)
			slices.Sort(got)
			if diff := cmp.Diff(c.want, got); diff != "" {
				t.Errorf("reported (-want +got)\n%s", diff)
			}
			if len(f.asked) != len(f.calls) {
				t.Errorf("%d requests were made and %d reported", len(f.asked), len(f.calls))
			}
		})
	}
}
