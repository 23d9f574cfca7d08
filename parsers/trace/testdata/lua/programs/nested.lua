local function debit(n) error({code=51, msg="declined"}) end
local function charge(n) local ok, e = pcall(debit, n); if not ok then error("charge failed: "..tostring(e.msg), 2) end end
local function run() charge(9) end
print(xpcall(run, debug.traceback)); io.stderr:write("ERROR ", debug.traceback("charge failed", 1), "\n")
local co = coroutine.create(function() local x = nil; x.y = 1 end); local ok, err = coroutine.resume(co); io.stderr:write(debug.traceback(co, err), "\n")
local w = coroutine.wrap(function() error("in coroutine") end); w()
