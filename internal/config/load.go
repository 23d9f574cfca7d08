package config

import (
	"errors"
	"fmt"
	"os"
	"regexp"
	"strings"
)

// maxFileBytes bounds the configuration file.
const maxFileBytes = 4 << 20

// Load reads and checks a configuration file. The error joins everything that
// is wrong, one *Error for each.
func Load(path string) (File, error) {
	info, err := os.Stat(path)
	if err != nil {
		return File{}, &Error{File: path, Err: fmt.Errorf("%w; name another file with --config", reason(err))}
	}
	if info.Size() > maxFileBytes {
		return File{}, &Error{File: path, Err: fmt.Errorf("the file has %d bytes, at most %d are read", info.Size(), maxFileBytes)}
	}
	src, err := os.ReadFile(path)
	if err != nil {
		return File{}, &Error{File: path, Err: reason(err)}
	}
	return Parse(path, src)
}

// reason takes the path off an error that is about to get one.
func reason(err error) error {
	var pe *os.PathError
	if errors.As(err, &pe) {
		return pe.Err
	}
	return err
}

// Parse is Load for text that is already there; name stands for the file in errors.
func Parse(name string, src []byte) (File, error) {
	f := Default()
	doc, err := decode(name, src, lookupEnv, &f)
	if err != nil {
		return File{}, err
	}
	for i := range f.Sources {
		if s := &f.Sources[i]; s.Name == "" {
			s.Name = s.standIn()
		}
	}
	return f, doc.check(&f)
}

// Check is for a configuration that flags have changed since it was loaded.
func (f *File) Check() error {
	return (&document{name: "configuration"}).check(f)
}

func (d *document) check(f *File) error {
	var errs []error
	for _, p := range f.problems() {
		errs = append(errs, d.problem(p))
	}
	return errors.Join(errs...)
}

// leading is the path of a key at the beginning of a room's error, as in
// `max_lines: 5 is out of range`.
var leading = regexp.MustCompile(`^[a-z_]+(\[\d+\])?(\.[a-z_]+(\[\d+\])?)*: `)

func (d *document) problem(p keyed) error {
	text := p.err.Error()
	path := p.key
	if m := leading.FindString(text); m != "" {
		text = text[len(m):]
		path = strings.TrimPrefix(path+"."+strings.TrimSuffix(m, ": "), ".")
	}
	return d.at(path, errors.New(text))
}

// ResolveDSN gives the DSN from dsn or dsn_file; empty if neither is set.
func (f *File) ResolveDSN() (string, error) {
	if f.DSNFile == "" {
		return strings.TrimSpace(f.DSN), nil
	}
	b, err := os.ReadFile(f.DSNFile)
	if err != nil {
		return "", fmt.Errorf("reading dsn_file %s: %w", f.DSNFile, reason(err))
	}
	dsn := strings.TrimSpace(string(b))
	if dsn == "" {
		return "", fmt.Errorf("reading dsn_file %s: the file is empty; write the DSN into it", f.DSNFile)
	}
	return dsn, nil
}
