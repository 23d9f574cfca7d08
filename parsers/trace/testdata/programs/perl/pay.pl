# Crashes as its argument says.
use strict;
use warnings;
use threads;
use Carp;

package Card {
    sub new    { return bless { limit => $_[1] }, $_[0] }
    sub charge {
        my ($self, $amount) = @_;
        Carp::confess("amount $amount is below zero") if $amount < 0;
        return $self->{limit} / $amount;
    }
}

sub pay {
    my ($amount) = @_;
    eval { Card->new(100)->charge($amount); 1 } or die "card was not charged: $@";
}

sub descend { my ($n) = @_; return $n ? descend($n - 1) : confess('the end of the way') }

my %cases = (
    uncaught  => sub { Card->new(100)->charge(0) },
    confess   => sub { Card->new(100)->charge(-3) },
    chained   => sub { pay(-1) },
    multiline => sub { confess("three things are wrong:\n  - the card\n\n  - the amount\nError: and this line is no header") },
    recursion => sub { descend(12) },
    thread    => sub { threads->create(sub { Card->new(100)->charge(-2) })->join },
    logged    => sub {
        eval { Card->new(100)->charge(-4); 1 } or warn "order 77 was lost: $@";
        Carp::cluck('one more order waits');
    },
);
$cases{ $ARGV[0] }->();
