import type { Span } from '../base/source.ts'
import type { Member, Policy, Rule, Server, Statement, Test } from '../syntax/ast.ts'

/** What a file or a block has in it, as a reader would name it. */
export interface Outline {
  readonly name: string
  readonly kind:
    | 'type'
    | 'field'
    | 'role'
    | 'rule'
    | 'let'
    | 'function'
    | 'server'
    | 'test'
    | 'inputs'
    | 'action'
    | 'scope'
  readonly detail?: string
  readonly span: Span
  /** Its name. */
  readonly selection: Span
  readonly children: readonly Outline[]
}

/** What a policy declares, in the order of its text. */
export function outlineOf({ statements }: Policy): readonly Outline[] {
  return statements.flatMap(outline)
}

type Outlined = Statement | Member | Server['members'][number] | Test['members'][number]

function outline(node: Outlined): readonly Outline[] {
  const { span } = node
  const entry = (kind: Outline['kind'], name: string, selection: Span, within: readonly Outlined[] = []): Outline => ({
    name,
    kind,
    span,
    selection,
    children: within.flatMap(outline),
  })
  const first = (word: string): Span => ({ ...span, end: span.start + word.length })
  switch (node.kind) {
    case 'entity': {
      const type = entry('type', node.name.text, node.name.span, node.members)
      return [{ ...type, detail: node.actor ? 'actor' : 'resource' }]
    }
    case 'field':
    case 'role':
    case 'let':
    case 'function':
      return [entry(node.kind, node.name.text, node.name.span)]
    case 'action-group':
      return [entry('action', node.name.text, node.name.span)]
    case 'scope':
      return [entry('scope', node.scope.value === '' ? '""' : node.scope.value, node.scope.span)]
    case 'inputs':
      return [entry('inputs', node.of, first(node.of), node.fields)]
    case 'server':
      return [entry('server', `server ${node.name?.text ?? '*'}`, node.name?.span ?? first('server'), node.members)]
    case 'test':
      return [entry('test', node.name.value === '' ? 'test' : node.name.value, node.name.span)]
    case 'rule':
      return [entry('rule', headOf(node), node.verbSpan)]
    default:
      return []
  }
}

function headOf({ verb, actions, target }: Rule): string {
  const what = actions.length === 0 ? '*' : actions.map(({ text }) => text).join(', ')
  const on =
    target.kind === 'file'
      ? target.types.map(({ text }) => text).join(', ')
      : target.kind === 'server'
        ? target.items
            .map((item) =>
              item.kind === 'all' ? '*' : item.kind === 'name' ? item.name.text : JSON.stringify(item.pattern.value),
            )
            .join(', ')
        : ''
  return `${verb} ${what}${on === '' ? '' : target.kind === 'file' ? ` on ${on}` : ` ${on}`}`
}
