package awssqs

import (
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"github.com/google/go-cmp/cmp"

	"sqscope/backend"
)

const assumeRole = "AssumeRole"

// assumed is STS's answer with keys that last until then.
func assumed(key string, until time.Time) string {
	return fmt.Sprintf(`<AssumeRoleResponse><AssumeRoleResult><Credentials><AccessKeyId>%s</AccessKeyId><SecretAccessKey>topsecret</SecretAccessKey>
		<SessionToken>tokensecret</SessionToken><Expiration>%s</Expiration></Credentials></AssumeRoleResult></AssumeRoleResponse>`,
		key, until.UTC().Format(time.RFC3339))
}

func writeAWSFile(t *testing.T, name, content string) {
	t.Helper()
	if err := os.WriteFile(filepath.Join(os.Getenv("HOME"), ".aws", name), []byte(content), 0o600); err != nil {
		t.Fatal(err)
	}
}

func TestLoginsSayWhereCredentialsComeFrom(t *testing.T) {
	const more = `
[profile web]
role_arn = arn:aws:iam::333333333333:role/web
web_identity_token_file = /token
region = eu-west-1
[profile console]
login_session = arn:aws:iam::123456789012:user/me
region = eu-west-1
`
	role := "arn:aws:iam::333333333333:role/admin"
	keys := map[string]string{"AWS_ACCESS_KEY_ID": "A", "AWS_SECRET_ACCESS_KEY": "x", "AWS_REGION": "eu-west-1"}
	for _, c := range []struct {
		profile string
		vars    map[string]string
		want    backend.Login
		next    string
	}{
		{"work", nil, backend.Login{Source: backend.SourceSSO, Command: "aws sso login --profile work"}, "aws sso login"},
		{"old sso", nil, backend.Login{Source: backend.SourceSSO, Command: "aws sso login --profile 'old sso'"}, "aws sso login"},
		{"admin", nil, backend.Login{Source: backend.SourceRole, RoleARN: role, Command: "aws sso login --profile work"}, "aws sso login"},
		{"mfa", nil, backend.Login{Source: backend.SourceRole, RoleARN: role, MFA: "arn:aws:iam::123456789012:mfa/me", Command: "aws configure --profile keys"}, "aws configure"},
		{"keys", nil, backend.Login{Source: backend.SourceKeys, Command: "aws configure --profile keys"}, "aws configure"},
		{"helper", nil, backend.Login{Source: backend.SourceProcess, Command: "aws configure export-credentials --profile helper"}, "credential_process"},
		{"console", nil, backend.Login{Source: backend.SourceLogin, Command: "aws login --profile console"}, "aws login"},
		{"web", nil, backend.Login{Source: backend.SourceWebIdentity, RoleARN: "arn:aws:iam::333333333333:role/web"}, "web_identity_token_file"},
		{"empty", nil, backend.Login{}, "aws configure"},
		{"", keys, backend.Login{Source: backend.SourceEnvironment}, "export AWS_ACCESS_KEY_ID"},
	} {
		t.Run(c.profile, func(t *testing.T) {
			environment(t, ssoConfig+more, c.vars)
			f := newFakeAWS(t, nil)
			client := f.client(Options{Profile: c.profile, MFA: func(context.Context, string) (string, error) { return "", nil }})
			c.want.Profile = c.profile
			if diff := cmp.Diff(c.want, client.Login()); diff != "" {
				t.Errorf("login (-want +got)\n%s", diff)
			}
			if !strings.Contains(client.login.next, c.next) {
				t.Errorf("next is %q", client.login.next)
			}
			if len(f.asked) != 0 || client.Expiry() != (backend.Expiry{}) {
				t.Errorf("opening asked for %v and knows %+v", f.asked, client.Expiry())
			}
		})
	}
}

// Who we are is asked once for each set of keys; what was written into the files
// meanwhile counts after a refresh.
func TestRefreshReadsTheFilesAnew(t *testing.T) {
	f := newFakeAWS(t, map[string]func(request) answer{
		"GetCallerIdentity": func(r request) answer {
			if r.key == "AKIDFILE" {
				return answer{403, queryError("InvalidClientTokenId", "The security token included in the request is invalid.")}
			}
			return answer{body: callerIdentity("123456789012", "arn:aws:sts::123456789012:assumed-role/dev/me", "AROA:me")}
		},
		listQueues: func(r request) answer {
			if r.key == "AKIDFILE" {
				return answer{403, `{"__type":"com.amazon.coral.service#ExpiredTokenException","message":"expired"}`}
			}
			return answer{body: "{}"}
		},
	})
	c := f.keysOnAWS(Options{})
	for _, err := range []error{list(t.Context(), c), func() error { _, err := c.Identity(t.Context()); return err }()} {
		if e := backend.AsError(err); e.Kind != backend.KindCredentials || e.Subject != "profile keys" || !strings.Contains(e.Next, "aws configure --profile keys") {
			t.Errorf("%v (%v)", err, e.Kind)
		}
	}
	writeAWSFile(t, "config", strings.ReplaceAll(ssoConfig, "AKIDFILE", "AKIDNEW"))
	if err := list(t.Context(), c); backend.KindOf(err) != backend.KindCredentials {
		t.Errorf("new keys were found without a refresh: %v", err)
	}
	if err := c.Refresh(t.Context()); err != nil {
		t.Fatal(err)
	}
	if err := list(t.Context(), c); err != nil {
		t.Error(err)
	}
	want := backend.Identity{Account: "123456789012", ARN: "arn:aws:sts::123456789012:assumed-role/dev/me", UserID: "AROA:me"}
	for range 2 {
		if got, err := c.Identity(t.Context()); err != nil || got != want {
			t.Errorf("%+v, %v", got, err)
		}
	}
	if n := f.count("GetCallerIdentity"); n != 2 {
		t.Errorf("STS was asked %d times", n)
	}
	writeAWSFile(t, "config", "[profile keys\n")
	if err := c.Refresh(t.Context()); backend.KindOf(err) != backend.KindInvalid {
		t.Errorf("with a broken file: %v", err)
	}
	if err := list(t.Context(), c); err != nil {
		t.Errorf("a refresh that failed took the credentials away: %v", err)
	}
}

