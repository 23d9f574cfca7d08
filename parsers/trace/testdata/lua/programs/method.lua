local W = {}; W.__index = W; function W:debit(n) return self.cents - n end function W.new() return setmetatable({}, W) end
local t = {}; t["a b"] = function() W.new():debit(3) end; local function go() t["a b"]() end go()
