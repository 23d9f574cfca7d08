package trace

import (
	"bytes"
	"strconv"
	"strings"
)

const (
	erlangDeep = 6   // levels of a term that are searched for causes
	erlangLong = 120 // bytes of a list, a map or a text within a reason
	erlangMost = 600 // bytes of a reason

	erlangSearched = 64 << 10 // bytes of a term that are searched for causes
)

// erlangSkip is the end of the term that begins at i: a comma or a closing
// bracket that is not its own, or the end of t.
func erlangSkip(t []byte, i int) int {
	depth := 0
	for i < len(t) {
		switch b := t[i]; b {
		case '"', '\'':
			i = erlangQuoted(t, i)
			continue
		case '{', '[', '(':
			depth++
		case '}', ']', ')':
			if depth--; depth < 0 {
				return i
			}
		case ',':
			if depth == 0 {
				return i
			}
		case '<', '>':
			if i+1 < len(t) && t[i+1] == b { // a binary, <<1,2>>
				depth += int('=') - int(b)
				i++
			}
		}
		i++
	}
	return i
}

// erlangQuoted is the end of the text or atom whose quote stands at i.
func erlangQuoted(t []byte, i int) int {
	quote := t[i]
	for i++; i < len(t) && t[i] != quote; i++ {
		if t[i] == '\\' {
			i++
		}
	}
	return min(i+1, len(t))
}

// erlangElems are the elements of a tuple or a list; nil for any other term.
func erlangElems(t []byte) [][]byte {
	t = bytes.TrimSpace(t)
	if len(t) < 2 || t[0] != '{' && t[0] != '[' {
		return nil
	}
	var out [][]byte
	for i := 1; i < len(t); {
		end := erlangSkip(t, i)
		if e := bytes.TrimSpace(t[i:end]); len(e) > 0 {
			out = append(out, e)
		}
		if end >= len(t) || t[end] != ',' {
			break
		}
		i = end + 1
	}
	return out
}

// erlangCall is a frame: {pay,find,2,[{file,"pay.erl"},{line,2}]}.
type erlangCall struct {
	mod, fn, file string
	arity, line   int
}

// erlangCalls reads a term as a stack; nil if it is none. Of a frame that shows
// its arguments only their number is kept.
func erlangCalls(t []byte) (calls []erlangCall) {
	t = bytes.TrimSpace(t)
	if !bytes.HasPrefix(t, []byte("[{")) {
		return nil
	}
	for _, e := range erlangElems(t) {
		part := erlangElems(e)
		if string(e) == "..." || string(e) == "{...}" {
			continue
		}
		if len(part) < 3 || len(part) > 4 || !erlangAtom(part[0]) || !erlangAtom(part[1]) {
			return nil
		}
		c := erlangCall{mod: string(part[0]), fn: string(part[1])}
		if n, ok := span(part[2]).number(); ok {
			c.arity = n
		} else if part[2][0] != '[' {
			return nil
		} else {
			c.arity = len(erlangElems(part[2]))
		}
		if len(part) == 4 && !c.place(part[3]) {
			return nil
		}
		calls = append(calls, c)
	}
	return calls
}

// place reads [{file,"pay.erl"},{line,2}].
func (c *erlangCall) place(t []byte) bool {
	for _, e := range erlangElems(t) {
		switch pair := erlangElems(e); {
		case len(pair) < 2:
		case string(pair[0]) == "file":
			c.file = strings.Trim(string(pair[1]), `"`)
		case string(pair[0]) == "line":
			c.line, _ = strconv.Atoi(string(pair[1]))
		}
	}
	return len(t) > 0 && t[0] == '['
}

// erlangAtom tells whether t is an atom.
func erlangAtom(t []byte) bool {
	if len(t) > 1 && t[0] == '\'' {
		return erlangQuoted(t, 0) == len(t)
	}
	for i, b := range t {
		if !elixirWord(b) && b != '@' && (b != '-' || i > 0 && t[0] != '-') || i == 0 && isDigit(b) {
			return false
		}
	}
	return len(t) > 0 && (t[0] >= 'a' && t[0] <= 'z' || t[0] == '-')
}

// erlangFault is a reason and the stack that stands with it.
type erlangFault struct {
	typ, value string
	calls      []erlangCall
}

