import fc from 'fast-check'
import { expect } from 'vitest'
import type { Policy } from '../../../src/index.ts'
import { type Story, type StoryOptions, story } from '../generate/wide/scenario.ts'
import { backend, passNames, type Side, withoutMissing, withPasses } from '../generate/wide/sides.ts'
import {
  answers,
  type Difference,
  differenceFrom,
  inconstancy,
  transcriptOf,
  withoutLast,
  write,
} from '../generate/wide/transcript.ts'
import type { Licet } from '../licet.ts'
import type { Invariant } from './invariant.ts'

/** Where one of the others first says something else than the first does, in the story. */
function disagreement(story: Story, first: Side, others: readonly Side[]): Difference | undefined {
  const right = transcriptOf(story, first)
  const found = inconstancy(right)
  if (found !== undefined) return found
  for (const other of others) {
    const difference = differenceFrom(right, story, other)
    if (difference !== undefined) return difference
  }
  return undefined
}

/** The same for an engine that goes through the story, and a new one for every question. */
function staleness(story: Story, used: Side, fresh: (policy: Policy) => Side): Difference | undefined {
  let { policy } = story
  used.engine.facts.load(story.facts)
  for (const [i, step] of story.steps.entries()) {
    if (step.kind === 'write') write(used, step.write)
    else if (step.kind === 'replace') {
      policy = withoutLast(story, step.without) ?? policy
      used.engine.replace(policy)
    } else {
      const other = fresh(policy)
      other.engine.facts.load(used.engine.facts.dump())
      for (const question of step.kind === 'ask' ? [step.question] : step.about) {
        const right = answers(other, question)
        for (const [n, { what, said }] of answers(used, question).entries())
          if (said !== right[n]?.said) return { what: `${i} ${what}`, right: right[n]?.said ?? '', said }
      }
    }
  }
  return undefined
}

function expectNone(found: Difference | undefined): void {
  if (found !== undefined) expect(found.said, found.what).toBe(found.right)
}

type Others = (licet: Licet, policy: Policy) => readonly Side[]

/** Against the interpreter. */
function agreeing(
  about: Pick<Invariant, 'number' | 'title' | 'runs'>,
  options: StoryOptions,
  others: Others,
): Invariant {
  return {
    ...about,
    property: (licet) =>
      fc.property(story(options), (one) => {
        const { policy } = one
        expectNone(disagreement(one, backend(licet, policy, 'interpreted'), others(licet, policy)))
      }),
  }
}

const compiled: Others = (licet, policy) => [backend(licet, policy, 'compiled')]

export const backends = agreeing(
  { number: 6, title: 'the interpreter and the compiled policy agree', runs: 60 },
  {},
  compiled,
)

export const ofManyRules = agreeing(
  { number: 6, title: 'the interpreter and the compiled policy agree where there are many rules', runs: 5 },
  { large: true, steps: 24 },
  compiled,
)

export const passes: Invariant = {
  number: 7,
  title: 'every pass preserves decisions, errors included',
  runs: 25,
  property: (licet) =>
    fc.property(story({ steps: 10 }), fc.subarray([...passNames]), (one, on) => {
      const { policy } = one
      const others = passNames.filter((name) => !on.includes(name))
      const first = withoutMissing(backend(licet, policy, 'interpreted'))
      expectNone(disagreement(one, first, [withPasses(licet, policy, on), withPasses(licet, policy, others)]))
    }),
}

export const caches: Invariant = {
  number: 15,
  title: 'cached = uncached at every revision and time',
  runs: 20,
  property: (licet) =>
    fc.property(story({ writes: 50, steps: 20 }), (one) => {
      const engine = (policy: Policy) => withoutMissing(backend(licet, policy, 'compiled'))
      expectNone(staleness(one, engine(one.policy), engine))
    }),
}
