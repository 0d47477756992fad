// A bar for each contestant: how many times the cost of hand-written code, on a logarithmic scale, by scenario. The colours
// follow the reader's own light or dark scheme.
import { times } from './figures.mjs'

const width = 880
const left = 230
const right = 70
const barHeight = 12
const barStep = 18
const groupGap = 34
const top = 64

const style = `
  text { font: 12px system-ui, sans-serif; fill: #24292f }
  .title { font-size: 15px; font-weight: 600 }
  .group { font-weight: 600 }
  .faint { fill: #57606a }
  .name { text-anchor: end }
  .tick { text-anchor: middle; font-size: 11px }
  line { stroke: #d0d7de }
  .one { stroke: #57606a }
  .peer { fill: #8c959f }
  .licet { fill: #0969da }
  @media (prefers-color-scheme: dark) {
    text { fill: #e6edf3 }
    .faint { fill: #9198a1 }
    line { stroke: #3d444d }
    .one { stroke: #9198a1 }
    .peer { fill: #6e7681 }
    .licet { fill: #4493f8 }
  }`

/** @param {{ date: string, machine: string, effort: string, tables: any[] }} results @returns {string} */
export function chart({ date, machine, effort, tables }) {
  const groups = tables
    .map((table) => ({
      name: `${table.scenario}: ${table.title}${table.void === undefined ? '' : ' (void)'}`,
      rows: table.rows.filter(inChart).sort(byRatio),
      detail: table.detail,
    }))
    .filter(({ rows, detail }) => rows.length > 0 && !detail)
  const ratios = groups.flatMap(({ rows }) => rows.map(({ ratio }) => ratio))
  const decades = {
    from: Math.floor(Math.log10(Math.min(1, ...ratios))),
    to: Math.ceil(Math.log10(Math.max(10, ...ratios))),
  }
  const perDecade = (width - left - right) / (decades.to - decades.from)
  const x = (ratio) => Math.round(left + (Math.log10(ratio) - decades.from) * perDecade)

  let y = top
  const drawn = groups.map(({ name, rows }) => {
    y += groupGap
    const heading = text(16, y - 10, 'group', name)
    const lines = powers(decades).map((power) => line(power, x, y - 4, y + rows.length * barStep))
    const bars = rows.map((row) => {
      const drawnBar = bar(row, x, y)
      y += barStep
      return drawnBar
    })
    return [...lines, heading, ...bars].join('\n')
  })
  const height = y + 48
  const caption = `${date}, ${machine}${effort === 'full' ? '' : ', a quick run'}`
  return `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${width} ${height}" width="${width}" height="${height}" role="img">
<title>Cost of a decision, as a multiple of hand-written JavaScript</title>
<desc>${escaped(groups.map(described).join('. '))}.</desc>
<style>${style}
</style>
${text(16, 24, 'title', 'Times the cost of hand-written JavaScript, less is better, logarithmic')}
${text(16, 44, 'faint', 'Hand-written: the best plain JavaScript for just that policy and data.')}
${powers(decades)
  .map((power) => text(x(10 ** power), top, 'tick faint', (10 ** power).toLocaleString('en')))
  .join('\n')}
${drawn.join('\n')}
${text(16, height - 14, 'faint', caption)}
</svg>
`
}

const inChart = ({ kind, ratio, detail }) => !['hand', 'reference'].includes(kind) && ratio !== undefined && !detail

function bar(row, x, y) {
  const [from, to] = [x(1), x(row.ratio)].sort((a, b) => a - b)
  return [
    text(left - 10, y + barHeight - 2, 'name', row.name),
    `<rect class="${row.kind === 'licet' ? 'licet' : 'peer'}" x="${from}" y="${y}" width="${Math.max(1, to - from)}" height="${barHeight}" rx="2"/>`,
    text(Math.max(from, to) + 6, y + barHeight - 2, 'faint', `${times(row)}×`),
  ].join('\n')
}

const byRatio = (a, b) => a.ratio - b.ratio
const powers = ({ from, to }) => Array.from({ length: to - from + 1 }, (_, index) => from + index)
const line = (power, x, above, below) =>
  `<line class="${power === 0 ? 'one' : ''}" x1="${x(10 ** power)}" y1="${above}" x2="${x(10 ** power)}" y2="${below}"/>`
const described = ({ name, rows }) => `${name}: ${rows.map((row) => `${row.name} ${times(row)} times`).join(', ')}`
const text = (x, y, kind, content) => `<text x="${x}" y="${y}" class="${kind}">${escaped(content)}</text>`
const escaped = (content) => content.replace(/[&<>"]/g, (sign) => `&#${sign.charCodeAt(0)};`)
