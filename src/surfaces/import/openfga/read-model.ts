import { errors, transformer } from '@openfga/syntax-transformer'
import { type Remark, Unreadable } from '../imported.ts'
import { type Declared, type DslText, declarations, header } from './dsl-text.ts'
import {
  type ConditionDefinition,
  type DirectType,
  type Model,
  type ParameterType,
  type Place,
  parts,
  type RelationDefinition,
  type Rewrite,
  type TypeDefinition,
} from './model.ts'

/** A model as the interface of OpenFGA has it; nothing in it is certain. */
interface JsonModel {
  readonly type_definitions: readonly {
    readonly type: string
    readonly relations?: Readonly<Record<string, JsonRewrite>>
    readonly metadata?: {
      readonly relations?: Readonly<Record<string, { directly_related_user_types?: JsonDirect[] }>>
    }
  }[]
  readonly conditions?: Readonly<Record<string, JsonCondition>>
}

interface JsonRewrite {
  readonly this?: object
  readonly computedUserset?: { readonly relation: string }
  readonly tupleToUserset?: {
    readonly computedUserset: { readonly relation: string }
    readonly tupleset: { readonly relation: string }
  }
  readonly union?: { readonly child: readonly JsonRewrite[] }
  readonly intersection?: { readonly child: readonly JsonRewrite[] }
  readonly difference?: { readonly base: JsonRewrite; readonly subtract: JsonRewrite }
}

interface JsonDirect {
  readonly type: string
  readonly relation?: string
  readonly wildcard?: object
  readonly condition?: string
}

interface JsonType {
  readonly type_name: string
  readonly generic_types?: readonly JsonType[]
}

interface JsonCondition {
  readonly expression: string
  readonly parameters?: Readonly<Record<string, JsonType>>
}

/** Definitions nested deeper are refused: they come from a machine, if not from an attacker. */
const maxDepth = 64

/** Four times what OpenFGA takes. */
const maxLength = 1024 * 1024

/** What the parser would take too long for. */
function checkReadable(dsl: DslText): void {
  const failed = (message: string, at: number): never => {
    throw new Unreadable([
      { kind: 'untranslated', message: `the model cannot be read: ${message}`, ...dsl.placeOf(at) },
    ])
  }
  if (dsl.text.length > maxLength) failed('it is larger than 1 MiB', 0)
  let depth = 0
  for (const { 0: found, index } of dsl.text.matchAll(/[()\n]/g)) {
    depth = found === '\n' ? 0 : depth + (found === '(' ? 1 : -1)
    if (depth > maxDepth) failed('this is too deep', index)
  }
}

/** Reads a model in the language of OpenFGA. */
export function readDsl(dsl: DslText): Model {
  checkReadable(dsl)
  return modelOf(() => transformer.transformDSLToJSONObject(dsl.text) as JsonModel, [dsl])
}

/** Reads a model that is made of modules. */
export function readModules(modules: readonly DslText[]): Model {
  modules.forEach(checkReadable)
  const files = modules.map(({ text, source }) => ({ name: source.name, contents: text }))
  return modelOf(() => transformer.transformModuleFilesToModel(files, '1.2') as JsonModel, modules)
}

/** Reads a model as the interface of OpenFGA takes it. */
export function readJson(dsl: DslText): Model {
  return modelOf(() => JSON.parse(dsl.text) as JsonModel, [dsl])
}

function modelOf(read: () => JsonModel, texts: readonly DslText[]): Model {
  let json: JsonModel
  try {
    json = read()
  } catch (error) {
    throw new Unreadable(complaints(error, texts))
  }
  const places = placesIn(texts)
  const [first] = texts
  const whole: Place = first === undefined ? { source: { name: '', text: '' }, at: 0 } : first.placeOf(0)
  const found = (key: string) => places.get(key) ?? { ...whole, comments: [], dsl: first, offset: 0 }
  try {
    const types = json.type_definitions.map((one): TypeDefinition => {
      const relations = Object.entries(one.relations ?? {}).map(([name, rewrite]): RelationDefinition => {
        const { source, at, comments } = found(`${one.type}#${name}`)
        const metadata = own(one.metadata?.relations ?? {}, name)?.directly_related_user_types ?? []
        const definition = rewriteOf(rewrite, 0)
        // Who could be assigned says nothing of what nobody is assigned to.
        const isAssigned = [...parts(definition)].some(({ kind }) => kind === 'direct')
        const direct = isAssigned ? metadata.map(directType) : []
        return { name, source, at, comments, rewrite: definition, direct }
      })
      const { source, at, comments } = found(`type ${one.type}`)
      return { name: word(one.type), source, at, comments, relations: inOrder(relations) }
    })
    const conditions = Object.entries(json.conditions ?? {}).map(([name, condition]) =>
      conditionOf(name, condition, found(`condition ${name}`)),
    )
    const closing = texts.flatMap(({ text }) => declarations(text).closing)
    return { types, conditions, comments: texts.flatMap(({ text }) => header(text)), closing }
  } catch (error) {
    if (error instanceof Unreadable) throw error
    throw new Unreadable([{ kind: 'untranslated', message: 'this is no model that can be read', ...whole }])
  }
}

