-- Sends the requests of a file again and again, beginning at a random one.
-- A line is: method TAB path TAB bearer token TAB content type TAB schema TAB client TAB body.
-- Usage: wrk ... -s requests.lua URL -- FILE

local requests, count, position = {}, 0, 0

function init(args)
  for line in io.lines(args[1]) do
    local method, path, token, kind, profile, client, body =
      line:match("^([^\t]*)\t([^\t]*)\t([^\t]*)\t([^\t]*)\t([^\t]*)\t([^\t]*)\t(.*)$")
    local headers = {}
    if token ~= "" then headers["Authorization"] = "Bearer " .. token end
    if kind ~= "" then headers["Content-Type"] = kind end
    if profile ~= "" then headers["Accept-Profile"] = profile end
    if client ~= "" then headers["X-Forwarded-For"] = client end
    count = count + 1
    requests[count] = wrk.format(method, path, headers, body ~= "" and body or nil)
  end
  math.randomseed(os.time())
  position = math.random(count)
end

function request()
  position = position % count + 1
  return requests[position]
end

-- Prints: RESULT requests microseconds errors p50 p99, latencies in microseconds.
function done(summary, latency, _)
  local errors = summary.errors
  local failed = errors.connect + errors.read + errors.write + errors.status + errors.timeout
  io.write(string.format("RESULT %d %d %d %d %d\n", summary.requests, summary.duration, failed,
    latency:percentile(50), latency:percentile(99)))
end
