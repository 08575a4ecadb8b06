// Reads FRAMES device_data frames as a script of an operator would, and prints how many came in a second.
import { WebSocket } from "ws";

const { URL: url, API_KEY: key, IDS: ids, FRAMES: frames } = process.env;
const wanted = Number(frames);
const devices = new Map();
let count = 0;
let begun = 0n;

const socket = new WebSocket(url, { headers: { "X-API-Key": key }, perMessageDeflate: false });
socket.on("open", () => socket.send(JSON.stringify({ type: "subscribe", hardwareIds: ids.split(",") })));
socket.on("message", (text) => {
  const message = JSON.parse(text);
  if (message.type !== "device_data") return;
  if (count === 0) begun = process.hrtime.bigint();
  devices.set(message.hardwareId, message.payload);
  count += 1;
  if (count === wanted) {
    const seconds = Number(process.hrtime.bigint() - begun) / 1e9;
    console.log((wanted - 1) / seconds);
    process.exit(0);
  }
});
socket.on("close", () => {
  console.error(`closed after ${count} of ${wanted} frames`);
  process.exit(1);
});
socket.on("error", (error) => {
  console.error(String(error));
  process.exit(1);
});