/** As they are written: an object has keys that look like numbers first. */
function inOrder(relations: readonly RelationDefinition[]): readonly RelationDefinition[] {
  return [...relations].sort((a, b) => (a.source === b.source ? a.at - b.at : 0))
}

function own<T>(of: Readonly<Record<string, T>>, key: string): T | undefined {
  return Object.hasOwn(of, key) ? of[key] : undefined
}

function placesIn(texts: readonly DslText[]) {
  const places = new Map<string, Place & Declared & { readonly dsl: DslText }>()
  for (const dsl of texts)
    for (const [key, declared] of declarations(dsl.text).found) {
      const before = places.get(key)
      if (before === undefined) places.set(key, { ...declared, ...dsl.placeOf(declared.offset), dsl })
      // A type that another module extends.
      else places.set(key, { ...before, comments: [...before.comments, ...declared.comments] })
    }
  return places
}

function rewriteOf(json: JsonRewrite, depth: number): Rewrite {
  if (depth > maxDepth) throw new RangeError('too deep')
  if (json.union !== undefined) return { kind: 'or', of: json.union.child.map((one) => rewriteOf(one, depth + 1)) }
  if (json.intersection !== undefined)
    return { kind: 'and', of: json.intersection.child.map((one) => rewriteOf(one, depth + 1)) }
  if (json.difference !== undefined) {
    const { base, subtract } = json.difference
    return { kind: 'but-not', base: rewriteOf(base, depth + 1), subtract: rewriteOf(subtract, depth + 1) }
  }
  if (json.tupleToUserset !== undefined) {
    const { computedUserset, tupleset } = json.tupleToUserset
    return { kind: 'from', relation: word(computedUserset.relation), tupleset: word(tupleset.relation) }
  }
  if (json.computedUserset !== undefined) return { kind: 'computed', relation: word(json.computedUserset.relation) }
  if (json.this === undefined) throw new TypeError('no definition')
  return { kind: 'direct' }
}

function word(text: unknown): string {
  if (typeof text !== 'string') throw new TypeError('no name')
  return text
}

function directType(json: JsonDirect): DirectType {
  const { type, relation, wildcard, condition } = json
  return {
    type: word(type),
    wildcard: wildcard !== undefined,
    ...(relation === undefined || relation === '' ? {} : { relation: word(relation) }),
    ...(condition === undefined || condition === '' ? {} : { condition: word(condition) }),
  }
}

function conditionOf(
  name: string,
  { expression, parameters = {} }: JsonCondition,
  { source, at, comments, dsl, offset }: Place & Declared & { readonly dsl: DslText | undefined },
): ConditionDefinition {
  const found = dsl?.text.indexOf(word(expression), offset + 1) ?? -1
  const expressionAt = dsl === undefined || found === -1 ? at : dsl.placeOf(found).at
  const params = Object.entries(parameters).map(([param, type]) => ({ name: param, type: parameterType(type) }))
  return { name, source, at, comments, params, expression, expressionAt }
}

function parameterType(json: JsonType): ParameterType {
  const kind = String(json.type_name).replace('TYPE_NAME_', '').toLowerCase()
  if (!isKind(kind)) throw new TypeError('no type')
  const [of] = json.generic_types ?? []
  return of === undefined ? { kind } : { kind, of: parameterType(of) }
}

const kinds = [
  'bool',
  'string',
  'int',
  'uint',
  'double',
  'duration',
  'timestamp',
  'ipaddress',
  'any',
  'list',
  'map',
] as const

function isKind(text: string): text is (typeof kinds)[number] {
  return (kinds as readonly string[]).includes(text)
}

/** What the parser says, where it says it. */
function complaints(error: unknown, texts: readonly DslText[]): readonly Remark[] {
  const [first] = texts
  if (first === undefined) return []
  const single = error instanceof errors.BaseMultiError ? error.errors : [error]
  return single.slice(0, 20).map((one: unknown): Remark => {
    const { line, column, file } = (one ?? {}) as {
      line?: { start?: number }
      column?: { start?: number }
      file?: string
    }
    const dsl = texts.find(({ source }) => source.name === file) ?? first
    const starts = lineOffsets(dsl.text)
    const start = starts[line?.start ?? 0] ?? 0
    const message = one instanceof Error ? (one.message.split('\n', 1)[0] ?? '') : 'this is no model'
    return {
      kind: 'untranslated',
      message: `the model cannot be read: ${message}`,
      ...dsl.placeOf(start + (column?.start ?? 0)),
    }
  })
}

function lineOffsets(text: string): readonly number[] {
  const starts = [0]
  for (let i = text.indexOf('\n'); i !== -1; i = text.indexOf('\n', i + 1)) starts.push(i + 1)
  return starts
}
