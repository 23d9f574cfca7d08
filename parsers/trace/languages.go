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
		Ruby(),
		Rust(),
		DotNet(),
		Elixir(),
		Sanitizer(),
		Cpp(),
	}
}
