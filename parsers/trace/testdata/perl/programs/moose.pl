package Acme::Wallet; use Moose; has cents=>(is=>'rw', isa=>'Int', required=>1); sub debit { my($s,$n)=@_; $s->cents("abc"); }
package main; use strict; sub charge { my $w=Acme::Wallet->new(cents=>5); $w->debit(9) }
if (@ARGV) { Acme::Wallet->new } else { charge() }
