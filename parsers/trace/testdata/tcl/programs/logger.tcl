package require logger; set log [logger::init acme]; proc d {} { error "boom" }; if {[catch d m]} { ${log}::error "charge failed: $m\n$::errorInfo" }; ${log}::info ok
