require "log"
require "http/server"
module Ledger
  class Declined < Exception
    def initialize(@amount : Int32, wallet : String)
      super("insufficient funds: #{wallet} lacks #{@amount}")
    end
  end
  class Unknown < Exception; end
  class Wallet
    @book = {} of String => Int32
    def charge(n : Int32)
      raise Declined.new(n, "w-7") if n > 50
      n
    end
    def find(k : String) : Int32
      @book[k]
    end
    def self.open(path)
      File.read(path)
    end
  end
end
def deep(n : Int32) : Int32
  raise ArgumentError.new("bottom") if n == 0
  deep(n - 1) + 1
end
def forever(n : Int32) : Int32
  forever(n + 1) + 1
end
def risky
  yield 3
end
mode = ARGV[0]
puts "batch 77 start"
STDOUT.flush
case mode
when "declined" then Ledger::Wallet.new.charge(51)
when "key" then Ledger::Wallet.new.find("w-404")
when "file" then Ledger::Wallet.open("/none/such")
when "index" then [1, 2][ARGV.size + 5]
when "deep" then deep(30)
when "multi" then raise "first line\nsecond line (of two)\n\n  from the start"
when "empty" then raise Ledger::Declined.new(1, "")
when "nomsg" then raise Exception.new
when "caused"
  begin
    begin
      Ledger::Wallet.new.find("w-404")
    rescue e : KeyError
      raise Ledger::Unknown.new("wallet unknown", e)
    end
  rescue e
    raise Exception.new("settling batch 77 failed", cause: e)
  end
when "spawn"
  spawn { Ledger::Wallet.new.charge(51) }
  Fiber.yield
  puts "goes on"
when "spawnname"
  spawn(name: "worker 3") { Ledger::Wallet.new.charge(51) }
  Fiber.yield
  puts "goes on"
when "log"
  log = ::Log.for("pay.ledger")
  begin
    Ledger::Wallet.new.charge(51)
  rescue e
    log.error(exception: e) { "charging failed" }
    log.info { "goes on" }
    log.warn(exception: e, &.emit("retrying", wallet: "w-7"))
    log.error(exception: e) { }
    log.fatal { "no exception" }
  end
when "inspect"
  begin
    Ledger::Wallet.new.charge(51)
  rescue e
    e.inspect_with_backtrace(STDERR)
    puts e.inspect
    puts e.backtrace.join("\n")
  end
when "block" then risky { |x| Ledger::Wallet.new.charge(x + 50) }
when "overflow" then forever(1)
when "segv" then puts Pointer(Int32).new(8_u64).value
when "nil" then (ARGV[9]?).not_nil!
when "cast" then (ARGV.size > 0 ? "a" : 1).as(Int32)
when "arith" then x = Int32::MAX; puts x + ARGV.size
when "div" then puts 1 // (ARGV.size - 1)
when "http"
  server = HTTP::Server.new([HTTP::ErrorHandler.new, HTTP::LogHandler.new]) { |ctx| Ledger::Wallet.new.charge(51) }
  server2 = HTTP::Server.new { |ctx| Ledger::Wallet.new.charge(51) }
  a = server.bind_tcp("127.0.0.1", 0)
  b = server2.bind_tcp("127.0.0.1", 0)
  spawn { server.listen }
  spawn { server2.listen }
  Fiber.yield
  puts HTTP::Client.get("http://#{a}/charge?id=7").status_code
  puts HTTP::Client.get("http://#{b}/charge?id=7").status_code
  sleep 0.1
end
