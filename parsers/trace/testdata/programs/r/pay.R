# Crashes as its argument says.
charge <- function(amount) {
  if (amount < 0) stop("amount ", amount, " is below zero")
  100 %/% amount$cents
}

pay <- function(amount) {
  tryCatch(charge(amount), error = function(e) {
    stop("card was not charged: ", conditionMessage(e))
  })
}

descend <- function(n) descend(n + 1) + 1

cases <- list(
  uncaught = function() charge(-3),
  chained = function() pay(-1),
  multiline = function() stop("three things are wrong:\n  - the card\n\n  - the amount\nError: and this line is no header"),
  recursion = function() {
    options(expressions = 60)
    descend(0)
  },
  warnings = function() {
    charge2 <- function(x) as.integer(x)
    charge2("ten")
    warning("order 77 is late")
    charge(list())
  },
  traceback = function() {
    options(error = quote({ traceback(1); q(status = 1) }))
    charge(-3)
  },
  logged = function() {
    tryCatch(pay(-1), error = function(e) {
      message(format(Sys.time(), "%Y-%m-%d %H:%M:%S"), " ERROR order 77 was lost: ", conditionMessage(e))
      print(e)
    })
    message(format(Sys.time(), "%Y-%m-%d %H:%M:%S"), " WARN one more order waits")
  }
)
invisible(cases[[commandArgs(TRUE)[1]]]())
