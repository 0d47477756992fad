import type { EngineOptions, EntityInput, FactInput, Policy, Someone } from '../../index.ts'
import { createEngine, printResidual } from '../../index.ts'
import type { MatrixCell, MatrixTable } from './matrix.ts'

const maxEntities = 200

/** Who may do what to the entities that facts are about: a table for each type, whose cells are answers of `who`. */
export function holdersOf(
  policy: Policy,
  { facts = [], functions }: Pick<EngineOptions, 'facts' | 'functions'>,
): { readonly tables: readonly MatrixTable[]; readonly complete: boolean } {
  const given = [...facts]
  const engine = createEngine(policy, { facts: given, ...(functions === undefined ? {} : { functions }) })
  const named = entitiesIn([...policy.facts, ...given])
  let complete = true
  const tables = policy.program.types.flatMap(({ name: type }): MatrixTable[] => {
    const actions = policy.program.actions.filter(({ types }) => types.includes(type)).map(({ action }) => action)
    const all = named.filter((name) => name.startsWith(`${type}:`))
    if (actions.length === 0 || all.length === 0) return []
    if (all.length > maxEntities) complete = false
    const entities = all.slice(0, maxEntities)
    const cells = entities.map((entity) => actions.map((action) => cellOf(engine.who(action, entity))))
    return [
      {
        kind: 'entities',
        name: type,
        subjects: entities.map((name) => ({ kind: 'entity', name, actors: [] })),
        uses: actions.map((action) => ({ action })),
        cells,
      },
    ]
  })
  return { tables, complete }
}

/** The objects of facts, and the entities with records. */
function entitiesIn(facts: Policy['facts']): readonly string[] {
  const found = new Set<string>()
  for (const fact of facts) {
    const name = isRelationship(fact) ? fact.object : { type: fact.type, id: fact.id }
    if (name !== undefined) found.add(typeof name === 'string' ? name : `${name.type}:${name.id}`)
  }
  return [...found].sort()
}

/** A record may have a field called `relation`, but a relationship has no `id`. */
function isRelationship(fact: FactInput | EntityInput): fact is FactInput {
  return 'relation' in fact && !('id' in fact)
}

function cellOf({ certain, conditional, complete }: ReturnType<ReturnType<typeof createEngine>['who']>): MatrixCell {
  const lines = [
    ...certain.map(nameOf),
    ...conditional.map(({ actor, residual }) => `${nameOf(actor)} where\n${indented(printResidual(residual))}`),
    ...(complete ? [] : ['…']),
  ]
  return {
    outcome: certain.length > 0 ? 'allow' : conditional.length > 0 ? 'depends' : 'deny',
    granted: false,
    condition: lines.join('\n'),
    rules: [],
    asAnyone: false,
  }
}

function nameOf(someone: Someone): string {
  if (someone === null) return 'anonymous'
  if (typeof someone === 'string') return someone
  const { any, except } = someone
  return `any ${any}${except.length === 0 ? '' : ` but ${except.join(', ')}`}`
}

function indented(text: string): string {
  return text.replace(/^/gm, '  ')
}
