package trace

import (
	"bytes"
	"strconv"
	"strings"

	"github.com/tracetail/tracetail/internal/event"
)

// dotnetPlace is the place of a node in the tree of exceptions.
type dotnetPlace struct {
	node, parent int
	source       string
}

// emit lists the exceptions as sentry-dotnet does: numbered depth first from
// the outermost, which stands last.
func (r *dotnetReader) emit(t *Trace) {
	todo := []dotnetPlace{{0, -1, ""}}
	var list []event.Exception
	dropped := 0
	for len(todo) > 0 {
		p := todo[len(todo)-1]
		todo = todo[:len(todo)-1]
		id := len(list)
		if id >= maxExceptions {
			dropped++
		} else {
			list = append(list, r.exception(t, p, id))
		}
		todo = r.push(todo, p.node, id)
	}
	if len(list) == 1 {
		list[0].Mechanism.ExceptionID = nil
	}
	for i, j := 0, len(list)-1; i < j; i, j = i+1, j-1 {
		list[i], list[j] = list[j], list[i]
	}
	t.drop("trace.exceptions_dropped", dropped)
	t.Exceptions = list
}

// push puts the inner exceptions of a node on the pile, the first on top. An
// AggregateException prints its first one twice: as the inner one, and on the
// Framework as number 0 again.
func (r *dotnetReader) push(todo []dotnetPlace, node, id int) []dotnetPlace {
	x := &r.nodes[node]
	group := x.title.typ.ends("AggregateException")
	for i := len(x.below) - 1; i >= 0; i-- {
		y := &r.nodes[x.below[i]]
		if i > 0 && y.member == 0 && r.nodes[x.below[0]].member < 0 && r.same(x.below[0], x.below[i]) {
			continue
		}
		source := "InnerException"
		if group {
			source = "InnerExceptions[" + strconv.Itoa(max(0, y.member)) + "]"
		}
		todo = append(todo, dotnetPlace{x.below[i], id, source})
	}
	return todo
}

// same tells whether two nodes are prints of one exception.
func (r *dotnetReader) same(a, b int) bool {
	x, y := &r.nodes[a], &r.nodes[b]
	return bytes.Equal(x.title.typ, y.title.typ) && bytes.Equal(x.title.value, y.title.value)
}

func (r *dotnetReader) exception(t *Trace, p dotnetPlace, id int) event.Exception {
	n := &r.nodes[p.node]
	x := event.Exception{Type: string(n.title.typ), Value: dotnetValue(n), Mechanism: &event.Mechanism{Type: "generic", ExceptionID: &id}}
	if dot := dotnetLastDot(x.Type); dot > 0 {
		x.Module, x.Type = x.Type[:dot], x.Type[dot+1:]
	}
	switch {
	case x.Type != "":
	case n.title.fatal != nil:
		x.Type = strings.TrimRight(string(n.title.fatal), " :.")
	case x.Value == "":
		x.Type = "Exception"
	}
	m := x.Mechanism
	if n.title.code != nil {
		m.Data = map[string]any{"code": string(n.title.code)}
	}
	m.IsExceptionGroup = n.title.typ.ends("AggregateException") && len(n.below) > 0
	switch {
	case p.parent >= 0:
		m.Type, m.Source, m.ParentID = "chained", p.source, new(p.parent)
	case r.died:
		m.Type, m.Handled = "AppDomain.UnhandledException", new(false)
	}
	frames, dropped := pyTrim(dotnetFrames(n.frames))
	t.drop("trace.frames_dropped", dropped)
	if len(frames) > 0 {
		x.Stacktrace = &event.Stacktrace{Frames: frames}
	}
	return x
}

// dotnetValue is the whole message.
func dotnetValue(n *dotnetNode) string {
	all := append([]span{n.title.value}, n.text...)
	s := rustJoin(all)
	return strings.TrimLeft(s, "\n")
}

