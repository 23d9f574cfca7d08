package trace

// Languages is every language, in the order in which they are asked about an
// opening line. The order matters only where one line opens two languages.
func Languages() []Language {
	return []Language{
		Go(),
		Python(),
		Java(),
		Node(),
		PHP(),
		Rust(),
		DotNet(),
		Elixir(),
		Sanitizer(),
		Cpp(),
		Bun(),
		Deno(),
		Perl(),
		Lua(),
		Tcl(),
		Ocaml(),
		R(),
		Haskell(),
		Gdb(),
		Kernel(),
		Erlang(),
		Ruby(),    // asks about nearly any line: all others come before it
		Generic(), // only what no other language knows
	}
}
