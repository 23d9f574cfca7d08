use strict; use Devel::StackTrace; sub a1 { my $t=Devel::StackTrace->new(message=>"balance too low"); print STDERR $t->as_string; } sub b1 { a1(1,"x") } b1();
