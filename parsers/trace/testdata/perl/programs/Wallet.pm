package Acme::Wallet;
use strict; use Carp qw(croak confess carp cluck);
sub new { my ($c,%a)=@_; bless {%a}, $c }
sub debit { my ($self, $n) = @_; confess "balance too low for $n" if $n > $self->{balance}; $self->{balance} -= $n }
sub find { my ($class, $id) = @_; croak "no wallet $id" unless $id eq 'w-1'; $class->new(balance=>10) }
sub divide { my ($a,$b)=@_; return $a/$b }
sub note { cluck "odd balance" }
1;
