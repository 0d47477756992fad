// All tables. A table is one question asked of every contestant: either decisions about the same data and the same requests, or
// figures of fresh processes.

import { rolesInRequest, sessions, throughAgents } from './s1-mcp-roles/table.mjs'
import { attributesTable } from './s2-attributes/table.mjs'
import { relationships } from './s3-relationships/table.mjs'
import { manyRules } from './s4-many-rules/table.mjs'
import { startAndMemory } from './s5-start-and-memory/table.mjs'
import { cedarPaper } from './s6-cedar-paper/table.mjs'

/**
 * @typedef {object} Table
 * @property {string} id
 * @property {string} scenario S1 to S6
 * @property {string} title
 * @property {boolean} [fullOnly] left out of a quick run
 * @property {boolean} [detail] not in the chart
 * @property {() => { requests: unknown[], expected: boolean[] }} [data] the same at every call
 * @property {readonly import('../measure/contestant.mjs').Contestant[]} [contestants] who decides
 * @property {readonly import('../measure/processes.mjs').Process[]} [processes] what is started
 * @property {readonly { key: string, head: string, unit: 'ms' | 'bytes' }[]} [columns] what a process answers
 * @property {string} [about] how the columns are to be read
 *
 * @returns {Table[]}
 */
export const tables = () => [
  sessions,
  rolesInRequest,
  throughAgents,
  attributesTable,
  relationships,
  ...manyRules,
  ...startAndMemory,
  ...cedarPaper,
]
