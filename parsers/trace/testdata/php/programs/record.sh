#!/bin/sh
# Prints the specimens again: record.sh /absolute/directory. The programs must stand in /srv/pay.
out=$1; cd /srv/pay || exit 1
run() { php -n -d date.timezone=UTC -d log_errors=1 -d display_errors=0 -d html_errors=0 -d error_log=/srv/pay/err.log -d zend.exception_ignore_args=1 "$@" >/srv/pay/out.log 2>&1; cat out.log err.log 2>/dev/null; rm -f out.log err.log; }
for c in chain chain3 closure multiline fake nested empty typeerror argcount anon eval include memory user warning echo log logmulti rows undefined tostring handler shutdown generator destructor match backtrace; do
	run pay.php $c >"$out/$c.log"
done
run syntax.php >"$out/syntax.log"
run -d display_errors=1 -d error_log= pay.php chain >"$out/displayed_and_logged.log"
run -d display_errors=1 -d log_errors=0 -d zend.exception_ignore_args=0 pay.php chain >"$out/displayed_args.log"
run -d display_errors=1 -d log_errors=0 pay.php memory >"$out/displayed_memory.log"
x="-d zend_extension=xdebug -d xdebug.mode=develop"
run $x pay.php chain >"$out/xdebug_log.log"
run $x -d display_errors=1 -d log_errors=0 pay.php chain >"$out/xdebug_displayed.log"
run $x pay.php warning >"$out/xdebug_warning.log"
run $x pay.php memory >"$out/xdebug_memory.log"
run monolog.php >"$out/monolog.log"
