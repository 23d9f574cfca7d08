package trace

import "strings"

// demangleType is a type in two parts, between which a declarator stands:
// "void (*" and ")(int)".
type demangleType struct {
	left, right string
	wrapped     bool
}

func (t demangleType) String() string { return t.left + t.right }

// point adds "*", "&" or "&&".
func (t demangleType) point(sign string) demangleType {
	if t.right != "" && !t.wrapped {
		t.left, t.right, t.wrapped = t.left+"(", ")"+t.right, true
	}
	t.left += sign
	return t
}

// typ reads a type. Substitutions are remembered in the order of the ABI: from
// the inside out, built-in types not at all.
func (d *demangler) typ() (t demangleType) {
	if !d.enter() {
		return t
	}
	args := d.args
	defer func() { d.depth--; d.args = args }()
	if s := demangleBuiltin[d.peek()]; s != "" {
		d.in = d.in[1:]
		return demangleType{left: s}
	}
	switch c := d.peek(); {
	case c == 0:
		d.bad = true
	case d.eat("P"):
		t = d.typ().point("*")
	case d.eat("R"):
		t = d.typ().point("&")
	case d.eat("O"):
		t = d.typ().point("&&")
	case c == 'r', c == 'V', c == 'K':
		t = d.qualified()
	case d.eat("u"):
		t.left = d.source()
		return t
	case c == 'F', strings.HasPrefix(d.in, "DoF"):
		d.eat("Do")
		t = d.function()
	case d.eat("A"):
		t = d.array()
	case d.eat("M"):
		class := d.typ().String()
		t = d.typ()
		t = t.point(class + "::*")
	case d.eat("Dp"): // a pack
		return d.typ()
	case c == 'D':
		return demangleType{left: d.special()}
	case c == 'T':
		t.left = d.parameter()
		d.remember(t.left)
		if d.peek() == 'I' {
			t.left += d.templateArgs()
			break
		}
		return t
	case c == 'S' && !strings.HasPrefix(d.in, "St"):
		t.left = d.substitution()
		if d.peek() != 'I' {
			return t
		}
		t.left += d.templateArgs()
	default:
		t.left = d.name()
	}
	d.remember(d.made(t.String()))
	return t
}

// qualified reads "const" and its like.
func (d *demangler) qualified() demangleType {
	var words string
	for {
		switch {
		case d.eat("r"):
			words += " __restrict"
		case d.eat("V"):
			words = " volatile" + words
		case d.eat("K"):
			words = " const" + words
		default:
			t := d.typ()
			t.left += words
			return t
		}
	}
}

// function reads "FviE": the result, then the parameters.
func (d *demangler) function() demangleType {
	d.eat("F")
	d.eat("Y")
	result := d.typ().String()
	var list []string
	for !d.bad && !d.eat("E") && !d.eat("RE") && !d.eat("OE") {
		if d.peek() == 0 {
			d.bad = true
		}
		if t := d.typ().String(); t != "void" {
			list = append(list, t)
		}
	}
	return demangleType{left: result + " ", right: "(" + d.made(strings.Join(list, ", ")) + ")"}
}

// array reads "A4_i".
func (d *demangler) array() demangleType {
	i := strings.IndexByte(d.in, '_')
	if i < 0 || i > 12 {
		d.bad = true
		return demangleType{}
	}
	n := d.in[:i]
	d.in = d.in[i+1:]
	t := d.typ()
	return demangleType{left: t.left + " ", right: "[" + n + "]" + t.right}
}

// special reads the types that begin with D.
func (d *demangler) special() string {
	for code, name := range demangleSpecial {
		if d.eat(code) {
			return name
		}
	}
	return d.fail()
}

// templateArgs reads what stands between I and E, angle brackets included. The
// innermost list read last is the one that T_ refers to.
func (d *demangler) templateArgs() string {
	if !d.enter() {
		return ""
	}
	defer func() { d.depth-- }()
	d.eat("I")
	var args []string
	d.argList(&args)
	d.args = args
	s := strings.Join(args, ", ")
	if strings.HasSuffix(s, ">") {
		s += " "
	}
	return d.made("<" + s + ">")
}

// argList reads arguments up to E; a pack stands for its members.
func (d *demangler) argList(args *[]string) {
	for !d.bad && !d.eat("E") {
		switch {
		case d.peek() == 0, d.peek() == 'X': // an expression
			d.bad = true
		case d.eat("J"):
			if d.enter() {
				d.argList(args)
			}
			d.depth--
		case d.eat("L"):
			*args = append(*args, d.literal())
		default:
			*args = append(*args, d.typ().String())
		}
	}
}

// literal reads a value behind L: "j3E" is 3u.
func (d *demangler) literal() string {
	if d.eat("_Z") {
		s := d.encoded()
		for !d.bad && !d.eat("E") {
			d.typ()
		}
		return s
	}
	kind := d.peek()
	typ := d.typ().String()
	end := strings.IndexByte(d.in, 'E')
	if d.bad || end < 0 || end > 40 {
		return d.fail()
	}
	v := d.in[:end]
	d.in = d.in[end+1:]
	if strings.HasPrefix(v, "n") {
		v = "-" + v[1:]
	}
	switch kind {
	case 'b':
		if v == "0" {
			return "false"
		}
		return "true"
	case 'i':
		return v
	case 'j', 'l', 'm', 'x', 'y':
		return v + demangleSuffix[kind]
	}
	return "(" + typ + ")" + v
}

var demangleSuffix = map[byte]string{'j': "u", 'l': "l", 'm': "ul", 'x': "ll", 'y': "ull"}

var demangleBuiltin = map[byte]string{
	'v': "void", 'w': "wchar_t", 'b': "bool", 'c': "char", 'a': "signed char", 'h': "unsigned char", 's': "short", 't': "unsigned short",
	'i': "int", 'j': "unsigned int", 'l': "long", 'm': "unsigned long", 'x': "long long", 'y': "unsigned long long", 'n': "__int128",
	'o': "unsigned __int128", 'f': "float", 'd': "double", 'e': "long double", 'g': "__float128", 'z': "...",
}

var demangleSpecial = map[string]string{
	"Dn": "decltype(nullptr)", "Di": "char32_t", "Ds": "char16_t", "Du": "char8_t", "Da": "auto", "Dc": "decltype(auto)", "Dd": "decimal64",
	"De": "decimal128", "Df": "decimal32", "Dh": "half",
}
