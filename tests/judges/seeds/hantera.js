const ws = new WebSocket('wss://core.your-tenant.hantera.cloud/ws')
ws.onopen = () => {
ws.send(JSON.stringify({ type: 'auth', token: 'your-access-token' }))
}
ws.onmessage = (event) => {
const msg = JSON.parse(event.data)
switch (msg.type) {
case 'authenticated':
// Subscribe to job events
ws.send(JSON.stringify({
type: 'subscribeEvents',
subscriptions: [{
id: 'jobs',
path: 'jobs',
events: ['jobScheduled', 'jobStarted', 'jobCompleted', 'jobFailed']
}]
}))
break
case 'event':
console.log(`[${msg.eventType}]`, msg.data)
break
case 'ping':
ws.send(JSON.stringify({ type: 'pong' }))
break
case 'error':
console.error(msg.code, msg.message)
break
}
}
