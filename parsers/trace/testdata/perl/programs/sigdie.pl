use strict; use Carp; $SIG{__DIE__} = sub { Carp::confess(@_) }; $SIG{__WARN__}= sub { Carp::cluck(@_) };
package Acme::Wallet; sub debit { my($self,$n)=@_; my %h=(a=>1); warn "low funds"; die "balance too low for $n" } package main;
sub charge { my $w=bless {}, 'Acme::Wallet'; eval { $w->debit("long string with 'quotes' and\nnewline", [1,2], {a=>1}, undef, 3.14) }; die "charge failed: $@" } charge(qw(a b c d e f g h i j k));
