package trace

import (
	"strconv"
	"strings"
)

// The names of C++ functions, as the Itanium ABI for C++ mangles them and as
// backtrace_symbols, glog and the kernel's tools print them where nobody
// demangled them. Only the qualified name with its template arguments is of
// interest: parameters are left out. A name with an expression in it stays mangled.

const (
	demangleLongest = 4 << 10 // of a mangled name; longer ones stay as they are
	demangleWork    = 1 << 16 // bytes copied for one name: substitutions multiply
	demangleDepth   = 64
)

// nativeDemangled is the name without parameters of a mangled function; raw where it is none.
func nativeDemangled(raw string) string {
	if len(raw) > demangleLongest {
		return raw
	}
	name := raw
	if strings.HasPrefix(name, "__Z") { // macOS
		name = name[1:]
	}
	if i := strings.IndexByte(name, '@'); i > 0 { // a symbol's version
		name = name[:i]
	}
	if strings.HasPrefix(name, "_R") {
		if out, ok := rustDemangled(name[2:]); ok {
			return out
		}
		return raw
	}
	if !strings.HasPrefix(name, "_Z") {
		return raw
	}
	d := demangler{in: name[2:], work: demangleWork}
	out := d.encoded()
	if d.bad || out == "" {
		return raw
	}
	return rustLegacy(out)
}

// demangler reads one mangled name from left to right.
type demangler struct {
	in    string
	work  int
	depth int
	bad   bool
	subs  []string // S_, S0_ ...
	args  []string // T_, T0_ ...: of the template that was read last
}

func (d *demangler) fail() string { d.bad = true; return "" }

func (d *demangler) peek() byte {
	if d.bad || len(d.in) == 0 {
		return 0
	}
	return d.in[0]
}

func (d *demangler) eat(prefix string) bool {
	if d.bad || !strings.HasPrefix(d.in, prefix) {
		return false
	}
	d.in = d.in[len(prefix):]
	return true
}

// enter counts a level of nesting; the caller leaves it.
func (d *demangler) enter() bool {
	d.depth++
	if d.depth > demangleDepth || d.work <= 0 {
		d.bad = true
	}
	return !d.bad
}

// made pays for a text of which a copy was made.
func (d *demangler) made(s string) string {
	if d.work -= len(s); d.work < 0 {
		d.bad = true
	}
	return s
}

func (d *demangler) remember(s string) {
	if len(d.subs) < demangleLongest {
		d.subs = append(d.subs, s)
	}
}

// number reads digits; -1 if there are none.
func (d *demangler) number() int {
	n := 0
	for n < len(d.in) && n < 6 && isDigit(d.in[n]) {
		n++
	}
	if n == 0 {
		return -1
	}
	v, _ := strconv.Atoi(d.in[:n])
	d.in = d.in[n:]
	return v
}

// index reads the rest of "S1_" or "T_": 0 for "_", n+1 for a number in the given base.
func (d *demangler) index(base int) int {
	if d.eat("_") {
		return 0
	}
	end := strings.IndexByte(d.in, '_')
	if end < 1 || end > 4 {
		d.bad = true
		return 0
	}
	n, err := strconv.ParseInt(d.in[:end], base, 32)
	if err != nil {
		d.bad = true
	}
	d.in = d.in[end+1:]
	return int(n) + 1
}

// encoded reads a name at the top; thunks go by the name of what they call.
func (d *demangler) encoded() string {
	switch {
	case d.eat("Th"):
		d.offset()
	case d.eat("Tv"):
		d.offset()
		d.offset()
	case d.eat("TW"), d.eat("GR"), d.eat("GV"):
	case d.peek() == 'T', d.peek() == 'G':
		return d.fail()
	}
	return d.name()
}

func (d *demangler) offset() {
	if i := strings.IndexByte(d.in, '_'); i >= 0 && i < 12 {
		d.in = d.in[i+1:]
		return
	}
	d.bad = true
}

// name reads a name: nested, local to a function, in std, or plain.
func (d *demangler) name() (s string) {
	if !d.enter() {
		return ""
	}
	defer func() { d.depth-- }()
	switch {
	case d.eat("N"):
		return d.nested()
	case d.eat("Z"):
		return d.local()
	case d.eat("St"):
		s = "std::" + d.unqualified("")
	case d.peek() == 'S':
		if s = d.substitution(); d.peek() != 'I' {
			return s
		}
		return d.made(s + d.templateArgs())
	default:
		s = d.unqualified("")
	}
	if d.peek() == 'I' {
		d.remember(s)
		s += d.templateArgs()
	}
	return d.made(s)
}

// nested reads what stands between N and E.
func (d *demangler) nested() string {
	for d.eat("r") || d.eat("V") || d.eat("K") || d.eat("R") || d.eat("O") {
	}
	cur, last := "", ""
	for !d.bad && !d.eat("E") {
		switch c := d.peek(); {
		case c == 0:
			return d.fail()
		case d.eat("L"), d.eat("M"): // internal linkage; a member's initializer
			continue
		case d.eat("St"):
			cur = "std"
			continue
		case c == 'S':
			cur = d.substitution()
			last = demangleLast(cur)
			continue
		case c == 'I':
			cur += d.templateArgs()
		case c == 'T':
			cur = d.parameter()
		default:
			part := d.unqualified(last)
			if last = part; cur != "" {
				part = cur + "::" + part
			}
			cur = part
		}
		d.made(cur)
		if d.peek() != 'E' {
			d.remember(cur)
		}
	}
	return cur
}

