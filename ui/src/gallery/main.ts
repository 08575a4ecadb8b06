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
import Gallery from './Gallery.svelte'

const target = document.getElementById('app')
if (!target) throw new Error('gallery.html has no element #app to draw into')
// Its charts are drawn at once, as all else.
void CHART.load().then(() => mount(Gallery, { target, props: { backend: mockBackend() } }))
