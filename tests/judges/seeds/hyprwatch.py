import json
import websocket

def on_message(ws, message):
    data = json.loads(message)
    if data.get("event") == "result":
        print(f"Results: {data['payload']}")

def on_open(ws):
    # Join channel
    ws.send(json.dumps({
        "topic": f"query:{org_id}",
        "event": "phx_join",
        "payload": {},
        "ref": "1"
    }))

ws = websocket.WebSocketApp(
    f"wss://hyprwatch.cloud/api/socket/websocket?token=hw_live_xxx",
    on_open=on_open,
    on_message=on_message
)
ws.run_forever()
