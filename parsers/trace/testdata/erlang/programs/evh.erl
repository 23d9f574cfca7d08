-module(evh).
-behaviour(gen_event).
-export([init/1, handle_event/2, handle_call/2]).
init(_) -> {ok, #{secret => "s3cr3t"}}.
handle_event(x, _) -> erlang:error(evboom).
handle_call(_, S) -> {ok, x, S}.
