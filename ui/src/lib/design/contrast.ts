/** Red, green and blue from 0 to 255, and how much of it covers what is behind, from 0 to 1. */
export type Colour = readonly [red: number, green: number, blue: number, alpha: number]

/** Reads `#rrggbb` and `rgb(r g b / a%)`. */
export function parseColour(text: string): Colour {
  const hex = /^#([0-9a-f]{2})([0-9a-f]{2})([0-9a-f]{2})$/i.exec(text)
  if (hex) {
    const [red = 0, green = 0, blue = 0] = hex.slice(1).map((pair) => parseInt(pair, 16))
    return [red, green, blue, 1]
  }
  const rgb = /^rgb\((\d+) (\d+) (\d+) \/ (\d+)%\)$/.exec(text)
  if (!rgb) throw new Error(`“${text}” is no colour`)
  const [red = 0, green = 0, blue = 0, per = 0] = rgb.slice(1).map(Number)
  return [red, green, blue, per / 100]
}

/** What is seen of a colour that lies over another. */
export function composite([red, green, blue, alpha]: Colour, under: Colour): Colour {
  const mix = (over: number, below: number) => over * alpha + below * (1 - alpha)
  return [mix(red, under[0]), mix(green, under[1]), mix(blue, under[2]), 1]
}

/** The contrast of two colours that cover, from 1 to 21 (WCAG 2.2, "contrast ratio"). */
export function contrast(one: Colour, other: Colour): number {
  const [light = 0, dark = 0] = [luminance(one), luminance(other)].sort((a, b) => b - a)
  return (light + 0.05) / (dark + 0.05)
}

/** The colours of each palette in the tokens' file, by name. */
export function palettes(css: string): Map<string, Map<string, string>> {
  const found = new Map<string, Map<string, string>>()
  for (const [, name = '', body = ''] of css.matchAll(
    /:root\[data-theme='([a-z-]+)'\]\s*\{([^}]*)\}/g,
  )) {
    const tokens = [...body.matchAll(/--([a-z0-9-]+):\s*([^;]+);/g)]
    const colours = tokens.filter(([, , value = '']) => /^(#|rgb)/.test(value))
    found.set(name, new Map(colours.map(([, token = '', value = '']) => [token, value])))
  }
  return found
}

function luminance([red, green, blue]: Colour): number {
  return 0.2126 * linear(red) + 0.7152 * linear(green) + 0.0722 * linear(blue)
}

/** Full blindness to red, to green and to blue, on linear light (Machado, Oliveira and Fernandes 2009, severity 1). */
export const BLINDNESS = {
  none: [1, 0, 0, 0, 1, 0, 0, 0, 1],
  protanopia: [
    0.152286, 1.052583, -0.204868, 0.114503, 0.786281, 0.099216, -0.003882, -0.048116, 1.051998,
  ],
  deuteranopia: [
    0.367322, 0.860646, -0.227968, 0.280085, 0.672501, 0.047413, -0.01182, 0.04294, 0.968881,
  ],
  tritanopia: [
    1.255528, -0.076749, -0.178779, -0.078411, 0.930809, 0.147602, 0.004733, 0.691367, 0.3039,
  ],
} as const

/** How far two colours are from one another for a reader, as CIE76 ΔE: from about 2.3 on they differ side by side. */
export function difference(one: Colour, other: Colour, reader: keyof typeof BLINDNESS): number {
  const [a, b] = [one, other].map((colour) => lab(seen(colour, BLINDNESS[reader])))
  return Math.hypot(...[0, 1, 2].map((i) => (a?.[i] ?? 0) - (b?.[i] ?? 0)))
}

/** A colour as linear light, as it reaches the reader. */
function seen(colour: Colour, by: readonly number[]): number[] {
  const light = colour.slice(0, 3).map(linear)
  return [0, 3, 6].map((row) => {
    const part = light.reduce((sum, channel, i) => sum + channel * (by[row + i] ?? 0), 0)
    return Math.min(1, Math.max(0, part))
  })
}

/** Linear sRGB to CIE L*a*b*, under D65. */
function lab([red = 0, green = 0, blue = 0]: readonly number[]): number[] {
  const bend = (part: number) =>
    part > 216 / 24_389 ? Math.cbrt(part) : ((24_389 / 27) * part + 16) / 116
  const x = bend((0.4124564 * red + 0.3575761 * green + 0.1804375 * blue) / 0.95047)
  const y = bend(0.2126729 * red + 0.7151522 * green + 0.072175 * blue)
  const z = bend((0.0193339 * red + 0.119192 * green + 0.9503041 * blue) / 1.08883)
  return [116 * y - 16, 500 * (x - y), 200 * (y - z)]
}

function linear(channel: number): number {
  const part = channel / 255
  return part <= 0.040_45 ? part / 12.92 : ((part + 0.055) / 1.055) ** 2.4
}
