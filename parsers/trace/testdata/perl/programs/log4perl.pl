use strict; use warnings; use Log::Log4perl qw(:easy); use Carp;
Log::Log4perl->easy_init({level=>$DEBUG, layout=>$ARGV[0]||'%d %p> %F{1}:%L %M - %m%n'});
sub debit { confess "balance too low" } sub charge { debit(@_) }
package Acme::Pay; my $log=Log::Log4perl->get_logger("Acme::Pay"); sub run { $log->info("starting"); eval { main::charge(900); }; $log->error("charge failed: $@"); $log->warn("low"); $log->error("plain failure"); $log->logcluck("clucked"); $log->error_warn("error_warned");  $log->logconfess("giving up"); }
package main; Acme::Pay::run();
