import {Socket} from "phoenix"

// Connect with API key
const socket = new Socket("wss://hyprwatch.cloud/api/socket", {
params: {token: "hw_live_xxx"}
})
socket.connect()

// Join query channel
const channel = socket.channel(`query:${orgId}`, {})
channel.join()
.receive("ok", () => console.log("Joined query channel"))
.receive("error", ({reason}) => console.log("Failed to join", reason))

// Execute a query
channel.push("run", {
sql: "SELECT * FROM processes LIMIT 10",
target: "all"
})

// Receive results as they arrive
channel.on("result", ({host_id, hostname, rows}) => {
console.log(`Results from ${hostname}:`, rows)
})

// Query complete
channel.on("complete", ({query_id, summary}) => {
console.log("Query complete:", summary)
})
