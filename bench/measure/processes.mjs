// Figures that only a fresh process can give. The contestants take turns here too, a process each.
import { efforts } from './effort.mjs'
import { fresh } from './fresh.mjs'
import { median } from './statistics.mjs'

/** Longer than this, and one process has to be enough. */
const patienceMs = 5_000

/**
 * @typedef {object} Process
 * @property {string} name
 * @property {import('./contestant.mjs').Contestant['kind']} kind
 * @property {string} [help]
 * @property {boolean} [fullOnly] left out of a quick run
 * @property {() => { program: string, args: string[], execArgv?: string[], env?: object } | { skipped: string }} run
 *
 * @param {{ columns: { key: string }[] }} table its first column is what the ratio is of
 * @param {readonly Process[]} processes
 * @param {'quick' | 'full'} effort
 */
export async function processFigures({ columns }, processes, effort) {
  const entries = processes.map(({ name, kind, help = '', run }) => ({
    row: { name, kind, help },
    task: run(),
    answers: [],
    slow: false,
  }))
  for (const { row, task } of entries) if (task.skipped !== undefined) row.note = `left out: ${task.skipped}`
  for (let round = 0; round < efforts[effort].processes; round++)
    for (const entry of entries) {
      if (entry.row.error !== undefined || entry.task.skipped !== undefined || entry.slow) continue
      const begun = performance.now()
      try {
        entry.answers.push(await fresh(entry.task.program, entry.task.args, entry.task))
      } catch (error) {
        entry.row.error = String(error?.message ?? error).slice(0, 200)
      }
      entry.slow = performance.now() - begun > patienceMs
    }
  for (const { row, answers } of entries)
    if (answers.length > 0)
      row.figures = Object.fromEntries(columns.map(({ key }) => [key, median(answers.map((answer) => answer[key]))]))
  const [{ key }] = columns
  const hand = entries.find(({ row }) => row.kind === 'hand').row
  return entries.map(({ row }) => ({
    ...row,
    ratio: row.figures && hand.figures && row.figures[key] / hand.figures[key],
  }))
}
