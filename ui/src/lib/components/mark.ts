/** How a state looks: its word, its tone, and a shape of its own, so that none is told by colour alone. */
export interface Mark {
  word: string
  tone: 'good' | 'info' | 'warn' | 'bad' | 'quiet'
  shape: Shape
}

export type Shape =
  | 'disc'
  | 'ring'
  | 'half'
  | 'dotted'
  | 'arc'
  | 'triangle'
  | 'diamond'
  | 'dot'
  | 'square'
  | 'cross'
  | 'key'
  | 'target'
  | 'check'
  | 'slash'
