package backend

import (
	"context"
	"time"
)

// Credentials tells whose credentials the requests are signed with, how long
// they last, and gets new ones.
type Credentials interface {
	// Identity is who AWS says that we are. It is asked once for each set of
	// credentials.
	Identity(ctx context.Context) (Identity, error)
	// Login is where the credentials come from, by the files and the environment.
	Login() Login
	// Expiry is how long they last, as far as is known. It asks nobody.
	Expiry() Expiry
	// Refresh reads the files anew, drops the credentials it has and gets new
	// ones. It is what to call after somebody has logged in again, or to be asked
	// for an MFA code once more.
	Refresh(ctx context.Context) error
}

// Identity is the answer of STS's GetCallerIdentity.
type Identity struct {
	Account string // twelve digits
	ARN     string // of the user, or of the role's session
	UserID  string // AIDA…, or AROA…:session
}

// CredentialSource is the way by which a profile comes by its credentials.
type CredentialSource string

// The sources. A role's is SourceRole, whatever its source profile has.
const (
	SourceUnknown     CredentialSource = ""            // nothing says; the machine's own role, if it has one
	SourceEnvironment CredentialSource = "environment" // keys in the environment
	SourceKeys        CredentialSource = "keys"        // keys in a file
	SourceSSO         CredentialSource = "sso"
	SourceLogin       CredentialSource = "login" // aws login
	SourceRole        CredentialSource = "role"
	SourceProcess     CredentialSource = "process"
	SourceWebIdentity CredentialSource = "web identity"
	SourceNone        CredentialSource = "none"    // a loopback endpoint, which takes any
	SourceMachine     CredentialSource = "machine" // of the container or the instance
)

// Login is where credentials come from and what brings them back. What does not
// apply is empty.
type Login struct {
	Profile string
	Source  CredentialSource
	RoleARN string
	MFA     string // the serial number of the device that the role asks for
	Command string // what to type in a shell to log in again
}

// Expiry is when credentials end. Renews says that this is no trouble, because
// others are then fetched without anybody's help.
type Expiry struct {
	At     time.Time // zero: not known, not fetched yet, or never
	Renews bool
}
