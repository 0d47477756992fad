import { type Call, calls, type Samples } from './measure.ts'

export interface Figures {
  /** Decisions in a second, all requests asked equally often. */
  readonly perSecond: number
  /** Nanoseconds. */
  readonly median: number
  readonly p99: number
}

export type BackEnd = 'compiled' | 'interpreted'
export const backEnds: readonly BackEnd[] = ['compiled', 'interpreted']

export type Summary = Readonly<Record<Call, Readonly<Record<BackEnd, Figures>> & { readonly ratio: number }>>

export function summaryOf(samples: Readonly<Record<BackEnd, Samples>>): Summary {
  const of = (call: Call) => {
    const compiled = figures(samples.compiled[call])
    const interpreted = figures(samples.interpreted[call])
    return { compiled, interpreted, ratio: compiled.perSecond / interpreted.perSecond }
  }
  return { can: of('can'), authorize: of('authorize') }
}

function figures(samples: readonly number[]): Figures {
  const sorted = samples.toSorted((a, b) => a - b)
  const quantile = (share: number) => sorted[Math.max(0, Math.ceil(share * sorted.length) - 1)] ?? Number.NaN
  const mean = sorted.reduce((sum, one) => sum + one, 0) / sorted.length
  return { perSecond: 1e9 / mean, median: quantile(0.5), p99: quantile(0.99) }
}

const width = 24

/** For a person: figures, and a bar as long as decisions are many. */
export function summaryText(summary: Summary, bar: (text: string) => string): string {
  return calls
    .map((call) => {
      const { ratio, ...of } = summary[call]
      const most = Math.max(...backEnds.map((name) => of[name].perSecond))
      const rows = backEnds.map((name, i) => {
        const { perSecond, median, p99 } = of[name]
        const columns = [
          (i === 0 ? call : '').padEnd(9),
          name.padEnd(11),
          `${rounded(perSecond)}/s`.padStart(13),
          `median ${duration(median)}`.padStart(16),
          `p99 ${duration(p99)}`.padStart(13),
        ]
        return `${columns.join('  ')}  ${bar(barOf(perSecond / most))}\n`
      })
      return `${rows.join('')}${' '.repeat(11)}compiled is ${times(ratio)} as fast\n`
    })
    .join('\n')
}

/** Three digits are what such a figure is good for. */
function rounded(perSecond: number): string {
  return Number(perSecond.toPrecision(3)).toLocaleString('en-US', { maximumFractionDigits: 0 })
}

function times(ratio: number): string {
  return `${ratio >= 10 ? Math.round(ratio) : ratio.toPrecision(2)} times`
}

function duration(nanoseconds: number): string {
  const [value, unit] =
    nanoseconds < 1e3 ? [nanoseconds, 'ns'] : nanoseconds < 1e6 ? [nanoseconds / 1e3, 'µs'] : [nanoseconds / 1e6, 'ms']
  return `${value >= 100 ? Math.round(value) : value.toPrecision(3)} ${unit}`
}

/** Eighths of a character at its end. */
function barOf(share: number): string {
  const eighths = Math.max(1, Math.round(share * width * 8))
  return '█'.repeat(eighths >> 3) + ['', '▏', '▎', '▍', '▌', '▋', '▊', '▉'][eighths & 7]
}
