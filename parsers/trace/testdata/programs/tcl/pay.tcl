# Crashes as its argument says.
proc charge {amount} {
    if {$amount < 0} {
        error "amount $amount is below zero"
    }
    return [expr {100 / $amount}]
}

proc pay {amount} {
    try {
        charge $amount
    } on error {message options} {
        return -options $options "card was not charged: $message"
    }
}

proc descend {n} {
    descend [expr {$n + 1}]
}

switch [lindex $argv 0] {
    uncaught { charge 0 }
    chained { pay -1 }
    multiline { error "three things are wrong:\n  - the card\n\n  - the amount\nError: and this line is no header" }
    recursion { interp recursionlimit {} 40; descend 0 }
    event {
        after 1 {charge -2}
        after 20 {exit 1}
        vwait forever
    }
    logged {
        if {[catch {pay -1}]} {
            puts stderr "[clock format [clock seconds] -gmt 1 -format {%Y-%m-%d %H:%M:%S}] ERROR order 77 was lost: $::errorInfo"
        }
        puts stderr "[clock format [clock seconds] -gmt 1 -format {%Y-%m-%d %H:%M:%S}] WARN one more order waits"
    }
}
