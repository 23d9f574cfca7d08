package trace

import "bytes"

// elixirTop is the head of an exception: "** (KeyError) key :a not found".
type elixirTop struct {
	name span // KeyError, SurePay.Declined, exit, throw, stop, EXIT, EXIT from #PID<0.96.0>
	text span
}

// exit tells whether the head is the reason of an exit that the line above it began to tell.
func (h elixirTop) exit() bool { return h.name.has("EXIT") }

// bare tells whether the head says no more than that the next line is the exception.
func (h elixirTop) bare() bool { return string(h.text) == "an exception was raised:" }

// kind tells whether the head is no exception but one of the other ways out.
func (h elixirTop) kind() bool {
	switch string(h.name) {
	case "exit", "throw", "stop", "error", "EXIT", "Protocol.UndefinedError":
		return true
	}
	return h.name.has("EXIT from #PID<")
}

// sure tells whether the head alone proves an exception: most end in Error, and
// those of an application carry its name in front.
func (h elixirTop) sure() bool {
	return h.kind() || h.name.ends("Error") || h.name.ends("Exception") || bytes.IndexByte(h.name, '.') > 0
}

// elixirHeadLine reads a trimmed line as the head of an exception.
func elixirHeadLine(t span) (h elixirTop, ok bool) {
	if !t.has("** (") {
		return h, false
	}
	end := bytes.IndexByte(t, ')')
	if end < 5 || end > 300 {
		return h, false
	}
	h.name = t[4:end]
	if end+1 < len(t) {
		if t[end+1] != ' ' {
			return h, false
		}
		h.text = t[end+2:]
	}
	return h, h.kind() || elixirModule(h.name)
}

// elixirModule tells whether s is an alias such as SurePay.Ledger.Short.
func elixirModule(s span) bool {
	start := true
	for _, b := range s {
		switch {
		case start && (b < 'A' || b > 'Z') && b < 0x80:
			return false
		case start:
			start = false
		case b == '.':
			start = true
		case !elixirWord(b):
			return false
		}
	}
	return len(s) > 0 && !start
}

func elixirWord(b byte) bool {
	return b == '_' || isDigit(b) || b|0x20 >= 'a' && b|0x20 <= 'z' || b >= 0x80
}

// elixirCall is a frame.
type elixirCall struct {
	app  span // "stdlib 4.2"
	file span
	line int
	what span // ":gen_server.handle_msg/6", "(file)", "anonymous fn/1 in A.B.anon/0"
}

// elixirRow reads a line as a frame. One without a place must be a call and
// nothing else, since the lines of a message are indented alike.
func elixirRow(l span) (c elixirCall, ok bool) {
	t := l.trim()
	if len(t) < 3 || t[0] == '*' || t[0] == '#' && !t.has("#Function<") {
		return c, false
	}
	if t[0] == '(' {
		end := bytes.IndexByte(t, ')')
		if end < 2 || end+2 >= len(t) || t[end+1] != ' ' || !elixirApp(t[1:end]) {
			return c, false
		}
		c.app, t = t[1:end], t[end+2:]
	}
	if file, line, rest, ok := elixirPlace(t); ok {
		c.file, c.line, c.what = file, line, rest
		return c, c.app != nil || elixirSource(file)
	}
	c.what = t
	return c, elixirMFA(t)
}

// elixirApp tells whether s is an application and perhaps its version: "elixir 1.14.0".
func elixirApp(s span) bool {
	name, version, both := bytes.Cut(s, []byte(" "))
	for _, b := range name {
		if !elixirWord(b) || b >= 'A' && b <= 'Z' {
			return false
		}
	}
	return len(name) > 0 && (!both || len(version) > 0 && isDigit(version[0]))
}

// elixirPlace cuts "lib/code.ex:1245: Code.require_file/2" after its line number.
func elixirPlace(t span) (file span, line int, rest span, ok bool) {
	for from := 0; from < len(t); {
		i := bytes.IndexByte(t[from:], ':')
		if i < 0 {
			return nil, 0, nil, false
		}
		at := from + i
		n := at + 1
		for n < len(t) && isDigit(t[n]) {
			n++
		}
		if n > at+1 && n+1 < len(t) && t[n] == ':' && t[n+1] == ' ' && at > 0 {
			line, ok = t[at+1 : n].number()
			return t[:at], line, t[n+2:].left(), ok
		}
		from = n
	}
	return nil, 0, nil, false
}

// elixirSource tells whether file is a source of the BEAM's languages, or the
// name that code without a file has.
func elixirSource(file span) bool {
	for _, e := range [...]string{".ex", ".exs", ".erl", ".eex", ".heex", ".leex", ".hrl", ".yrl", ".xrl", ".xref", ".slime", ".surface", ".livemd", ".gleam"} {
		if file.ends(e) {
			return true
		}
	}
	switch string(file) {
	case "nofile", "iex", "no_file", "erl_eval.erl":
		return true
	}
	return file.ends("#cell") || bytes.Contains(file, []byte(".livemd#"))
}

// elixirMFA tells whether t is a call: a function with its arity, or with its arguments.
func elixirMFA(t span) bool {
	if t.has("anonymous fn") || t.has("#Function<") {
		return bytes.IndexByte(t, '/') > 0
	}
	name := elixirName(t)
	if name == 0 {
		return false
	}
	if name == len(t) {
		return false
	}
	if t[name] == '(' {
		return t[len(t)-1] == ')'
	}
	_, ok := t[name+1:].number()
	return t[name] == '/' && ok
}

// elixirName is the length of "Mod.Sub.fun" or ":mod.fun" at the start of t; 0 if t begins otherwise.
func elixirName(t span) int {
	i, dots := 0, 0
	if len(t) == 0 || t[0] != ':' && (t[0] < 'A' || t[0] > 'Z') {
		return 0
	}
	if t[0] == ':' {
		i++
	}
	for i < len(t) {
		switch b := t[i]; {
		case b == '.':
			dots++
		case b == '"': // Foo."a name"/1, :"a mod".f/1
			n := bytes.IndexByte(t[i+1:], '"')
			if n < 0 {
				return 0
			}
			i += n + 1
		case elixirWord(b), b == '?', b == '!', b == '@', b == '-', b == '$', b == '%', b == '{', b == '}', b == '<', b == '>', b == '=', b == '+', b == '*', b == '|', b == '&', b == '^', b == '~':
		case b == '/' && i > 0 && t[i-1] == '.': // Kernel.//2
		case dots > 0:
			return i
		default:
			return 0
		}
		i++
	}
	return i
}
