package scrub

import "bytes"

// Configuration, templates and source lines say where a secret comes from and not what
// it is. To mask that would hide the cause of many an error, and the line of source that
// a frame shows.

// isTemplate tells whether v as a whole stands for a value that is not there:
// ${DB_PASSWORD}, {{ secret }}, <password>, $PASS, %PASSWORD%, #{pw}, $1.
func isTemplate(v []byte) bool {
	last := v[len(v)-1]
	switch v[0] {
	case '$':
		if len(v) > 2 && (v[1] == '{' && last == '}' || v[1] == '(' && last == ')') {
			return true
		}
		return len(v) > 1 && (all(v[1:], digits) || isConstant(v[1:]))
	case '{':
		return len(v) > 3 && v[1] == '{' && bytes.HasSuffix(v, []byte("}}"))
	case '<':
		return last == '>' && len(v) <= 40
	case '%':
		return len(v) > 2 && last == '%' && isConstant(v[1:len(v)-1]) || len(v) == 2 && isLetter(v[1]) || isPrintfKey(v)
	case '#':
		return len(v) > 2 && v[1] == '{' && last == '}'
	}
	return false
}

// isBind tells whether v is where a value is bound into an SQL statement: :pw, @pw.
func isBind(v []byte) bool {
	return (v[0] == ':' || v[0] == '@') && len(v) <= 24 && isPlainWord(v[1:])
}

// isPrintfKey tells whether v is %(name)s of Python or %{name} of Ruby.
func isPrintfKey(v []byte) bool {
	return len(v) > 3 && (v[1] == '(' && v[len(v)-2] == ')' || v[1] == '{' && v[len(v)-1] == '}')
}

// isConstant tells whether v is written like the name of a constant: DB_PASSWORD.
func isConstant(v []byte) bool {
	for _, c := range v {
		if !isUpper(c) && !isDigit(c) && c != '_' {
			return false
		}
	}
	return len(v) > 0 && !isDigit(v[0])
}

// longestReference bounds how far a template or call is followed, in bytes.
const longestReference = 160

// isReference tells whether the bare value t[start:end] under the key is not a value
// but says where one comes from. A bare value ends at the first bracket or quote, so
// this looks at the text itself: ${...}, {{...}}, <...>, getPassword(), ENV['X'],
// self.password, and password=password as programs pass arguments by name. spaced says that
// blanks stand round the separator, as in programs.
func isReference(t []byte, start, end int, key []byte, spaced bool) bool {
	v := t[start:end]
	rest := t[start:min(len(t), start+longestReference)]
	switch {
	case bytes.HasPrefix(rest, []byte("${")), bytes.HasPrefix(rest, []byte("#{")), bytes.HasPrefix(rest, []byte("%{")):
		return endsReference(rest, bytes.IndexByte(rest, '}'), 1)
	case bytes.HasPrefix(rest, []byte("{{")):
		return endsReference(rest, bytes.Index(rest, []byte("}}")), 2)
	case bytes.HasPrefix(rest, []byte("$(")), bytes.HasPrefix(rest, []byte("%(")), rest[0] == '(':
		return rest[0] != '(' && endsReference(rest, bytes.IndexByte(rest, ')'), 1) || isNullInBrackets(rest, ')')
	case rest[0] == '<':
		return isNullInBrackets(rest, '>')
	case rest[0] == '[':
		return isNullInBrackets(rest, ']')
	}
	return isCallOrIndex(rest) || isDottedName(v, key) || isOwnName(v, key) || spaced && isConstant(v) && bytes.IndexByte(v, '_') > 0
}

// isOwnName tells whether v is the name of its key once more: self._token = token.
func isOwnName(v, key []byte) bool {
	key = bytes.TrimLeft(key[bytes.LastIndexByte(key, '.')+1:], "_")
	return len(key) > 0 && bytes.EqualFold(bytes.TrimLeft(v, "_"), key)
}

