require_relative 'wallet'
require 'logger'
require 'json'
include Acme
def settle
  Wallet.charge('w-404')
rescue Declined
  raise ArgumentError, 'settle failed'
end
def logger(out = $stdout) = Logger.new(out)
case ARGV[0]
when 'chain' then Wallet.charge('w-404')
when 'chain3' then settle
when 'batch' then Wallet.batch(%w[w-404])
when 'nil' then Wallet.new.debit(7)
when 'typo' then [1].frist
when 'typo_chain' then begin; [1].frist; rescue => e; raise Declined, "no: #{e.class}"; end
when 'multiline' then def m = raise(Declined, "first line\n\nthird: line\npay.rb:3:in nothing"); m
when 'multiline_main' then raise "first\nsecond"
when 'empty' then def m = raise(Declined, ''); m
when 'empty_runtime' then def m = raise(''); m
when 'anonymous' then raise Class.new(StandardError), 'no name'
when 'main' then raise Declined, 'at the top (really)'
when 'deep' then Wallet.new.deep(0)
when 'thread' then Thread.new { Thread.current.name = 'settler 1'; Wallet.charge('w-2') }.join
when 'thread_nojoin' then Thread.new { Wallet.charge('w-2') }; sleep 0.2; puts 'still here'
when 'bottom' then begin; settle; rescue => e; print e.full_message(highlight: false, order: :bottom); end
when 'full' then begin; settle; rescue => e; logger.error(e.full_message(highlight: false, order: :top)); end
when 'coloured' then begin; settle; rescue => e; puts e.full_message(highlight: true); end
when 'logger'
  l = logger
  l.progname = 'settler'
  l.info 'batch 77 start'
  begin; settle; rescue => e; l.error(e); end
  begin; raise Declined, "first line\nsecond (line)"; rescue => e; l.fatal(e); end
  begin; settle; rescue => e; l.error("settle went wrong: #{e.class}: #{e.message}\n#{e.backtrace.join("\n")}"); end
  begin; settle; rescue => e; l.error("#{e.message}\n  #{e.backtrace.join("\n  ")}"); end
  begin; settle; rescue => e; l.error(e.inspect + "\n" + e.backtrace.join("\n")); end
  l.warn 'slow'
when 'abort' then abort 'nothing to do'
when 'warn' then warn 'slow', uplevel: 0
when 'interrupt' then Process.kill('INT', $$); sleep 1
when 'ensure' then begin; raise Declined, 'first'; ensure; raise KeyError, 'in ensure'; end
when 'eval' then eval("1 / 0")
when 'syntax' then require_relative 'syntax'
when 'load' then require 'nowhere'
when 'json' then JSON.parse('{')
when 'erb' then require 'erb'; ERB.new("a\n<%= 1 / 0 %>\n").result
when 'exit' then at_exit { raise 'in at_exit' }
when 'frozen' then 'abc'.freeze << 'd'; puts 'x'
end