// dotnetLastDot is the last dot outside the type arguments.
func dotnetLastDot(typ string) int {
	if i := strings.IndexByte(typ, '['); i >= 0 {
		typ = typ[:i]
	}
	return strings.LastIndexByte(typ, '.')
}

// dotnetFrames makes the frames of one exception, oldest first.
func dotnetFrames(calls []dotnetCall) []event.Frame {
	out := make([]event.Frame, 0, len(calls))
	for i := len(calls) - 1; i >= 0; i-- {
		out = append(out, dotnetEventFrame(&calls[i]))
	}
	return out
}

func dotnetEventFrame(c *dotnetCall) event.Frame {
	raw := string(c.name)
	module, function := dotnetSplitName(raw)
	if c.fresh {
		module, function = raw, ".ctor"
	}
	f := event.Frame{Lineno: c.line}
	f.Module, f.Function = dotnetClean(module, function)
	if f.Function == "" {
		f.Module, f.Function = "", raw
	}
	if f.Function != function || f.Module != module {
		f.RawFunction = raw
	}
	if len(c.file) > 0 && c.file[0] != '<' {
		file := string(c.file)
		f.Filename = strings.TrimPrefix(file, "/_/") // written by deterministic builds for the root of the sources
		if f.Filename != file || file[0] == '/' || len(file) > 2 && file[1] == ':' {
			f.AbsPath = file
		}
	}
	f.InApp = new(dotnetOwn(&f))
	return f
}

// dotnetSplitName parts type and method: "Acme.Svc..ctor", "A.B`1.Do[T]".
func dotnetSplitName(name string) (module, function string) {
	plain := name
	if strings.HasSuffix(plain, "]") {
		if i := strings.LastIndexByte(plain, '['); i > 0 && !strings.Contains(plain[i:], ".") || i > 0 && strings.LastIndexByte(plain[:i], '.') > 0 {
			plain = plain[:i]
		}
	}
	depth := 0
	for i := len(plain) - 1; i > 0; i-- {
		switch plain[i] {
		case '>', ']':
			depth++
		case '<', '[':
			depth--
		case '.', ':':
			if depth != 0 {
				continue
			}
			if plain[i] == '.' && plain[i-1] == '.' { // .ctor
				i--
				return plain[:i], plain[i+1:]
			}
			return plain[:i], plain[i+1:]
		}
	}
	return "", plain
}

// dotnetClean undoes what compilers make of async methods, iterators, lambdas
// and local functions, so that names do not change with every build.
func dotnetClean(module, function string) (string, string) {
	if strings.HasSuffix(function, ">") && !strings.HasPrefix(function, "<") { // type arguments, demystified
		if i := strings.IndexByte(function, '<'); i > 0 {
			function = function[:i]
		}
	}
	module, function = dotnetBasic(dotnetSharp(module), dotnetSharp(function))
	for range 8 {
		cut := dotnetNested(module)
		if cut < 0 {
			break
		}
		outer, gen := strings.TrimRight(module[:cut], ".+"), module[cut:]
		inner := dotnetBetween(gen)
		if function == "MoveNext" && inner != "" {
			function = inner
		} else if strings.HasPrefix(function, "<>m__") && inner != "" {
			function = "<" + inner + function[1:]
		}
		module = outer
	}
	for range 4 {
		if !strings.HasPrefix(function, "<") {
			break
		}
		inner := dotnetBetween(function)
		if inner == "" {
			break
		}
		rest := function[len(inner)+2:]
		switch {
		case strings.HasPrefix(rest, "b__"), strings.HasPrefix(rest, "m__"):
			return module, dotnetPlain(inner) + " { <lambda> }"
		case strings.HasPrefix(rest, "g__"):
			name, _, _ := strings.Cut(rest[3:], "|")
			return module, name
		default:
			return module, function
		}
	}
	return module, function
}

// dotnetSharp takes off where in its source a closure of F# stands: "Acme.Pay.charge@12-3", "main$cont@20".
func dotnetSharp(name string) string {
	i := strings.LastIndexByte(name, '@')
	if i < 1 || i+1 == len(name) || strings.Trim(name[i+1:], "0123456789-") != "" {
		return name
	}
	return strings.TrimSuffix(name[:i], "$cont")
}

