use strict; use Try::Tiny; use Carp qw(confess croak cluck); sub debit { confess "balance too low\nfor 900\nsee log" } 
try { debit(900) } catch { print STDERR "caught: $_" };
try { debit(901) } catch { die $_ };
