// The official Phoenix client against the host service: `node phoenix.mjs v2` with the current client, `v1` with the last one
// that speaks the first serializer. Prints one JSON object a line.
import { createRequire } from 'node:module'
import { WebSocket } from 'ws'

const { ADDRESS, TOKEN, SUBJECT } = process.env
const version = process.argv[2]
const { Socket } = createRequire(import.meta.url)(version === 'v1' ? 'phoenix-v1' : 'phoenix')
const say = (what, data = {}) => console.log(JSON.stringify({ what, ...data }))

const socket = new Socket(ADDRESS.replace(/\/websocket$/, ''), {
  params: { token: TOKEN },
  transport: WebSocket,
  heartbeatIntervalMs: 300,
  reconnectAfterMs: () => 200,
  rejoinAfterMs: () => 200,
})
socket.onOpen(() => say('open'))
socket.onError(() => say('socket_error'))
socket.onClose(({ code }) => say('close', { code }))
socket.onMessage((message) => {
  if (message.topic === 'phoenix' && message.event === 'phx_reply') say('heartbeat', { status: message.payload.status })
  return message
})
socket.connect()

const hosts = socket.channel(`org:${SUBJECT}`, {})
for (const event of ['host_online', 'host_offline', 'host_enrolled']) {
  hosts.on(event, (payload) => say(event, { payload }))
}
hosts.join().receive('ok', () => say('joined', { topic: hosts.topic }))

const stranger = socket.channel('query:strangers', {})
stranger.join().receive('error', ({ reason }) => {
  say('refused', { reason })
  stranger.leave()
})

const channel = socket.channel(`query:${SUBJECT}`, {})
const results = []
channel.on('result', (payload) => results.push(payload))
channel.on('error', ({ reason }) => {
  say('query_error', { reason })
  channel.leave().receive('ok', () => say('left'))
})
channel.on('complete', ({ summary }) => {
  say('complete', { summary, results })
  channel.push('run', { sql: 'DROP TABLE users', target: 'all' })
})
channel
  .join()
  .receive('ok', () => {
    say('joined', { topic: channel.topic })
    channel
      .push('run', { sql: 'SELECT pid, name FROM processes LIMIT 3', target: 'all' })
      .receive('ok', (response) => say('running', response))
  })
  .receive('error', (response) => say('not_joined', response))
