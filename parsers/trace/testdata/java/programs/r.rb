module Acme; class Declined < StandardError; end
 class Ledger; def debit(w, n); raise ArgumentError, "negative #{n}" if n < 0; end
 def pay(w); [1].each { |x| begin; debit(w, -x); rescue => e; raise Declined, "declined #{w}"; end }; end; end; end
case ARGV[0]
when 'plain' then Acme::Ledger.new.pay('w-1')
when 'java' then java.util.ArrayList.new.get(3)
when 'javatrace' then begin; Acme::Ledger.new.pay('w'); rescue => e; e.to_java(java.lang.Throwable).printStackTrace; end
when 'thread' then Thread.new { Acme::Ledger.new.pay('w-2') }.join
end
