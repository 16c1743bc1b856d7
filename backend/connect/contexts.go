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

// Contexts are the places to connect to without another word: the embedded
// engine, and each profile of the AWS files with its region. The files that the
// SDK reads are read, names and regions only; one that is not there is no error.
func Contexts(ctx context.Context) ([]Context, error) {
	all := []Context{{Name: Demo, Embedded: true}}
	regions := map[string]string{}
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
		if err := readProfiles(f.path, f.name, regions); err != nil && !errors.Is(err, fs.ErrNotExist) {
			errs = append(errs, &backend.Error{Kind: backend.KindInvalid, Subject: f.path, Message: "the AWS file cannot be read: " + err.Error(), Next: "its profiles are missing from the list", Err: err})
		}
		if err := ctx.Err(); err != nil {
			return all, backend.AsError(err)
		}
	}
	names := make([]string, 0, len(regions))
	for name := range regions {
		names = append(names, name)
	}
	slices.Sort(names)
	for _, name := range names {
		c := Context{Name: name, Profile: name, Region: regions[name]}
		if name == Demo {
			c.Name = "profile " + name // the embedded engine has that name
		}
		all = append(all, c)
	}
	return all, errors.Join(errs...)
}

// readProfiles notes the profiles of a file and their regions. Nothing else of
// it is kept: secrets are never held. Indented lines belong to a setting of
// their own above them.
func readProfiles(path string, profileOf func(head string) string, regions map[string]string) error {
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
			if _, seen := regions[profile]; profile != "" && !seen {
				regions[profile] = ""
			}
			continue
		}
		key, value, _ := strings.Cut(line, "=")
		if profile != "" && strings.TrimRight(key, " \t") == "region" {
			value, _, _ = strings.Cut(value, " #")
			regions[profile] = strings.TrimSpace(value)
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
