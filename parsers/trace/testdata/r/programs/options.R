options(error=function() { traceback(2); quit(status=1) }); f <- function(x) g(x); g <- function(x) { stop("declined: ", x) }; f("w-7")
