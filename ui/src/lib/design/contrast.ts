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
  const linear = (channel: number) => {
    const part = channel / 255
    return part <= 0.040_45 ? part / 12.92 : ((part + 0.055) / 1.055) ** 2.4
  }
  return 0.2126 * linear(red) + 0.7152 * linear(green) + 0.0722 * linear(blue)
}
