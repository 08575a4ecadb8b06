const jwt = 'eyJhbGci...'
const ws = new WebSocket(`wss://api.hydra.app/stream?token=${jwt}`)
ws.addEventListener('open', () => {
console.log('Connected to Hydra stream')
})
ws.addEventListener('message', (event) => {
const msg = JSON.parse(event.data)
console.log(msg.stream, msg.type, msg.data)
})
ws.addEventListener('close', (event) => {
console.log('Disconnected:', event.code, event.reason)
})
ws.addEventListener('error', (error) => {
console.error('WebSocket error:', error)
})
