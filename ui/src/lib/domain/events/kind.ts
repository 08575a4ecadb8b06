/** The tone of a kind of event, for the mark before it: most are quiet, so that the few that matter are seen. */
export function kindTone(kind: string): 'quiet' | 'good' | 'info' | 'warn' | 'bad' {
  switch (kind) {
    case 'job.failed':
    case 'query.error':
    case 'stream.error':
      return 'bad'
    case 'device.unlocked':
    case 'stream.warning':
    case 'host.offline':
    case 'agent.offline':
    case 'connection.status':
    case 'recording.off':
      return 'warn'
    case 'device.locked':
    case 'job.completed':
    case 'host.online':
    case 'agent.online':
      return 'good'
    case 'signal.received':
    case 'post.created':
    case 'notification.created':
      return 'info'
    default:
      return 'quiet'
  }
}
