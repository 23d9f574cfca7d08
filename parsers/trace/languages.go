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
		Android(),
		Sanitizer(),
		Cpp(),
		Bun(),
		Deno(),
		Dart(),
		Perl(),
		Lua(),
		PowerShell(),
		Tcl(),
		Ocaml(),
		R(),
		Haskell(),
		Gdb(),
		Kernel(),
		Erlang(),
		Zig(),
		Crystal(),
		Julia(),
		Swift(),
		Ruby(),    // asks about nearly any line: all others come before it
		Generic(), // only what no other language knows
	}
}
