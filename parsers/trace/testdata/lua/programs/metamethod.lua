local t = setmetatable({}, {__add=function(a,b) error("bad add") end, __index=function(t,k) error("no field "..k) end}); local function f() return t + 1 end
for _, v in ipairs({1}) do (function() f() end)() end