// erlangFaults reads a reason with its stack, {Reason,[{pay,find,2,...}]}, and
// those that it holds: a process that failed because another one did.
func erlangFaults(term []byte) []erlangFault {
	reason, calls := erlangPart(term)
	out := []erlangFault{{typ: erlangHead(reason), value: erlangShort(reason), calls: calls}}
	for range maxExceptions {
		inner := erlangInner(reason, erlangDeep)
		if inner == nil {
			break
		}
		reason, calls = erlangPart(inner)
		if last := &out[len(out)-1]; erlangSame(last.calls, calls) { // the same, wrapped
			continue
		}
		out = append(out, erlangFault{typ: erlangHead(reason), value: erlangShort(reason), calls: calls})
	}
	return out
}

// erlangPart parts a tuple that ends with a stack; calls is nil where there is none.
func erlangPart(term []byte) (reason []byte, calls []erlangCall) {
	term = bytes.TrimSpace(term)
	if len(term) == 0 || term[0] != '{' {
		return term, nil
	}
	elems := erlangElems(term)
	n := len(elems)
	if n < 2 {
		return term, nil
	}
	if calls = erlangCalls(elems[n-1]); calls == nil {
		return term, nil
	}
	return elems[n-2], calls
}

// erlangInner finds a tuple that ends with a stack within a term.
func erlangInner(term []byte, deep int) []byte {
	if deep == 0 || len(term) == 0 || len(term) > erlangSearched || !bytes.Contains(term, []byte("[{")) {
		return nil
	}
	for _, e := range erlangElems(term) {
		if e[0] != '{' && e[0] != '[' {
			continue
		}
		if _, calls := erlangPart(e); calls != nil {
			return e
		}
		if found := erlangInner(e, deep-1); found != nil {
			return found
		}
	}
	return nil
}

func erlangSame(a, b []erlangCall) bool {
	if len(a) != len(b) {
		return false
	}
	for i := range a {
		if a[i] != b[i] {
			return false
		}
	}
	return true
}

// erlangHead is the word by which a reason names the fault: badkey in {badkey,w1}.
func erlangHead(reason []byte) string {
	for range erlangDeep {
		elems := erlangElems(reason)
		if len(elems) == 0 {
			break
		}
		reason = elems[0]
	}
	if erlangAtom(reason) && len(reason) < 80 {
		return strings.Trim(string(reason), "'")
	}
	return "error"
}

// erlangShort is a reason in one line, without stacks, and without what is long
// enough to be the users' data: arguments, the state of a server.
func erlangShort(term []byte) string {
	var sb strings.Builder
	erlangWrite(&sb, bytes.TrimSpace(term), erlangDeep)
	s := sb.String()
	if len(s) > erlangMost {
		s = strings.ToValidUTF8(s[:erlangMost], "") + "..."
	}
	return s
}

func erlangWrite(sb *strings.Builder, term []byte, deep int) {
	if len(term) == 0 || sb.Len() > erlangMost {
		return
	}
	elems := erlangElems(term)
	switch {
	case elems == nil || deep == 0:
		s := string(term)
		if term[0] != '"' || strings.IndexByte(s, '\n') >= 0 { // the blanks of a text are its own, until it is folded
			s = strings.Join(strings.Fields(s), " ")
		}
		if len(s) > erlangLong {
			switch term[0] {
			case '#', '[', '{':
				s = s[:bytes.IndexAny(term, "{[")+1] + "..."
			default:
				s = strings.ToValidUTF8(s[:erlangLong], "") + "..."
			}
		}
		sb.WriteString(s)
		return
	case term[0] == '[' && (len(term) > erlangLong || erlangCalls(term) != nil):
		sb.WriteString("[...]")
		return
	case len(elems) == 3 && elems[2][0] == '[' && erlangAtom(elems[0]) && erlangAtom(elems[1]): // {gen_server,call,[pay,boom]}
		elems[2] = strconv.AppendInt(nil, int64(len(erlangElems(elems[2]))), 10)
	}
	sb.WriteByte(term[0])
	for i, e := range elems {
		if i > 0 {
			sb.WriteByte(',')
		}
		erlangWrite(sb, e, deep-1)
	}
	sb.WriteByte(term[0] + 2) // the bracket that closes it
}
