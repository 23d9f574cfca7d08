%% Crashes as its argument says.
-module(pay).
-behaviour(gen_server).
-include_lib("kernel/include/logger.hrl").
-export([run/1, init/1, handle_call/3, handle_cast/2]).

charge(Amount) when Amount < 0 -> error({below_zero, Amount});
charge(Amount) -> 100 div Amount.

pay(Amount) ->
    try charge(Amount)
    catch error:Reason:Stack -> erlang:raise(error, {card_not_charged, Reason}, Stack)
    end.

descend(0) -> charge(-1);
descend(N) -> 1 + descend(N - 1).

run([uncaught]) -> charge(-3);
run([chained]) -> pay(0);
run([multiline]) -> error("three things are wrong:\n  - the card\n\n  - the amount\nError: and this line is no header");
run([recursion]) -> descend(40);
run([thread]) ->
    {_, Ref} = spawn_monitor(fun() -> pay(-1) end),
    receive {'DOWN', Ref, _, _, _} -> stop() end;
run([server]) ->
    process_flag(trap_exit, true),
    {ok, Server} = gen_server:start({local, till}, ?MODULE, [], []),
    catch gen_server:call(Server, {charge, 0}),
    stop();
run([logged]) ->
    try pay(0)
    catch Class:Reason:Stack -> ?LOG_ERROR("order ~b was lost: ~p:~p~n~p", [77, Class, Reason, Stack])
    end,
    ?LOG_WARNING("one more order waits"),
    stop().

%% What the logger has in hand is written before the end.
stop() -> timer:sleep(100), halt(1).

init([]) -> {ok, #{}}.
handle_call({charge, Amount}, _From, State) -> {reply, charge(Amount), State}.
handle_cast(_, State) -> {noreply, State}.
