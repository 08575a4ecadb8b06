/** What axe is asked for: WCAG 2.2 A and AA, and what is good practice besides. */
export const RULES = ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa', 'best-practice']

export const PALETTES = [
  { name: 'dark', scheme: 'dark', contrast: 'no-preference', kept: { theme: 'dark' } },
  { name: 'light', scheme: 'light', contrast: 'no-preference', kept: { theme: 'light' } },
  { name: 'contrast', scheme: 'dark', contrast: 'no-preference', kept: { theme: 'contrast' } },
  { name: 'contrast-light', scheme: 'light', contrast: 'more', kept: { theme: 'system' } },
]

const key = (init) =>
  `document.body.dispatchEvent(new KeyboardEvent('keydown', ${JSON.stringify({ ...init, bubbles: true })}))`
const click = (id) => `document.querySelector('[data-testid="${id}"]').click()`
const choose = (id, label) =>
  `[...document.querySelectorAll('[data-testid="${id}"] button')].find((one) => one.innerText.trim() === '${label}').click()`
const testid = (id) => `[data-testid="${id}"]`

const screen = (name, hash, wait = `screen-${name}`) => ({ name, hash, wait: testid(wait) })

/** Every screen of the pretended fleet, what opens over it, and the states that look otherwise. */
export const SCREENS = [
  screen('overview', '#/overview'),
  screen('alerts', '#/alerts'),
  {
    ...screen('alert', '#/alerts', 'alert-grid'),
    steps: [
      {
        run: `new Promise((done) => { const look = () => { const row = document.querySelector('[data-testid="alert-grid"] [data-key][aria-level="2"], [data-testid="alert-grid"] [data-key]'); if (row) { location.hash = '#/alert/' + encodeURIComponent(row.dataset.key); done() } else setTimeout(look, 50) }; look() })`,
        wait: testid('screen-alert'),
      },
    ],
  },
  screen('rules', '#/rules'),
  screen('new-rule', '#/newRule', 'screen-rule'),
  screen('devices', '#/devices'),
  {
    ...screen('device-table', '#/devices', 'device-view'),
    steps: [
      {
        run: choose('device-view', 'Table'),
        wait: '[role="grid"]',
      },
    ],
  },
  {
    ...screen('device-map', '#/devices', 'device-view'),
    steps: [{ run: choose('device-view', 'Map'), wait: 'canvas' }],
  },
  screen('device', '#/device/locks-eu/VH1004'),
  screen('jobs', '#/jobs'),
  screen('live-query', '#/liveQuery/back-office/lq-orders'),
  screen('definition', '#/definition/back-office/send-order-mails'),
  {
    ...screen('job', '#/jobs', 'failures'),
    steps: [
      {
        run: `document.querySelector('[data-testid="failures"] button').click()`,
        wait: testid('job-events'),
      },
    ],
  },
  {
    ...screen('actor', '#/jobs', 'actor-table'),
    steps: [
      {
        run: `document.querySelector('[data-testid="actor-table"] [data-key]').click()`,
        wait: testid('checkpoints'),
      },
    ],
  },
  screen('agents', '#/agents'),
  screen('hosts', '#/hosts'),
  {
    ...screen('query-results', '#/hosts', 'run'),
    steps: [{ run: click('run'), wait: testid('run-table') }],
  },
  screen('signals', '#/signals'),
  {
    ...screen('signal', '#/signals', 'signal-feed'),
    steps: [
      {
        run: `document.querySelector('[data-testid="signal-feed"] li button').click()`,
        wait: testid('signal-json'),
      },
    ],
  },
  {
    ...screen('signal-map', '#/signals', 'signal-view'),
    steps: [{ run: choose('signal-view', 'Map'), wait: '[data-testid="map-list"] li' }],
  },
  screen('events', '#/events'),
  screen('connections', '#/connections'),
  screen('settings', '#/settings'),
  {
    ...screen('shortcuts', '#/overview', 'screen-overview'),
    steps: [{ run: key({ key: '?', code: 'Slash', shiftKey: true }), wait: testid('shortcuts') }],
  },
  {
    ...screen('palette', '#/overview', 'screen-overview'),
    steps: [{ run: key({ key: 'k', code: 'KeyK', ctrlKey: true }), wait: testid('palette') }],
  },
  {
    ...screen('save-view', '#/devices', 'save-view-button'),
    steps: [{ run: click('save-view-button'), wait: testid('save-view') }],
  },
  {
    ...screen('add-connection', '#/connections', 'add'),
    steps: [{ run: click('add'), wait: '[role="dialog"]' }],
  },
  { ...screen('gallery', '', 'component-gallery'), page: 'gallery.html' },
  { ...screen('empty', '#/overview', 'screen-overview'), mood: 'empty' },
  { ...screen('stale', '#/devices', 'screen-devices'), mood: 'stale' },
  { ...screen('error', '#/overview', 'trouble'), mood: 'error' },
  { ...screen('first-run', '#/overview', 'first-run'), mood: 'first' },
]
