package cli

import (
	"cmp"
	"errors"
	"io"
	"os"

	"sqscope/backend/archive"
	"sqscope/ui/format"
)

// exportCmd writes messages to a file.
type exportCmd struct {
	place
	looking
	Queue  string `arg:"" help:"The queue: its name, URL or ARN." complete:"queue"`
	File   string `arg:"" optional:"" help:"The file, which must not be there yet; - is standard output." default:"-" complete:"file"`
	Most   int    `help:"How many messages at most." default:"10000" placeholder:"N"`
	Format string `help:"jsonl, which can be imported; csv; or files, a folder with a file for each body." default:"jsonl" enum:"jsonl,csv,files" complete:"format"`
	Force  bool   `help:"Write over a file that is there."`
}

// Validate refuses what cannot be meant.
func (c *exportCmd) Validate() error {
	if c.Format == "files" && c.File == stdin {
		return Usagef("--format files needs the name of a folder")
	}
	return cmp.Or(atLeast("--most", c.Most, 1), named("FILE", c.File))
}

// exportedObject is what an export did.
type exportedObject struct {
	QueueArn string `json:"queueArn"`
	File     string `json:"file"`
	Read     int    `json:"read"`
	Written  int    `json:"written"`
	Masked   int    `json:"masked"`
	About    *int   `json:"about"`
	Stop     string `json:"stop"`
}

// Run writes them. A file appears whole or not at all.
func (c *exportCmd) Run(r *runner) error {
	return r.in(c.place, c.Yes, func(s *session) error {
		q, err := s.queue(c.Queue)
		if err != nil {
			return err
		}
		stream, err := c.stream(s.Out)
		if err != nil {
			return err
		}
		if stream != nil {
			defer stream.Close()
		}
		v, err := s.view(q, c.looking)
		if err != nil {
			return err
		}
		var x archive.Exported
		err = c.to(stream, func(write func(archive.Record) error) (err error) {
			if x, err = s.look(v, c.Most, write); err == nil && x.Written == 0 {
				err = nothing("nothing matched, and no file was written")
			}
			return err
		})
		if err != nil || stream != nil {
			return err
		}
		o := exportedObject{QueueArn: q.arn.String(), File: c.File, Read: x.Read, Written: x.Written, Masked: v.masked, Stop: string(x.Stop)}
		if x.About >= 0 {
			o.About = &x.About
		}
		return list(s.Out, []string{"FILE", "MESSAGES", "READ"}, []exportedObject{o}, func(o exportedObject) []string {
			return []string{o.File, format.Count(o.Written), format.Count(o.Read)}
		})
	})
}

// stream is what messages are written to as they come: standard output, or a
// device or a pipe that is there. For a file or a folder, which must not be there,
// it is nil.
func (c *exportCmd) stream(out io.Writer) (io.WriteCloser, error) {
	if c.File == stdin {
		return unclosed{out}, nil
	}
	is, err := os.Stat(c.File)
	switch {
	case err == nil && is.IsDir() && c.Format != "files":
		return nil, Usagef("%s is a folder: name a file in it, or say --format files and a folder that is not there", c.File)
	case err == nil && !is.IsDir() && !is.Mode().IsRegular():
		f, err := os.OpenFile(c.File, os.O_WRONLY, 0)
		if err != nil {
			return nil, Usagef("%s cannot be written: %v", c.File, errors.Unwrap(err))
		}
		return struct {
			io.Writer
			io.Closer
		}{pipe{f}, f}, nil
	}
	if _, err := os.Lstat(c.File); err == nil && !c.Force {
		return nil, Usagef("%s is there already: name another file, or say --force", c.File)
	}
	return nil, nil
}

// unclosed is a stream that somebody else closes.
type unclosed struct{ io.Writer }

func (unclosed) Close() error { return nil }

// to has messages written in the format that was asked for.
func (c *exportCmd) to(stream io.Writer, each func(write func(archive.Record) error) error) error {
	if c.Format == "files" {
		return c.toFiles(each)
	}
	lines := func(w io.Writer) error {
		if c.Format == "csv" {
			table, err := archive.NewCSV(w, archive.Columns())
			if err != nil {
				return err
			}
			return each(table.Write)
		}
		return each(func(m archive.Record) error { return writeRecord(w, m) })
	}
	if stream != nil {
		return lines(stream)
	}
	var failed error // why there is nothing to save, which is more than that it was not saved
	err := archive.Save(c.File, func(w io.Writer) error { failed = lines(w); return failed })
	return cmp.Or(failed, err)
}

func (c *exportCmd) toFiles(each func(write func(archive.Record) error) error) error {
	if c.Force {
		return Usagef("--force does not write over a folder: name another")
	}
	files, err := archive.NewFiles(c.File)
	if err != nil {
		return err
	}
	if err := each(files.Write); err != nil {
		files.Discard()
		return err
	}
	return files.Close()
}
