namespace eval acme::wallet { proc debit {n} { if {$n > 5} { return -code error -errorcode {DECLINED 51} "balance too low\nfor $n" } } }
proc charge {n} { if {[catch {acme::wallet::debit $n} msg opts]} { puts stderr "ERROR charge failed: $msg\n$::errorInfo"; return -options $opts "charge failed: $msg" } }
proc run {} { foreach x {1 9} { charge $x } }
run
