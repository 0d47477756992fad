import type { Decision, Policy } from '../../../../src/index.ts'
import type { Write } from './facts.ts'
import { checked } from './policy.ts'
import type { Question } from './questions.ts'
import type { Story } from './scenario.ts'
import type { Side } from './sides.ts'

/** All that a side has said in a story, in order. */
export type Transcript = readonly Entry[]

export interface Entry {
  readonly what: string
  readonly said: string
}

type Ask = Parameters<Side['engine']['authorize']>
const parts = ({ actor, action, resource, env }: Question) => [actor, action, resource, env] as unknown as Ask

/** All that a decision says, so that two can be compared as texts. */
export const told = toldOf(true)

/** With what is missing, or without: that is not the machine's to say. */
export function toldOf(withMissing: boolean) {
  return (decision: Omit<Decision, 'missing'> & { readonly missing?: Decision['missing'] }): string => {
    const { allowed, reason, rules, errors, limits, labels } = decision
    const told = errors.map(({ code, message, at }) => [code, message, at])
    return json({
      allowed,
      reason,
      rules,
      errors: told,
      limits,
      labels,
      ...(withMissing ? { missing: decision.missing } : {}),
    })
  }
}

function json(value: unknown): string {
  return JSON.stringify(value, (_, part) => (typeof part === 'bigint' ? `${part}n` : part))
}

/** What one side answers to a question, asked in every way there is: the second time it may be known already. */
export function answers({ engine }: Side, question: Question): readonly Entry[] {
  const [actor, action, resource, env] = parts(question)
  const bound = engine.for(actor, env)
  return [
    { what: 'authorize', said: told(engine.authorize(actor, action, resource, env)) },
    { what: 'can', said: `${engine.can(actor, action, resource, env)}` },
    { what: 'authorize again', said: told(engine.authorize(actor, action, resource, env)) },
    { what: 'can again', said: `${engine.can(actor, action, resource, env)}` },
    { what: 'bound authorize', said: told(bound.authorize(action, resource)) },
    { what: 'bound can', said: `${bound.can(action, resource)}` },
  ]
}

export function write({ engine: { facts } }: Side, change: Write): string {
  switch (change.do) {
    case 'put':
      return json(facts.put(change.entity))
    case 'delete':
      return json(facts.delete(change.name))
    default:
      return json(facts[change.do](change.fact))
  }
}

/** Does what is done in a story, and writes down what comes of it. `stop`: told of each entry, whether that is enough. */
export function transcriptOf(story: Story, side: Side, stop: (entry: Entry) => boolean = () => false): Transcript {
  const entries: Entry[] = []
  const bound: (readonly [what: string, ask: () => string])[] = []
  let isOver = false
  const enter = (what: string, said: string) => {
    entries.push({ what, said })
    isOver = stop({ what, said })
  }
  side.engine.facts.load(story.facts)
  for (const [i, step] of story.steps.entries()) {
    switch (step.kind) {
      case 'ask':
        for (const { what, said } of answers(side, step.question)) enter(`${i} ${what}`, said)
        break
      case 'bind': {
        const [actor, , , env] = parts(step.question)
        const session = side.engine.for(actor, env)
        for (const [n, about] of step.about.entries()) {
          const [, action, resource] = parts(about)
          const ask = () => `${told(session.authorize(action, resource))} ${session.can(action, resource)}`
          bound.push([`${i} session, question ${n}`, ask])
          enter(`${i} session, question ${n}`, ask())
        }
        break
      }
      case 'write':
        enter(`${i} ${step.write.do}`, write(side, step.write))
        break
      case 'replace':
        side.engine.replace(withoutLast(story, step.without) ?? story.policy)
        break
    }
    if (isOver) return entries
  }
  // What was bound long ago answers as it did then.
  for (const [what, ask] of bound) enter(`${what} at the end`, ask())
  enter('facts', json([...side.engine.facts.dump()]))
  return entries
}

/** The same policy without its last rules. */
export function withoutLast({ model, policy }: Story, count: number): Policy | undefined {
  if (count === 0) return policy
  const rules = model.lines.filter(({ needed }) => !needed)
  const gone = new Set(rules.slice(-count))
  return checked({ ...model, lines: model.lines.filter((line) => !gone.has(line)) }, 0)?.policy
}

export interface Difference {
  readonly what: string
  readonly right: string
  readonly said: string
}

/** Where the side first says something else than the transcript does; undefined: nowhere. */
export function differenceFrom(right: Transcript, story: Story, side: Side): Difference | undefined {
  let next = 0
  let found: Difference | undefined
  transcriptOf(story, side, ({ what, said }) => {
    const other = right[next++]
    if (other !== undefined && other.what === what && other.said === said) return false
    found ??= { what: `${side.name}: ${what}`, right: other?.said ?? 'nothing', said }
    return true
  })
  return found
}

/** Sessions answer at the end as they did at first. */
export function inconstancy(transcript: Transcript): Difference | undefined {
  const first = new Map(transcript.map(({ what, said }) => [what, said]))
  for (const { what, said } of transcript) {
    const then = what.endsWith(' at the end') ? first.get(what.slice(0, -' at the end'.length)) : said
    if (then !== said) return { what, right: then ?? '', said }
  }
  return undefined
}
