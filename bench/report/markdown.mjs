// Tables in Markdown: they read well in a terminal, and are what results.md is made of.
import { bytes, milliseconds, time, times } from './figures.mjs'
import { grid } from './grid.mjs'

/** One table with its heading: of decisions, or of fresh processes. */
export function section(table) {
  const { scenario, title, void: reason } = table
  const warning = reason === undefined ? [] : [`**Void:** ${reason}.`]
  const [body, footer] = table.columns === undefined ? decisions(table) : processes(table)
  return [`### ${scenario}: ${title}`, ...warning, body, footer].join('\n\n')
}

function decisions({ requests, rows }) {
  const head = ['', 'median', 'p50', 'p99', '× hand-written', 'agrees', 'note']
  const body = rows.map((row) => [
    row.name,
    ...[row.ns, row.p50, row.p99].map(time),
    times(row),
    agreement(row),
    remarks(row),
  ])
  const footer = `${requests.toLocaleString('en')} requests, half of them allowed. Median: of the rounds, for a decision in a loop.`
  return [grid(head, body, [0, 6]), footer]
}

function processes({ columns, about, rows }) {
  const head = ['', ...columns.map((column) => column.head), '× hand-written', 'note']
  const shown = { ms: milliseconds, bytes }
  const body = rows.map((row) => [
    row.name,
    ...columns.map(({ key, unit }) => shown[unit](row.figures?.[key])),
    times(row),
    remarks(row),
  ])
  return [grid(head, body, [0, columns.length + 2]), about]
}

/** Where the first time is this much slower than later, and more than this, it is not only that the code was cold. */
const slowFirst = { times: 100, ns: 200_000 }

const agreement = ({ checked, wrong }) => (checked === undefined ? '-' : `${checked - wrong}/${checked}`)

function remarks({ help, note, error, checked, requests, firstPass, ns }) {
  if (error !== undefined) return `none: ${error}`
  const first = firstPass > slowFirst.ns && firstPass > slowFirst.times * ns ? `the first time ${time(firstPass)}` : ''
  const partly = checked !== undefined && checked < requests ? `only ${checked} requests` : ''
  return [help && `help: ${help}`, note, first, partly].filter(Boolean).join('; ')
}

/** The whole run, for results.md. */
export function markdown({ date, machine, effort, tables }) {
  const how = effort === 'full' ? '' : ' A quick run: for a look, not for publication.'
  const head = `# Results\n\n${date}, ${machine}. Written by \`node bench/run.mjs --write\`.${how}`
  return `${[head, '![ratios to hand-written code](results.svg)', ...tables.map(section)].join('\n\n')}\n`
}
