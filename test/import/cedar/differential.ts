import { isAuthorized } from '@cedar-policy/cedar-wasm/nodejs'
import { compile, createEngine, type SourceFile } from '../../../src/index.ts'
import { importCedar } from '../../../src/surfaces/import/cedar/index.ts'
import { type Case, randomCase } from './random-cedar.ts'

/** What became of one case: `agreed`, or why it says nothing, or how Cedar and Licet differ. */
export type Outcome =
  | {
      readonly kind: 'agreed'
      readonly requests: number
      readonly allowed: number
      readonly erring: number
      readonly typed: boolean
    }
  | { readonly kind: 'refused' | 'untranslated'; readonly why: string }
  | { readonly kind: 'disagreed'; readonly why: string }

export function compareCase(seed: number): Outcome {
  return compared(randomCase(seed))
}

/** As Cedar decides, so does what is made of a case, by the same policies. */
export function compared(one: Case): Outcome {
  const asked = one.requests.map((request) =>
    isAuthorized({
      ...request,
      policies: { staticPolicies: one.policies },
      entities: one.entities,
      ...(one.schema === undefined ? {} : { schema: one.schema, validateRequest: true }),
    } as unknown as Parameters<typeof isAuthorized>[0]),
  )
  const failure = asked.find((answer) => answer.type === 'failure')
  if (failure?.type === 'failure') return { kind: 'refused', why: failure.errors[0]?.message ?? '' }
  const decisions = asked.map((answer) => (answer.type === 'success' ? answer.response : undefined))
  const bundle = {
    ...one,
    requests: one.requests.map((request, i) => ({ ...request, decision: decisions[i]?.decision })),
  }
  const source: SourceFile = { name: 'case.json', text: JSON.stringify(bundle) }
  const { files, remarks, rules } = importCedar('case.json', () => source, {
    above: () => () => source,
    list: () => undefined,
  })
  const untranslated = remarks.find(({ kind }) => kind === 'untranslated')
  if (untranslated !== undefined) return { kind: 'untranslated', why: untranslated.message }
  const { policy, diagnostics } = compile(Object.fromEntries(files))
  if (policy === undefined)
    return {
      kind: 'disagreed',
      why: `${diagnostics.map((one) => `${one.message} at ${files.get(one.span.file)?.slice(one.span.start, one.span.end)}`).join('\n')}\n${one.policies}\n${files.get('policy.licet')}`,
    }
  for (const backend of ['interpreted', 'compiled'] as const) {
    const engine = createEngine(policy, { backend })
    for (const [i, { expectations, inputs }] of policy.tests.entries()) {
      const [expected] = expectations
      if (expected?.kind !== 'decision' || expected.target.kind !== 'entity') continue
      const context = inputs.get('context') as Readonly<Record<string, unknown>> | undefined
      const decision = engine.authorize(expected.actor as string, expected.action, expected.target.entity, {
        now: 0,
        ...(context === undefined ? {} : { context }),
      })
      const wanted = [...(decisions[i]?.diagnostics.reason ?? [])].map((id) => rules.get(id) ?? id).sort()
      const got = decision.rules.map(({ id }) => id).sort()
      const allowed = decisions[i]?.decision === 'allow'
      if (allowed !== decision.allowed || wanted.join() !== got.join() || decision.errors.length > 0)
        return {
          kind: 'disagreed',
          why: [
            `${backend}: Cedar ${allowed ? 'allows' : 'denies'} by ${wanted}, Licet ${decision.allowed ? 'allows' : 'denies'} by ${got} (${decision.reason})`,
            JSON.stringify(one.requests[i]),
            JSON.stringify(decisions[i]?.diagnostics.errors.map(({ policyId, error }) => [policyId, error.message])),
            JSON.stringify(decision.errors),
            one.policies,
            files.get('policy.licet'),
          ].join('\n'),
        }
    }
  }
  return {
    kind: 'agreed',
    requests: decisions.length,
    allowed: decisions.filter((decision) => decision?.decision === 'allow').length,
    erring: decisions.filter((decision) => (decision?.diagnostics.errors.length ?? 0) > 0).length,
    typed: !/^dynamic (?:actor|resource)/m.test(files.get('policy.licet') ?? ''),
  }
}
