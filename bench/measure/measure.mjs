import { fresh } from './fresh.mjs'
import { processFigures } from './processes.mjs'

/**
 * Measures one table, whichever kind it is.
 *
 * @param {import('../scenarios/tables.mjs').Table} table
 * @param {{ effort: 'quick' | 'full', peers: boolean }} run
 */
export async function measure(table, { effort, peers }) {
  if (table.processes === undefined) return fresh('measure/table-process.mjs', [table.id, effort, peers ? 'peers' : ''])
  const { id, scenario, title, about, columns, processes, detail } = table
  const taking = processes.filter(({ kind, fullOnly }) => takesPart({ kind, fullOnly }, { effort, peers }))
  return { id, scenario, title, about, columns, detail, rows: await processFigures(table, taking, effort) }
}

/** Peers are left out where they are not installed, and from a quick run what takes minutes. */
export function takesPart({ kind, fullOnly }, { effort, peers }) {
  return (kind !== 'peer' || peers) && (effort === 'full' || !fullOnly)
}
