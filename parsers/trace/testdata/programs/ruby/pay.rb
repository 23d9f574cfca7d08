# Crashes as its argument says.
require 'logger'

class PaymentError < StandardError; end

def charge(amount)
  raise ArgumentError, "amount #{amount} is below zero" if amount < 0

  100 / amount
end

def pay(amount)
  charge(amount)
rescue ArgumentError, ZeroDivisionError
  raise PaymentError, 'card was not charged'
end

def descend(n)
  descend(n + 1)
end

case ARGV[0]
when 'uncaught' then charge(-3)
when 'chained' then pay(0)
when 'multiline'
  raise PaymentError, "three things are wrong:\n  - the card\n\n  - the amount\nError: and this line is no header"
when 'recursion' then descend(0)
when 'thread'
  t = Thread.new { pay(-1) }
  t.name = 'worker-7'
  begin
    t.join
  rescue PaymentError
    warn 'one more order waits'
  end
when 'logged'
  log = Logger.new($stderr, progname: 'pay')
  begin
    pay(0)
  rescue PaymentError => e
    log.error(e)
    log.error("order 77 was lost: #{e.full_message(highlight: false)}")
  end
  log.warn('one more order waits')
end
