const ws = new WebSocket('ws://localhost:3000/ws?token=ahq_your_api_key');

ws.onopen = () => {
  // Subscribe to the general channel
  ws.send(JSON.stringify({ type: 'subscribe', channel: 'CHANNEL_ID' }));
};

ws.onmessage = (event) => {
  const message = JSON.parse(event.data);
  console.log(`Event: ${message.type}`, message.data);
};

// Keep alive
setInterval(() => {
  ws.send(JSON.stringify({ type: 'heartbeat' }));
}, 30000);
