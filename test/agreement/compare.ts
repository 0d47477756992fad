import fc from 'fast-check'
import { createEngine, type Policy } from '../../src/index.ts'
import type { Question } from '../properties/generate/wide/questions.ts'
import type { Story } from '../properties/generate/wide/scenario.ts'
import { type Asked, passNames, type Side, side, withPasses } from '../properties/generate/wide/sides.ts'
import { toldOf, withoutLast, write } from '../properties/generate/wide/transcript.ts'
import { licet } from '../properties/parts.ts'

/** Makes the standalone module of a policy, and imports it. */
export type Load = (policy: Policy) => Promise<{ readonly createEngine: (options: object) => Omit<Asked, 'replace'> }>

export interface Compared {
  /** Decisions of the interpreter that all others were compared with. */
  readonly decisions: number
  readonly difference?: { readonly what: string; readonly right: string; readonly said: string }
}

/** What a side says to one question; the interpreter is asked once, the others in every way there is. */
interface Said {
  readonly what: string
  readonly decision: string
  /** The same decision in other words, or only whether it is allowed. */
  readonly again: readonly string[]
}

type Ask = Parameters<Asked['authorize']>
type About = readonly [action: Ask[1], resource: Ask[2]]

/** Interpreter, emitted code with every pass and with some, and standalone module, in one story. `missing`: also what is missing. */
export async function compare(story: Story, seed: number, load: Load, missing: boolean): Promise<Compared> {
  const replacements = new Map<number, Policy>([[0, story.policy]])
  for (const step of story.steps)
    if (step.kind === 'replace' && !replacements.has(step.without))
      replacements.set(step.without, withoutLast(story, step.without) ?? story.policy)
  const modules = new Map<Policy, Awaited<ReturnType<Load>>>()
  for (const policy of replacements.values()) modules.set(policy, modules.get(policy) ?? (await load(policy)))

  const by = (backend: 'interpreted' | 'compiled') =>
    side(backend, (functions) => createEngine(story.policy, { backend, functions }))
  const passes = passNames.filter((_, i) => ((seed >> i) & 1) === 1)
  const standalone = side('standalone', (functions) => {
    const made = (policy: Policy) => {
      const module = modules.get(policy)
      if (module === undefined) throw new Error('unreachable: every policy of a story has its module')
      return module.createEngine({ functions })
    }
    let engine = made(story.policy)
    return {
      authorize: (...asked) => engine.authorize(...asked),
      can: (...asked) => engine.can(...asked),
      for: (...asked) => engine.for(...asked),
      replace: (policy) => {
        const next = made(policy)
        next.facts.load(engine.facts.dump())
        engine = next
      },
      get facts() {
        return engine.facts
      },
    }
  })
  const told = toldOf(missing)
  const first = [...said(story, by('interpreted'), replacements, told, false)]
  const sides: readonly (readonly [Side, typeof told])[] = [
    [by('compiled'), told],
    ...(missing ? [] : [[withPasses(licet, story.policy, passes), told] as const, [standalone, told] as const]),
  ]
  for (const [other, words] of sides) {
    let next = 0
    for (const { what, decision, again } of said(story, other, replacements, words, true)) {
      const right = first[next++]
      const differs = [decision, ...again].find(
        (one, i) =>
          one !==
          (i === 0 || one.startsWith('{') ? right?.decision : `${right?.decision.startsWith('{"allowed":true')}`),
      )
      if (differs === undefined && right?.what === what) continue
      return {
        decisions: 0,
        difference: { what: `${other.name}: ${what}`, right: right?.decision ?? '', said: differs ?? what },
      }
    }
  }
  return { decisions: first.filter(({ decision }) => decision.startsWith('{"allowed"')).length }
}

function* said(
  { facts, steps, policy }: Story,
  side: Side,
  replacements: ReadonlyMap<number, Policy>,
  told: ReturnType<typeof toldOf>,
  thoroughly: boolean,
): Iterable<Said> {
  const { engine } = side
  const sessions: (readonly [what: string, bound: ReturnType<Asked['for']>, about: About])[] = []
  const inSession = (what: string, bound: ReturnType<Asked['for']>, about: About): Said => ({
    what,
    decision: told(bound.authorize(...about)),
    again: thoroughly ? [`${bound.can(...about)}`] : [],
  })
  engine.facts.load(facts)
  for (const [i, step] of steps.entries()) {
    switch (step.kind) {
      case 'ask': {
        const [actor, action, resource, env] = parts(step.question)
        const decision = told(engine.authorize(actor, action, resource, env))
        const again = () => {
          const bound = engine.for(actor, env)
          return [
            `${engine.can(actor, action, resource, env)}`,
            told(engine.authorize(actor, action, resource, env)),
            `${bound.can(action, resource)}`,
            told(bound.authorize(action, resource)),
          ]
        }
        yield { what: `${i} ask`, decision, again: thoroughly && i % 4 === 0 ? again() : [] }
        break
      }
      case 'bind': {
        const [actor, , , env] = parts(step.question)
        const bound = engine.for(actor, env)
        for (const [n, about] of step.about.entries()) {
          const [, action, resource] = parts(about)
          sessions.push([`${i} session, question ${n}`, bound, [action, resource]])
          yield inSession(`${i} session, question ${n}`, bound, [action, resource])
        }
        break
      }
      case 'write':
        yield { what: `${i} ${step.write.do}`, decision: write(side, step.write), again: [] }
        break
      case 'replace':
        engine.replace(replacements.get(step.without) ?? policy)
        break
    }
  }
  for (const [what, bound, about] of sessions) yield inSession(`${what} at the end`, bound, about)
  yield {
    what: 'facts',
    decision: JSON.stringify([...engine.facts.dump()], (_, part) => (typeof part === 'bigint' ? `${part}n` : part)),
    again: [],
  }
}

const parts = ({ actor, action, resource, env }: Question) => [actor, action, resource, env] as unknown as Ask

/** A story of a seed, and the smallest like it in which something differs. */
export async function shrunk(
  arbitrary: fc.Arbitrary<Story>,
  seed: number,
  differs: (story: Story) => Promise<boolean>,
): Promise<string> {
  const found = await fc.check(
    fc.asyncProperty(arbitrary, async (story) => !(await differs(story))),
    { seed, numRuns: 1, interruptAfterTimeLimit: 300_000 },
  )
  return fc.stringify(found.counterexample?.[0])
}
