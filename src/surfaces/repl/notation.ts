import type { EntityInput, EntityName, FactInput, Item, SubjectInput } from '../../index.ts'

/** Names, values and requests as the language writes them: what is shown can be typed again. */
export function entityText(name: EntityName): string {
  const colon = typeof name === 'string' ? name.indexOf(':') : 0
  const { type, id } = typeof name === 'string' ? { type: name.slice(0, colon), id: name.slice(colon + 1) } : name
  return /^\w+(?:-\w+)*$/.test(id) ? `${type}:${id}` : `${type}:${textLiteral(id)}`
}

function actorText(actor: string | null): string {
  return actor === null ? 'anonymous' : entityText(actor)
}

/** A tool or prompt: a name, or a text where it is none. */
export function itemName(name: string): string {
  return /^[A-Za-z_]\w*$/.test(name) ? name : textLiteral(name)
}

/** A text in quotes. In an id `{` is itself; in a value it would interpolate. */
export function textLiteral(text: string, open = '{'): string {
  const escaped = text.replace(/["\\]/g, '\\$&').replaceAll('{', open)
  const shown = escaped.replace(/[\p{C}\p{Zl}\p{Zp}]/gu, (one) => `\\u{${one.codePointAt(0)?.toString(16)}}`)
  return `"${shown}"`
}

/** Data, as a `given` or the arguments of a call have it. */
export function valueText(value: unknown): string {
  if (typeof value === 'string') return textLiteral(value, '\\{')
  if (Array.isArray(value)) return `[${value.map(valueText).join(', ')}]`
  if (typeof value === 'object' && value !== null) return recordText(value)
  return String(value)
}

function recordText(record: object): string {
  const entries = Object.entries(record).map(([key, value]) => `${keyText(key)}: ${valueText(value)}`)
  return entries.length === 0 ? '{}' : `{ ${entries.join(', ')} }`
}

function keyText(key: string): string {
  return /^[A-Za-z_]\w*$/.test(key) ? key : textLiteral(key)
}

/** Who asks, and for whom: `User:ann via Agent:bot`. */
export function askerText({
  actor,
  agents,
}: {
  readonly actor: string | null
  readonly agents: readonly string[]
}): string {
  return `${actorText(actor)}${agents.length === 0 ? '' : ` via ${agents.map(entityText).join(', ')}`}`
}

/** What is to be done, and to what: `write Repo:site`, `call search { q: "x" } on github`. */
export function requestText(action: string, target: string | Item): string {
  if (typeof target === 'string') return `${action} ${entityText(target)}`
  switch (target.kind) {
    case 'tool':
    case 'prompt': {
      const args = typeof target.args === 'object' && target.args !== null ? ` ${recordText(target.args)}` : ''
      return `${action} ${itemName(target.name)}${args} on ${target.server}`
    }
    case 'resource':
      return `${action} ${textLiteral(target.uri)} on ${target.server}`
    case 'template':
      return `${action} ${textLiteral(target.uriTemplate)} on ${target.server}`
    case 'server':
      return `${action} server on ${target.server}`
  }
}

/** What facts say of one entity, or of a global role where there is none, as `given` statements. */
export function givenText(inputs: Iterable<FactInput | EntityInput>): readonly string[] {
  const entities = new Map<string, { readonly containers: string[]; readonly entries: Map<string, string[]> }>()
  const roles: string[] = []
  for (const input of inputs) {
    const name = 'type' in input ? { type: input.type, id: input.id } : input.object
    if (name === undefined) {
      roles.push(`given role ${String(input.relation)}: ${factText(input as FactInput)}`)
      continue
    }
    const key = entityText(name)
    const entity = entities.get(key) ?? { containers: [], entries: new Map<string, string[]>() }
    entities.set(key, entity)
    if ('type' in input) {
      const { type: _, id: __, in: containers, attributes, ...rest } = input as EntityInput
      for (const one of containers === undefined ? [] : [containers].flat())
        entity.containers.push(entityText(one as EntityName))
      for (const [field, value] of Object.entries({ ...rest, ...attributes }))
        entity.entries.set(field, [valueText(value)])
    } else if (input.relation === 'in') entity.containers.push(subjectText((input as FactInput).subject))
    else {
      const { relation } = input as FactInput
      entity.entries.set(relation, [...(entity.entries.get(relation) ?? []), factText(input as FactInput)])
    }
  }
  const statements = [...entities].map(([key, { containers, entries }]) => {
    const within = containers.length === 0 ? '' : ` in ${containers.join(', ')}`
    const facts = [...entries].map(
      ([field, values]) => `${keyText(field)}: ${values.length === 1 ? values[0] : `[${values.join(', ')}]`}`,
    )
    return `given ${key}${within}${facts.length === 0 ? '' : ` { ${facts.join(', ')} }`}`
  })
  return [...roles, ...statements]
}

function factText({ subject, when, until }: FactInput): string {
  const condition =
    when === undefined ? '' : ` when ${when.let}${when.args === undefined ? '' : ` ${recordText(when.args)}`}`
  const end = until === undefined ? '' : ` until datetime(${textLiteral(new Date(until).toISOString())})`
  return `${subjectText(subject)}${condition}${end}`
}

function subjectText(subject: SubjectInput): string {
  if (typeof subject === 'string') return entityText(subject)
  if ('any' in subject) return `any ${subject.any}`
  return 'role' in subject ? `${entityText(subject.entity)}.${subject.role}` : entityText(subject)
}
