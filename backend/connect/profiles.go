package connect

import (
	"bufio"
	"context"
	"errors"
	"io/fs"
	"os"
	"slices"
	"strings"

	"github.com/aws/aws-sdk-go-v2/config"

	"sqscope/backend"
)

// Profile is a profile of the AWS files, as far as it can be shown: no secret of
// it is ever held. What the files do not say is empty.
type Profile struct {
	Name    string
	Region  string
	Source  backend.CredentialSource // the profile's own: of a role, not where the role is assumed from
	RoleARN string
}

// Profiles are the profiles of the AWS files by name. The files that the SDK
// reads are read; one that is not there is no error, and one that cannot be read
// leaves those of the other.
func Profiles(ctx context.Context) ([]Profile, error) {
	found := map[string]settings{}
	var errs []error
	for _, f := range []struct {
		path, env string
		name      func(head string) string
	}{
		{config.DefaultSharedConfigFilename(), "AWS_CONFIG_FILE", configProfile},
		{config.DefaultSharedCredentialsFilename(), "AWS_SHARED_CREDENTIALS_FILE", credentialsProfile},
	} {
		if p := os.Getenv(f.env); p != "" {
			f.path = p
		}
		if err := readProfiles(f.path, f.name, found); err != nil && !errors.Is(err, fs.ErrNotExist) {
			errs = append(errs, &backend.Error{Kind: backend.KindInvalid, Subject: f.path, Message: "the AWS file cannot be read: " + err.Error(), Next: "its profiles are missing from the list", Err: err})
		}
		if err := ctx.Err(); err != nil {
			return nil, backend.AsError(err)
		}
	}
	var all []Profile
	for name, s := range found {
		all = append(all, Profile{Name: name, Region: s["region"], Source: s.source(), RoleARN: s["role_arn"]})
	}
	slices.SortFunc(all, func(a, b Profile) int { return strings.Compare(a.Name, b.Name) })
	return all, errors.Join(errs...)
}

// settings are the settings of a profile that tell where its credentials come
// from. Only those of shown have their values; of the others it is enough that
// they are there.
type settings map[string]string

var (
	shown = []string{"region", "role_arn"}
	there = []string{
		"source_profile", "web_identity_token_file", "aws_access_key_id", "sso_session", "sso_start_url",
		"login_session", "credential_process", "credential_source",
	}
)

// source is the way by which the profile comes by its credentials, in the order
// in which the SDK looks.
func (s settings) source() backend.CredentialSource {
	has := func(key string) bool { _, ok := s[key]; return ok }
	switch {
	case has("web_identity_token_file") && !has("source_profile"):
		return backend.SourceWebIdentity
	case has("role_arn"):
		return backend.SourceRole
	case has("aws_access_key_id"):
		return backend.SourceKeys
	case has("credential_source"):
		return backend.SourceMachine
	case has("sso_session"), has("sso_start_url"):
		return backend.SourceSSO
	case has("login_session"):
		return backend.SourceLogin
	case has("credential_process"):
		return backend.SourceProcess
	}
	return backend.SourceUnknown
}

// readProfiles notes the profiles of a file and their settings. Indented lines
// belong to a setting of their own above them.
func readProfiles(path string, profileOf func(head string) string, found map[string]settings) error {
	f, err := os.Open(path)
	if err != nil {
		return err
	}
	// The file is only read, so closing it cannot lose anything.
	defer func() { _ = f.Close() }()
	profile := ""
	for lines := bufio.NewScanner(f); ; {
		if !lines.Scan() {
			return lines.Err()
		}
		line := lines.Text()
		if head, ok := strings.CutPrefix(line, "["); ok {
			head, _, _ = strings.Cut(head, "]")
			profile = profileOf(strings.TrimSpace(head))
			if profile != "" && found[profile] == nil {
				found[profile] = settings{}
			}
			continue
		}
		key, value, _ := strings.Cut(line, "=")
		key = strings.ToLower(strings.TrimRight(key, " \t"))
		switch {
		case profile == "":
		case slices.Contains(shown, key):
			value, _, _ = strings.Cut(value, " #")
			found[profile][key] = strings.TrimSpace(value)
		case slices.Contains(there, key):
			found[profile][key] = ""
		}
	}
}

// configProfile is the profile that a section of the config file is for, or ""
// for a section of another sort (sso-session, services).
func configProfile(head string) string {
	kind, name, two := strings.Cut(head, " ")
	switch {
	case two && kind == "profile":
		return strings.Trim(strings.TrimSpace(name), `"'`)
	case head == "default":
		return head
	}
	return ""
}

// credentialsProfile is the profile that a section of the credentials file is
// for: all of them are.
func credentialsProfile(head string) string { return head }
