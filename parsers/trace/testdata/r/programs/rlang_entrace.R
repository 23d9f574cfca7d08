rlang::global_entrace(); debit <- function(n) stop("balance too low"); charge <- function(n) { lapply(1, function(i) debit(i)) }; charge(900)
