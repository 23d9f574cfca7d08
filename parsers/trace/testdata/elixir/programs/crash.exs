defmodule Pay.Declined do
  defexception [:message, :code]
end
defmodule Pay.Srv do
  use GenServer
  def start(a), do: GenServer.start(__MODULE__, a, name: __MODULE__)
  def init(:bad), do: raise "init failed"
  def init(:stop), do: {:stop, :no_db}
  def init(a), do: {:ok, a}
  def handle_call(:boom, _f, s), do: (raise Pay.Declined, message: "no funds\nfor w-1"); 
  def handle_call(:ret, _f, _s), do: :wrong
  def handle_call({:charge, n}, _f, s), do: {:reply, 1 / n, s}
  def handle_cast(:c, _s), do: :maps.get(:zz, %{a: 1})
  def handle_info(:exit, _s), do: exit(:kaput)
  def handle_info(:stop, s), do: {:stop, :broken, s}
  def handle_info(:throw, _s), do: throw(:ball)
end
defmodule Pay.Stm do
  @behaviour :gen_statem
  def start(a), do: :gen_statem.start(__MODULE__, a, [])
  def callback_mode, do: :handle_event_function
  def init(a), do: {:ok, :idle, a}
  def handle_event(:cast, :boom, :idle, %{secret: _}), do: raise "statem down"
end
defmodule Pay.Proto do
  defprotocol P do
    def go(x)
  end
end
require Logger
secret = %{secret: "s3cr3t-tok", list: Enum.to_list(1..80)}
case System.argv() do
  ["call"] -> {:ok, p} = Pay.Srv.start(secret); catch_exit = try do GenServer.call(p, :boom) catch :exit, r -> r end; IO.inspect(elem(catch_exit, 1) |> elem(0))
  ["div"] -> {:ok, p} = Pay.Srv.start(secret); try do GenServer.call(p, {:charge, 0}) catch :exit, _ -> :ok end
  ["ret"] -> {:ok, p} = Pay.Srv.start(secret); try do GenServer.call(p, :ret) catch :exit, _ -> :ok end
  ["cast"] -> {:ok, p} = Pay.Srv.start(secret); GenServer.cast(p, :c)
  ["info"] -> {:ok, p} = Pay.Srv.start(secret); send(p, :exit)
  ["stop"] -> {:ok, p} = Pay.Srv.start(secret); send(p, :stop)
  ["throw"] -> {:ok, p} = Pay.Srv.start(secret); send(p, :throw)
  ["init"] -> IO.inspect Pay.Srv.start(:bad)
  ["initlink"] -> GenServer.start_link(Pay.Srv, :bad)
  ["initstop"] -> {:ok, _} = Pay.Srv.start(:stop)
  ["stm"] -> {:ok, p} = Pay.Stm.start(secret); :gen_statem.cast(p, :boom)
  ["task"] -> Task.start(fn -> raise ArgumentError, "task arg" end)
  ["taskmfa"] -> Task.start(Enum, :fetch!, [[1], 9])
  ["await"] -> Task.await(Task.async(fn -> raise "linked" end))
  ["timeout"] -> Task.await(Task.async(fn -> Process.sleep(5000) end), 50)
  ["agent"] -> {:ok, a} = Agent.start(fn -> 1 end); try do Agent.get(a, fn _ -> raise "agent" end) catch :exit, _ -> :ok end
  ["sup"] -> Process.flag(:trap_exit, true); IO.inspect Supervisor.start_link([%{id: :x, start: {GenServer, :start_link, [Pay.Srv, :bad]}}], strategy: :one_for_one)
  ["sup2"] -> Process.flag(:trap_exit, true); {:ok, s} = Supervisor.start_link([%{id: :x, start: {GenServer, :start_link, [Pay.Srv, secret, [name: :pp]]}}], strategy: :one_for_one, max_restarts: 0); GenServer.cast(:pp, :c); Process.sleep(200); IO.inspect s
  ["spawn"] -> spawn(fn -> raise "in spawn" end)
  ["spawnerr"] -> spawn(fn -> :erlang.error({:bad_thing, %{a: 1}}) end)
  ["throwtop"] -> throw(:ball)
  ["exittop"] -> exit({:shutdown, :x})
  ["exit2"] -> exit(:kaput)
  ["fc"] -> Enum.map([1], fn 2 -> :ok end)
  ["fclause"] -> String.upcase(:atom)
  ["with"] -> with :a <- :b do :ok else :c -> 1 end
  ["cond"] -> cond do nil -> 1 end
  ["case"] -> case {:error, %{password: "x"}} do :ok -> 1 end
  ["badmap"] -> Map.put([], :a, 1)
  ["badarity"] -> (fn a -> a end).(1, 2)
  ["badfun"] -> x = 3; x.()
  ["undef"] -> Nope.Mod.run(1)
  ["undef2"] -> Enum.nope([1])
  ["keyerr"] -> %{a: 1}.b
  ["proto"] -> Pay.Proto.P.go(%{password: "hunter"})
  ["enum"] -> Enum.count(5)
  ["erl"] -> :lists.nth(9, [1])
  ["binary"] -> <<1::size(-1)>>
  ["sys"] -> File.read!("/no/such")
  ["compile"] -> Code.compile_string("defmodule X do\n  def a( do\nend")
  ["compile2"] -> Code.compile_string("defmodule X do\n  def a, do: b\nend")
  ["logcrash"] -> (try do raise "oops" rescue e -> Logger.error("settle failed: " <> Exception.format(:error, e, __STACKTRACE__)) end)
  ["logcrash2"] -> (try do raise "oops" rescue e -> Logger.error(Exception.format(:error, e, __STACKTRACE__), crash_reason: {e, __STACKTRACE__}) end)
  ["logmsg"] -> (try do raise Pay.Declined, message: "m" rescue e -> Logger.error("failed: #{Exception.message(e)} #{inspect e}") end)
  ["logblame"] -> (try do String.upcase(:a) rescue e -> Logger.error(Exception.format_banner(:error, e, __STACKTRACE__) <> "\n" <> Exception.format_stacktrace(__STACKTRACE__)) end)
  ["reraise"] -> try do raise "inner" rescue e -> reraise(Pay.Declined, [message: "outer: #{Exception.message(e)}"], __STACKTRACE__) end
  ["oom"] -> :erlang.halt("slogan here")
  ["ev"] -> {:ok, p} = :gen_event.start(); :gen_event.add_handler(p, Nope, [])
  ["callexit"] -> GenServer.call(:noproc_here, :x)
  ["calltimeout"] -> {:ok, p} = Agent.start(fn -> 1 end); :sys.suspend(p); GenServer.call(p, :x, 50)
  ["calldie"] -> {:ok, p} = Pay.Srv.start(secret); GenServer.call(p, :boom)
  ["warn"] -> IO.warn("deprecated thing", []) 
end
Process.sleep(300)
