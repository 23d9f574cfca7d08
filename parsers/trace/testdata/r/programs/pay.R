find_wallet <- function(id) stop("no wallet ", id)
charge <- function(id, n) find_wallet(id)
batch <- function(x) lapply(x, function(i) charge(i, 1))
c <- commandArgs(TRUE)[1]
switch(c,
 stop = charge("w-8912", 5),
 log = log("x"),
 lapply = batch(1:2),
 top = stop("no config"),
 nocall = (function() stop("plain", call. = FALSE))(),
 multi = charge("w-1\nsecond line", 5),
 long = (function(a_rather_long_argument_name, another_long_argument_name) stop("a message that is certainly long enough to wrap"))(a_rather_long_argument_name = 1111111, another_long_argument_name = 2222222),
 warn = { warning("careful"); f <- function(x) warning("odd ", x); f(3); cat("went on\n") },
 both = { f <- function(x) { warning("odd ", x); charge("w-2", 1) }; f(3) },
 trace = { options(error = function() { traceback(2); quit(status = 1) }); charge("w-404", 5) },
 caught = { message("batch 77 start"); tryCatch(charge("w-1", 1), error = function(e) print(e)); message("batch 78 start") },
 try = { message("batch 77 start"); try(charge("w-1", 1)); message("batch 78 start") },
 object = x_not_there + 1,
 subscript = list(1)[[3]],
 nofun = nosuchfun(1),
 match = (function(type = c("a","b")) match.arg(type))("z"),
 deep = { f <- function(n) f(n + 1) + 1; f(0) },
 parse = parse(text = "x = = 3"),
 cond = stop(structure(class = c("declined", "error", "condition"), list(message = "declined 51", call = sys.call(-1))))
)
