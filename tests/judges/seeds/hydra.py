import asyncio
import json
import websockets
JWT = "eyJhbGci..."
async def connect():
    uri = f"wss://api.hydra.app/stream?token={JWT}"
    async with websockets.connect(uri) as ws:
        # Subscribe to desired streams
        await ws.send(json.dumps({
            "action": "subscribe",
            "streams": ["signals", "alerts", "cyber"]
        }))
        async for message in ws:
            msg = json.loads(message)
            print(f"[{msg['stream']}] {msg['type']}: {msg['data']}")
asyncio.run(connect())
