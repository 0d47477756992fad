import type { Span } from '../../base/source.ts'
import { didYouMean } from '../../base/suggest.ts'
import type { Annotation, Documented, Member, Policy, Server, Statement } from '../../syntax/ast.ts'
import type { CheckedRule } from '../checked-policy.ts'
import type { Report } from '../report.ts'

/**
 * `@id("…")` names a rule, and no two rules have one id. `@recursive` lets a role or a rule lead back to itself through a `not`, an
 * `unless` or a deny.
 */
export function checkAnnotations(policies: readonly Policy[], rules: readonly CheckedRule[], report: Report): void {
  for (const policy of policies)
    for (const statement of policy.statements) {
      checkOf(statement, report)
      if (statement.kind === 'entity' || statement.kind === 'server')
        for (const member of statement.members) checkOf(member, report)
    }
  const ids = new Map<string, Span>()
  for (const { declaration } of rules)
    for (const { name, value, span } of declaration.annotations) {
      if (name.text !== 'id' || value === undefined) continue
      const first = ids.get(value.value)
      if (first === undefined) ids.set(value.value, span)
      else
        report.add('unknown-annotation', span, `two rules have the id \`${value.value}\``, {
          related: [{ span: first, message: 'first here' }],
        })
    }
}

/** Whether a role or a rule may lead back to itself through a `not`, an `unless` or a deny. */
export function isRecursive({ annotations }: Pick<Documented, 'annotations'>): boolean {
  return annotations.some(({ name }) => name.text === 'recursive')
}

function checkOf(node: Statement | Member | Server['members'][number], report: Report): void {
  for (const annotation of node.annotations) {
    const problem = problemOf(annotation, node.kind)
    if (problem !== undefined)
      report.add('unknown-annotation', annotation.span, problem.message, { help: problem.help })
  }
}

function problemOf(
  { name, value }: Annotation,
  on: string,
): { message: string; help?: string | undefined } | undefined {
  if (name.text === 'recursive') {
    if (on !== 'rule' && on !== 'role' && on !== 'broken')
      return { message: '`@recursive` is about a role or a rule, and this is none' }
    return value === undefined ? undefined : { message: '`@recursive` takes no text' }
  }
  if (name.text !== 'id')
    return {
      message: `there is no annotation \`@${name.text}\``,
      help: didYouMean(name.text, ['id', 'recursive']) ?? '`@id("…")` names a rule',
    }
  if (on !== 'rule' && on !== 'broken') return { message: '`@id` names a rule, and this is none' }
  if (value === undefined || value.value === '') return { message: '`@id` needs a text', help: '`@id("…")`' }
  // An id with a `#` could be taken for one that the policy's structure gives.
  return value.value.includes('#')
    ? { message: 'an id has no `#`', help: 'ids with one are given by position' }
    : undefined
}
