/** How many plots were made, and how many of them are not destroyed. */
export const plots = { made: 0, alive: 0 }

interface Options {
  series: { show?: boolean }[]
  hooks?: { setCursor?: ((plot: unknown) => void)[] }
}

/**
 * Stands in for uPlot where there is no canvas: it draws nothing, but knows its scale and which of its series are shown.
 * A test that calls `vi.mock('uplot')` gets it; what is drawn is looked at in a real browser.
 */
export default class {
  static paths = {}
  over = document.createElement('div')
  series: { show: boolean }[]
  cursor = { left: -10 }
  #scale = { min: 0, max: 1 }

  constructor(options: Options, _: unknown, holder?: Element) {
    plots.made++
    plots.alive++
    this.series = options.series.map(({ show = true }) => ({ show }))
    holder?.addEventListener('mousemove', (event) => {
      this.cursor.left = (event as MouseEvent).clientX
      options.hooks?.setCursor?.forEach((tell) => tell(this))
    })
  }
  batch(all: () => void) {
    all()
  }
  setData() {}
  setScale(_: string, scale: { min: number; max: number }) {
    this.#scale = scale
  }
  setSize() {}
  setCursor() {}
  setSelect() {}
  setSeries(i: number, { show }: { show: boolean }) {
    this.series[i] = { show }
  }
  valToPos(at: number) {
    return ((at - this.#scale.min) / (this.#scale.max - this.#scale.min)) * 1000
  }
  posToVal(px: number) {
    return this.#scale.min + (px / 1000) * (this.#scale.max - this.#scale.min)
  }
  destroy() {
    plots.alive--
  }
}