// askMe is a person with an MFA device.
type askMe struct {
	mu      sync.Mutex
	serials []string
	codes   chan string // unbuffered: an answer waits for its question
}

var errPutAway = errors.New("the question was put away")

func (a *askMe) code(ctx context.Context, serial string) (string, error) {
	a.mu.Lock()
	a.serials = append(a.serials, serial)
	a.mu.Unlock()
	select {
	case code := <-a.codes:
		if code == "" {
			return "", errPutAway
		}
		return code, nil
	case <-ctx.Done():
		return "", ctx.Err()
	}
}

func (a *askMe) asked() int {
	a.mu.Lock()
	defer a.mu.Unlock()
	return len(a.serials)
}

// withMFA runs a test with a profile whose role wants the code 123456.
func withMFA(t *testing.T, test func(t *testing.T, f *fakeAWS, c *Client, me *askMe)) {
	t.Helper()
	synctest.Test(t, func(t *testing.T) {
		environment(t, ssoConfig, nil)
		f := newFakeAWS(t, map[string]func(request) answer{
			assumeRole: func(r request) answer {
				if r.form.Get("TokenCode") != "123456" {
					return answer{403, queryError("AccessDenied", "MultiFactorAuthentication failed with invalid MFA one time pass code.")}
				}
				return answer{body: assumed("AKIDROLE", time.Now().Add(time.Hour))}
			},
			listQueues: always(200, "{}"),
		})
		me := &askMe{codes: make(chan string)}
		test(t, f, f.client(Options{Profile: "mfa", MFA: me.code}), me)
	})
}

// Requests that need a code together ask for one; after an hour the next is
// asked for.
func TestACodeIsAskedForOnceAndServesAll(t *testing.T) {
	withMFA(t, func(t *testing.T, f *fakeAWS, c *Client, me *askMe) {
		errs := make(chan error, 3)
		for range 3 {
			go func() { errs <- list(t.Context(), c) }()
		}
		synctest.Wait()
		if me.asked() != 1 || me.serials[0] != "arn:aws:iam::123456789012:mfa/me" {
			t.Errorf("asked for %v", me.serials)
		}
		me.codes <- "123456"
		for range 3 {
			if err := <-errs; err != nil {
				t.Error(err)
			}
		}
		if r := f.last(listQueues); r.key != "AKIDROLE" {
			t.Errorf("signed with %s", r.key)
		}
		ends := time.Now().Add(time.Hour)
		if e := c.Expiry(); !e.At.Equal(ends.Truncate(time.Second)) || e.Renews {
			t.Errorf("expiry %+v: at %v, and then somebody must type a code", e, ends)
		}
		time.Sleep(time.Hour)
		go func() { me.codes <- "123456" }()
		if err := list(t.Context(), c); err != nil || me.asked() != 2 {
			t.Errorf("after the hour: asked %d times, %v", me.asked(), err)
		}
	})
}

// A code typed after the request gave up is not lost.
func TestACodeOutlivesTheRequestThatNeededIt(t *testing.T) {
	withMFA(t, func(t *testing.T, _ *fakeAWS, c *Client, me *askMe) {
		ctx, cancel := context.WithTimeout(t.Context(), 30*time.Second)
		defer cancel()
		if err := list(ctx, c); backend.KindOf(err) != backend.KindTimeout {
			t.Errorf("while nobody answers: %v", err)
		}
		me.codes <- "123456"
		if err := list(t.Context(), c); err != nil || me.asked() != 1 {
			t.Errorf("asked %d times, %v", me.asked(), err)
		}
	})
}

