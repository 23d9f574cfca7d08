use strict; use warnings; my $x; my $y = "a".$x; my $z = 1 + "abc"; warn "careful\n"; warn "careful here"; my @a=(1); print "$a[3]\n"; printf "%d\n", "3x"; 
