proc find {id} { error "no wallet $id" }
proc charge {id n} { find $id }
proc divide {a b} { expr {$a / $b} }
namespace eval acme { proc post {n} { ::charge w-8912 $n } }
switch [lindex $argv 0] {
 err { charge w-8912 5 }
 zero { divide 1 0 }
 ns { acme::post 5 }
 caught { puts stderr "batch 77 start"; catch {acme::post 5} m o; puts stderr [dict get $o -errorinfo]; puts "batch 78 start" }
 multi { error "first line\nsecond line" }
 unknown { nosuch a b }
 after { after 1 {charge w-1 2}; after 20 {exit}; vwait forever }
 source { source inner.tcl }
 apply { apply {{x} {charge $x 1}} w-2 }
 lmap { foreach x {1 2} { charge $x 1 } }
}
