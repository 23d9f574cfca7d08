library(rlang); debit <- function(n) stop("disk full"); charge <- function(n) tryCatch(debit(n), error=function(e) abort("Charge failed.", parent=e)); run <- function() charge(900); 
run()
