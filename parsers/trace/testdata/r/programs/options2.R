options(error=quote({dump.frames(); cat("dumped\n")}), showErrorCalls=TRUE); R6 <- list(run=function(x) x$y$z()); R6$run(1)