// Whoever puts the question away, or mistypes, is not asked on and on by
// requests that come by themselves, but again when they want to be.
func TestNobodyIsPestered(t *testing.T) {
	for code, says := range map[string]string{"": "no MFA code was given", "000000": "invalid MFA one time pass code"} {
		withMFA(t, func(t *testing.T, _ *fakeAWS, c *Client, me *askMe) {
			go func() { me.codes <- code }()
			for range 3 {
				err := list(t.Context(), c)
				e := backend.AsError(err)
				if e.Kind != backend.KindCredentials || !strings.Contains(e.Message, says) || !strings.Contains(e.Next, nextForMFA) {
					t.Errorf("%v (%v)", err, e.Kind)
				}
				withoutSecrets(t, err)
			}
			if me.asked() != 1 {
				t.Errorf("asked %d times", me.asked())
			}
			go func() { me.codes <- "123456" }()
			if err := c.Refresh(t.Context()); err != nil || me.asked() != 2 {
				t.Errorf("asked %d times, %v", me.asked(), err)
			}
			if err := list(t.Context(), c); err != nil {
				t.Error(err)
			}
		})
	}
}

// A refresh replaces an open question, and the old one's end does not count
// against the new one; Close takes the last one back.
func TestRefreshReplacesTheOpenQuestion(t *testing.T) {
	withMFA(t, func(t *testing.T, _ *fakeAWS, c *Client, me *askMe) {
		first := make(chan error, 1)
		go func() { first <- list(t.Context(), c) }()
		synctest.Wait()
		refreshed := make(chan error, 1)
		go func() { refreshed <- c.Refresh(t.Context()) }()
		synctest.Wait()
		if err := <-first; backend.KindOf(err) != backend.KindCredentials {
			t.Errorf("the first request: %v", err)
		}
		me.codes <- "123456"
		if err := <-refreshed; err != nil || me.asked() != 2 {
			t.Errorf("asked %d times, %v", me.asked(), err)
		}
		time.Sleep(time.Hour)
		go func() { first <- list(t.Context(), c) }()
		synctest.Wait()
		c.Close()
		if err := <-first; backend.KindOf(err) != backend.KindCredentials {
			t.Errorf("after Close: %v", err)
		}
	})
}

func TestARoleThatIsRefusedIsNoExpiredLogin(t *testing.T) {
	environment(t, ssoConfig+"\n[profile role]\nrole_arn = arn:aws:iam::333333333333:role/admin\nsource_profile = keys\nregion = eu-west-1\n", nil)
	f := newFakeAWS(t, map[string]func(request) answer{assumeRole: always(403, queryError("AccessDenied", "User: x is not authorized to perform: sts:AssumeRole"))})
	err := list(t.Context(), f.client(Options{Profile: "role"}))
	e := backend.AsError(err)
	if e.Kind != backend.KindCredentials || !strings.Contains(e.Next, "sts:AssumeRole on arn:aws:iam::333333333333:role/admin") {
		t.Errorf("%v (%v)", err, e.Kind)
	}
}

// What ends and is fetched again by itself is no trouble; an SSO token that
// cannot be renewed is, and it counts although the role's keys end before it.
func TestExpiryIsWhenSomebodyMustDoSomething(t *testing.T) {
	tokenEnds := time.Date(2099, 1, 1, 8, 0, 0, 0, time.UTC)
	token := func(more string) string {
		return `{"accessToken":"tokensecret","expiresAt":"` + tokenEnds.Format(time.RFC3339) + `","registrationExpiresAt":"2099-02-01T00:00:00Z"` + more + `}`
	}
	keysEnd := time.Date(2099, 1, 1, 1, 0, 0, 0, time.UTC)
	for _, c := range []struct {
		profile, file, content string
		want                   backend.Expiry
	}{
		{"old sso", "https://corp.awsapps.com/start", token(""), backend.Expiry{At: tokenEnds}},
		{"work", "corp", token(""), backend.Expiry{At: tokenEnds}},
		{"work", "corp", token(`,"refreshToken":"tokensecret","clientId":"i","clientSecret":"s"`), backend.Expiry{At: keysEnd, Renews: true}},
		{"admin", "corp", token(""), backend.Expiry{At: tokenEnds}},
		{"keys", "", "", backend.Expiry{}},
	} {
		environment(t, ssoConfig, nil)
		if c.file != "" {
			writeAWSFile(t, filepath.Join("sso", "cache", sha1Of(c.file)+".json"), c.content)
		}
		f := newFakeAWS(t, map[string]func(request) answer{
			"GET /federation/credentials": always(200, fmt.Sprintf(`{"roleCredentials":{"accessKeyId":"AKIDSSO","secretAccessKey":"topsecret","sessionToken":"s","expiration":%d}}`, keysEnd.UnixMilli())),
			assumeRole:                    always(200, assumed("AKIDROLE", keysEnd)),
			listQueues:                    always(200, "{}"),
		})
		client := f.client(Options{Profile: c.profile})
		if err := list(t.Context(), client); err != nil {
			t.Fatal(err)
		}
		if got := client.Expiry(); !got.At.Equal(c.want.At) || got.Renews != c.want.Renews {
			t.Errorf("%s: expiry %+v, want %+v", c.profile, got, c.want)
		}
	}
}