// endsReference tells whether a template whose closing bracket stands at rest[i] is
// the whole value: a bare value ends right behind it.
func endsReference(rest []byte, i, width int) bool {
	if i < 0 || bytes.IndexByte(rest[:i], '\n') >= 0 {
		return false
	}
	i += width
	if i < len(rest) && rest[i] == ':' && (i+1 == len(rest) || bareStop.has(rest[i+1])) { // and what became of it
		return true
	}
	return i >= len(rest) || bareStop.has(rest[i]) || rest[i] == '\\' || rest[i] == 's' // %(name)s
}

// isNullInBrackets tells whether rest begins with a placeholder in brackets: a few
// words such as <not set>, (known after apply), [PROTECTED].
func isNullInBrackets(rest []byte, closing byte) bool {
	i := bytes.IndexByte(rest, closing)
	if i < 2 || i > 32 || !endsReference(rest, i, 1) {
		return false
	}
	words, constant := 1, true
	for _, c := range rest[1:i] {
		switch {
		case c == ' ':
			words++
		case !isLetter(c) && c != '_' && c != '-':
			return false
		}
		constant = constant && !isLower(c)
	}
	v := rest[1:i]
	switch closing {
	case '>':
		return true
	case ')':
		return words > 1 || constant || isNull(v) || isProseNull(v) // (known after apply)
	}
	return constant || isNull(v) || isNull(rest[:i+1])
}

// isCall tells whether v, which a bracket may have ended early, begins like a call.
func isCall(v []byte) bool {
	i := bytes.IndexByte(v, '(')
	return i > 1 && isLetter(v[0]) && all(v[:i], dotted)
}

// isCallOrIndex tells whether rest begins with a dotted name and then a call or an
// index by a string: os.getenv("X"), config['password'], getPassword().
func isCallOrIndex(rest []byte) bool {
	i, lettersOnly := 0, true
	for i < len(rest) && (ident.has(rest[i]) || rest[i] == '.' || rest[i] == ':' || rest[i] == '?') {
		if isDigit(rest[i]) {
			lettersOnly = false
		}
		i++
	}
	if i < 2 || i+1 >= len(rest) || isDigit(rest[0]) {
		return false
	}
	switch rest[i] {
	case '(':
		if !lettersOnly {
			return false
		}
		if next := skipBlank(rest, i+1); next == len(rest) || lineBreak.has(rest[next]) {
			return i > 4 // its arguments are on the next line
		}
		closing := bytes.IndexByte(rest[i:], ')')
		return closing > 0 && bytes.IndexByte(rest[i:i+closing], '\n') < 0 && expressionEnds(rest, i+closing+1)
	case '[':
		_, _, ok := openQuote(rest, i+1)
		return ok || lettersOnly && isIndex(rest[i+1:])
	}
	return false
}

// isIndex tells whether rest continues an index or a slice of a program: 0], i+1], 1:].
func isIndex(rest []byte) bool {
	i := bytes.IndexByte(rest, ']')
	if i < 0 || i > 24 {
		return false
	}
	for _, c := range rest[:i] {
		if !ident.has(c) && c != ':' && c != '+' && c != '-' && c != '.' {
			return false
		}
	}
	return expressionEnds(rest, i+1)
}

// expressionEnds tells whether what follows at rest[i] may follow a call or an index in
// a program, rather than being more of a password with brackets in it.
func expressionEnds(rest []byte, i int) bool {
	c := byteAt(rest, i)
	return i >= len(rest) || bareStop.has(c) || c == '.' || c == '[' || c == '(' || c == '\\' || c == '+' || c == '?'
}

// isDottedName tells whether v refers to a field by a path that ends in the name of
// a key: self.password, process.env.DB_PASSWORD, req.body.token.
func isDottedName(v, key []byte) bool {
	i := bytes.LastIndexByte(v, '.')
	if i <= 0 || !isLetter(v[0]) {
		return false
	}
	for _, c := range v {
		if !ident.has(c) && c != '.' {
			return false
		}
	}
	last := v[i+1:]
	for _, stem := range []string{"password", "passwd", "secret", "token", "pwd", "key", "credentials", "auth"} {
		if len(last) >= len(stem) && equalFold(last[len(last)-len(stem):], stem) {
			return true
		}
	}
	return isOwnName(last, key)
}
