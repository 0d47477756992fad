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
    | 'given'
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

function outline(node: Statement | Member | Server['members'][number] | Test['members'][number]): readonly Outline[] {
  const { span } = node
  switch (node.kind) {
    case 'entity': {
      const detail = node.actor ? 'actor' : 'resource'
      return [
        {
          name: node.name.text,
          kind: 'type',
          detail,
          span,
          selection: node.name.span,
          children: node.members.flatMap(outline),
        },
      ]
    }
    case 'field':
      return [{ name: node.name.text, kind: 'field', span, selection: node.name.span, children: [] }]
    case 'role':
      return [{ name: node.name.text, kind: 'role', span, selection: node.name.span, children: [] }]
    case 'let':
    case 'function':
      return [{ name: node.name.text, kind: node.kind, span, selection: node.name.span, children: [] }]
    case 'action-group':
      return [{ name: node.name.text, kind: 'action', span, selection: node.name.span, children: [] }]
    case 'scope':
      return [
        {
          name: node.scope.value === '' ? '""' : node.scope.value,
          kind: 'scope',
          span,
          selection: node.scope.span,
          children: [],
        },
      ]
    case 'inputs':
      return [
        {
          name: node.of,
          kind: 'inputs',
          span,
          selection: { ...span, end: span.start + node.of.length },
          children: node.fields.flatMap(outline),
        },
      ]
    case 'server': {
      const selection = node.name?.span ?? { ...span, end: span.start + 'server'.length }
      return [
        {
          name: `server ${node.name?.text ?? '*'}`,
          kind: 'server',
          span,
          selection,
          children: node.members.flatMap(outline),
        },
      ]
    }
    case 'test':
      return [
        {
          name: node.name.value === '' ? 'test' : node.name.value,
          kind: 'test',
          span,
          selection: node.name.span,
          children: [],
        },
      ]
    case 'rule':
      return [{ name: headOf(node), kind: 'rule', span, selection: node.verbSpan, children: [] }]
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
