// Each table is measured in a fresh process, so that no scenario has shaped the code or the heap of another.
import { referenceFor, voidBecause } from '../reference.mjs'
import { tables } from '../scenarios/tables.mjs'
import { contest } from './contest.mjs'
import { takesPart } from './measure.mjs'

const [id, effort, peers] = process.argv.slice(2)

const table = tables().find((one) => one.id === id)
const data = table.data()
const reference = await referenceFor(table, data)
const contestants = table.contestants.filter((one) => takesPart(one, { effort, peers: peers === 'peers' }))
if (reference !== undefined) contestants.splice(1, 0, reference)
const rows = await contest(table, data, contestants, effort)
const { scenario, title, detail } = table
process.send({ id, scenario, title, detail, requests: data.requests.length, rows, void: voidBecause(rows) })
process.disconnect()
