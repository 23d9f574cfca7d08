package trace

import "testing"

var luaLines = []string{
	"lua5.4: pay.lua:2: declined: code 51",
	"stack traceback:",
	"coroutine 0:",
	"\t[C]: in function 'error'",
	"\t[string \"x\"]:3: in upvalue 'f'",
	"\t...\t(skipping 499972 levels)",
	"\t(...tail calls...)",
	"\tpay.lua:6: in main chunk, client: 10.0.0.3, server: pay",
	"\t[C]: at 0x5581",
}

func TestLuaStep(t *testing.T) {
	stepDoesNotAllocate(t, Lua(), luaLines)
}

func FuzzLua(f *testing.F) { fuzzLanguage(f, Lua(), luaLines) }

func BenchmarkLuaStep(b *testing.B) { benchmarkStep(b, Lua(), luaLines) }

func TestLuaRow(t *testing.T) {
	for _, tt := range []struct {
		line, file, function string
		number               int
		ok                   bool
	}{
		{"\t[C]: in function 'error'", "[C]", "error", 0, true},
		{"\tpay.lua:2: in method 'debit'", "pay.lua", "debit", 2, true},
		{"\t[string \"a: in b\"]:3: in main chunk", "", "", 0, false},
		{"\tpay.lua:10: in function <pay.lua:10>", "pay.lua", "<anonymous>", 10, true},
		{"\t/srv/p.lua:6: in main chunk, client: 10.0.0.3", "/srv/p.lua", "main chunk", 6, true},
		{"\t[C]: at 0x5581", "[C]", "?", 0, true},
		{"\t[C]: ?", "[C]", "?", 0, true},
		{"\tpay.lua: in function <pay.lua:5>", "pay.lua", "<anonymous>", 0, true},
		{"\t(...tail calls...)", "", "", 0, true},
		{"\tno file './no/such.lua'", "", "", 0, false},
	} {
		c, ok := luaRow(span(tt.line))
		if ok != tt.ok {
			t.Errorf("%q: %v", tt.line, ok)
		}
		if f := c.frame(); tt.file != "" && (f.Filename != tt.file || f.Function != tt.function || f.Lineno != tt.number) {
			t.Errorf("%q: %+v", tt.line, f)
		}
	}
}
