package trace

import (
	"strconv"
	"strings"
)

// rustLegacy undoes what Rust did to names before it had a mangling of its own:
// "_$LT$pay..Ledger$u20$as$u20$core..fmt..Debug$GT$::fmt::h0123456789abcdef".
func rustLegacy(s string) string {
	n := len(s) - len("::h0123456789abcdef")
	if n <= 0 || s[n:n+3] != "::h" || !rustHex(s[n+3:]) {
		return s
	}
	s = s[:n]
	var sb strings.Builder
	for i := 0; i < len(s); i++ {
		switch {
		case s[i] == '_' && (i == 0 || s[i-1] == ':') && strings.HasPrefix(s[i:], "_$"):
		case s[i] == '.' && strings.HasPrefix(s[i:], ".."):
			sb.WriteString("::")
			i++
		case s[i] == '$':
			end := strings.IndexByte(s[i+1:min(len(s), i+8)], '$')
			text, ok := "", false
			if end > 0 {
				text, ok = rustEscape(s[i+1 : i+1+end])
			}
			if !ok {
				sb.WriteByte('$')
				continue
			}
			sb.WriteString(text)
			i += end + 1
		default:
			sb.WriteByte(s[i])
		}
	}
	return sb.String()
}

// rustEscape is the text of a code between dollars.
func rustEscape(code string) (string, bool) {
	switch code {
	case "LT":
		return "<", true
	case "GT":
		return ">", true
	case "RF":
		return "&", true
	case "BP":
		return "*", true
	case "C":
		return ",", true
	case "LP":
		return "(", true
	case "RP":
		return ")", true
	case "SP":
		return "@", true
	}
	if code[0] != 'u' {
		return "", false
	}
	r, err := strconv.ParseUint(code[1:], 16, 21)
	return string(rune(r)), err == nil
}

// rustDemangled reads a name of Rust's own mangling (RFC 2603), the _R taken
// off. Hashes of crates and generic constants other than numbers are left out.
func rustDemangled(in string) (string, bool) {
	if i := strings.IndexByte(in, '.'); i >= 0 {
		in = in[:i] // .llvm.123
	}
	d := rustMangled{demangler: demangler{in: in, work: demangleWork}, all: in}
	s := d.path()
	return s, !d.bad && s != ""
}

// rustMangled reads such a name; back references point into all of it.
type rustMangled struct {
	demangler
	all string
}

func (d *rustMangled) next() byte {
	c := d.peek()
	if c == 0 {
		d.bad = true
		return 0
	}
	d.in = d.in[1:]
	return c
}

// base62 reads "_" as 0 and "a_" as 11.
func (d *rustMangled) base62() int {
	if d.eat("_") {
		return 0
	}
	n := 0
	for !d.bad && !d.eat("_") {
		switch c := d.next(); {
		case isDigit(c):
			n = n*62 + int(c-'0')
		case c >= 'a' && c <= 'z':
			n = n*62 + int(c-'a') + 10
		case c >= 'A' && c <= 'Z':
			n = n*62 + int(c-'A') + 36
		default:
			d.bad = true
		}
		if n > 1<<40 { // the hash of a crate is never looked at
			n %= 1 << 40
		}
	}
	return n + 1
}

// ident reads an identifier with what tells it from others of its name.
func (d *rustMangled) ident() (name string, dis int) {
	if d.eat("s") {
		dis = d.base62() + 1
	}
	if d.eat("u") { // punycode
		d.bad = true
	}
	n := d.number()
	d.eat("_")
	if n < 0 || n > len(d.in) {
		return d.fail(), 0
	}
	name, d.in = d.in[:n], d.in[n:]
	return name, dis
}

// back reads a reference to an earlier place and what f finds there.
func (d *rustMangled) back(f func() string) string {
	at := d.base62()
	if d.bad || at >= len(d.all)-len(d.in) {
		return d.fail()
	}
	rest := d.in
	d.in = d.all[at:]
	s := f()
	d.in = rest
	return d.made(s)
}

func (d *rustMangled) path() string {
	if !d.enter() {
		return ""
	}
	defer func() { d.depth-- }()
	switch d.next() {
	case 'C':
		name, _ := d.ident()
		return name
	case 'N':
		return d.inside()
	case 'M':
		d.implementation()
		return "<" + d.typ() + ">"
	case 'X':
		d.implementation()
		fallthrough
	case 'Y':
		own := d.typ()
		return d.made("<" + own + " as " + d.path() + ">")
	case 'I':
		p := d.path()
		return d.made(p + "<" + d.list(d.generic) + ">")
	case 'B':
		return d.back(d.path)
	}
	return d.fail()
}

