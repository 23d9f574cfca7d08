-- Crashes as its argument says.
local card = { limit = 100 }

local function charge(amount)
  if amount < 0 then
    error("amount " .. amount .. " is below zero")
  end
  return card.limit // amount
end

local function pay(amount)
  local ok, err = pcall(charge, amount)
  if not ok then
    error("card was not charged: " .. err)
  end
end

local function descend(n)
  return 1 + descend(n + 1)
end

local cases = {
  uncaught = function() return charge(0) + 1 end,
  chained = function() pay(-1) end,
  multiline = function()
    error("three things are wrong:\n  - the card\n\n  - the amount\nError: and this line is no header")
  end,
  recursion = function() descend(0) end,
  index = function() return card.owner.name end,
  thread = function()
    local co = coroutine.create(function() pay(-1) end)
    local ok, err = coroutine.resume(co)
    if not ok then
      error(debug.traceback(co, err), 0)
    end
  end,
  logged = function()
    xpcall(pay, function(e)
      io.stderr:write(os.date("%Y-%m-%d %H:%M:%S"), " [error] order 77 was lost: ", debug.traceback(e), "\n")
    end, -1)
    io.stderr:write(os.date("%Y-%m-%d %H:%M:%S"), " [warn] one more order waits\n")
  end,
}
cases[arg[1]]()