// demangleLast is the last part of a qualified name, by which its constructors go.
func demangleLast(s string) string {
	if i := strings.IndexByte(s, '<'); i > 0 {
		s = s[:i]
	}
	if i := strings.LastIndex(s, "::"); i >= 0 {
		s = s[i+2:]
	}
	return s
}

// local reads a name inside a function.
func (d *demangler) local() string {
	outer := d.encoded()
	args := d.args
	for !d.bad && !d.eat("E") { // the function's types
		d.typ()
		if d.peek() == 0 {
			return d.fail()
		}
	}
	d.args = args
	if d.eat("s") {
		d.discriminator()
		return outer
	}
	if d.eat("d") { // a default argument
		d.index(10)
	}
	inner := d.name()
	d.discriminator()
	return d.made(outer + "::" + inner)
}

func (d *demangler) discriminator() {
	if d.eat("__") {
		d.number()
		d.eat("_")
	} else if len(d.in) > 1 && d.in[0] == '_' && isDigit(d.in[1]) {
		d.in = d.in[2:]
	}
}

// unqualified reads one part of a name; class is what stands before it, for constructors.
func (d *demangler) unqualified(class string) (s string) {
	d.eat("L")
	switch c := d.peek(); {
	case isDigit(c):
		s = d.source()
	case c == 'C' && len(d.in) > 1:
		inherited := d.eat("CI")
		if !inherited {
			d.in = d.in[1:]
		}
		if d.number(); inherited {
			d.typ()
		}
		s = class
	case c == 'D' && len(d.in) > 1 && isDigit(d.in[1]):
		d.in = d.in[2:]
		s = "~" + class
	case d.eat("Ut"):
		s = "{unnamed type#" + strconv.Itoa(d.index(10)+1) + "}"
	case d.eat("Ul"):
		s = "{lambda(" + d.signature() + ")#" + strconv.Itoa(d.index(10)+1) + "}"
	case d.eat("cv"):
		s = "operator " + d.typ().String()
	case d.eat("li"):
		s = `operator""` + d.source()
	default:
		if len(d.in) < 2 || demangleOperators[d.in[:2]] == "" {
			return d.fail()
		}
		s = "operator" + demangleOperators[d.in[:2]]
		d.in = d.in[2:]
	}
	for d.eat("B") {
		s += "[abi:" + d.source() + "]"
	}
	return s
}

// source reads a length and so many bytes.
func (d *demangler) source() string {
	n := d.number()
	if n < 1 || n > len(d.in) {
		return d.fail()
	}
	s := d.in[:n]
	d.in = d.in[n:]
	if strings.HasPrefix(s, "_GLOBAL__N") || strings.HasPrefix(s, "_GLOBAL_.N") {
		return "(anonymous namespace)"
	}
	return s
}

// signature reads types up to E.
func (d *demangler) signature() string {
	var list []string
	for !d.bad && !d.eat("E") {
		if d.peek() == 0 {
			return d.fail()
		}
		if t := d.typ().String(); t != "void" {
			list = append(list, t)
		}
	}
	return d.made(strings.Join(list, ", "))
}

// substitution reads S_, S3_ and the abbreviations for parts of std.
func (d *demangler) substitution() string {
	if len(d.in) < 2 {
		return d.fail()
	}
	if s := demangleStd[d.in[1]]; s != "" {
		d.in = d.in[2:]
		return s
	}
	d.in = d.in[1:]
	n := d.index(36)
	if d.bad || n >= len(d.subs) {
		return d.fail()
	}
	return d.made(d.subs[n])
}

// parameter reads T_, T0_: an argument of the template that is being read.
func (d *demangler) parameter() string {
	d.in = d.in[1:]
	n := d.index(10)
	if n < len(d.args) {
		return d.made(d.args[n])
	}
	return "auto" // of a lambda
}

var demangleStd = map[byte]string{
	'a': "std::allocator", 'b': "std::basic_string", 's': "std::string", 'i': "std::istream", 'o': "std::ostream", 'd': "std::iostream",
}

var demangleOperators = map[string]string{
	"nw": " new", "na": " new[]", "dl": " delete", "da": " delete[]", "aw": " co_await", "ps": "+", "ng": "-", "ad": "&", "de": "*", "co": "~",
	"pl": "+", "mi": "-", "ml": "*", "dv": "/", "rm": "%", "an": "&", "or": "|", "eo": "^", "aS": "=", "pL": "+=", "mI": "-=", "mL": "*=",
	"dV": "/=", "rM": "%=", "aN": "&=", "oR": "|=", "eO": "^=", "ls": "<<", "rs": ">>", "lS": "<<=", "rS": ">>=", "eq": "==", "ne": "!=",
	"lt": "<", "gt": ">", "le": "<=", "ge": ">=", "ss": "<=>", "nt": "!", "aa": "&&", "oo": "||", "pp": "++", "mm": "--", "cm": ",",
	"pm": "->*", "pt": "->", "cl": "()", "ix": "[]", "qu": "?",
}
