// The other side of apart.mjs: makes one contestant of one table, says that it is ready, and does each step it is sent.
import { tables } from '../scenarios/tables.mjs'
import { runner } from './contestant.mjs'
import { efforts } from './effort.mjs'

const [id, name, effort] = process.argv.slice(2)

async function answer(work) {
  try {
    process.send({ result: await work() })
  } catch (error) {
    process.send({ error: String(error?.message ?? error) })
  }
}

let steps
await answer(async () => {
  const table = tables().find((one) => one.id === id)
  const contestant = table.contestants.find((one) => one.name === name)
  const data = table.data()
  steps = await runner(contestant, { data, expected: data.expected, effort: efforts[effort] })
})
process.on('message', (step) => answer(() => steps[step]()))
process.on('disconnect', () => process.exit())
