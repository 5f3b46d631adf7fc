-- last.lua: a load for wrk that follows a list from page to page, on one
-- connection, and prints the path of the last one.
local path = "/api/v1/api-tokens?limit=200"

function request()
  return wrk.format("GET", path)
end

function response(status, headers)
  local link = headers["Link"] or ""
  local next = link:match('<https?://[^/]*([^>]*)>; rel="next"')
  if next then
    path = next
  else
    print(path)
    wrk.thread:stop()
  end
end
