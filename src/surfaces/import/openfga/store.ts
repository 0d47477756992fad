import type { SourceFile } from '../../../index.ts'
import { type ReadSource, type Remark, Unreadable } from '../imported.ts'
import { header, wholeFile } from './dsl-text.ts'
import type { Model, Place } from './model.ts'
import { readDsl, readJson, readModules } from './read-model.ts'
import { readCsv, readLines } from './tuple-rows.ts'
import { embedded, type List, type Mapping, readYaml, remark, type Scalar, type Yaml } from './yaml.ts'

/** What OpenFGA keeps together: a model, its tuples, and tests of them. */
export interface Store {
  /** What is said above everything, and after everything. */
  readonly comments: readonly string[]
  readonly closing: readonly string[]
  readonly model: Model
  readonly tuples: readonly Tuple[]
  readonly tests: readonly StoreTest[]
  /** Every tuple has been read. */
  readonly isWhole: boolean
}

export interface Tuple extends Place {
  readonly comments: readonly string[]
  readonly user: string
  readonly relation: string
  readonly object: string
  readonly condition?: { readonly name: string; readonly context: Context }
}

/** Values by name; none where nothing is said. */
export type Context = ReadonlyMap<string, Yaml>

export interface StoreTest extends Place {
  readonly name: string
  readonly comments: readonly string[]
  readonly tuples: readonly Tuple[]
  readonly questions: readonly StoreQuestion[]
}

export type StoreQuestion = Place & {
  readonly comments: readonly string[]
  readonly context: Context
  /** Contextual tuples of this question alone. */
  readonly tuples: readonly Tuple[]
  readonly relation: string
} & (
    | { readonly kind: 'check'; readonly user: string; readonly object: string; readonly allowed: boolean }
    | {
        readonly kind: 'list-objects'
        readonly user: string
        readonly type: string
        readonly objects: readonly string[]
      }
    | {
        readonly kind: 'list-users'
        readonly object: string
        readonly filters: readonly { readonly type: string; readonly relation?: string }[]
        readonly users: readonly string[]
      }
  )

/** A store with others in the place of each tuple, contextual ones of tests too. */
export function withTuples(store: Store, by: (tuple: Tuple) => readonly Tuple[]): Store {
  return {
    ...store,
    tuples: store.tuples.flatMap(by),
    tests: store.tests.map((test) => ({
      ...{ ...test, tuples: test.tuples.flatMap(by) },
      questions: test.questions.map((question) => ({ ...question, tuples: question.tuples.flatMap(by) })),
    })),
  }
}

/** A store, a model or modules, as the name of the file says. */
export function readStore(path: string, read: ReadSource, remarks: Remark[]): Store {
  const source = open(path, read)
  if (!/\.ya?ml$/.test(path)) {
    const model = modelIn(source, read)
    return { model, tuples: [], tests: [], comments: model.comments, closing: model.closing, isWhole: true }
  }
  const reader = new StoreReader(source, read, remarks)
  return reader.store(readYaml(source))
}

function open(path: string, read: ReadSource, from?: Place): SourceFile {
  const found = from === undefined ? read(path) : read(path, from.source.name)
  if ('text' in found) return found
  const place = from ?? { source: { name: path, text: '' }, at: 0 }
  throw new Unreadable([{ kind: 'untranslated', message: found.problem, ...place }])
}

function modelIn(source: SourceFile, read: ReadSource): Model {
  if (source.name.endsWith('.json')) return readJson(wholeFile(source))
  if (!source.name.endsWith('.mod')) return readDsl(wholeFile(source))
  const contents = readYaml(source)
  const files = contents.kind === 'map' ? contents.entries.get('contents') : undefined
  if (files?.kind !== 'list')
    throw new Unreadable([remark('untranslated', '`contents` is missing, a list of files', source, contents.at)])
  const model = readModules(
    files.items.map((file) => {
      if (file.kind !== 'scalar')
        throw new Unreadable([remark('untranslated', 'a file is named by a text', source, file.at)])
      return wholeFile(open(String(file.value), read, { source, at: file.at }))
    }),
  )
  return { ...model, comments: [...header(source.text), ...model.comments] }
}

/** Reads a store file; what it does not know is remarked and left out. */
class StoreReader {
  readonly source: SourceFile
  readonly read: ReadSource
  readonly remarks: Remark[]
  lacksTuples = false

  constructor(source: SourceFile, read: ReadSource, remarks: Remark[]) {
    this.source = source
    this.read = read
    this.remarks = remarks
  }

