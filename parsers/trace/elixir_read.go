package trace

import (
	"bytes"
	"strconv"
	"strings"

	"github.com/tracetail/tracetail/internal/event"
)

// elixirError is an exception of a trace, outermost first.
type elixirError struct {
	head   elixirTop
	indent int
	text   []span
	rows   []elixirCall // newest first
}

// elixirReader takes the lines of a trace one by one.
type elixirReader struct {
	errors []*elixirError
	state  State
	died   string       // the word behind "Client #PID<...>"
	client []elixirCall // the stack of the process that waits for an answer
	ends   int          // fields of a process's report
}

// elixirRead is the Read of the language. State, messages and arguments are the
// users' data and are left out.
func elixirRead(lines [][]byte) (Trace, bool) {
	r := &elixirReader{}
	first := span(lines[0])
	h, lead, ok := elixirWithin(first)
	if !ok { // frames alone are a stack that somebody printed
		return Trace{}, false
	}
	r.open(h, first)
	for _, raw := range lines[1:] {
		r.line(span(raw))
	}
	t, ok := r.trace()
	t.Lead = string(lead)
	return t, ok
}

func (r *elixirReader) open(h elixirTop, l span) {
	r.errors = append(r.errors, &elixirError{head: h, indent: l.indent()})
	r.state = elixirHead
}

func (r *elixirReader) line(l span) {
	t := l.trim()
	if r.state == elixirHead {
		if h, ok := elixirHeadLine(t); ok {
			r.open(h, l)
			return
		}
	}
	if c, ok := elixirRow(l); ok {
		r.row(c, l)
		return
	}
	if elixirTitle(t) && (r.state != elixirHead || l.indent() == 0) {
		if t.has("Client ") {
			r.died = string(t[len("Client "):])
		}
		r.state = elixirEnd
		r.ends++
		return
	}
	if r.state == elixirHead {
		x := r.errors[len(r.errors)-1]
		x.text = append(x.text, l.right())
	}
}

// row files a frame under the exception whose indent it shares: the frames of an
// inner exception stand deeper than those of the outer one, which follow.
func (r *elixirReader) row(c elixirCall, l span) {
	if r.state == elixirEnd {
		r.client = append(r.client, c)
		return
	}
	r.state = elixirRows
	k := len(r.errors) - 1
	for k > 0 && l.indent() < r.errors[k].indent+4 && l.indent() > 0 {
		k--
	}
	r.errors[k].rows = append(r.errors[k].rows, c)
}

func (r *elixirReader) trace() (Trace, bool) {
	r.fold()
	t := Trace{Platform: "elixir"}
	kept := r.errors
	if n := len(kept); n > maxExceptions {
		t.drop("trace.exceptions_dropped", n-maxExceptions)
		kept = append(kept[:maxExceptions/2:maxExceptions/2], kept[n-maxExceptions/2:]...)
	}
	n := len(kept)
	rows := 0
	for i, e := range kept {
		x := event.Exception{Type: string(e.head.name), Value: e.value(), Mechanism: &event.Mechanism{Type: "generic"}}
		if n > 1 {
			x.Mechanism.ExceptionID = new(i)
		}
		if i > 0 {
			x.Mechanism.Type, x.Mechanism.Source, x.Mechanism.ParentID = "chained", "cause", new(i-1)
		}
		if i == 0 && r.ends > 0 { // it is a process that tells of its end
			x.Mechanism.Handled = new(false)
		}
		x.Stacktrace = elixirStack(&t, e.rows)
		rows += len(e.rows)
		t.Exceptions = append(t.Exceptions, x)
	}
	for i, k := 0, n-1; i < k; i, k = i+1, k-1 {
		t.Exceptions[i], t.Exceptions[k] = t.Exceptions[k], t.Exceptions[i]
	}
	if st := elixirStack(&t, r.client); st != nil {
		id, _, _ := strings.Cut(r.died, " ")
		t.Threads = []event.Thread{{ID: id, Name: "client", Stacktrace: st}}
	}
	pyInApp(&t)
	return t, rows > 0 || r.ends > 0 || kept[0].head.sure()
}

// fold joins heads that tell one thing in two lines: "an exception was raised:"
// says nothing, and the reason of an exit is part of its message.
func (r *elixirReader) fold() {
	out := r.errors[:0:0]
	for i, e := range r.errors {
		next := i+1 < len(r.errors)
		switch {
		case e.head.bare() && next:
			r.errors[i+1].rows = append(r.errors[i+1].rows, e.rows...)
		case e.head.exit() && len(out) > 0:
			up := out[len(out)-1]
			up.text = append(append(up.text, span("** ("+string(e.head.name)+") "+string(e.head.text))), e.text...)
			if len(up.rows) == 0 {
				up.rows = e.rows
			} else {
				up.rows = append(e.rows, up.rows...)
			}
		default:
			out = append(out, e)
		}
	}
	r.errors = out
}

// value is the message without the indent that all its further lines share.
func (e *elixirError) value() string {
	lines := e.text
	if len(e.rows) == 0 { // nothing proves that what follows belongs to the message
		n := 0
		for n < len(lines) && lines[n].indent() > e.indent {
			n++
		}
		lines = lines[:n]
	}
	shared := e.indent + 4
	for _, l := range lines {
		if len(l) > 0 {
			shared = min(shared, l.indent())
		}
	}
	var sb strings.Builder
	sb.WriteString(elixirCalled(string(e.head.text)))
	for _, l := range lines {
		if t := l.left(); t.has("The following arguments were given to ") || t.has("Attempted function clauses (") {
			break // the arguments are the users' data
		}
		sb.WriteByte('\n')
		sb.Write(l[min(shared, len(l)):])
	}
	return strings.TrimRight(sb.String(), " \t\n")
}

