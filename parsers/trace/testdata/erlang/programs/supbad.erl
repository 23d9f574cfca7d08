-module(supbad).
-behaviour(supervisor).
-export([init/1]).
init([]) -> {ok, {#{intensity => 0}, [#{id => w, start => {gen_server, start_link, [{local, pay}, pay, #{secret => "s3cr3t"}, []]}}, #{id => w2, start => {gen_server, start_link, [pay, bad, []]}}]}}.
