import fc from 'fast-check'
import type {
  Annotation,
  Assignable,
  Condition,
  Documented,
  EntityLiteral,
  Expect,
  Expectation,
  Expr,
  FactEntry,
  FactValue,
  Field,
  Given,
  Key,
  Lambda,
  Member,
  Name,
  Param,
  Policy,
  Rate,
  RecordLiteral,
  RoleDeclaration,
  Rule,
  RuleTarget,
  Server,
  Statement,
  StringPart,
  Test,
  Text,
  TypeExpr,
} from '../../src/syntax/ast.ts'
import { duration, id, int, name, number, plain, regex, text, typeName, word } from './lexemes.ts'

// Trees that a text can have: what the parser never builds, such as two texts side by side in a string, is not generated.

type Gen<T> = fc.Arbitrary<T>

const span = { file: 'policy.licet', start: 0, end: 0 }

/** Nodes get their place in the text from it, which is none. */
function node<T extends object>(fields: { readonly [K in keyof T]: Gen<T[K]> }): Gen<T & { span: typeof span }> {
  return fc.record(fields).map((one) => ({ ...(one as T), span }))
}

/** Present in half of the records; absent and not undefined in the others. */
function maybe<K extends string, T>(key: K, value: Gen<T>): Gen<{ readonly [P in K]?: T }> {
  return fc
    .option(value, { nil: undefined })
    .map((one) => (one === undefined ? {} : { [key]: one }) as { [P in K]?: T })
}

function merge<A extends object, B extends object>(a: Gen<A>, b: Gen<B>): Gen<A & B>
function merge<A extends object, B extends object, C extends object>(a: Gen<A>, b: Gen<B>, c: Gen<C>): Gen<A & B & C>
function merge(...parts: Gen<object>[]): Gen<object> {
  return fc.tuple(...parts).map((all) => Object.assign({}, ...all) as object)
}

const few = <T>(of: Gen<T>): Gen<readonly T[]> => fc.array(of, { maxLength: 3 })
const some = <T>(of: Gen<T>): Gen<readonly T[]> => fc.array(of, { minLength: 1, maxLength: 3 })
const kind = <K extends string>(value: K): Gen<K> => fc.constant(value)

const named: Gen<Name> = node<Omit<Name, 'span'>>({ text: name })
const upper: Gen<Name> = node<Omit<Name, 'span'>>({ text: typeName })
const anyWord: Gen<Name> = node<Omit<Name, 'span'>>({ text: word })
const string: Gen<Text> = node<Omit<Text, 'span'>>({ value: text })
const key: Gen<Key> = fc.oneof(
  node<Omit<Key, 'span'>>({ text: word, quoted: fc.constant(false) }),
  node<Omit<Key, 'span'>>({ text, quoted: fc.constant(true) }),
)

// ---- expressions ----

const entity: Gen<EntityLiteral> = node({ kind: kind('entity-literal'), type: typeName, id })

const parts: Gen<readonly StringPart[]> = fc
  .array(fc.oneof(text, node({ kind: kind('path'), names: some(anyWord) })), { maxLength: 4 })
  .map((all) => {
    const normal: StringPart[] = []
    for (const part of all) {
      if (typeof part !== 'string') normal.push(part)
      else if (part !== '' && normal.at(-1)?.kind !== 'text') normal.push({ kind: 'text', value: part })
    }
    return normal
  })

const leaf: Gen<Expr> = fc.oneof(
  { weight: 4, arbitrary: node({ kind: kind('name'), name }) },
  { weight: 3, arbitrary: node({ kind: kind('string'), parts }) },
  { weight: 2, arbitrary: entity },
  { weight: 2, arbitrary: node({ kind: kind('int'), value: int }) },
  node({ kind: kind('boolean'), value: fc.boolean() }),
  node({ kind: kind('number'), value: number }),
  duration.map((one) => ({ kind: 'duration' as const, ...one, span })),
  node({ kind: kind('regex'), source: regex }),
)

const binaryOperators = ['or', 'and', '==', '!=', '<', '<=', '>', '>=', 'in', '??', '+', '-', '*'] as const

