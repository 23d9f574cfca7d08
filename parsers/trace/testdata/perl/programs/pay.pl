use strict; use warnings; use lib '.'; use Wallet;
sub charge { my $n = shift; Acme::Wallet->new(balance => 5)->debit($n) }
my $c = shift;
if ($c eq 'confess') { charge(900) }
if ($c eq 'eval') { eval { charge(900) }; print STDERR "batch 77 start\ncaught: $@"; print "batch 78 start\n" }
if ($c eq 'die') { die "no config" }
if ($c eq 'handle') { open my $f, '<', 'Wallet.pm'; <$f>; die "bad line" }
if ($c eq 'croak') { Acme::Wallet->find('w-404') }
if ($c eq 'zero') { Acme::Wallet::divide(1, 0) }
if ($c eq 'undef') { my $o; $o->pay }
if ($c eq 'method') { Acme::Wallet->new->pay }
if ($c eq 'multi') { sub m1 { Carp::confess("first line\nsecond: line\n\nfourth") } m1(undef, "a b", "x\ny") }
if ($c eq 'cluck') { Acme::Wallet::note(); print "went on\n" }
if ($c eq 'verbose') { $Carp::Verbose = 1; Acme::Wallet->find("w'4 at x line 3.") }
if ($c eq 'obj') { die { code => 51 } }
if ($c eq 'require') { require No::Such }
if ($c eq 'sort') { my @x = sort { charge(900) } 1,2; }
if ($c eq 'warn') { warn "careful" }
