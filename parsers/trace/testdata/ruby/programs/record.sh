#!/bin/sh
# Prints the specimens again: record.sh /absolute/directory. The programs must stand in /srv/pay,
# show.html.erb in /srv/pay/app/views/pay.
out=$1; cd /srv/pay || exit 1
for c in chain chain3 batch nil typo typo_chain multiline multiline_main empty empty_runtime anonymous main deep thread thread_nojoin full coloured logger abort warn interrupt ensure eval syntax load json erb exit frozen; do
	ruby pay.rb $c >"$out/$c.log" 2>&1
done
ruby syntax.rb >"$out/syntax_main.log" 2>&1
ruby sidekiq.rb >"$out/sidekiq.log" 2>&1
for c in headed tagged plain; do ruby rails.rb $c >"$out/rails_$c.log" 2>&1; done
