import { createEngine, type EngineOptions, type Policy } from '../../../index.ts'
import type { Arguments } from '../arguments.ts'
import { measure, noSamples, type Samples } from '../bench/measure.ts'
import { type Asked, requestsOf } from '../bench/requests.ts'
import { type BackEnd, backEnds, summaryOf, summaryText } from '../bench/summary.ts'
import type { Command } from '../command.ts'
import { functionsFor, functionsOption } from '../functions.ts'
import { type Io, paint } from '../io.ts'
import { jsonText } from '../json-text.ts'
import { factsFrom, plural, policyFrom } from '../load.ts'
import { Misuse } from '../misuse.ts'

const usualSeconds = 5
const mostSeconds = 3600

export const command: Command = {
  name: 'bench',
  about: 'measure how fast decisions are',
  usage: ['-p POLICY… [-f FACTS]… [--seconds N] [--json]'],
  arguments: { least: 0, most: 0, called: '' },
  options: [
    { name: 'policy', short: 'p', values: ['FILE'], many: true, about: 'a policy; `-` is standard input' },
    { name: 'facts', short: 'f', values: ['FILE'], many: true, about: 'facts: `given` statements, or .json' },
    { name: 'seconds', values: ['N'], about: `how long to measure; ${usualSeconds} by default` },
    functionsOption,
    { name: 'json', about: 'print the figures as JSON; times are in nanoseconds' },
  ],
  notes: [
    'Every `expect … can …` of the policy’s tests is a request, on the facts given and those of its test. Each is asked\nover and over, of code that the policy is compiled to and of the interpreter in turn, after a warm-up.',
    'A measurement is the mean of a run of calls of one request that takes five microseconds, or one call that takes\nlonger; median and p99 (of a hundred, all but the slowest) are of these.',
  ],
  exits: [
    [0, 'measured'],
    [1, 'nothing measured: the policy or the facts are wrong, or no test asks anything'],
    [2, 'the command line is wrong'],
  ],
  examples: ['licet bench -p policy.licet -f facts.licet'],
  run: async (args, io) => {
    if (args.all('policy').length === 0) throw new Misuse('`--policy` is missing')
    if ([...args.all('policy'), ...args.all('facts')].filter((path) => path === '-').length > 1)
      throw new Misuse('standard input (`-`) can be read only once')
    const seconds = secondsOf(args)
    const { policy } = await policyFrom(args.all('policy'), io)
    if (policy === undefined) return 1
    const { testNow } = await import('licet/testing')
    const asked = requestsOf(policy, testNow)
    if (asked.length === 0) {
      io.err(noRequests)
      return 1
    }
    const facts = await factsFrom(policy, args.all('facts'), io)
    if (facts === undefined) return 1
    const functions = await functionsFor(policy, args.one('functions'), io)
    const requests = asked.reduce((sum, { requests }) => sum + requests.length, 0)
    const what = `${plural(requests, 'request')} of ${plural(asked.length, 'test')}`
    const samples = measured(policy, { facts, functions }, asked, seconds * 1000, progressOn(io, what, seconds))
    const summary = summaryOf(samples)
    if (args.has('json')) io.out(jsonText({ tests: asked.length, requests, ...summary }))
    else io.out(`${what}\n\n${summaryText(summary, (bar) => paint(bar, 'green', io.color.out))}`)
    return 0
  },
}

const noRequests = `there is nothing to ask: the requests are those that the tests of the policy expect something of
  add a test to the policy, such as

    test "speed" {
      given Doc:plan { owner: User:ann }
      expect User:ann can read Doc:plan
    }
`

function secondsOf(args: Arguments): number {
  const given = args.one('seconds')
  if (given === undefined) return usualSeconds
  const seconds = /^\d+(?:\.\d+)?$/.test(given) ? Number(given) : 0
  if (seconds > 0 && seconds <= mostSeconds) return seconds
  throw new Misuse(`\`${given}\` is no number of seconds`, `from 0.1 up to ${mostSeconds}`)
}

function measured(
  policy: Policy,
  options: EngineOptions,
  asked: readonly Asked[],
  milliseconds: number,
  progress: (part: number) => void,
): Readonly<Record<BackEnd, Samples>> {
  const samples = { compiled: noSamples(), interpreted: noSamples() }
  // One test after the other: its facts may contradict those of the next.
  for (const [i, { facts, requests }] of asked.entries()) {
    const engines = backEnds.map((backend) => {
      const engine = createEngine(policy, { ...options, backend })
      engine.facts.load(facts)
      return { engine, samples: samples[backend] }
    })
    measure(engines, requests, milliseconds / asked.length, (part) => progress((i + part) / asked.length))
  }
  progress(1)
  return samples
}

/** A line that counts up on a terminal; elsewhere one line that says how long it will be. */
function progressOn({ err, color }: Io, what: string, seconds: number): (part: number) => void {
  if (!color.err) {
    err(`measuring ${what} for ${seconds} s\n`)
    return () => {}
  }
  let shown = -1
  return (part) => {
    const percent = Math.floor(part * 100)
    if (percent === shown) return
    shown = percent
    err(`\r${percent === 100 ? '\u001b[K' : `measuring ${what}: ${percent} %`}`)
  }
}
