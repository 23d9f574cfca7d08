# Crashes as its argument says.
using Logging

struct PaymentError <: Exception
    message::String
end
Base.showerror(io::IO, e::PaymentError) = print(io, "PaymentError: ", e.message)

function charge(amount)
    amount < 0 && throw(ArgumentError("amount $amount is below zero"))
    div(100, amount)
end

function pay(amount)
    try
        charge(amount)
    catch
        throw(PaymentError("card was not charged"))
    end
end

descend(n) = 1 + descend(n + 1)

function logged()
    try
        pay(0)
    catch e
        @error "order 77 was lost" exception = (e, catch_backtrace())
    end
    @warn "one more order waits"
end

cases = Dict(
    "uncaught" => () -> charge(-3),
    "chained" => () -> pay(0),
    "multiline" => () -> error("three things are wrong:\n  - the card\n\n  - the amount\nError: and this line is no header"),
    "recursion" => () -> descend(0),
    "thread" => () -> wait(@async pay(-1)),
    "logged" => logged,
)
cases[ARGS[1]]()
