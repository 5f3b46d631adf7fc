-- lines.lua FILE: a load for wrk of one request a line, each sent once: method,
-- path, body and headers ("Name: value"), with tabs between.
local lines = {}
local at = 0

function init(args)
  for line in io.lines(args[1]) do
    local fields = {}
    for field in (line .. "\t"):gmatch("([^\t]*)\t") do
      fields[#fields + 1] = field
    end
    local headers = {}
    for i = 4, #fields do
      local name, value = fields[i]:match("^([^:]+): (.*)$")
      headers[name] = value
    end
    local body = fields[3] ~= "" and fields[3] or nil
    lines[#lines + 1] = wrk.format(fields[1], fields[2], headers, body)
  end
end

function request()
  at = at % #lines + 1
  return lines[at]
end
