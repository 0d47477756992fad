import type { EntityLiteral, FactEntry, Given, Expr as Licet, Test } from '../../../syntax/ast.ts'
import { undeclarable } from '../names.ts'
import { call, key, name, negative, record, span, string, text } from '../tree.ts'
import { type Expr, isAction } from './cedar.ts'
import { uidKey } from './schema.ts'
import { nothingShown } from './shown.ts'
import { value } from './translate.ts'
import { literal, type Place, Untranslatable } from './translated.ts'
import type { EntityRecord, Request, World } from './world.ts'

/** An entity's record as a fact. */
export function givenOf(world: World, { uid, attributes, parents, tags }: EntityRecord): Given {
  for (const [called] of attributes)
    if (undeclarable.has(called))
      throw new Untranslatable(`an attribute named \`${called}\`, which nothing can have here`, called)
  const facts = attributes.map(([called, of]): [string, Licet] => [called, dataOf(world, of)])
  const marked = tags.map(([key, of]): [string, Licet] => [key, dataOf(world, of)])
  return givenEntity(
    literal(world, uid),
    parents.filter((parent) => !isAction(parent)).map((parent) => literal(world, parent)),
    [...facts, ...(marked.length > 0 ? [[world.fieldOfTags, record(marked)] as const] : [])],
  )
}

/** A value of data as the policy's text has it. */
function dataOf(world: World, of: Expr): Licet {
  const place: Place = { world, principals: [], resources: [], actions: [], context: undefined }
  return plainData(value(place, of, nothingShown).expr)
}

/** Data need not be known to be anything: it is what it is. */
function plainData(expr: Licet): Licet {
  switch (expr.kind) {
    case 'call':
      if (expr.function.text === 'dynamic' && expr.args[0] !== undefined) return plainData(expr.args[0])
      if (expr.args.some((arg) => arg.kind === 'call'))
        throw new Untranslatable('an extension value that Cedar does not read', undefined)
      return expr
    case 'method':
      throw new Untranslatable(`a value that is computed, by \`${expr.name.text}\``)
    case 'binary':
      return offset(expr.left, expr.operator === '-' ? negative(expr.right) : expr.right)
    case 'unary':
      // A length that is negative has no literal among facts.
      return expr.operand.kind === 'duration'
        ? { kind: 'call', function: name('duration'), args: [string(`-${expr.operand.text}`)], span }
        : expr
    case 'set':
      return { ...expr, elements: expr.elements.map(plainData) }
    case 'record':
      return { ...expr, entries: expr.entries.map((entry) => ({ ...entry, value: plainData(entry.value) })) }
    default:
      return expr
  }
}

/** As Cedar writes times: by how much they are from another one. */
function offset(time: Licet, by: Licet): Licet {
  const [text] = time.kind === 'call' ? time.args : []
  const from = text?.kind === 'string' && text.parts[0]?.kind === 'text' ? Date.parse(text.parts[0].value) : Number.NaN
  const date = new Date(from + millisecondsOf(by))
  if (Number.isNaN(date.getTime()) || date.getUTCFullYear() < 0 || date.getUTCFullYear() > 9999)
    throw new Untranslatable('a time that is computed, of a year that has not four digits')
  return call('datetime', string(date.toISOString().replace('.000Z', 'Z')))
}

function millisecondsOf(by: Licet): number {
  if (by.kind === 'unary') return -millisecondsOf(by.operand)
  return by.kind === 'duration' ? by.milliseconds : Number.NaN
}

/** A request and its decision as a test. */
export function testOf(
  world: World,
  { name: called, principal, action, resource, context, allowed }: Request,
  title: string,
): Test {
  const word = world.actions.get(uidKey(action))
  if (word === undefined || word.isGroup) throw new Untranslatable(`\`${action.id}\` is no action`, called)
  const lead = { span, annotations: [] }
  const entries = context.map(([key, of]): [string, Licet] => [key, dataOf(world, of)])
  return {
    kind: 'test',
    ...lead,
    name: text(title),
    members: [
      ...(entries.length === 0
        ? []
        : [{ kind: 'given', ...lead, of: 'input', input: name('context'), value: record(entries) } as const]),
      {
        kind: 'expect',
        ...lead,
        expectation: {
          kind: 'decision',
          actor: literal(world, principal),
          agents: [],
          allowed,
          action: name(word.name),
          on: { kind: 'entity', entity: literal(world, resource) },
        },
      },
    ],
  }
}

function givenEntity(
  of: EntityLiteral,
  containers: readonly EntityLiteral[],
  facts: readonly (readonly [string, Licet])[],
): Given {
  return { kind: 'given', of: 'entity', span, annotations: [], entity: of, containers, facts: facts.map(fact) }
}

/** A `[` after a key begins a list of facts, which is what a set is here. */
function fact([called, value]: readonly [string, Licet]): FactEntry {
  const list = value.kind === 'set'
  const values = (list ? value.elements : [value]).map((expr) => ({ value: { kind: 'expr', expr }, span }) as const)
  return { key: key(called), values, list, span }
}
