package acme
class Ledger { def debit(w, n) { if (n < 0) throw new IllegalArgumentException("negative $n for $w"); n } }
def run1(c) { switch (c) {
 case 'closure': [1, -2].each { new Ledger().debit('w', it) }; break
 case 'missing': new Ledger().nope(1, 'x'); break
 case 'assert': def a = [1, 2]; assert a.size() == 3 && a[0] == 2; break
 case 'eval': new GroovyShell().evaluate('def f(x) { x / 0 }\n[1].collect { f(it) }'); break
 case 'cast': int i = "abc" as Integer; break
} }
run1(args[0])
