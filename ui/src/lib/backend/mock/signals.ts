import type { SignalRow, SignalsPage } from '../types'
import type { Random } from './random'

const CONNECTION = 'intel'
const SEEN: readonly (readonly [string, string, string, string, number])[] = [
  [
    'signals',
    'signal_new',
    'Port of Antwerp: berths 12 to 15 closed until further notice',
    'logistics',
    3,
  ],
  ['signals', 'signal_new', 'Power cut reported in three districts', 'infrastructure', 4],
  [
    'signals',
    'signal_new',
    'Strike announced for Thursday at the rail freight terminal',
    'labour',
    2,
  ],
  ['signals', 'signal_new', 'Road E19 closed after an accident with a tanker', 'traffic', 3],
  ['cyber', 'threat_pulse', 'Scanning of port 8291 rises from a known botnet', 'scanning', 2],
  ['cyber', 'threat_pulse', 'New phishing kit imitates parcel notices', 'phishing', 3],
  ['cyber', 'threat_pulse', 'Exploit published for a widely used VPN gateway', 'vulnerability', 5],
  ['signals', 'signal_new', 'Fog warning for the coast until 10:00', 'weather', 1],
  ['earthquakes', 'quake', 'M 3.1, 14 km south of Roermond', 'seismic', 1],
]

export class MockSignals {
  readonly #random: Random
  #feed: SignalRow[] = []
  readonly #standing: SignalRow[]
  #next = 1

  constructor(now: number, random: Random) {
    this.#random = random
    for (let i = 0; i < 140; i++) this.#feed.push(this.#make(now - i * random.whole(9000, 60_000)))
    this.#feed.sort((a, b) => b.at - a.at)
    this.#standing = [
      {
        key: 'a1',
        connection: CONNECTION,
        number: 1,
        id: 'alert-71c2',
        stream: 'alerts',
        signalType: 'alert_issued',
        title: 'Severe storm',
        description: null,
        category: null,
        severity: 4,
        place: null,
        cities: ['IJmuiden', 'Haarlem', 'Zandvoort'],
        at: now - 1_900_000,
        stale: false,
        unconfirmed: false,
      },
      {
        key: 'a2',
        connection: CONNECTION,
        number: 2,
        id: 'alert-71d9',
        stream: 'alerts',
        signalType: 'alert_issued',
        title: 'Flood warning, Meuse',
        description: null,
        category: null,
        severity: 5,
        place: [51.0, 5.8],
        cities: ['Maastricht', 'Roermond'],
        at: now - 640_000,
        stale: false,
        unconfirmed: false,
      },
      {
        key: 'a3',
        connection: CONNECTION,
        number: 3,
        id: 'alert-70aa',
        stream: 'alerts',
        signalType: 'alert_issued',
        title: 'Ice on the roads',
        description: null,
        category: null,
        severity: 3,
        place: null,
        cities: ['Zwolle', 'Assen'],
        at: now - 9_300_000,
        stale: false,
        unconfirmed: true,
      },
    ]
  }

  step(now: number): SignalRow | null {
    if (!this.#random.chance(0.05)) return null
    const row = this.#make(now)
    this.#feed = [row, ...this.#feed].slice(0, 500)
    return row
  }

  page(stream: string | null, minSeverity: number, limit: number, stale: boolean): SignalsPage {
    const counts = new Map<string, number>()
    for (const row of this.#feed) counts.set(row.stream, (counts.get(row.stream) ?? 0) + 1)
    const feed = this.#feed.filter(
      (row) => (stream === null || row.stream === stream) && (row.severity ?? 0) >= minSeverity,
    )
    return {
      standing: this.#standing.map((row) => ({ ...row, stale })),
      feed: feed.slice(0, limit).map((row) => ({ ...row, stale })),
      streams: [...counts].map(([name, count]) => ({ stream: name, count })),
    }
  }

  counts(): [number, number, number, number, number] {
    const counts: [number, number, number, number, number] = [0, 0, 0, 0, 0]
    for (const row of this.#feed)
      if (row.severity !== null) counts[(row.severity - 1) as 0 | 1 | 2 | 3 | 4]++
    return counts
  }

  get standing(): number {
    return this.#standing.length
  }

  #make(at: number): SignalRow {
    const random = this.#random
    const [stream, signalType, title, category, severity] = random.pick(SEEN)
    const place: [number, number] | null =
      stream === 'cyber' ? null : [random.between(50.8, 53.3), random.between(3.5, 7)]
    const description = random.chance(0.4)
      ? 'Two sources agree; a third is being asked. The next update follows within the hour.'
      : null
    return {
      key: `s${this.#next}`,
      connection: CONNECTION,
      number: this.#next,
      id: `sig-${4000 + this.#next++}`,
      stream,
      signalType,
      title,
      description,
      category,
      severity,
      place,
      cities: [],
      at,
      stale: false,
      unconfirmed: false,
    }
  }
}
