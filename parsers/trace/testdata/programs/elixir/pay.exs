# Crashes as its argument says.
require Logger

defmodule Pay.CardError do
  defexception [:message, :cause]
end

defmodule Pay do
  def charge(amount) when amount < 0, do: raise(ArgumentError, "amount #{amount} is below zero")
  def charge(amount), do: div(100, amount)

  def pay(amount) do
    charge(amount)
  rescue
    e in [ArgumentError, ArithmeticError] ->
      reraise Pay.CardError, [message: "card was not charged: " <> Exception.message(e), cause: e], __STACKTRACE__
  end

  def descend(0), do: charge(-1)
  def descend(n), do: 1 + descend(n - 1)
end

case hd(System.argv()) do
  "uncaught" ->
    Pay.charge(-3)

  "chained" ->
    Pay.pay(0)

  "multiline" ->
    raise Pay.CardError,
      message: "three things are wrong:\n  - the card\n\n  - the amount\nError: and this line is no header"

  "recursion" ->
    Pay.descend(40)

  "thread" ->
    {_, ref} = spawn_monitor(fn -> Pay.pay(-1) end)
    receive do: ({:DOWN, ^ref, _, _, _} -> Process.sleep(50))

  "task" ->
    Process.flag(:trap_exit, true)
    Task.async(fn -> Pay.pay(0) end)
    receive do: ({:EXIT, _, _} -> Process.sleep(50))

  "logged" ->
    try do
      Pay.pay(0)
    rescue
      e -> Logger.error("order 77 was lost: " <> Exception.format(:error, e, __STACKTRACE__))
    end

    Logger.warn("one more order waits")
    Logger.flush()
end
