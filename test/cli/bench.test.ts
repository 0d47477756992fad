import { expect, it } from 'vitest'
import { summaryOf, summaryText } from '../../src/surfaces/cli/bench/summary.ts'
import { folder } from '../node/folder.ts'
import { licet } from './command-line.ts'

const policy = 'actor User\nresource Doc { role owner: User  allow read if owner }\n'
const cwd = folder({
  'policy.licet': `${policy}
test "owners" {
  given Doc:d { owner: User:ann }
  expect User:ann can read Doc:d
  expect User:eve cannot read Doc:d
}
test "facts" { expect User:bob can read Doc:j }
`,
  'facts.licet': 'given Doc:j { owner: User:bob }\n',
  'untested.licet': policy,
  'wrong.licet': 'actor User\nresource Doc { allow read if ownr }',
})

it('measures what the tests of the policy ask, by both back ends', async () => {
  const argv = ['bench', '-p', 'policy.licet', '-f', 'facts.licet', '--seconds', '0.2', '--json']
  const { code, out, err } = await licet(argv, { cwd })
  expect({ code, err }).toEqual({ code: 0, err: 'measuring 3 requests of 2 tests for 0.2 s\n' })
  const figures = { perSecond: expect.any(Number), median: expect.any(Number), p99: expect.any(Number) }
  const both = { compiled: figures, interpreted: figures, ratio: expect.any(Number) }
  expect(JSON.parse(out)).toEqual({ tests: 2, requests: 3, can: both, authorize: both })
})

it('draws a picture, in colour where that is wanted', async () => {
  const argv = ['bench', '-p', 'policy.licet', '--seconds', '0.1']
  expect((await licet(argv, { cwd })).out).toMatch(
    /^3 requests of 2 tests\n\ncan {8}compiled {3}.*\/s {2}.*median .* p99 .*[█▏▎▍▌▋▊▉]\n {11}interpreted .*\n {11}compiled is [\d.]+ times as fast\n\nauthorize /,
  )
  const colored = await licet(argv, { cwd, color: true })
  expect(colored.out).toContain('\u001b[32m')
  expect(colored.err).toMatch(/\rmeasuring 3 requests of 2 tests: \d+ %/)
  expect(colored.err.endsWith('\r\u001b[K')).toBe(true)
})

it('tells how to add a test where there is none', async () => {
  const { code, out, err } = await licet(['bench', '-p', 'untested.licet'], { cwd })
  expect({ code, out }).toEqual({ code: 1, out: '' })
  expect(err).toMatch(/there is nothing to ask: .*\n {2}add a test to the policy, such as\n\n {4}test "speed" \{/)
})

it('measures nothing of a policy with an error', async () => {
  expect(await licet(['bench', '-p', 'wrong.licet'], { cwd })).toMatchObject({ code: 1, out: '' })
})

it.each([
  [[], '`--policy` is missing'],
  [['-p', 'policy.licet', '--seconds', '0'], '`0` is no number of seconds'],
  [['-p', '-', '-f', '-'], 'standard input (`-`) can be read only once'],
])('refuses %j', async (argv, message) => {
  const { code, err } = await licet(['bench', ...argv], { cwd })
  expect(code).toBe(2)
  expect(err).toContain(message)
})

it('takes median and p99 of all measurements, and the rate of their mean', () => {
  const samples = { can: Array.from({ length: 100 }, (_, i) => (i + 1) * 10), authorize: [1000] }
  const slower = { can: [5050], authorize: [1000] }
  const summary = summaryOf({ compiled: samples, interpreted: slower })
  expect(summary.can.compiled).toEqual({ perSecond: 1e9 / 505, median: 500, p99: 990 })
  expect(summary.can.ratio).toBeCloseTo(10)
  expect(
    summaryText(summary, (bar) => bar),
  ).toBe(`can        compiled       1,980,000/s     median 500 ns     p99 990 ns  ████████████████████████
           interpreted      198,000/s    median 5.05 µs    p99 5.05 µs  ██▍
           compiled is 10 times as fast

authorize  compiled       1,000,000/s    median 1.00 µs    p99 1.00 µs  ████████████████████████
           interpreted    1,000,000/s    median 1.00 µs    p99 1.00 µs  ████████████████████████
           compiled is 1.0 times as fast
`)
})