// dotnetBasic undoes what the compiler of Visual Basic makes of async methods and lambdas:
// "VB$StateMachine_3_Foo.MoveNext", "_Closure$__1-0._Lambda$__0".
func dotnetBasic(module, function string) (string, string) {
	outer, last := module, ""
	if i := strings.LastIndexByte(module, '.'); i >= 0 {
		outer, last = module[:i], module[i+1:]
	}
	if rest, ok := strings.CutPrefix(last, "VB$StateMachine_"); ok && function == "MoveNext" {
		if _, name, ok := strings.Cut(rest, "_"); ok {
			return outer, name
		}
	}
	if strings.HasPrefix(function, "_Lambda$__") {
		function = "{ <lambda> }"
		if strings.HasPrefix(last, "_Closure$__") {
			module = outer
		}
	}
	return module, function
}

// dotnetPlain is the method that a lambda stands in, which may be a lambda's own.
func dotnetPlain(name string) string {
	for range 8 {
		inner := dotnetBetween(name)
		if inner == "" {
			break
		}
		name = inner
	}
	return name
}

// dotnetNested is the offset of a generated type at the end of a type's name; -1 if there is none.
func dotnetNested(module string) int {
	depth := 0
	for i := len(module) - 1; i >= 0; i-- {
		switch module[i] {
		case '>':
			depth++
		case '<':
			if depth--; depth == 0 && (i == 0 || module[i-1] == '.' || module[i-1] == '+') {
				return i
			}
		case '.', '+':
			if depth == 0 {
				return -1
			}
		}
	}
	return -1
}

// dotnetBetween is what stands between the outer angle brackets at the start of name.
func dotnetBetween(name string) string {
	if !strings.HasPrefix(name, "<") {
		return ""
	}
	depth := 0
	for i := range len(name) {
		switch name[i] {
		case '<':
			depth++
		case '>':
			if depth--; depth == 0 {
				return name[1:i]
			}
		}
	}
	return ""
}

// dotnetOwn tells whether a frame is the application's.
func dotnetOwn(f *event.Frame) bool {
	name := f.Module
	if strings.Contains(f.Function, "!<BaseAddress>") {
		return false
	}
	if name == "" {
		return !strings.HasPrefix(f.Function, "lambda_method") && !strings.HasPrefix(f.Function, "<unknown>") && f.Function != ""
	}
	if strings.HasPrefix(name, "InvokeStub_") || strings.HasPrefix(name, "<unknown>") || strings.HasPrefix(name, "DynamicClass") {
		return false
	}
	for _, p := range dotnetForeign {
		if strings.HasPrefix(name, p) && (len(name) == len(p) || bytes.IndexByte([]byte(".+`:!/["), name[len(p)]) >= 0) {
			return false
		}
	}
	return true
}

// dotnetForeign are the namespaces that sentry-dotnet takes for foreign.
var dotnetForeign = []string{
	"System", "Mono", "Sentry", "Microsoft", "MS", "ABI.Microsoft", "WinRT", "UIKit", "Newtonsoft.Json", "FSharp", "Serilog", "Giraffe", "NLog",
	"Npgsql", "RabbitMQ", "Hangfire", "IdentityServer4", "AWSSDK", "Polly", "Swashbuckle", "FluentValidation", "Autofac", "Stackexchange.Redis",
	"StackExchange.Redis", "Dapper", "RestSharp", "SkiaSharp", "IdentityModel", "SqlitePclRaw", "Xamarin", "Android", "Google", "MongoDB", "Remotion.Linq",
	"AutoMapper", "Nest", "Owin", "MediatR", "ICSharpCode", "Grpc", "ServiceStack", "Java.Interop", "UnityEngine", "UnityEditor", "Internal.Runtime", "Interop", "log4net", "Castle",
}
