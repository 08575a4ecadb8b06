// Have to be first: what comes after them loads uPlot and reads the clock.
import './still'
import '../lib/charts/language'
import '@fontsource-variable/inter/wght.css'
import '@fontsource-variable/jetbrains-mono/wght.css'
import '../lib/design/tokens.css'
import '../lib/design/base.css'
import { mount } from 'svelte'
import { mockBackend } from '../lib/backend/mock'
import { CHART } from '../lib/charts/part'
import { MENUS } from '../lib/frame/menus'
import Gallery from './Gallery.svelte'

const target = document.getElementById('app')
if (!target) throw new Error('gallery.html has no element #app to draw into')
// All of it is drawn at once.
const parts = [CHART, ...Object.values(MENUS)]
void Promise.all(parts.map((part) => part.load())).then(() =>
  mount(Gallery, { target, props: { backend: mockBackend() } }),
)
