module Ledger
struct Declined <: Exception
    amount::Int
    wallet::String
end
Base.showerror(io::IO, e::Declined) = print(io, "Declined: ", e.amount, " from ", e.wallet, "\nsecond line of it")
struct Plain <: Exception
    code::Int
end
charge(w::AbstractString, n::Int) = n > 50 ? throw(Declined(n, w)) : n
book(xs::Vector{Int}, i) = xs[i]
find(d::Dict, k) = d[k]
deep(n) = n == 0 ? error("bottom reached: n=0") : deep(n - 1) + 1
loop(n) = loop(n + 1) + 1
each(f, xs) = map(f, xs)
end
using .Ledger, Logging
mode = ARGS[1]
function main()
    println("batch 77 start"); flush(stdout)
    if mode == "declined"; Ledger.charge("w-7", 51)
    elseif mode == "bounds"; Ledger.book([1,2,3], 7)
    elseif mode == "key"; Ledger.find(Dict("a"=>1), "w-404")
    elseif mode == "plain"; throw(Ledger.Plain(7))
    elseif mode == "deep"; Ledger.deep(40)
    elseif mode == "overflow"; Ledger.loop(1)
    elseif mode == "string"; throw("just a string")
    elseif mode == "method"; Ledger.charge(1, 2)
    elseif mode == "undef"; undefined_thing + 1
    elseif mode == "anon"; Ledger.each(x -> Ledger.charge("w", x), [1, 99])
    elseif mode == "caused"
        try
            try
                Ledger.find(Dict("a"=>1), "w-404")
            catch e
                Ledger.book([1], 3)
            end
        catch e
            error("settling batch 77 failed")
        end
    elseif mode == "task"
        t = @async Ledger.charge("w-7", 51)
        wait(t)
    elseif mode == "fetch"
        t = Threads.@spawn begin
            u = @async Ledger.find(Dict("a"=>1), "w-404")
            fetch(u)
        end
        fetch(t)
    elseif mode == "composite"
        @sync begin
            @async Ledger.charge("w-7", 51)
            @async Ledger.charge("w-8", 61)
        end
    elseif mode == "log"
        try
            Ledger.charge("w-7", 51)
        catch e
            @error "charging failed" exception=(e, catch_backtrace()) wallet="w-7"
        end
        @info "batch goes on"
        @warn "slow" ms=12
        try
            Ledger.book([1], 3)
        catch e
            @error "multi\nline message" exception=(e, catch_backtrace())
            @error "only the error" exception=e
            @error "no exception" wallet="w-1" data=[1,2,3]
            @warn "retrying" exception=(e, catch_backtrace())
        end
        @error "bare"
    elseif mode == "showerror"
        try
            Ledger.charge("w-7", 51)
        catch e
            showerror(stderr, e, catch_backtrace()); println(stderr)
        end
        println("goes on")
    elseif mode == "display"
        try
            Ledger.charge("w-7", 51)
        catch e
            Base.display_error(stderr, e, catch_backtrace())
        end
        println("goes on")
    elseif mode == "segv"; unsafe_load(Ptr{Int}(8))
    elseif mode == "parse"; include("bad.jl")
    elseif mode == "unhandledtask"
        t = @async Ledger.charge("w-7", 51)
        sleep(0.2)
        println("batch 77 done")
    elseif mode == "errormonitor"
        t = Task(() -> Ledger.charge("w-7", 51)); t.sticky=false
        schedule(t); sleep(0.1); println("done")
    elseif mode == "assert"; @assert 1 == 2 "sums differ"
    elseif mode == "domain"; sqrt(-1.0)
    elseif mode == "inexact"; Int(1.5)
    elseif mode == "exit"; exit(3)
    end
end
main()
