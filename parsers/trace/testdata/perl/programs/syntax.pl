use strict; my $x = 1 +; $y = 2; foo(