const { expr, record } = fc.letrec<{ expr: Expr; record: RecordLiteral; argument: Expr | Lambda }>((tie) => ({
  expr: fc.oneof(
    { maxDepth: 4, depthIdentifier: 'expr', withCrossShrink: true },
    { weight: 6, arbitrary: leaf },
    {
      weight: 4,
      arbitrary: node({
        kind: kind('binary'),
        operator: fc.constantFrom(...binaryOperators),
        left: tie('expr'),
        right: tie('expr'),
      }),
    },
    {
      weight: 2,
      arbitrary: node({ kind: kind('unary'), operator: fc.constantFrom('not', '-'), operand: tie('expr') }),
    },
    node({ kind: kind('has'), of: tie('expr'), key }),
    node({ kind: kind('is'), of: tie('expr'), type: upper }),
    node({ kind: kind('conditional'), condition: tie('expr'), then: tie('expr'), else: tie('expr') }),
    { weight: 2, arbitrary: node({ kind: kind('member'), of: tie('expr'), name: anyWord, optional: fc.boolean() }) },
    node({ kind: kind('index'), of: tie('expr'), index: tie('expr') }),
    {
      weight: 2,
      arbitrary: node({
        kind: kind('method'),
        of: tie('expr'),
        name: anyWord,
        optional: fc.boolean(),
        args: few(tie('argument')),
      }),
    },
    node({ kind: kind('call'), function: named, args: few(tie('expr')) }),
    node({ kind: kind('set'), elements: few(tie('expr')) }),
    tie('record'),
  ),
  record: node({ kind: kind('record'), entries: few(fc.record({ key, value: tie('expr') })) }),
  argument: fc.oneof(tie('expr'), node({ kind: kind('lambda'), param: named, body: tie('expr') })),
}))

// ---- types, documentation ----

const annotation: Gen<Annotation> = merge(
  node<Omit<Annotation, 'span' | 'value'>>({ name: anyWord }),
  maybe('value', string),
)

/** Most statements are bare. */
const lead: Gen<Documented> = fc.oneof(
  { weight: 4, arbitrary: fc.constant({ annotations: [], span }) },
  merge(node<{ annotations: readonly Annotation[] }>({ annotations: few(annotation) }), maybe('doc', plain)),
)

const { type, field } = fc.letrec<{ type: TypeExpr; field: Field }>((tie) => ({
  type: fc.oneof(
    { maxDepth: 3, depthIdentifier: 'type' },
    { weight: 4, arbitrary: node({ kind: kind('type-name'), name }) },
    node({ kind: kind('type-literal'), value: text }),
    node({ kind: kind('type-set'), of: tie('type') }),
    node({ kind: kind('type-union'), of: fc.array(tie('type'), { minLength: 2, maxLength: 3 }) }),
    node({ kind: kind('type-record'), fields: few(tie('field')) }),
    node({ kind: kind('type-map'), key: named, of: tie('type') }),
  ),
  field: fc
    .record({
      lead,
      contextual: fc.boolean(),
      quoted: fc.boolean(),
      optional: fc.boolean(),
      type: tie('type'),
      text,
      name,
    })
    .map(({ lead: before, text: string, name: bare, ...rest }) => ({
      kind: 'field',
      ...before,
      ...rest,
      name: { text: rest.quoted ? string : bare, span },
    })),
}))

const param: Gen<Param> = node({ name: named, optional: fc.boolean(), type })

// ---- rules and roles ----

const condition: Gen<Condition> = merge(maybe('if', expr), maybe('unless', expr))

const rate: Gen<Rate> = merge(
  fc.record({ count: fc.nat(), per: fc.nat(), perSpan: fc.constant(span), span: fc.constant(span) }),
  maybe('by', expr),
)

const verb: Gen<Pick<Rule, 'verb' | 'property'>> = fc.oneof(
  { weight: 5, arbitrary: fc.record({ verb: fc.constantFrom('allow', 'deny', 'delegate', 'limit', 'label') }) },
  fc.record({ verb: fc.constantFrom('always', 'never'), property: string }),
)

function rule(target: Gen<RuleTarget>): Gen<Rule> {
  const head = fc.record({ kind: kind('rule'), target, condition, actions: few(named) })
  const clause: Gen<Pick<Rule, 'rate' | 'as'>> = fc.oneof(
    fc.constant({}),
    fc.record({ rate }),
    fc.record({ as: named }),
  )
  const spans = { verbSpan: span, actionsSpan: span }
  return merge(merge(head, verb), lead, clause).map((one) => ({ ...one, ...spans }))
}

const fileRule = rule(few(upper).map((types) => ({ kind: 'file', types })))
const blockRule = rule(fc.constant({ kind: 'block' }))
const serverRule = rule(
  some(
    fc.oneof(
      node({ kind: kind('all') }),
      node({ kind: kind('name'), name: named }),
      node({ kind: kind('pattern'), pattern: string }),
    ),
  ).map((items) => ({ kind: 'server', items })),
)

const assignable: Gen<Assignable> = merge(
  node<Omit<Assignable, 'span' | 'role' | 'when'>>({ any: fc.boolean(), type: upper }),
  maybe('role', anyWord),
  maybe('when', named),
)

const role: Gen<RoleDeclaration> = merge(
  lead,
  fc.record({ kind: kind('role'), contextual: fc.boolean(), name: named, assignable: few(assignable), condition }),
)

