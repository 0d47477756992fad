import type { Environment, FactInput, Policy } from '../../../index.ts'
import type { Mutant } from '../../../mutants.ts'
import type { GivenChange } from '../../../witness.ts'
import { mentioned, typeOf } from '../mentioned.ts'
import { valuesBeside } from './values-beside.ts'

type TestCase = Policy['tests'][number]
type Otherwise = GivenChange & { readonly test: TestCase }

/** Tests that give one thing otherwise: an input, an attribute, or somebody more who is assigned a role. */
export function* givenNear(policy: Policy, mutant: Mutant, test: TestCase): Iterable<Otherwise> {
  yield* assignedToo(policy, mutant, test)
  yield* withAgent(policy, test)
  yield* factsLeftOut(test)
  yield* heldToo(policy, test)
  yield* attributesOtherwise(test, mutant.literals)
  yield* inputsOtherwise(policy, test, mutant.literals)
}

function* inputsOtherwise(
  { program, facts }: Policy,
  test: TestCase,
  literals: readonly (string | number)[],
): Iterable<Otherwise> {
  const { inputs } = test
  const input = (name: string, value: unknown) => {
    const others = [...inputs].filter(([known]) => known !== name)
    const changed = new Map(value === undefined ? others : [...others, [name, value]])
    return { input: { name, value }, test: { ...test, inputs: changed } }
  }
  for (const name of inputs.keys()) if (name !== 'now' && name !== 'session') yield input(name, undefined)
  const texts = literals.filter((one) => typeof one === 'string')
  const token = (inputs.get('token') ?? {}) as NonNullable<Environment['token']>
  for (const claim of ['scopes', 'groups', 'roles', 'permissions'] as const) {
    const { [claim]: had, ...rest } = token
    if (had !== undefined) yield input('token', rest)
    for (const text of texts) yield input('token', { ...token, [claim]: [text] })
    if (texts.length > 1) yield input('token', { ...token, [claim]: texts })
  }
  for (const text of texts) yield input('token', { ...token, acr: text })
  yield input('confirmed', true)
  const labels = [...new Set(program.rules.flatMap(({ label }) => (label === undefined ? [] : [label])))]
  for (const some of [[], ...labels.map((label) => [label]), labels]) yield input('session', { labels: some })
  for (const actor of mentioned([...facts, ...test.facts]))
    if (program.types.some(({ name, actor: acts }) => acts && name === typeOf(actor))) yield input('approvals', [actor])
}

function* attributesOtherwise(test: TestCase, literals: readonly (string | number)[]): Iterable<Otherwise> {
  for (const [i, fact] of test.facts.entries()) {
    if (!('attributes' in fact) || fact.attributes === undefined) continue
    for (const [name, value] of Object.entries(fact.attributes))
      for (const other of valuesBeside(value, { literals, texts: ['other'] })) {
        const changed = { ...fact, attributes: { ...fact.attributes, [name]: other } }
        yield {
          attribute: { entity: `${fact.type}:${fact.id}`, name, value: other },
          test: { ...test, facts: test.facts.toSpliced(i, 1, changed) },
        }
      }
  }
}

/** One of those who are known, with one more role on something of the test. */
function* heldToo({ program, facts }: Policy, test: TestCase): Iterable<Otherwise> {
  const known = mentioned([...facts, ...test.facts])
  for (const { type, name, assignable } of program.roles)
    for (const object of type === undefined ? [undefined] : known.filter((entity) => typeOf(entity) === type))
      for (const subject of known) {
        const fits = assignable.some((one) => one.kind === 'entity' && one.type === typeOf(subject) && !one.when)
        if (!fits || test.facts.some((fact) => fact.relation === name && fact.subject === subject)) continue
        const added = [{ relation: name, subject, ...(object === undefined ? {} : { object }) }]
        yield { added, test: { ...test, facts: [...test.facts, ...added] } }
      }
}

/** An agent that is known, where the test knows none: every boolean of it once true and once false. */
function* withAgent({ program, facts }: Policy, test: TestCase): Iterable<Otherwise> {
  const agent = program.types.find(({ name }) => name === 'Agent')
  if (agent === undefined || !program.delegates) return
  if (mentioned([...facts, ...test.facts]).some((entity) => typeOf(entity) === 'Agent')) return
  for (const value of [true, false]) {
    const needed = agent.fields.filter(({ optional, type }) => !optional && type.kind !== 'set')
    const attributes = Object.fromEntries(needed.map(({ name, type }) => [name, type.kind === 'boolean' ? value : 'x']))
    const added = [{ type: 'Agent', id: 'some', attributes }]
    yield { added, test: { ...test, facts: [...test.facts, ...added] } }
  }
}

/** Without what the test says of one relation of one entity. */
function* factsLeftOut(test: TestCase): Iterable<Otherwise> {
  const seen = new Set<string>()
  for (const fact of test.facts) {
    if (!('relation' in fact) || typeof fact.relation !== 'string' || fact.object === undefined) continue
    const [entity] = mentioned([fact as FactInput])
    const { relation } = fact
    if (entity === undefined || seen.has(`${entity} ${relation}`)) continue
    seen.add(`${entity} ${relation}`)
    const isIt = (one: (typeof test.facts)[number]) => one.relation === relation && mentioned([one])[0] === entity
    yield { dropped: { entity, relation }, test: { ...test, facts: test.facts.filter((one) => !isIt(one)) } }
  }
}

/** Somebody who holds a role in the way that the mutant does not let them. */
function* assignedToo({ program }: Policy, mutant: Mutant, test: TestCase): Iterable<Otherwise> {
  for (const [i, role] of program.roles.entries()) {
    const left = JSON.stringify(mutant.policy.program.roles[i]?.assignable ?? [])
    const { assignable, type, name } = role
    if (JSON.stringify(assignable) === left) continue
    const dropped = assignable.filter((one) => one.when === undefined && !left.includes(JSON.stringify(one)))
    const objects = type === undefined ? [undefined] : mentioned(test.facts).filter((entity) => typeOf(entity) === type)
    for (const one of dropped)
      for (const object of objects) {
        const added = waysToHold(program, one).map(
          (subject, at): FactInput =>
            at === 0
              ? { relation: name, ...(object === undefined ? {} : { object }), subject: subject.subject }
              : subject,
        )
        if (added.length > 0) yield { added, test: { ...test, facts: [...test.facts, ...added] } }
      }
  }
}

/** The facts that make somebody hold what can be assigned so; the first is the assignment. */
function waysToHold(
  program: Policy['program'],
  { kind, type, role }: Policy['program']['roles'][number]['assignable'][number],
): readonly FactInput[] {
  const assigned = (subject: FactInput['subject']): FactInput => ({ relation: '', subject })
  if (kind === 'any') return [assigned({ any: type })]
  const container = `${type}:some`
  if (kind === 'holders') {
    const [first] = program.types.filter(({ actor, name }) => actor && name !== 'Agent')
    if (first === undefined || role === undefined) return []
    return [
      assigned({ entity: container, role }),
      { object: container, relation: role, subject: `${first.name}:somebody` },
    ]
  }
  const info = program.types.find(({ name }) => name === type)
  if (info?.actor === true) return [assigned(`${type}:somebody`)]
  const inside = program.types.find(({ actor, containers }) => actor && containers.includes(type))
  if (inside === undefined) return []
  return [assigned(container), { object: `${inside.name}:somebody`, relation: 'in', subject: container }]
}
