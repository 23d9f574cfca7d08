use strict; use Exception::Class ('Acme::X::Declined' => { fields=>['code'], description=>'card declined' });
sub debit { Acme::X::Declined->throw(message=>"balance too low", code=>51) } sub charge { debit(@_) }
if (@ARGV) { eval { charge(900) }; if (my $e=Acme::X::Declined->caught) { warn $e->error, "\n", $e->trace->as_string, "\n"; } 
 Acme::X::Declined->Trace(1); charge(1); } else { charge(900) }
