import fc from 'fast-check'
import type { EntityInput, FactInput, Policy } from '../../../../src/index.ts'
import { type Draw, drawn, shorter } from '../drawn.ts'
import { type Assignment, factSet, type Write, writeOf } from './facts.ts'
import { assignmentsOf, checked, type PolicyModel, type PolicyOptions, policyModel, render } from './policy.ts'
import { environment, type Known, type Question, question } from './questions.ts'

/** A policy and facts, and what is done with them, one after the other. */
export interface Story {
  readonly model: PolicyModel
  readonly policy: Policy
  readonly facts: readonly (EntityInput | FactInput)[]
  readonly steps: readonly Step[]
}

export type Step =
  | { readonly kind: 'ask'; readonly question: Question }
  /** Binds an actor and an environment; the bound one is asked `about` at once, and again at the end. */
  | { readonly kind: 'bind'; readonly question: Question; readonly about: readonly Question[] }
  | { readonly kind: 'write'; readonly write: Write }
  /** The same policy, compiled again without its last rules. */
  | { readonly kind: 'replace'; readonly without: number }

export interface StoryOptions extends PolicyOptions {
  readonly steps?: number
  /** So many steps in a hundred change the facts. */
  readonly writes?: number
  /** So many times in 1,600 the policy is replaced, and linked anew. */
  readonly replaces?: number
}

export function story(options: StoryOptions = {}): fc.Arbitrary<Story> {
  return drawn((draw) => newStory(draw, options), smaller)
}

function newStory(draw: Draw, { steps = 14, writes = 20, replaces = 40, ...options }: StoryOptions = {}): Story {
  for (let i = 0; i < 20; i++) {
    const found = checked(policyModel(draw, options))
    if (found === undefined) continue
    const assignments = assignmentsOf(found.model)
    const facts = factSet(draw, assignments)
    const asked: Question[] = []
    const servers = ['desk', 'bare'].filter((server) => found.model.lines.some(({ where }) => where === server))
    const known = { types: found.model.types, servers, large: options.large === true }
    const all = Array.from({ length: steps }, () =>
      stepOf(draw, known, { facts, assignments, asked, writes, replaces }),
    )
    return readable({ ...found, facts, steps: all })
  }
  throw new Error('twenty policies in a row that the checker does not take')
}

interface Told {
  readonly facts: Story['facts']
  readonly assignments: readonly Assignment[]
  readonly asked: Question[]
  readonly writes: number
  readonly replaces: number
}

function stepOf(draw: Draw, known: Known, { facts, assignments, asked, writes, replaces }: Told): Step {
  if (draw.chance(writes)) return { kind: 'write', write: writeOf(draw, facts, assignments) }
  const kind = draw.int(16)
  const next = () => {
    const one = again(draw, asked, known) ?? question(draw, known)
    asked.push(one)
    return one
  }
  if (kind < 2) return { kind: 'bind', question: question(draw, known), about: draw.times(1, 3, () => next()) }
  if (kind === 2 && draw.chance(replaces)) return { kind: 'replace', without: draw.int(4) }
  return { kind: 'ask', question: next() }
}

/** Something that was asked before, as it was or in another environment. */
function again(draw: Draw, asked: readonly Question[], known: Known): Question | undefined {
  if (asked.length === 0 || draw.chance(55)) return undefined
  const before = draw.of(asked)
  return draw.chance(40) ? before : { ...before, env: environment(draw, known) }
}

function* smaller(story: Story): Iterable<Story> {
  const { model, facts, steps } = story
  for (const fewer of shorter(steps)) yield readable({ ...story, steps: fewer })
  for (const lines of shorter(model.lines)) {
    const found = checked({ ...model, lines }, 0)
    if (found !== undefined) yield readable({ ...story, ...found })
  }
  for (const fewer of shorter(facts)) yield readable({ ...story, facts: fewer })
  for (const [i, line] of model.lines.entries())
    for (const part of ['condition', 'except'] as const) {
      for (const simpler of line[part] === undefined ? [] : simplerTexts(line[part])) {
        const { [part]: _, ...rest } = line
        const lines = model.lines.with(i, simpler === '' ? rest : { ...rest, [part]: simpler })
        const found = checked({ ...model, lines }, 0)
        if (found !== undefined) yield readable({ ...story, ...found })
      }
    }
  for (const [i, step] of steps.entries()) {
    if (step.kind === 'write' || step.kind === 'replace') continue
    for (const env of smallerRecords(step.question.env))
      yield readable({ ...story, steps: steps.with(i, { ...step, question: { ...step.question, env } }) })
    if (step.kind === 'bind' && step.about.length > 1)
      for (const about of shorter(step.about)) yield readable({ ...story, steps: steps.with(i, { ...step, about }) })
  }
}

/** With one member less; some things cannot be looked at. */
function smallerRecords(value: unknown): readonly unknown[] {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return []
  try {
    return Object.keys(value)
      .filter((name) => name !== 'now')
      .map((name) => Object.fromEntries(Object.entries(value).filter(([other]) => other !== name)))
  } catch {
    return []
  }
}

/** Nothing, and each of the parts in parentheses that it has. */
function simplerTexts(text: string): readonly string[] {
  const found = ['']
  const opened: number[] = []
  for (const [i, character] of [...text].entries()) {
    if (character === '(') opened.push(i)
    if (character !== ')') continue
    const from = opened.pop()
    if (from !== undefined && from > 0 && i - from > 3) found.push(text.slice(from, i + 1))
  }
  const parts =
    text.startsWith('(') && text.endsWith(')') ? text.slice(1, -1).split(/ (?:and|or) /) : text.split(/ (?:and|or) /)
  return [...found, ...(parts.length > 1 ? parts : [])]
}

/** As a counter-example it is shown the way a person reads it. */
function readable(story: Story): Story {
  const { model, facts, steps } = story
  const listed = (all: readonly unknown[]) => all.map((one) => shown(one)).join('\n')
  const text = () => ['', render(model).files['policy.licet'], '--', listed(facts), '--', listed(steps), ''].join('\n')
  return Object.defineProperty(story, fc.toStringMethod, { value: text, enumerable: true, configurable: true })
}

function shown(value: unknown): string {
  try {
    return (
      JSON.stringify(value, (_, part) =>
        typeof part === 'bigint' || typeof part === 'symbol' ? String(part) : part,
      ) ?? String(value)
    )
  } catch {
    return 'something that cannot be shown'
  }
}
