package trace

import (
	"strings"
	"testing"

	"github.com/tracetail/tracetail/internal/event"
)

// TestJavaModule: what a generator of classes counts or hashes is no part of the name.
func TestJavaModule(t *testing.T) {
	for in, want := range map[string]string{
		"com.acme.A": "com.acme.A", "com.acme.A$1": "com.acme.A$1", "com.acme.Step2": "com.acme.Step2", "com.acme.A$Step2": "com.acme.A$Step2",
		"a.B$$Lambda$14/0x0000000800c03000": "a.B$$Lambda", "a.B$$Lambda/0x00007f1c2c0": "a.B$$Lambda", "a.B$$Lambda$14": "a.B$$Lambda",
		"a.B$$Lambda$21/1427810650": "a.B$$Lambda", "a.B$$ExternalSyntheticLambda3": "a.B$$ExternalSyntheticLambda3",
		"a.B$$EnhancerBySpringCGLIB$$1a2b": "a.B$$EnhancerBySpringCGLIB", "a.B$$EnhancerByGuice$$77": "a.B$$EnhancerByGuice",
		"a.B$$FastClassBySpringCGLIB$$d2c0": "a.B$$FastClassBySpringCGLIB", "a.B$$SpringCGLIB$$0": "a.B$$SpringCGLIB",
		"a.B$$SpringCGLIB$$FastClass$$1": "a.B$$SpringCGLIB", "a.B$HibernateProxy$Xy12": "a.B$HibernateProxy", "a.B$MockitoMock$123": "a.B$MockitoMock",
		"a.B_$$_jvst1e_0": "a.B_$$_jvst", "a.B_$$_javassist_7": "a.B_$$_javassist", "a.B$$$view12": "a.B$$$view",
		"com.sun.proxy.$Proxy12": "com.sun.proxy.$Proxy", "jdk.proxy2.$Proxy45": "jdk.proxy.$Proxy", "$Proxy7": "$Proxy",
		"jdk.internal.reflect.GeneratedMethodAccessor5": "jdk.internal.reflect.GeneratedMethodAccessor",
		"sun.reflect.GeneratedConstructorAccessor19":    "sun.reflect.GeneratedConstructorAccessor",
		"java.lang.invoke.LambdaForm$MH/0x1":            "java.lang.invoke.LambdaForm$MH", "java.lang.invoke.LambdaForm$DMH/1234": "java.lang.invoke.LambdaForm$DMH",
		"a.B$Hidden/0x000000080": "a.B$Hidden", "a.B+0x000000080": "a.B",
		"user$eval123$f__456": "user$eval$f__", "user$fn__1234": "user$fn__", "acme.core$reify__9": "acme.core$reify__", "user$eval1": "user$eval",
		"Script1": "Script", "Script12$_run_closure1": "Script$_run_closure1", "com.acme.Script1": "com.acme.Script1", "Scripting9": "Scripting9",
		"acme.Main$$anonfun$1": "acme.Main$$anonfun$1", "org.python.pycode._pyx12": "org.python.pycode._pyx",
	} {
		if got := javaModule(in); got != want {
			t.Errorf("%s: got %s, want %s", in, got, want)
		}
	}
}

// TestJavaRawFunction: what was cleaned is kept as it was printed.
func TestJavaRawFunction(t *testing.T) {
	for in, want := range map[string]string{ // function|module|filename|abs_path|raw_function
		"\tat a.B$$Lambda$14/0x0000000800c03000.run(Unknown Source)": "run|a.B$$Lambda|||a.B$$Lambda$14/0x0000000800c03000.run",
		"\tat Script3.run(Script3.groovy:2)":                         "run|Script|Script.groovy||Script3.run",
		"\tat a.B.c(B.java:1)":                                       "c|a.B|B.java||",
		"\tat RUBY.transfer(/srv/pay/app.rb:3)":                      "transfer|RUBY|app.rb|/srv/pay/app.rb|",
	} {
		f := javaEventFrame(span(in))
		if got := strings.Join([]string{f.Function, f.Module, f.Filename, f.AbsPath, f.RawFunction}, "|"); got != want {
			t.Errorf("%s\n got %s\nwant %s", in, got, want)
		}
	}
}

// TestJavaTwoRuns: two runs of one program differ in nothing that grouping sees.
func TestJavaTwoRuns(t *testing.T) {
	run := func(lambda, proxy, cglib, accessor, script, eval string) string {
		var sb strings.Builder
		for _, tr := range pyFollow(Java(), "a.X: 1\n"+
			"\tat a.B$$Lambda"+lambda+".apply(Unknown Source)\n"+
			"\tat jdk.proxy"+proxy+".pay(Unknown Source)\n"+
			"\tat a.B$$EnhancerBySpringCGLIB$$"+cglib+".pay(<generated>)\n"+
			"\tat jdk.internal.reflect.GeneratedMethodAccessor"+accessor+".invoke(Unknown Source)\n"+
			"\tat Script"+script+".run(Script"+script+".groovy:1)\n"+
			"\tat user$eval"+eval+".invoke(pay.clj:7)\n") {
			tr.eachFrame(func(f *event.Frame) {
				sb.WriteString(f.Module + " " + f.Function + " " + f.Filename + "\n")
			})
		}
		return sb.String()
	}
	one := run("$14/0x0000000800c03000", "2.$Proxy12", "1a2b3c4d", "5", "1", "138$fn__139")
	two := run("$31/0x00007f1c2c001200", "3.$Proxy40", "ffee0011", "61", "7", "2201$fn__2202")
	if one != two || strings.Count(one, "\n") != 6 {
		t.Errorf("first run\n%ssecond run\n%s", one, two)
	}
}
