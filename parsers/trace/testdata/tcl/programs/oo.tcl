oo::class create Wallet { 
  constructor {c} { my variable cents; set cents $c; if {$c < 0} { error "negative" } }
  method debit {n} { my Check $n }
  method Check {n} { error "no funds" "" {DECLINED} }
}
oo::class create Sub { superclass Wallet
  method debit {n} { next [expr {$n+1}] } 
  destructor { error "late" }
}
set w [Sub new 5]; proc go {w} { uplevel 1 [list $w debit 9] } 
if {$argc} { catch { Sub new -1 }; puts stderr $::errorInfo; catch { $w destroy } ; apply {{x} { foreach i {1} { while 1 { Wallet create $x -1 } } }} foo }
go $w
