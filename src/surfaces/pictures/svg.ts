import type { Tone } from './drawing.ts'
import { markupText } from './escape.ts'

/** Of the monospaced font that pictures are set in, at 12 pixels. */
export const characterWidth = 7.25
export const lineHeight = 17

/** A picture in SVG, which loads nothing and follows the reader's colours; everything in it that is text has been escaped. */
export function svg(width: number, height: number, title: string, parts: readonly string[]): string {
  const [w, h] = [Math.ceil(width), Math.ceil(height)]
  return [
    `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${w} ${h}" width="${w}" height="${h}" role="img" aria-label="${markupText(title)}">`,
    `<title>${markupText(title)}</title>`,
    `<style>${style}</style>`,
    '<defs><marker id="head" viewBox="0 0 8 8" refX="7" refY="4" markerWidth="7" markerHeight="7" orient="auto"><path class="tip" d="M0 0 8 4 0 8z"/></marker></defs>',
    `<rect class="ground" width="${w}" height="${h}"/>`,
    ...parts,
    '</svg>',
    '',
  ].join('\n')
}

export function textAt(x: number, y: number, text: string, className = ''): string {
  return `<text x="${round(x)}" y="${round(y)}"${className === '' ? '' : ` class="${className}"`}>${markupText(text)}</text>`
}

export function box(x: number, y: number, width: number, height: number, tone: Tone): string {
  return `<rect class="box ${tone}" x="${round(x)}" y="${round(y)}" width="${round(width)}" height="${round(height)}" rx="6"/>`
}

export function path(d: string, className: string): string {
  return `<path class="${className}" d="${d}"/>`
}

export function round(value: number): number {
  return Math.round(value * 10) / 10
}

const style = `
text { font: 12px ui-monospace, "SF Mono", Menlo, Consolas, monospace; fill: #22262b; white-space: pre; }
text.label { paint-order: stroke; stroke: #ffffff; stroke-width: 4; }
.quiet { fill: #6a7078; } .strong { font-weight: 650; }
.ground { fill: #ffffff; }
.box { stroke-width: 1; }
.plain { fill: #f6f4f2; stroke: #cfcbc4; } .good, .action { fill: #e3f4ea; stroke: #1b7a4b; } .bad { fill: #fbe9e7; stroke: #b3261e; }
.error { fill: #fdf1d8; stroke: #8a5a00; } .actor { fill: #e7effc; stroke: #2f6fde; } .role { fill: #efe9fb; stroke: #6b4fc0; }
.line { fill: none; stroke: #8d929a; stroke-width: 1.2; } .dashed { stroke-dasharray: 4 4; } .prohibits { stroke: #b3261e; }
.tip { fill: #8d929a; }
@media (prefers-color-scheme: dark) {
  text { fill: #e6e4df; } .quiet { fill: #979da6; } text.label { stroke: #15181c; } .ground { fill: #15181c; }
  .plain { fill: #23272d; stroke: #40464e; } .good, .action { fill: #17382a; stroke: #3f9c6c; } .bad { fill: #40201e; stroke: #d0655c; }
  .error { fill: #3a2f16; stroke: #c79a3c; } .actor { fill: #1c2c47; stroke: #6a9bf0; } .role { fill: #2b2343; stroke: #9b82e6; }
  .line { stroke: #6d747d; } .tip { fill: #6d747d; } .prohibits { stroke: #d0655c; }
}
`
