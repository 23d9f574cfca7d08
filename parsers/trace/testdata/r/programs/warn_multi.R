f <- function(x) { warning("careful"); as.integer("x") }; f(1); message("note: Error in prose"); g <- function() { warning("last"); stop("multi\n  line\nmessage") }; g()
