package main

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
)

// readable tells in one line, with the cure, why a file cannot be read.
func readable(name string) error {
	if name == "-" {
		return nil
	}
	info, err := os.Stat(name)
	if err == nil && info.IsDir() {
		return fmt.Errorf("reading %s: it is a directory; name files, or a quoted glob such as '%s/*.log' with tracetail run", name, name)
	}
	if err == nil && info.Mode().IsRegular() {
		var f *os.File
		if f, err = os.Open(name); err == nil {
			return f.Close()
		}
	}
	var pe *fs.PathError
	if errors.As(err, &pe) {
		err = pe.Err
	}
	switch {
	case err == nil:
		return nil
	case errors.Is(err, fs.ErrNotExist):
		return fmt.Errorf("reading %s: %w; check the name", name, err)
	case errors.Is(err, fs.ErrPermission):
		return fmt.Errorf("reading %s: %w; run as a user or in a group that may read it", name, err)
	}
	return fmt.Errorf("reading %s: %w", name, err)
}
