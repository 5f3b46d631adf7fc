-- pages.lua: a load for wrk that follows a list from page to page, on one
-- connection, and prints the path of each, the last one's last.
local path = "/api/v1/api-tokens?limit=200"

function request()
  return wrk.format("GET", path)
end

function response(status, headers)
  local link = headers["link"] or ""
  local next = link:match('<https?://[^/]*([^>]*)>; rel="next"')
  print(path)
  if next then
    path = next
  else
    wrk.thread:stop()
  end
end
