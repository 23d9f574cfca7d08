local Wallet = {} Wallet.__index = Wallet
function Wallet:debit(n) if n > self.balance then error("declined: code 51") end end
local function charge(w, n) w:debit(n) return 1 end
function pay(n) local w = setmetatable({balance = 5}, Wallet) charge(w, n) return 2 end
local c = arg[1]
if c == 'error' then pay(9) end
if c == 'index' then local t = nil; local function f() return t.x end; print(f()) end
if c == 'table' then error({code = 51}) end
if c == 'deep' then local function f(n) return f(n + 1) + 1 end; f(1) end
if c == 'xpcall' then print('batch 77 start') xpcall(function() pay(9) end, function(e) io.stderr:write(debug.traceback(e, 2), '\n') end) print('batch 78 start') end
if c == 'multi' then error("first line\nsecond line") end
if c == 'nolevel' then error("no place", 0) end
if c == 'traceback' then io.stderr:write(debug.traceback(), '\n') end
if c == 'require' then require 'no.such' end
if c == 'sort' then table.sort({3,2,1}, function(a, b) return pay(9) end) end
if c == 'tail' then local function g() error('tail') end local function f() return g() end f() end
