package connect

import (
	"fmt"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"sqscope/backend"
)

func TestProfilesSayWhereTheirCredentialsComeFrom(t *testing.T) {
	files(t, `
[profile sso]
sso_session = corp
region = eu-west-1
[profile old]
sso_start_url = https://corp.awsapps.com/start
[profile admin]
Role_Arn = arn:aws:iam::333333333333:role/admin # for emergencies
source_profile = sso
[profile web]
role_arn = arn:aws:iam::333333333333:role/web
web_identity_token_file = /token
[profile console]
login_session = arn:aws:iam::123456789012:user/me
[profile helper]
credential_process = helper --secret topsecret
[profile host]
credential_source = Ec2InstanceMetadata
[profile bare]
s3 =
  role_arn = nothing
`, "[keys]\naws_access_key_id = AKID\naws_secret_access_key = topsecret\n")
	got, err := Profiles(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	want := []Profile{
		{Name: "admin", Source: backend.SourceRole, RoleARN: "arn:aws:iam::333333333333:role/admin"},
		{Name: "bare"},
		{Name: "console", Source: backend.SourceLogin},
		{Name: "helper", Source: backend.SourceProcess},
		{Name: "host", Source: backend.SourceMachine},
		{Name: "keys", Source: backend.SourceKeys},
		{Name: "old", Source: backend.SourceSSO},
		{Name: "sso", Region: "eu-west-1", Source: backend.SourceSSO},
		{Name: "web", Source: backend.SourceWebIdentity, RoleARN: "arn:aws:iam::333333333333:role/web"},
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("profiles (-want +got)\n%s", diff)
	}
	if s := fmt.Sprint(got); strings.Contains(s, "secret") || strings.Contains(s, "AKID") {
		t.Errorf("secrets are held: %s", s)
	}
}
