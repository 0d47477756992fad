import type { Policy } from '../../index.ts'
import { claims } from '../../questions.ts'

type Type = Policy['program']['types'][number]
type Fields = Type['fields'] | Policy['program']['token']

/** What may follow the dot that a text ends in: fields, roles and actions, as far as its type can be told by looking. */
export function memberOf(
  before: readonly string[],
  policy: Policy,
  asker: string | null | undefined,
): readonly string[] {
  const path: string[] = []
  let at = before.length - 1
  for (; before[at] === '.' || before[at] === '?.'; at -= 2) path.unshift(before[at - 1] ?? '')
  const [root = '', ...steps] = path
  const { program } = policy
  const typeNamed = (name: string | undefined) => program.types.find((type) => type.name === name)
  let type = typeNamed(entityType(root === 'actor' && typeof asker === 'string' ? asker : root))
  let fields: Fields = type?.fields ?? inputFields(root, policy)
  for (const step of steps) {
    const next = fields.find(({ name }) => name === step)?.type
    type = next?.kind === 'entity' ? typeNamed(next.name) : undefined
    fields = type?.fields ?? (next?.kind === 'record' ? next.fields : [])
  }
  const own = type?.name
  return [
    ...fields.map(({ name }) => name),
    ...program.roles.filter((role) => own !== undefined && role.type === own).map(({ name }) => name),
    ...program.actions.filter(({ types }) => own !== undefined && types.includes(own)).map(({ action }) => action),
  ]
}

function entityType(text: string): string | undefined {
  const colon = text.indexOf(':')
  return colon === -1 ? undefined : text.slice(0, colon)
}

function inputFields(name: string, { program }: Policy): Fields {
  const string = { kind: 'string' } as const
  if (name === 'token') return [...claims.map(({ name }) => ({ name, type: string, optional: true })), ...program.token]
  if (name === 'context') return program.context
  return name === 'session' ? [{ name: 'labels', type: string, optional: false }] : []
}
