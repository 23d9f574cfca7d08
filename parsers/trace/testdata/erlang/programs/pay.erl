-module(pay).
-behaviour(gen_server).
-export([run/1, init/1, handle_call/3, handle_cast/2, handle_info/2, loop/1, main/1]).
-export([deep/1]).
-compile(nowarn_deprecated_catch).
start(A) -> gen_server:start({local, pay}, ?MODULE, A, []).
init(bad) -> erlang:error({no_db, "s3cr3t"});
init(stop) -> {stop, no_db};
init(A) -> {ok, A}.
handle_call(boom, _, _) -> erlang:error(badarg);
handle_call({div_, N}, _, S) -> {reply, 1 / N, S};
handle_call(ret, _, _) -> wrong.
handle_cast(match, S) -> {ok, _} = find(S), {noreply, S};
handle_cast(undef, S) -> nope:run(S), {noreply, S}.
handle_info(exit, _) -> exit({shutdown_now, [1,2]});
handle_info(throw, _) -> throw(ball);
handle_info(stop, S) -> {stop, broken, S};
handle_info(nest, S) -> try deep(S) catch C:R:St -> erlang:raise(C, {wrapped, R, St}, St) end.
find(_) -> {error, {not_found, <<"w-1">>}}.
deep(S) -> lists:map(fun(X) -> maps:get(X, #{a => 1}) end, [zz, S]), ok.
loop(N) -> N + loop(N+1).
run(W) ->
  Big = #{secret => "s3cr3t-tok", list => lists:seq(1, 60)},
  case W of
   call -> {ok,_} = start(Big), catch gen_server:call(pay, boom);
   'div' -> {ok,_} = start(Big), catch gen_server:call(pay, {div_, 0});
   ret -> {ok,_} = start(Big), catch gen_server:call(pay, ret);
   match -> {ok,_} = start(Big), gen_server:cast(pay, match);
   undef -> {ok,_} = start(Big), gen_server:cast(pay, undef);
   exit -> {ok,_} = start(Big), pay ! exit;
   throw -> {ok,_} = start(Big), pay ! throw;
   stop -> {ok,_} = start(Big), pay ! stop;
   nest -> {ok,_} = start(Big), pay ! nest;
   init -> start(bad);
   initlink -> process_flag(trap_exit, true), gen_server:start_link(?MODULE, bad, []);
   spawn -> spawn(fun() -> erlang:error({bad_thing, Big}) end);
   spawnmatch -> spawn(fun() -> {ok, X} = find(1), X end);
   spawnargs -> spawn(fun() -> lists:nth(-1, ["s3cr3t"]) end);
   spawnthrow -> spawn(fun() -> throw(ball) end);
   spawnbin -> spawn(fun() -> binary_to_integer(<<"x">>) end);
   spawnexit -> spawn(fun() -> exit(kaput) end);
   fc -> spawn(fun() -> handle_call(nope, a, b) end);
   proclib -> proc_lib:spawn(fun() -> deep(1) end);
   proclib2 -> proc_lib:spawn(fun() -> exit({oops, Big}) end);
   proclib3 -> proc_lib:spawn(fun() -> throw(x) end);
   sup -> {ok, S} = supervisor:start_link({local, sup1}, supbad, []), S;
   log -> logger:error("charge ~p failed: ~p", [7, declined]);
   logtrace -> try deep(1) catch C:R:St -> logger:error("charge failed: ~p:~p~n~p", [C, R, St]) end;
   logrep -> logger:error(#{what => charge_failed, id => 7});
   errlog -> error_logger:error_msg("charge failed ~p~n", [R = 1]), R;
   errrep -> error_logger:error_report([{what, charge}, {id, 7}]);
   ev -> {ok, E} = gen_event:start(), gen_event:add_handler(E, evh, []), gen_event:notify(E, x);
   warn -> logger:warning("w");
   info -> logger:notice("i")
  end,
  timer:sleep(300).
main([W]) -> run(list_to_atom(W)); main([]) -> deep(1).
