local E = setmetatable({}, {__tostring=function() return "Declined: code 51" end}); error(E)
