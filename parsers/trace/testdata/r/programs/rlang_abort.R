library(rlang); debit <- function(n) abort(c("Balance too low.", x="Needs 900.", i="Has 5."), class="declined"); charge <- function(n) debit(n); run <- function() charge(900)
run()
