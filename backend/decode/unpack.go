package decode

import (
	"compress/gzip"
	"compress/zlib"
	"errors"
	"io"
	"strings"

	"github.com/klauspost/compress/zstd"
)

const (
	gzipMagic = "\x1f\x8b\x08"
	zstdMagic = "\x28\xb5\x2f\xfd"
)

// packed opens what is compressed. It is ok where it is that, even if it cannot
// be opened.
func (o *opener) packed(body string) (s Stage, next *string, stop Stop, ok bool) {
	s.Bytes = body
	switch {
	case strings.HasPrefix(body, gzipMagic):
		s.Kind = Gzip
		text, stop := o.unpack(func(r io.Reader) (io.Reader, error) { return gzip.NewReader(r) }, body)
		return s, text, stop, true
	case strings.HasPrefix(body, zstdMagic):
		s.Kind = Zstd
		text, stop := o.unpack(unzstd, body)
		return s, text, stop, true
	case zlibHeader(body):
		s.Kind = Zlib
		text, stop := o.unpack(func(r io.Reader) (io.Reader, error) { return zlib.NewReader(r) }, body)
		// Its header is two bytes that text and other data can begin with too.
		return s, text, stop, stop != StopBroken
	}
	return s, nil, StopWhole, false
}

func zlibHeader(s string) bool {
	return len(s) > 8 && s[0] == 0x78 && (uint(s[0])<<8|uint(s[1]))%31 == 0 && s[1]&0x20 == 0
}

// largestWindow is how much memory a frame of zstd may ask for.
const largestWindow = 8 << 20

func unzstd(r io.Reader) (io.Reader, error) {
	d, err := zstd.NewReader(r, zstd.WithDecoderConcurrency(1), zstd.WithDecoderLowmem(true), zstd.WithDecoderMaxWindow(largestWindow))
	if err != nil {
		return nil, err
	}
	return d.IOReadCloser(), nil
}

var errLimit = errors.New("the limit of bytes is reached")

// unpack reads all that comes out, or nothing.
func (o *opener) unpack(open func(io.Reader) (io.Reader, error), body string) (*string, Stop) {
	r, err := open(strings.NewReader(body))
	if err != nil {
		return nil, StopBroken
	}
	if c, ok := r.(io.Closer); ok {
		defer func() { _ = c.Close() }() // what it could not read it has said already
	}
	var out strings.Builder
	_, err = io.CopyBuffer(&limitedWriter{&out, o}, struct{ io.Reader }{r}, make([]byte, 64<<10))
	switch {
	case errors.Is(err, errLimit), errors.Is(err, zstd.ErrWindowSizeExceeded):
		return nil, StopUnpacked
	case o.ctx.Err() != nil:
		return nil, StopContext
	case err != nil:
		return nil, StopBroken
	}
	text := out.String()
	return &text, StopWhole
}

// limitedWriter ends a copy when the context does or there is too much.
type limitedWriter struct {
	out *strings.Builder
	o   *opener
}

func (w *limitedWriter) Write(p []byte) (int, error) {
	if err := w.o.ctx.Err(); err != nil {
		return 0, err
	}
	if w.o.left -= len(p); w.o.left < 0 {
		return 0, errLimit
	}
	return w.out.Write(p)
}

// magics are how files of known formats begin.
var magics = []struct{ prefix, name string }{
	{gzipMagic, "gzip"},
	{zstdMagic, "zstd"},
	{"PK\x03\x04", "a zip archive"},
	{"BZh", "bzip2"},
	{"\xfd7zXZ\x00", "xz"},
	{"\x04\x22\x4d\x18", "lz4"},
	{"\xff\x06\x00\x00sNaPpY", "snappy"},
	{"7z\xbc\xaf\x27\x1c", "a 7z archive"},
	{"\x89PNG\r\n\x1a\n", "a PNG picture"},
	{"\xff\xd8\xff", "a JPEG picture"},
	{"GIF87a", "a GIF picture"},
	{"GIF89a", "a GIF picture"},
	{"%PDF-", "a PDF document"},
	{"Obj\x01", "an Avro file"},
	{"PAR1", "a Parquet file"},
	{"ORC", "an ORC file"},
	{"\xac\xed\x00\x05", "serialized Java objects"},
	{"\x80\x03", "a Python pickle"},
	{"\x80\x04\x95", "a Python pickle"},
	{"\x80\x05\x95", "a Python pickle"},
	{"SQLite format 3\x00", "an SQLite database"},
	{"\x7fELF", "an ELF binary"},
	{"\xca\xfe\xba\xbe", "a Java class"},
	{"\x00asm", "WebAssembly"},
	{"\x30\x82", "a DER certificate or key"},
	{"\xff\xfe", "UTF-16 text"},
	{"\xfe\xff", "UTF-16 text"},
}

// looksLike says what bytes look like by how they begin, or "".
func looksLike(s string) string {
	for _, m := range magics {
		if strings.HasPrefix(s, m.prefix) {
			return m.name
		}
	}
	return ""
}