  store(root: Yaml): Store {
    if (root.kind !== 'map')
      throw new Unreadable([remark('untranslated', 'a store has a `model`, or a `model_file`', this.source, root.at)])
    const top = this.mapping(root, ['name', 'model', 'model_file', 'tuples', 'tuple_file', 'tuple_files', 'tests'])
    const tests = this.list(top.get('tests')).flatMap((test, i) => this.test(test, i))
    const model = this.model(top, root.at)
    const tuples = this.tuples(top)
    return {
      ...{ model, tuples, tests, isWhole: !this.lacksTuples },
      comments: [...header(this.source.text), ...model.comments],
      closing: [...model.closing, ...(root.kind === 'map' ? root.closing : [])],
    }
  }

  model(top: Mapping['entries'], at: number): Model {
    const inline = top.get('model')
    if (inline?.kind === 'scalar' && typeof inline.value === 'string') return readDsl(embedded(this.source, inline))
    const file = top.get('model_file')
    const path = this.text(file)
    if (path === undefined || file === undefined)
      throw new Unreadable([remark('untranslated', '`model` or `model_file` is missing', this.source, at)])
    return modelIn(open(path, this.read, { source: this.source, at: file.at }), this.read)
  }

  /** Those of the files that it names, then its own. */
  tuples(of: Mapping['entries']): readonly Tuple[] {
    const one = of.get('tuple_file')
    const files = [...(one === undefined ? [] : [one]), ...this.list(of.get('tuple_files'))]
    const own = this.list(of.get('tuples')).flatMap((tuple) => this.tuple(tuple))
    return [...files.flatMap((file) => this.tuplesIn(file)), ...own]
  }

  tuplesIn(file: Yaml): readonly Tuple[] {
    const path = this.text(file)
    if (path === undefined) return []
    if (!/\.(?:ya?ml|jsonl?|csv)$/.test(path)) {
      this.untranslated('tuples are read from .yaml, .json, .jsonl and .csv files', file.at)
      this.lacksTuples = true
      return []
    }
    const source = open(path, this.read, { source: this.source, at: file.at })
    const rows = path.endsWith('.csv')
      ? readCsv(source)
      : path.endsWith('.jsonl')
        ? readLines(source)
        : readYaml(source)
    const reader = new StoreReader(source, this.read, this.remarks)
    if (rows.kind !== 'list') throw new Unreadable([remark('untranslated', 'this is a list', source, rows.at)])
    const tuples = rows.items.flatMap((tuple) => reader.tuple(tuple))
    this.lacksTuples ||= reader.lacksTuples
    return tuples
  }

  tuple(node: Yaml): readonly Tuple[] {
    const of = this.mapping(node, ['user', 'relation', 'object', 'condition'])
    const [user, relation, object] = [of.get('user'), of.get('relation'), of.get('object')].map((one) => this.text(one))
    if (user === undefined || relation === undefined || object === undefined) {
      this.untranslated('a tuple has a `user`, a `relation` and an `object`', node.at)
      this.lacksTuples = true
      return []
    }
    const conditional = of.get('condition')
    const condition = conditional === undefined ? undefined : this.mapping(conditional, ['name', 'context'])
    const name = this.text(condition?.get('name'))
    if (condition !== undefined && name === undefined) {
      this.untranslated('a condition has a `name`', node.at)
      this.lacksTuples = true
      return []
    }
    return [
      {
        ...{ user, relation, object, source: this.source, at: node.at, comments: commentsIn(node) },
        ...(name === undefined ? {} : { condition: { name, context: this.context(condition?.get('context')) } }),
      },
    ]
  }

  context(node: Yaml | undefined): Context {
    if (node === undefined || (node.kind === 'scalar' && node.value === null)) return new Map()
    if (node.kind === 'map') return node.entries
    this.untranslated('a context has values by name', node.at)
    return new Map()
  }

  test(node: Yaml, i: number): readonly StoreTest[] {
    const known = ['name', 'description', 'tuples', 'tuple_file', 'tuple_files', 'check', 'list_objects', 'list_users']
    const of = this.mapping(node, known)
    const questions = [
      ...this.list(of.get('check')).flatMap((one) => this.check(one)),
      ...this.list(of.get('list_objects')).flatMap((one) => this.listObjects(one)),
      ...this.list(of.get('list_users')).flatMap((one) => this.listUsers(one)),
    ]
    const name = this.text(of.get('name')) ?? `test ${i + 1}`
    const description = this.text(of.get('description'))
    const said = [of.get('name'), of.get('description')].flatMap((one) => one?.comments ?? [])
    const comments = [...node.comments, ...said, ...(description === undefined ? [] : description.trim().split('\n'))]
    return [{ name, comments, tuples: this.tuples(of), questions, source: this.source, at: node.at }]
  }