// implementation skips the path of an impl block.
func (d *rustMangled) implementation() {
	if d.eat("s") {
		d.base62()
	}
	d.path()
}

// inside reads a name inside another; closures have a number instead of one.
func (d *rustMangled) inside() string {
	space := d.next()
	outer := d.path()
	name, dis := d.ident()
	switch {
	case space == 'C':
		return d.made(outer + "::{closure#" + strconv.Itoa(dis) + "}")
	case space == 'S':
		return d.made(outer + "::{shim:" + name + "#" + strconv.Itoa(dis) + "}")
	case name == "":
		return outer
	}
	return d.made(outer + "::" + name)
}

// list reads items up to E.
func (d *rustMangled) list(item func() string) string {
	var list []string
	for !d.bad && !d.eat("E") {
		if s := item(); s != "" {
			list = append(list, s)
		}
	}
	return d.made(strings.Join(list, ", "))
}

func (d *rustMangled) generic() string {
	switch {
	case d.eat("L"):
		d.base62()
		return ""
	case d.eat("K"):
		return d.constant()
	}
	return d.typ()
}

// constant reads a number such as "j4_".
func (d *rustMangled) constant() string {
	if d.eat("B") {
		return d.back(d.constant)
	}
	d.next()
	end := strings.IndexByte(d.in, '_')
	if d.bad || end < 0 || end > 16 {
		return d.fail()
	}
	n, err := strconv.ParseUint(d.in[:end], 16, 64)
	if d.in = d.in[end+1:]; err != nil && end > 0 {
		return "_"
	}
	return strconv.FormatUint(n, 10)
}

func (d *rustMangled) typ() string {
	if !d.enter() {
		return ""
	}
	defer func() { d.depth-- }()
	if s := rustBasic[d.peek()]; s != "" {
		d.next()
		return s
	}
	switch {
	case d.eat("A"):
		t := d.typ()
		return d.made("[" + t + "; " + d.constant() + "]")
	case d.eat("S"):
		return d.made("[" + d.typ() + "]")
	case d.eat("T"):
		return d.made("(" + d.list(d.typ) + ")")
	case d.eat("RL"), d.eat("QL"):
		d.base62()
		return d.made("&" + d.typ())
	case d.eat("R"):
		return d.made("&" + d.typ())
	case d.eat("Q"):
		return d.made("&mut " + d.typ())
	case d.eat("P"):
		return d.made("*const " + d.typ())
	case d.eat("O"):
		return d.made("*mut " + d.typ())
	case d.eat("F"):
		return d.function()
	case d.eat("D"):
		return d.object()
	case d.eat("B"):
		return d.back(d.typ)
	}
	return d.path()
}

// function reads the type of a function.
func (d *rustMangled) function() string {
	if d.eat("G") {
		d.base62()
	}
	d.eat("U")
	if d.eat("K") && !d.eat("C") {
		d.ident()
	}
	in := d.list(d.typ)
	if out := d.typ(); out != "()" {
		return d.made("fn(" + in + ") -> " + out)
	}
	return d.made("fn(" + in + ")")
}

// object reads "dyn A + B".
func (d *rustMangled) object() string {
	if d.eat("G") {
		d.base62()
	}
	var traits []string
	for !d.bad && !d.eat("E") {
		p := d.path()
		for d.eat("p") {
			name, _ := d.ident()
			p += "<" + name + " = " + d.typ() + ">"
		}
		traits = append(traits, p)
	}
	if d.eat("L") {
		d.base62()
	}
	return d.made("dyn " + strings.Join(traits, " + "))
}

var rustBasic = map[byte]string{
	'a': "i8", 'b': "bool", 'c': "char", 'd': "f64", 'e': "str", 'f': "f32", 'h': "u8", 'i': "isize", 'j': "usize", 'l': "i32", 'm': "u32",
	'n': "i128", 'o': "u128", 's': "i16", 't': "u16", 'u': "()", 'v': "...", 'x': "i64", 'y': "u64", 'z': "!", 'p': "_",
}
