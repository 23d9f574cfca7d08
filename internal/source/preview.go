package source

import "errors"

// Matches looks the entry's patterns up once and returns the names that would be
// followed now, sorted as the file system gives them, without opening any. The
// error joins what could not be looked into. "-" is not among the names.
func Matches(c Config) ([]string, error) {
	e, err := newEntry(c)
	if err != nil {
		return nil, err
	}
	var names []string
	var errs []error
	seen := map[string]bool{}
	w := &walk{
		match: func(path string) {
			if !seen[path] && !e.excluded(path) {
				seen[path] = true
				names = append(names, path)
			}
		},
		dir:  func(string) {},
		fail: func(_ string, err error) { errs = append(errs, err) },
	}
	for _, g := range e.globs {
		g.walk(w)
	}
	return names, errors.Join(errs...)
}
