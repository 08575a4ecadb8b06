import type { PostRow } from '../../backend/types'

export interface Thread {
  post: PostRow
  /** Oldest first. */
  replies: PostRow[]
}

/**
 * Posts as threads: pinned first, then by the latest word in each. A reply whose first post isn't held stands by
 * itself; a reply to a reply is one of the thread.
 */
export function threads(posts: readonly PostRow[]): Thread[] {
  const byId = new Map(posts.map((post) => [post.id, post]))
  const found = new Map<string, Thread>()
  for (const post of posts) {
    const root = rootOf(post, byId)
    const thread = found.get(root.id) ?? { post: root, replies: [] }
    if (post !== root) thread.replies.push(post)
    found.set(root.id, thread)
  }
  const list = [...found.values()]
  for (const thread of list) thread.replies.sort((a, b) => a.at - b.at)
  return list.sort(
    (a, b) => Number(b.post.pinned) - Number(a.post.pinned) || lastWord(b) - lastWord(a),
  )
}

function rootOf(post: PostRow, byId: Map<string, PostRow>): PostRow {
  const seen = new Set<string>()
  let root = post
  while (root.parent !== null && !seen.has(root.id)) {
    seen.add(root.id)
    const parent = byId.get(root.parent)
    if (!parent) break
    root = parent
  }
  return root
}

function lastWord(thread: Thread): number {
  return Math.max(thread.post.at, ...thread.replies.map((reply) => reply.at))
}
