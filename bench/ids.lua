-- ids.lua METHOD COUNT [FROM]: a load for wrk on the tokens that many.sql makes:
-- any of the first COUNT, or, with FROM, each once from there on.
local method, count, from

function init(args)
  method = args[1]
  count = tonumber(args[2])
  from = tonumber(args[3])
end

function request()
  local i
  if from then
    i = from
    from = from + 1
  else
    i = math.random(count)
  end
  return wrk.format(method, string.format("/api/v1/api-tokens/00Tmany%013d", i))
end
