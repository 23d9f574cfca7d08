# Crashes as its argument says.
require "log"

class PaymentError < Exception
end

def charge(amount : Int32) : Int32
  raise ArgumentError.new("amount #{amount} is below zero") if amount < 0
  100 // amount
end

def pay(amount : Int32) : Int32
  charge(amount)
rescue ex : ArgumentError | DivisionByZeroError
  raise PaymentError.new("card was not charged", cause: ex)
end

def descend(n : Int32) : Int32
  n == 0 ? charge(-1) : 1 + descend(n - 1)
end

case ARGV[0]
when "uncaught" then charge(-3)
when "chained"  then pay(0)
when "multiline"
  raise PaymentError.new("three things are wrong:\n  - the card\n\n  - the amount\nError: and this line is no header")
when "recursion" then descend(40)
when "thread"
  spawn(name: "worker-7") { pay(-1) }
  sleep 0.05
when "logged"
  Log.setup(:info, Log::IOBackend.new(STDERR))
  begin
    pay(0)
  rescue ex
    Log.for("pay.card").error(exception: ex) { "order 77 was lost" }
  end
  Log.for("pay.card").warn { "one more order waits" }
  sleep 0.05
end
