package config

import (
	"errors"
	"fmt"
	"os"
	"reflect"
	"strings"

	"github.com/goccy/go-yaml"
	"github.com/goccy/go-yaml/ast"
	"github.com/goccy/go-yaml/parser"
)

// Error is a mistake in a configuration file. Its text is one line for a person.
type Error struct {
	File string // as given
	Line int    // 1-based; 0 if the mistake has no place
	Key  string // path of the key, such as sources[1].paths; may be empty
	Err  error
}

func (e *Error) Error() string {
	var sb strings.Builder
	sb.WriteString(e.File)
	if e.Line > 0 {
		fmt.Fprintf(&sb, ":%d", e.Line)
	}
	if e.Key != "" {
		fmt.Fprintf(&sb, ": %s", e.Key)
	}
	fmt.Fprintf(&sb, ": %v", e.Err)
	return sb.String()
}

func (e *Error) Unwrap() error { return e.Err }

// document is a parsed file; it finds the line of a key for errors that come later.
type document struct {
	name string
	body ast.Node // nil if the file says nothing
}

// decode reads src strictly into the struct that into points to; what the
// file does not mention keeps its value.
func decode(name string, src []byte, getenv func(string) (string, bool), into any) (*document, error) {
	file, err := parser.ParseBytes(src, 0)
	if err != nil {
		return nil, yamlError(name, nil, reflect.TypeOf(into), err)
	}
	doc := &document{name: name}
	if len(file.Docs) > 1 {
		return nil, &Error{File: name, Err: fmt.Errorf("found %d YAML documents, want one; remove the line ---", len(file.Docs))}
	}
	if len(file.Docs) == 0 || file.Docs[0].Body == nil || onlyComments(file.Docs[0].Body) {
		return doc, nil
	}
	doc.body = file.Docs[0].Body
	ex := &expander{getenv: getenv}
	ast.Walk(ex, doc.body)
	if ex.err != nil {
		return nil, &Error{File: name, Line: ex.line, Err: ex.err}
	}
	if err := yaml.NodeToValue(doc.body, into, yaml.Strict()); err != nil {
		return nil, yamlError(name, doc.body, reflect.TypeOf(into), err)
	}
	return doc, nil
}

func onlyComments(n ast.Node) bool {
	_, comment := n.(*ast.CommentGroupNode)
	_, null := n.(*ast.NullNode)
	return comment || null
}

// at makes an Error for the key at path, or for the nearest key above it that the file mentions.
func (d *document) at(path string, err error) *Error {
	out := &Error{File: d.name, Key: path, Err: err}
	for p := path; p != "" && d.body != nil; p = parent(p) {
		if line := lineOf(d.body, p); line > 0 {
			out.Line = line
			break
		}
	}
	return out
}

func parent(path string) string {
	return path[:max(strings.LastIndexByte(path, '.'), strings.LastIndexByte(path, '['), 0)]
}

// lineOf finds the line of the key with this path.
func lineOf(root ast.Node, path string) int {
	f := &finder{path: "$." + path}
	ast.Walk(f, root)
	return f.line
}

type finder struct {
	path string
	line int
}

func (f *finder) Visit(n ast.Node) ast.Visitor {
	if f.line > 0 {
		return nil
	}
	if n.GetPath() == f.path && n.GetToken() != nil {
		f.line = n.GetToken().Position.Line
		return nil
	}
	return f
}

// yamlError puts an error of the YAML library into one line of ours, with the
// path of the key and, for a key that does not exist, the one that was meant.
func yamlError(name string, body ast.Node, into reflect.Type, err error) error {
	var ye yaml.Error
	if !errors.As(err, &ye) {
		return &Error{File: name, Err: err}
	}
	out := &Error{File: name, Err: errors.New(ye.GetMessage())}
	tok := ye.GetToken()
	if tok == nil {
		return out
	}
	out.Line = tok.Position.Line
	if body == nil {
		return out
	}
	at := &locator{line: tok.Position.Line, column: tok.Position.Column}
	ast.Walk(at, body)
	out.Key = strings.TrimPrefix(strings.TrimPrefix(at.path, "$"), ".")
	if field, ok := strings.CutPrefix(ye.GetMessage(), "unknown field "); ok {
		field = strings.Trim(field, `"`)
		out.Err = unknownKey(field, keysAt(into, parent(out.Key)))
	} else if want, ok := wanted(ye.GetMessage()); ok {
		out.Err = fmt.Errorf("found %q, want %s", tok.Value, want)
	}
	return out
}

// wanted turns the library's words about Go types into words about values.
func wanted(message string) (string, bool) {
	switch {
	case strings.HasSuffix(message, "of type time.Duration"), strings.Contains(message, "time: "):
		return "a duration such as 300ms, 5s or 10m", true
	case strings.HasSuffix(message, "of type int"), strings.HasSuffix(message, "of type int64"):
		return "a whole number", true
	case strings.HasSuffix(message, "of type bool"):
		return "true or false", true
	case strings.HasSuffix(message, "of type string"):
		return "a text", true
	case strings.HasSuffix(message, "sequence is expected"):
		return "a list, such as [a, b]", true
	}
	return "", false
}

// locator finds the path of the node at a place.
type locator struct {
	line, column int
	path         string
}

func (l *locator) Visit(n ast.Node) ast.Visitor {
	if tok := n.GetToken(); tok != nil && tok.Position.Line == l.line && tok.Position.Column == l.column && n.Type() != ast.MappingValueType && n.Type() != ast.MappingType {
		l.path = n.GetPath()
	}
	return l
}

// expander puts environment variables into scalars.
type expander struct {
	getenv func(string) (string, bool)
	err    error
	line   int
}

func (x *expander) Visit(n ast.Node) ast.Visitor {
	if x.err != nil {
		return nil
	}
	if s, ok := n.(*ast.StringNode); ok && strings.Contains(s.Value, "${") {
		v, err := expand(s.Value, x.getenv)
		if err != nil {
			x.err, x.line = err, s.GetToken().Position.Line
			return nil
		}
		s.Value = v
	}
	return x
}

// expand replaces ${NAME} and ${NAME:-default}; $${ stands for ${ itself.
func expand(s string, getenv func(string) (string, bool)) (string, error) {
	var sb strings.Builder
	for {
		i := strings.Index(s, "${")
		if i < 0 {
			sb.WriteString(s)
			return sb.String(), nil
		}
		if i > 0 && s[i-1] == '$' {
			sb.WriteString(s[:i-1] + "${")
			s = s[i+2:]
			continue
		}
		end := strings.IndexByte(s[i:], '}')
		if end < 0 {
			return "", fmt.Errorf("%q: ${ without }; write $${ for a plain ${", s)
		}
		sb.WriteString(s[:i])
		name, fallback, hasFallback := strings.Cut(s[i+2:i+end], ":-")
		switch v, set := getenv(name); {
		case set && v != "":
			sb.WriteString(v)
		case hasFallback:
			sb.WriteString(fallback)
		case !set:
			return "", fmt.Errorf("environment variable %s is not set; set it or write ${%s:-default}", name, name)
		}
		s = s[i+end+1:]
	}
}

// lookupEnv is os.LookupEnv; a name for tests to replace.
var lookupEnv = os.LookupEnv
