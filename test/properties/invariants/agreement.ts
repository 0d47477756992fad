import { expect } from 'vitest'
import fc from 'fast-check'
import { type Decision, type Policy } from '../../../src/index.ts'
import { type Story, type StoryOptions, story } from '../generate/wide/scenario.ts'
import { backend, type Side, withoutMissing, withPasses } from '../generate/wide/sides.ts'
import { checked } from '../generate/wide/policy.ts'
import type { Question } from '../generate/wide/questions.ts'
import type { Licet } from '../licet.ts'
import type { Invariant } from './invariant.ts'

/** All that a decision says, so that two can be compared as texts. */
export function told({ allowed, reason, rules, errors, limits, labels, missing }: Decision): string {
  return JSON.stringify({
    allowed,
    reason,
    rules,
    errors: errors.map(({ code, message, at }) => [code, message, at]),
    limits,
    labels,
    missing,
  }, (_, part) => (typeof part === 'bigint' ? `${part}n` : part))
}

type Ask = Parameters<Side['engine']['authorize']>
const asked = ({ actor, action, resource, env }: Question) => [actor, action, resource, env] as unknown as Ask

/** What one side answers to a question, asked in every way there is: the second time it may be known already. */
export function answers({ engine }: Side, question: Question): readonly string[] {
  const [actor, action, resource, env] = asked(question)
  const bound = () => engine.for(actor, env)
  const all: string[] = []
  for (let i = 0; i < 2; i++) {
    all.push(told(engine.authorize(actor, action, resource, env)), String(engine.can(actor, action, resource, env)))
  }
  const one = bound()
  all.push(told(one.authorize(action, resource)), String(one.can(action, resource)), told(bound().authorize(action, resource)))
  return all
}

interface Kept {
  readonly ask: () => string
  readonly then: string
}

/** Where they first say something else; undefined: nowhere. */
export interface Disagreement {
  readonly step: number
  readonly what: string
  readonly said: readonly string[]
}

/** Does to all what is done in the story; the first is right. */
export function disagreement(story: Story, sides: readonly Side[], counts?: Counts): Disagreement | undefined {
  const [first, ...others] = sides
  if (first === undefined) return undefined
  for (const { engine } of sides) engine.facts.load(story.facts)
  const kept: (readonly Kept[])[] = []
  const compare = (step: number, what: string, of: (side: Side) => string): Disagreement | undefined => {
    const right = of(first)
    for (const other of others) {
      const said = of(other)
      if (said !== right) return { step, what: `${other.name}: ${what}`, said: [right, said] }
    }
    return undefined
  }
  for (const [i, step] of story.steps.entries()) {
    switch (step.kind) {
      case 'ask': {
        const right = answers(first, step.question)
        counts?.(right[0] ?? '')
        if (new Set(right.filter((_, n) => n % 2 === 0 && n < 5)).size > 1 && !isTimeless(step.question))
          return { step: i, what: `${first.name} with itself`, said: right }
        for (const other of others) {
          const said = answers(other, step.question)
          const at = said.findIndex((one, n) => one !== right[n])
          if (at >= 0) return { step: i, what: `${other.name}: answer ${at}`, said: [right[at] ?? '', said[at] ?? ''] }
        }
        break
      }
      case 'bind': {
        const [actor, , , env] = asked(step.question)
        for (const side of sides) {
          const bound = side.engine.for(actor, env)
          kept.push(
            step.about.map((about) => {
              const [, action, resource] = asked(about)
              const ask = () => `${told(bound.authorize(action, resource))} ${bound.can(action, resource)}`
              return { ask, then: ask() }
            }),
          )
        }
        const these = kept.slice(-sides.length)
        for (const [n, one] of (these[0] ?? []).entries())
          for (const [s, other] of these.entries())
            if (other[n]?.then !== one.then)
              return { step: i, what: `${sides[s]?.name}: bound`, said: [one.then, other[n]?.then ?? ''] }
        break
      }
      case 'write': {
        const { write } = step
        const found = compare(i, 'write', ({ engine: { facts } }) =>
          JSON.stringify(
            write.do === 'put'
              ? facts.put(write.entity)
              : write.do === 'delete'
                ? facts.delete(write.name)
                : facts[write.do](write.fact),
          ),
        )
        if (found !== undefined) return found
        break
      }
      case 'replace': {
        const next = withoutLast(story, step.without)
        if (next !== undefined) for (const { engine } of sides) engine.replace(next)
        break
      }
    }
  }
  // What was bound long ago answers as it did then.
  for (const one of kept)
    for (const { ask, then } of one) {
      const again = ask()
      if (again !== then) return { step: story.steps.length, what: 'bound, asked again', said: [then, again] }
    }
  return compare(story.steps.length, 'facts', ({ engine }) => JSON.stringify([...engine.facts.dump()], (_, part) => (typeof part === 'bigint' ? `${part}n` : part)))
}

export type Counts = (told: string) => void

/** Without a time of its own a question is answered at the present one, which goes on. */
function isTimeless({ env }: Question): boolean {
  return typeof env !== 'object' || env === null
}

function withoutLast({ model, policy }: Story, count: number): Policy | undefined {
  if (count === 0) return policy
  const rules = model.lines.filter(({ needed }) => !needed)
  const gone = new Set(rules.slice(-count))
  return checked({ ...model, lines: model.lines.filter((line) => !gone.has(line)) }, 0)?.policy
}

function agreeing(title: string, runs: number, options: StoryOptions, sides: (licet: Licet, story: Story) => readonly Side[]): Invariant {
  return {
    title,
    runs,
    property: (licet) =>
      fc.property(story(options), (one) => {
        const found = disagreement(one, sides(licet, one))
        if (found !== undefined) expect(found.said[1], `step ${found.step}: ${found.what}`).toBe(found.said[0])
      }),
  }
}

export const backends: Invariant = {
  ...agreeing('the interpreter and the compiled policy agree', 120, {}, (licet, { policy }) => [
    backend(licet, policy, 'interpreted'),
    backend(licet, policy, 'compiled'),
  ]),
  number: 6,
}

export const ofManyRules: Invariant = {
  ...agreeing('the interpreter and the compiled policy agree where rules share their code', 12, { large: true }, (licet, { policy }) => [
    backend(licet, policy, 'interpreted'),
    backend(licet, policy, 'compiled'),
  ]),
  number: 6,
}

export const passes: Invariant = {
  ...agreeing('every pass preserves decisions, errors included', 40, {}, (licet, { policy }) => [
    withoutMissing(backend(licet, policy, 'interpreted')),
    withPasses(licet, policy, { sharing: false, index: false }),
    withPasses(licet, policy, { sharing: false, index: true }),
    withPasses(licet, policy, { sharing: true, index: false }),
    withPasses(licet, policy, { sharing: true, index: true }),
  ]),
  number: 7,
}