  check(node: Yaml): readonly StoreQuestion[] {
    const known = ['user', 'users', 'object', 'objects', 'context', 'contextual_tuples', 'assertions']
    const of = this.mapping(node, known)
    const users = this.oneOrMore(of, 'user')
    const objects = this.oneOrMore(of, 'object')
    if (users.length === 0 || objects.length === 0) this.untranslated('a check has a `user` and an `object`', node.at)
    const found: StoreQuestion[] = []
    for (const [relation, expected] of this.assertions(of))
      for (const object of objects)
        for (const user of users) {
          const about = { ...this.question(node, of, relation, expected), user, object }
          const allowed = expected.kind === 'scalar' ? expected.value : undefined
          if (typeof allowed === 'boolean') found.push({ kind: 'check', ...about, allowed })
          else this.untranslated('an assertion of a check is true or false', expected.at)
        }
    return found
  }

  listObjects(node: Yaml): readonly StoreQuestion[] {
    const of = this.mapping(node, ['user', 'type', 'context', 'contextual_tuples', 'assertions'])
    const user = this.text(of.get('user'))
    const type = this.text(of.get('type'))
    if (user === undefined || type === undefined) {
      this.untranslated('`list_objects` has a `user` and a `type`', node.at)
      return []
    }
    return [...this.assertions(of)].map(([relation, expected]) => {
      const objects = this.list(expected).flatMap((one) => this.text(one) ?? [])
      return { kind: 'list-objects', ...this.question(node, of, relation, expected), user, type, objects }
    })
  }

  listUsers(node: Yaml): readonly StoreQuestion[] {
    const of = this.mapping(node, ['object', 'user_filter', 'context', 'contextual_tuples', 'assertions'])
    const object = this.text(of.get('object'))
    const filters = this.list(of.get('user_filter')).flatMap((filter) => {
      const { type, relation } = Object.fromEntries(
        [...this.mapping(filter, ['type', 'relation'])].map(([name, one]) => [name, this.text(one)]),
      )
      return type === undefined ? [] : [{ type, ...(relation === undefined ? {} : { relation }) }]
    })
    if (object === undefined || filters.length === 0) {
      this.untranslated('`list_users` has an `object` and a `user_filter`', node.at)
      return []
    }
    return [...this.assertions(of)].map(([relation, expected]) => {
      const users = this.list(this.mapping(expected, ['users']).get('users')).flatMap((one) => this.text(one) ?? [])
      return { kind: 'list-users', ...this.question(node, of, relation, expected), object, filters, users }
    })
  }

  question(node: Yaml, of: Mapping['entries'], relation: string, expected: Yaml) {
    const first = of.get('assertions')
    const isFirst = first?.kind === 'map' && [...first.entries.keys()][0] === relation
    return {
      ...{ source: this.source, at: expected.at, relation, context: this.context(of.get('context')) },
      comments: isFirst ? commentsIn(node) : expected.comments,
      tuples: this.list(of.get('contextual_tuples')).flatMap((tuple) => this.tuple(tuple)),
    }
  }

  assertions(of: Mapping['entries']): Mapping['entries'] {
    const found = of.get('assertions')
    return found?.kind === 'map' ? found.entries : new Map()
  }

  oneOrMore(of: Mapping['entries'], name: string): readonly string[] {
    const one = this.text(of.get(name))
    const more = this.list(of.get(`${name}s`)).flatMap((each) => this.text(each) ?? [])
    return one === undefined ? more : [one, ...more]
  }

  mapping(node: Yaml, known: readonly string[]): Mapping['entries'] {
    if (node.kind !== 'map') {
      this.untranslated(`this has ${known.map((name) => `\`${name}\``).join(', ')}`, node.at)
      return new Map()
    }
    for (const [name, value] of node.entries)
      if (!known.includes(name)) this.untranslated(`nothing is known of \`${name}\``, value.at)
    return node.entries
  }

  list(node: Yaml | undefined): List['items'] {
    if (node === undefined || (node.kind === 'scalar' && node.value === null)) return []
    if (node.kind === 'list') return node.items
    this.untranslated('this is a list', node.at)
    return []
  }

  text(node: Yaml | undefined): string | undefined {
    if (node === undefined) return undefined
    const value: Scalar['value'] = node.kind === 'scalar' ? node.value : null
    if (typeof value === 'string') return value
    // An id that looks like a number is a text.
    if (typeof value === 'number' || typeof value === 'bigint')
      return this.source.text.slice(node.at).split(/[\s,\]}]/, 1)[0]
    this.untranslated('this is a text', node.at)
    return undefined
  }

  untranslated(message: string, at: number): void {
    this.remarks.push(remark('untranslated', message, this.source, at))
  }
}

/** Also what is said of its parts. */
function commentsIn(node: Yaml): readonly string[] {
  const inner = node.kind === 'map' ? [...node.entries.values()] : node.kind === 'list' ? node.items : []
  return [...node.comments, ...inner.flatMap(commentsIn)]
}
