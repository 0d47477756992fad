import { expect, it } from 'vitest'
import { licet } from './command-line.ts'
it('x', async () => {
  console.log(await licet(['test', '/tmp/i1/tests.licet']))
  console.log(await licet(['test', 'x', '--token', '{']))
})
