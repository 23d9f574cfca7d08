use Mojolicious::Lite -signatures; use Mojo::Log; app->log->level('debug'); 
helper debit => sub ($c,$n) { die "balance too low for $n\n" if $n==1; die "balance too low for $n"; };
get '/' => sub ($c) { $c->debit(900) }; get '/n' => sub ($c) { $c->debit(1) };
get '/x' => sub ($c) { Mojo::Exception->throw("declined\nby bank") };
get '/tmpl' => sub ($c) { $c->render(inline => "% my \$x;\n<%= \$x->foo %>\n") };
my $t = Mojo::UserAgent::Server->new if 0; require Test::Mojo; my $tm=Test::Mojo->new; $tm->ua->get($_) for qw(/ /n /x /tmpl /404);
Mojo::Promise->reject('lost promise'); Mojo::IOLoop->next_tick(sub { die "in reactor" }); Mojo::IOLoop->timer(0.1=>sub{ Mojo::IOLoop->stop}); Mojo::IOLoop->start;
Mojo::Exception->throw("last words");
