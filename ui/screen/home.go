package screen

import (
	"os"
	"path/filepath"
	"strings"
)

// Home is a path that somebody typed, with the user's home folder in the place of a
// ~ that it begins with. Where there is none the path stays as it is.
func Home(path string) string {
	if rest, ok := strings.CutPrefix(path, "~"+string(filepath.Separator)); ok {
		if home, err := os.UserHomeDir(); err == nil {
			return home + string(filepath.Separator) + rest
		}
	}
	return path
}
