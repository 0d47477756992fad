import { assertNever } from '../../base/assert-never.ts'
import type { ConditionResult, Decision, Engine, Environment, Policy, Span } from '../../index.ts'
import { printMissing, sameMissing } from '../../index.ts'
import { nearestRule } from './nearest-rule.ts'
import { askList, askWho, type Sets } from './sets.ts'

export type Expectation = Policy['tests'][number]['expectations'][number]

/** What came of one `expect`. `message` says what was expected and what came, `help` why. */
export type ExpectationResult = {
  readonly at: Span
  readonly passed: boolean
  readonly message: string
  readonly help?: string
} & (
  | { readonly kind: 'decision'; readonly allowed: boolean; readonly decision: Decision }
  | ({ readonly kind: 'holds' } & ConditionResult)
  | ({ readonly kind: 'list' | 'who' } & Sets)
)

/** Whether what is expected holds, asked of an engine as it is. */
export function resultOf(engine: Engine, expectation: Expectation, env: Environment): ExpectationResult {
  const { at } = expectation
  switch (expectation.kind) {
    case 'decision':
      return { at, ...askDecision(engine, expectation, env) }
    case 'holds': {
      const { holds, errors } = engine.evaluate(expectation.condition, env)
      const message = holds ? 'expected to hold, and it does' : 'expected to hold, but it does not'
      return { kind: 'holds', at, holds, errors, passed: holds, message, ...helpOf(errors.map((one) => one.message)) }
    }
    case 'list': {
      const sets = askList(engine, expectation, env)
      return { kind: 'list', at, ...sets, ...compared(sets) }
    }
    case 'who': {
      const sets = askWho(engine, expectation, env)
      return { kind: 'who', at, ...sets, ...compared(sets) }
    }
    default:
      return assertNever(expectation)
  }
}

type Asked = Expectation & { readonly kind: 'decision' }

function askDecision(engine: Engine, asked: Asked, env: Environment) {
  const { actor, agents, action, target, allowed, missing } = asked
  const resource = target.kind === 'entity' ? target.entity : target
  const asking = agents.length === 0 ? env : { ...env, agents }
  const decision = engine.authorize(actor, action, resource, asking)
  const agrees = decision.allowed === allowed
  const found = missing === undefined || decision.missing.sets.some((set) => sameMissing(set, missing))
  const result = { kind: 'decision', allowed, decision, passed: agrees && found } as const
  if (agrees && !found) {
    const sets = decision.missing.sets.map(printMissing).join('`, or `')
    return {
      ...result,
      message: `expected \`${printMissing(missing ?? [])}\` to be missing, got ${sets === '' ? 'nothing' : `\`${sets}\``}`,
    }
  }
  const word = decision.allowed ? 'can' : 'cannot'
  return {
    ...result,
    message: `expected \`${allowed ? 'can' : 'cannot'}\`, got \`${word}\`: ${decision.reason}`,
    ...helpOf(
      agrees
        ? []
        : [...reasons(decision), ...nearestRule(() => engine.explain(actor, action, resource, asking).proof, decision)],
    ),
  }
}

/** Why a decision is what it is, as far as it says. */
function reasons({ rules, errors, missing }: Decision): readonly string[] {
  return [
    ...rules.map(({ id, doc }) => `decided by \`${id}\`${doc === undefined ? '' : ` (${doc.replaceAll('\n', ' ')})`}`),
    ...errors.map(({ message }) => message),
    ...(missing.sets.length === 0 ? [] : [`missing: \`${missing.sets.map(printMissing).join('`, or `')}\``]),
  ]
}

function compared({ unexpected, absent }: Sets): { readonly passed: boolean; readonly message: string } {
  const parts = [
    absent.length === 0 ? [] : [`${names(absent)} missing`],
    unexpected.length === 0 ? [] : [`${names(unexpected)} not expected`],
  ].flat()
  if (parts.length === 0) return { passed: true, message: 'expected this set, and got it' }
  return { passed: false, message: `expected another set: ${parts.join(', ')}` }
}

function names(entities: readonly string[]): string {
  const shown = entities.slice(0, 10).map((entity) => `\`${entity}\``)
  return shown.join(', ') + (entities.length > 10 ? ` and ${entities.length - 10} more` : '')
}

function helpOf(lines: readonly string[]): { readonly help?: string } {
  return lines.length === 0 ? {} : { help: lines.join('; ') }
}