// ---- facts and tests ----

const fact: Gen<FactValue> = merge(
  node<Omit<FactValue, 'span' | 'when' | 'until'>>({
    value: fc.oneof(
      { weight: 3, arbitrary: fc.record({ kind: kind('expr'), expr }) },
      fc.record({ kind: kind('any'), type: upper }),
    ),
  }),
  maybe('when', merge(fc.record({ let: named }), maybe('args', record))),
  maybe('until', expr),
)

const facts: Gen<Pick<FactEntry, 'values' | 'list'>> = fc.oneof(
  fc.record({ values: few(fact), list: fc.constant(true) }),
  fc.record({ values: fc.tuple(fact), list: fc.constant(false) }),
)

const given: Gen<Given> = merge(
  lead,
  fc.oneof(
    {
      weight: 2,
      arbitrary: fc.record({
        kind: kind('given'),
        of: kind('entity'),
        entity,
        containers: few(entity),
        facts: few(merge(node<{ key: Key }>({ key }), facts)),
      }),
    },
    merge(fc.record({ kind: kind('given'), of: kind('role'), role: named }), facts),
    fc.record({ kind: kind('given'), of: kind('input'), input: named, value: expr }),
  ),
)

const asked = {
  actor: fc.oneof({ weight: 4, arbitrary: entity }, node({ kind: kind('anonymous') })),
  agents: few(entity),
  action: named,
}

const item = merge(
  fc.oneof(
    fc.record({ name: string, quoted: fc.constant(true) }),
    fc.record({ name: node<Omit<Text, 'span'>>({ value: name }), quoted: fc.constant(false) }),
  ),
  fc.record({ kind: kind('item'), server: named }),
  maybe('args', record),
)

const expectation: Gen<Expectation> = fc.oneof(
  fc.record({ kind: kind('holds'), expr }),
  merge(
    fc.record({
      kind: kind('decision'),
      ...asked,
      allowed: fc.boolean(),
      on: fc.oneof(fc.record({ kind: kind('entity'), entity }), item),
    }),
    maybe('missing', some(expr)),
  ),
  fc.record({ kind: kind('list'), ...asked, type: upper, entities: few(entity) }),
  fc.record({
    kind: kind('who'),
    types: few(upper),
    action: named,
    entity,
    actors: few(fc.oneof(entity, node({ kind: kind('any'), type: upper }))),
  }),
)

const expect: Gen<Expect> = merge(lead, fc.record({ kind: kind('expect'), expectation }))

// ---- statements ----

const letStatement: Gen<Statement & { kind: 'let' }> = merge(
  lead,
  fc.record({ kind: kind('let'), name: named, value: expr }),
  maybe('params', few(param)),
)

const member: Gen<Member> = fc.oneof({ weight: 3, arbitrary: field }, role, blockRule)

const declaration: Gen<Statement> = merge(
  lead,
  fc
    .record({
      kind: kind('entity'),
      actor: fc.boolean(),
      open: fc.boolean(),
      virtual: fc.boolean(),
      dynamic: fc.boolean(),
      name: upper,
      containers: few(upper),
      members: few(member),
      block: fc.boolean(),
    })
    .map((one) => ({ ...one, members: one.block ? one.members : [] })),
)

const server: Gen<Server> = merge(
  merge(lead, fc.record({ kind: kind('server'), members: few(fc.oneof(serverRule, letStatement)) })),
  maybe('name', named),
  maybe('lock', string),
)

const test: Gen<Test> = merge(
  lead,
  fc.record({ kind: kind('test'), name: string, members: few(fc.oneof(given, { weight: 2, arbitrary: expect })) }),
)

const statement: Gen<Statement> = fc.oneof(
  merge(lead, fc.record({ kind: kind('edition'), edition: fc.nat() })),
  merge(lead, fc.record({ kind: kind('import'), path: string })),
  { weight: 3, arbitrary: declaration },
  role,
  fileRule,
  merge(lead, fc.record({ kind: kind('action-group'), name: named, actions: some(named) })),
  merge(lead, fc.record({ kind: kind('scope'), scope: string, includes: some(string) })),
  letStatement,
  merge(lead, fc.record({ kind: kind('function'), name: named, params: few(param), result: type })),
  merge(lead, fc.record({ kind: kind('inputs'), of: fc.constantFrom('context', 'token'), fields: few(field) })),
  { weight: 2, arbitrary: server },
  given,
  { weight: 2, arbitrary: test },
)

export const policy: Gen<Policy> = fc
  .array(statement, { maxLength: 5 })
  .map((statements) => ({ kind: 'policy', file: span.file, statements }))

export { expr }
