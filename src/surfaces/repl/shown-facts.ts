import { didYouMean } from '../../base/suggest.ts'
import type { Engine, EntityInput, FactInput, Policy } from '../../index.ts'
import { type Answer, type Line, refused, styled, told } from './answer.ts'
import { givenText } from './notation.ts'

/** How many entities are shown. */
const most = 50

/** The facts in force, of the policy's text, the files and the session, as `given` statements: of all, of a type, or of one entity. */
export function shownFacts(policy: Policy, engine: Engine, of: string | undefined): Answer {
  const types = policy.program.types.map(({ name }) => name)
  const wanted = of === undefined ? undefined : entityNamed(of)
  const type = wanted?.type ?? of
  if (type !== undefined && !types.includes(type))
    return refused(`the policy declares no type \`${type}\``, didYouMean(type, types))
  const byEntity = new Map<string, (FactInput | EntityInput)[]>()
  let more = 0
  for (const inputs of [policy.facts, engine.facts.dump()]) {
    for (const input of inputs) {
      const about = entityOf(input)
      if (type !== undefined && about?.type !== type) continue
      if (wanted !== undefined && about?.id !== wanted.id) continue
      const key = about === undefined ? '' : `${about.type}:${about.id}`
      const known = byEntity.get(key)
      if (known !== undefined) known.push(input)
      else if (byEntity.size < most) byEntity.set(key, [input])
      else more += 1
    }
  }
  const statements = [...byEntity.values()].flatMap((inputs) => givenText(inputs))
  const lines = statements.map((statement): Line => [statement])
  return told(
    { kind: 'facts', facts: statements, more },
    ...(lines.length === 0 ? [[styled('faint', 'no facts')]] : lines),
    ...(more === 0
      ? []
      : [[styled('faint', `and ${more} more facts: \`:facts TYPE\` or \`:facts ENTITY\` shows fewer`)]]),
  )
}

/** `Repo:site`, or with the id in quotes. */
function entityNamed(text: string): { readonly type: string; readonly id: string } | undefined {
  const colon = text.indexOf(':')
  if (colon === -1) return undefined
  return { type: text.slice(0, colon), id: text.slice(colon + 1).replace(/^"(.*)"$/, '$1') }
}

function entityOf(input: FactInput | EntityInput): { readonly type: string; readonly id: string } | undefined {
  if ('type' in input) return { type: String(input.type), id: String(input.id) }
  const { object } = input as FactInput
  if (typeof object !== 'string') return object
  const colon = object.indexOf(':')
  return { type: object.slice(0, colon), id: object.slice(colon + 1) }
}
