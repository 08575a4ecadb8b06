const ws = new WebSocket("wss://your-api-host/realtime?api_key=YOUR_API_KEY");

ws.onopen = () => {
  ws.send(JSON.stringify({ type: "subscribe", hardwareIds: ["ABC123"] }));
};

ws.onmessage = (event) => {
  const msg = JSON.parse(event.data);
  switch (msg.type) {
    case "device_data":
      console.log("Telemetry:", msg.hardwareId, msg.payload);
      break;
    case "device_status":
      console.log("Status:", msg.hardwareId, msg.payload.is_online);
      break;
    case "device_unlocked":
      console.log("Unlocked:", msg.hardwareId, msg.source);
      break;
    case "device_locked":
      console.log("Locked:", msg.hardwareId, msg.source);
      break;
  }
};
