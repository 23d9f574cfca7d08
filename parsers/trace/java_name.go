package trace

import "strings"

// javaModule cleans what changes from run to run out of the names of generated
// classes, so that the same fault is the same issue tomorrow.
func javaModule(class string) string {
	if strings.IndexByte(class, '$') < 0 && strings.IndexByte(class, '/') < 0 && strings.IndexByte(class, '+') < 0 && !javaNumbered(class) {
		return class
	}
	for _, mark := range javaGenerated {
		if i := strings.Index(class, mark.begin); i > 0 {
			end := i + len(mark.begin)
			if mark.word {
				end = javaWordEnd(class, end)
			}
			return class[:end]
		}
	}
	if i := strings.LastIndex(class, "/0x"); i > 0 { // a hidden class of JDK 15 and later
		class = class[:i]
	} else if i = strings.LastIndex(class, "+0x"); i > 0 {
		class = class[:i]
	} else if i = strings.LastIndexByte(class, '/'); i > 0 { // an anonymous one before that: LambdaForm$MH/1234
		class = class[:i]
	}
	class = javaLisp(class)
	if module, rest, ok := javaScript(class); ok {
		return module + rest
	}
	if bare := strings.TrimRight(class, "0123456789"); len(bare) < len(class) && javaCounted(bare) {
		class = bare
	}
	if rest, ok := strings.CutPrefix(class, "jdk.proxy"); ok { // one package for each class loader
		return "jdk.proxy" + strings.TrimLeft(rest, "0123456789")
	}
	return class
}

// javaGenerated are the marks behind which a generator of classes puts a number
// or a hash; word says that the generator's own name goes on behind the mark.
var javaGenerated = [...]struct {
	begin string
	word  bool
}{
	{"$$Lambda", false},     // the JDK: $$Lambda$14/0x0000000800c03000, $$Lambda/0x...
	{"$$EnhancerBy", true},  // cglib: $$EnhancerBySpringCGLIB$$1a2b3c4d, $$EnhancerByGuice$$77
	{"$$FastClassBy", true}, // cglib
	{"$$SpringCGLIB", false},
	{"$HibernateProxy", false},
	{"$MockitoMock", false},
	{"$ByteBuddy", false},
	{"$auxiliary", false},
	{"_$$_jvst", false}, // Javassist
	{"_$$_javassist", false},
	{"$$_javassist", false},
}

// javaWordEnd is the end of the letters at i.
func javaWordEnd(s string, i int) int {
	for i < len(s) && javaLetter(s[i]) && s[i] != '$' {
		i++
	}
	return i
}

// javaCounted tells whether a number behind bare is a mere count of classes made at run time.
func javaCounted(bare string) bool {
	for _, suffix := range [...]string{"$Proxy", "MethodAccessor", "ConstructorAccessor", "$$$view", "$$$endpoint", "$$OwbNormalScopeProxy", "org.python.pycode._pyx"} {
		if strings.HasSuffix(bare, suffix) {
			return true
		}
	}
	return false
}

// javaNumbered tells whether a class without $ may yet have a number to drop.
func javaNumbered(class string) bool {
	return len(class) > 0 && isDigit(class[len(class)-1]) &&
		(strings.HasSuffix(strings.TrimRight(class, "0123456789"), "Accessor") || strings.HasPrefix(class, "Script") || strings.HasPrefix(class, "org.python."))
}

// javaLisp drops the numbers that Clojure's compiler counts up:
// user$eval1234$fn__1236, user$reify__77.
func javaLisp(class string) string {
	if !strings.Contains(class, "$eval") && !strings.Contains(class, "__") {
		return class
	}
	parts := strings.Split(class, "$")
	for i, part := range parts[1:] {
		bare := strings.TrimRight(part, "0123456789")
		if bare == "eval" || strings.HasSuffix(bare, "__") {
			parts[i+1] = bare
		}
	}
	return strings.Join(parts, "$")
}

// javaScript reads the class of a script that Groovy counts: Script7$_run_closure1.
func javaScript(class string) (module, rest string, ok bool) {
	rest, found := strings.CutPrefix(class, "Script")
	if !found {
		return "", "", false
	}
	n := 0
	for n < len(rest) && isDigit(rest[n]) {
		n++
	}
	if n == 0 || n < len(rest) && rest[n] != '$' {
		return "", "", false
	}
	return "Script", rest[n:], true
}

// javaFile is the name of the file, without the number of a script.
func javaFile(class, file string) string {
	if _, _, ok := javaScript(class); ok && strings.HasPrefix(file, "Script") && strings.HasSuffix(file, ".groovy") {
		return "Script.groovy"
	}
	return file
}
