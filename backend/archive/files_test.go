package archive

import (
	"errors"
	"os"
	"path/filepath"
	"slices"
	"testing"

	"sqscope/backend"
)

// Whoever has the folder may delete the messages: all of it is on the disk before
// it appears, and what did not get there is no folder.
func TestAFolderOfFilesIsOnTheDiskBeforeItAppears(t *testing.T) {
	errFull := errors.New("no space left")
	for _, fails := range []string{"", "00001-m1.txt", index} {
		dir := filepath.Join(t.TempDir(), "export")
		f, err := NewFiles(dir)
		if err != nil {
			t.Fatal(err)
		}
		var synced []string
		f.sync = func(file *os.File) error {
			if _, err := os.Stat(dir); err == nil {
				t.Errorf("%s is synced when the folder is there already", file.Name())
			}
			name := filepath.Base(file.Name())
			if name == fails {
				return errFull
			}
			synced = append(synced, name)
			return file.Sync()
		}
		for _, id := range []string{"m1", "m2"} {
			err = errors.Join(err, f.Write(RecordOf(orders, backend.Message{MessageId: id, Body: "one"}, backend.StateVisible)))
		}
		if err != nil {
			f.Discard()
		} else {
			err = f.Close()
		}
		_, there := os.Stat(dir)
		switch {
		case fails != "" && (!errors.Is(err, errFull) || !errors.Is(there, os.ErrNotExist)):
			t.Errorf("%s was not synced: %v, and the folder: %v", fails, err, there)
		case fails == "" && (err != nil || there != nil || !slices.Equal(synced, []string{"00001-m1.txt", "00002-m2.txt", index})):
			t.Errorf("synced are %v, %v, %v", synced, err, there)
		}
	}
}
