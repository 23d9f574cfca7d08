package trace

import "testing"

var elixirLines = []string{
	`** (exit) exited in: GenServer.call(Pay.Worker, {:debit, "w-1"}, 5000)`,
	`    ** (EXIT) an exception was raised:`,
	`        ** (KeyError) key "w-404" not found in: %{"w-1" => 100}`,
	`            :erlang.map_get("w-404", %{"w-1" => 100, "w-2" => 5})`,
	`            (pay 0.1.0) lib/pay/ledger.ex:6: Pay.Ledger.balance/1`,
	`    (elixir 1.14.0) lib/gen_server.ex:1038: GenServer.call/3`,
	`    pay.exs:12: anonymous fn/1 in Pay.run/0`,
	`Last message (from #PID<0.96.0>): :boom`,
	`State: %{batch: 77}`,
	`Client #PID<0.96.0> is alive`,
	``,
	`    (stdlib 4.2) gen.erl:233: :gen.do_call/4`,
	`** (FunctionClauseError) no function clause matching in A.B.g/1`,
	`    The following arguments were given to A.B.g/1:`,
	`        # 1`,
}

func TestElixirOpens(t *testing.T) {
	for line, want := range map[string]Verdict{
		"** (RuntimeError) oops":                          Take,
		"** (SurePay.Declined) card declined":             Take,
		"** (exit) :bad":                                  Take,
		"** (EXIT from #PID<0.96.0>) killed":              Take,
		"** (Declined) no":                                Hold,
		"** (see the manual) of it":                       No,
		"** (3 retries) left":                             No,
		"    ** (RuntimeError) oops":                      No,
		"** (RuntimeError)oops":                           No,
		"** (lower.case) x":                               No,
		"** done":                                         No,
		"** (" + "A.B" + ")":                              Take,
		"** (Ecto.NoResultsError) expected at least one:": Take,
	} {
		if _, v := Elixir().Step(Outside, []byte(line)); v != want {
			t.Errorf("%q: verdict %d, want %d", line, v, want)
		}
	}
}

func TestElixirRow(t *testing.T) {
	for line, want := range map[string]string{
		"    pay.exs:8: SurePay.Ledger.debit/2":                   "SurePay.Ledger.debit/2",
		"    (stdlib 4.2) gen_server.erl:1123: :gen_server.try/4": ":gen_server.try/4",
		"    pay.exs:19: (file)":                                  "(file)",
		`    :erlang.map_get("a, b)", %{"w" => [1, 2]})`:          ":erlang.map_get/2",
		"    No.Such.fun(1)":                                      "No.Such.fun/1",
		"    No.Such.fun()":                                       "No.Such.fun/0",
		"    (pay 0.1.0) Pay.handle/2":                            "Pay.handle/2",
		"    lib/pay.ex:3: anonymous fn/1 in A.B.anon/0":          "anonymous fn/1 in A.B.anon/0",
		"    C:/pay/lib/pay.ex:3: Pay.x?/0":                       "Pay.x?/0",
		"    The following arguments were given to A.B.g/1:":      "",
		"        # 1": "",
		"    * \"users_email_index\" (unique_constraint)":      "",
		"    Attempted function clauses (showing 1 out of 1):": "",
		"    at 10:30: done":  "",
		"    Elixir is great": "",
	} {
		c, ok := elixirRow(span(line))
		got := ""
		if ok {
			got = elixirFunction(c.what)
		}
		if got != want {
			t.Errorf("%q: %q, want %q", line, got, want)
		}
	}
}

func TestElixirBack(t *testing.T) {
	lines := [][]byte{
		[]byte("settle failed: ** (Pay.Short) short by:"), []byte(""), []byte("47 cents"), []byte(""),
		[]byte("    (pay 0.1.0) lib/pay.ex:3: Pay.go/1"),
	}
	tr, ok := Elixir().Read(lines)
	if !ok || tr.Lead != "settle failed" || len(tr.Exceptions) != 1 || tr.Exceptions[0].Value != "short by:\n\n47 cents" {
		t.Errorf("got %+v, %v", tr, ok)
	}
	if _, ok := Elixir().Read([][]byte{[]byte("       test/pay_test.exs:8: (test)")}); ok {
		t.Error("a row of a test's report is read as a trace")
	}
}

func TestElixirStepAllocatesNothing(t *testing.T) { stepDoesNotAllocate(t, Elixir(), elixirLines) }

func FuzzElixir(f *testing.F) { fuzzLanguage(f, Elixir(), elixirLines) }

func BenchmarkElixirStep(b *testing.B) { benchmarkStep(b, Elixir(), elixirLines[:7]) }
