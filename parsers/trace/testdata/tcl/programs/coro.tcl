proc gen {} { yield; set x [expr {1/0}]; } ; coroutine g gen; proc pull {} { g } ; dict for {k v} {a 1} { eval { if {1} { switch x { x { pull } } } } }
