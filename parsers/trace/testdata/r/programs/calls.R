do.call(function(a) { if (a) stop("in anonymous") }, list(TRUE))