// elixirCalled takes the texts out of the call that an exit tells of, "exited in: GenServer.call(Pay, {:charge,
// "4111..."}, 5000)": they are what a user has sent.
func elixirCalled(s string) string {
	if !strings.HasPrefix(s, "exited in: ") {
		return s
	}
	var sb strings.Builder
	quoted := false
	for i := 0; i < len(s); i++ {
		switch {
		case quoted && s[i] == '\\':
			i++
		case s[i] == '"':
			if quoted = !quoted; quoted {
				sb.WriteString(`"..."`)
			}
		case !quoted:
			sb.WriteByte(s[i])
		}
	}
	return sb.String()
}

func elixirStack(t *Trace, rows []elixirCall) *event.Stacktrace {
	frames := make([]event.Frame, 0, len(rows))
	for i := len(rows) - 1; i >= 0; i-- {
		frames = append(frames, elixirFrame(&rows[i]))
	}
	frames, dropped := pyTrim(frames)
	t.drop("trace.frames_dropped", dropped)
	if len(frames) == 0 {
		return nil
	}
	return &event.Stacktrace{Frames: frames}
}

// elixirFrame makes the frame of a row.
func elixirFrame(c *elixirCall) event.Frame {
	f := event.Frame{Function: elixirFunction(c.what), Filename: string(c.file), Lineno: c.line}
	app, _, _ := strings.Cut(string(c.app), " ")
	f.Package = app
	name := f.Function
	if i := strings.LastIndex(name, " in "); i >= 0 { // anonymous fn/1 in A.B.anon/0
		name = name[i+len(" in "):]
	}
	if n := elixirName(span(name)); n > 0 {
		if dot := strings.LastIndexByte(name[:n], '.'); dot > 0 {
			f.Module = strings.TrimPrefix(name[:dot], ":")
		}
	}
	f.InApp = new(elixirOwn(app, &f))
	return f
}

// elixirFunction is a call with its arity. The topmost frame may show the
// arguments instead, which are the users' data.
func elixirFunction(what span) string {
	n := elixirName(what)
	if what.has("#Function<") {
		n = bytes.Index(what, []byte(">")) + 1
	} else if i := bytes.IndexByte(what, '('); what.has("anonymous fn") && i > 0 {
		n = i
	}
	if n == 0 || n >= len(what) || what[n] != '(' {
		return string(what)
	}
	return string(what[:n]) + "/" + strconv.Itoa(elixirArity(what[n:]))
}

// elixirArity counts the arguments in "(\"w-404\", %{\"w-1\" => 100, \"w-2\" => 5})".
func elixirArity(args span) int {
	depth, n, quote := 0, 0, byte(0)
	some := false
	for i := 0; i < len(args); i++ {
		b := args[i]
		switch {
		case quote != 0:
			if b == '\\' {
				i++
			} else if b == quote {
				quote = 0
			}
		case b == '"' || b == '\'':
			quote, some = b, true
		case b == '(' || b == '[' || b == '{':
			some = some || depth > 0
			depth++
		case b == ')' || b == ']' || b == '}':
			depth--
		case b == ',' && depth == 1:
			n++
		case !isBlank(b):
			some = true
		}
	}
	if some {
		n++
	}
	return n
}

// elixirOwn tells whether a frame is the application's. In a release every
// application stands in front of its frames, the own one too.
func elixirOwn(app string, f *event.Frame) bool {
	if app != "" {
		return !elixirLibraries[app]
	}
	if f.Filename == "" || strings.HasPrefix(f.Filename, "deps/") || strings.Contains(f.Filename, "/deps/") {
		return false
	}
	return !strings.HasSuffix(f.Filename, ".erl") || strings.Contains(f.Filename, "src/")
}

// elixirLibraries are applications that are never the user's: those of OTP and
// Elixir, and the packages that most projects have.
var elixirLibraries = func() map[string]bool {
	out := map[string]bool{}
	for name := range strings.FieldsSeq(`
		asn1 common_test compiler crypto debugger dialyzer eldap erl_interface erts eunit ftp inets kernel mnesia os_mon parsetools
		public_key reltool runtime_tools sasl ssh ssl stdlib syntax_tools tftp tools wx xmerl
		eex elixir ex_unit iex logger mix hex
		phoenix phoenix_ecto phoenix_html phoenix_live_view phoenix_live_dashboard phoenix_pubsub phoenix_template plug plug_cowboy plug_crypto
		bandit thousand_island cowboy cowlib ranch gun websock websock_adapter mime
		ecto ecto_sql postgrex myxql tds exqlite db_connection decimal
		absinthe absinthe_plug oban broadway gen_stage flow commanded quantum ash
		tesla finch mint nimble_pool nimble_options castore hackney httpoison req idna certifi hpax
		jason poison telemetry telemetry_metrics telemetry_poller opentelemetry opentelemetry_api sentry gettext swoosh bamboo
		nerves grpc protobuf redix amqp brod ex_aws ex_aws_s3 lager`) {
		out[name] = true
	}
	return out
}()
