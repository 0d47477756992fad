import type {
  Condition,
  Expect,
  Expr,
  FactValue,
  Field,
  Lambda,
  Member,
  Param,
  Policy,
  RecordLiteral,
  Server,
  Statement,
  Test,
  TypeExpr,
} from './ast.ts'

/** Everything in a tree that has a `kind` of its own. Names, targets and the like are parts of these. */
export type SyntaxNode =
  | Policy
  | Statement
  | Member
  | Server['members'][number]
  | Test['members'][number]
  | Expr
  | Lambda
  | TypeExpr

export type SyntaxKind = SyntaxNode['kind']

export type NodeOf<K extends SyntaxKind> = Extract<SyntaxNode, { readonly kind: K }>

/** Asked at each node of its kind, before what is inside it; `false` leaves that out. */
export type Visitor = { readonly [K in SyntaxKind]?: (node: NodeOf<K>) => undefined | false }

/** Visits a node and all inside it in the order of the text; iteratively, so that no tree is too deep. */
export function walk(root: SyntaxNode, visitor: Visitor): void {
  const pending: SyntaxNode[] = [root]
  for (let node = pending.pop(); node !== undefined; node = pending.pop()) {
    if (visit(node, visitor) === false) continue
    for (const child of children(node).toReversed()) pending.push(child)
  }
}

function visit<K extends SyntaxKind>(
  node: NodeOf<K>,
  visitor: { readonly [P in K]?: (node: NodeOf<P>) => undefined | false },
) {
  return visitor[node.kind as K]?.(node)
}

/** The nodes directly inside a node, in the order of the text. */
export function children(node: SyntaxNode): readonly SyntaxNode[] {
  return childrenOf(node, childrenByKind)
}

type ChildrenByKind<K extends SyntaxKind> = { readonly [P in K]: (node: NodeOf<P>) => readonly SyntaxNode[] }

function childrenOf<K extends SyntaxKind>(node: NodeOf<K>, table: ChildrenByKind<K>): readonly SyntaxNode[] {
  return table[node.kind as K](node)
}

const none = (): readonly SyntaxNode[] => []

/** INVARIANT: the type has a row for each kind, so that a new node does not compile before it says what is inside it. */
const childrenByKind: ChildrenByKind<SyntaxKind> = {
  policy: (node) => node.statements,
  edition: none,
  import: none,
  entity: (node) => node.members,
  role: (node) => inCondition(node.condition),
  rule: (node) => [...(node.rate?.by === undefined ? [] : [node.rate.by]), ...inCondition(node.condition)],
  'action-group': none,
  scope: none,
  let: (node) => [...inParams(node.params ?? []), node.value],
  function: (node) => [...inParams(node.params), node.result],
  inputs: (node) => node.fields,
  server: (node) => node.members,
  given: (node) => {
    switch (node.of) {
      case 'entity':
        return [node.entity, ...node.containers, ...node.facts.flatMap((fact) => fact.values.flatMap(inFact))]
      case 'role':
        return node.values.flatMap(inFact)
      case 'input':
        return [node.value]
    }
  },
  test: (node) => node.members,
  broken: none,
  expect: inExpectation,
  field: (node: Field) => [node.type],
  'type-name': none,
  'type-literal': none,
  'type-set': (node) => [node.of],
  'type-union': (node) => node.of,
  'type-record': (node) => node.fields,
  'type-map': (node) => [node.of],
  boolean: none,
  int: none,
  number: none,
  duration: none,
  string: none,
  regex: none,
  'entity-literal': none,
  set: (node) => node.elements,
  record: inRecord,
  name: none,
  call: (node) => node.args,
  member: (node) => [node.of],
  index: (node) => [node.of, node.index],
  method: (node) => [node.of, ...node.args],
  lambda: (node) => [node.body],
  unary: (node) => [node.operand],
  binary: (node) => [node.left, node.right],
  has: (node) => [node.of],
  is: (node) => [node.of],
  conditional: (node) => [node.condition, node.then, node.else],
}

function inCondition({ if: holds, unless }: Condition): readonly SyntaxNode[] {
  return [holds, unless].filter((expr) => expr !== undefined)
}

function inParams(params: readonly Param[]): readonly SyntaxNode[] {
  return params.map((param) => param.type)
}

function inRecord({ entries }: RecordLiteral): readonly SyntaxNode[] {
  return entries.map((entry) => entry.value)
}

function inFact({ value, when, until }: FactValue): readonly SyntaxNode[] {
  return [value.kind === 'expr' ? value.expr : undefined, when?.args, until].filter((expr) => expr !== undefined)
}

function inExpectation({ expectation }: Expect): readonly SyntaxNode[] {
  switch (expectation.kind) {
    case 'holds':
      return [expectation.expr]
    case 'who':
      return [expectation.entity, ...expectation.actors.filter((actor) => actor.kind === 'entity-literal')]
    case 'list':
      return [...asker(expectation), ...expectation.agents, ...expectation.entities]
    case 'decision': {
      const { on, agents, missing } = expectation
      const target = on.kind === 'entity' ? [on.entity] : on.args === undefined ? [] : [on.args]
      return [...asker(expectation), ...agents, ...target, ...(missing ?? [])]
    }
  }
}

function asker({ actor }: Expect['expectation'] & { readonly kind: 'decision' | 'list' }): readonly SyntaxNode[] {
  return actor.kind === 'anonymous' ? [] : [actor]
}
