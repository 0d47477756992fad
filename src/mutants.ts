import type { Diagnostic } from './base/diagnostic.ts'
import type { Span } from './base/source.ts'
import { factSchema } from './facts/schema.ts'
import type { ItemPattern, LockedItems, Program, Rule } from './ir/program.ts'
import { matchesWildcard } from './ir/wildcard.ts'
import type { Policy } from './language.ts'
import { givenFacts } from './lower/given-facts.ts'
import { lower } from './lower/lower.ts'
import { implies } from './model/analysis/implies.ts'
import { check } from './model/check.ts'
import { resolveFiles } from './model/files.ts'
import { report as newReport } from './model/report.ts'
import { silence } from './model/silence.ts'
import { mutationsOf } from './mutate/policy.ts'

/** A policy with one thing changed, which checks and is not the same. */
export interface Mutant {
  readonly policy: Policy
  readonly at: Span
  /** In words that follow "no test fails": `without this rule`. */
  readonly change: string
  /** The rule, role or other statement that was changed. */
  readonly of: Span
  /** It leaves nothing of that: where no test notices, none notices less. */
  readonly whole: boolean
  /** Some rule is about more than before: also requests that it did not concern may come out otherwise. */
  readonly wider: boolean
  /** The texts and numbers that the statement names. */
  readonly literals: readonly (string | number)[]
}

/**
 * The mutants of a policy, in the order of the text. They are made of its trees, never of text, and checked as it is; what does not
 * check is none, nor is one with the same program. They have the tests of the policy, and its facts.
 */
export function* mutantsOf(policy: Policy): Iterable<Mutant> {
  const files = resolveFiles(new Map(policy.sources.map(({ name, text }) => [name, text])))
  const rules = files.policies.map((one) => ({
    ...one,
    statements: one.statements.filter(({ kind }) => kind !== 'test'),
  }))
  // A server block with a changed member is another node.
  const servers = new Map(
    rules.flatMap(({ statements }) =>
      statements.flatMap((one) =>
        one.kind === 'server' ? [[`${one.span.start} ${one.span.file}`, one] as const] : [],
      ),
    ),
  )
  const lockOf: typeof files.lockOf = (server) =>
    files.lockOf(servers.get(`${server.span.start} ${server.span.file}`) ?? server)
  const original = comparable(policy.program)
  const assignable = assignableIn(policy.program)
  for (const { policy: mutated, at, change, of, whole = false, wider = false, literals } of mutationsOf(rules)) {
    const report = newReport()
    const policies = rules.map((one) => (one.file === mutated.file ? mutated : one))
    const { policy: checked } = check({ ...files, policies, lockOf, complete: true }, report)
    if (isWrong(report.diagnostics)) continue
    const program = lower(checked)
    if (comparable(program) === original) continue
    if (assignableIn(program) !== assignable) givenFacts(checked.schema.givens, factSchema(program), report)
    if (isWrong(report.diagnostics)) continue
    yield { policy: { ...policy, program }, at, change, of, whole, wider, literals }
  }
}

/** Survivors that no `// licet-allow surviving-mutant: why` explains, and comments that explain none. */
export function unexplained({ sources }: Policy, survivors: readonly Diagnostic[]): readonly Diagnostic[] {
  const files = new Map(sources.map(({ name, text }) => [name, text]))
  return silence(survivors, files, resolveFiles(files).policies, 'surviving-mutant')
}

function isWrong(diagnostics: readonly Diagnostic[]): boolean {
  return diagnostics.some(({ severity }) => severity === 'error')
}

/** What says who can be assigned, which facts depend on. */
function assignableIn({ roles }: Program): string {
  return JSON.stringify(roles.map(({ assignable }) => assignable))
}

/** What a program decides by, without places and names: what each rule says of one action on one thing, where no other says it too. */
function comparable(program: Program): string {
  const { roles, conditions, scopes } = program
  const said = program.rules.filter((rule) => !isNever(rule)).flatMap((rule) => partsOf(rule, program))
  const byHead = new Map<string, Rule['condition'][]>()
  for (const { head, condition } of said) byHead.set(head, [...(byHead.get(head) ?? []), condition])
  const rules = [...byHead].map(([head, all]) => [head, withoutImplied(all, program)])
  return JSON.stringify({ roles, conditions, scopes, rules }, (key, value) =>
    key === 'at' || key === 'doc' || key === 'id' ? undefined : value,
  )
}

interface Part {
  readonly head: string
  readonly condition: Rule['condition']
}

function partsOf(rule: Rule, program: Program): readonly Part[] {
  const { condition, effect, actions, limit, label, recursive } = rule
  const items = itemsMeant(rule, program)
  return (actions === '*' ? ['*'] : actions).flatMap((action) =>
    items.map((item) => ({ head: JSON.stringify([effect, action, item, limit, label, recursive]), condition })),
  )
}

function withoutImplied(conditions: readonly Rule['condition'][], program: Program): readonly Rule['condition'][] {
  const left = [...conditions]
  for (const one of conditions)
    if (left.some((other) => other !== one && implies(one, other, program))) left.splice(left.indexOf(one), 1)
  return left
}

function isNever({ condition }: Rule): boolean {
  return condition.kind === 'constant' && condition.value.kind === 'boolean' && !condition.value.value
}

/** The types, or the tools or prompts of a lock, that a rule is about, else its target as it is. */
function itemsMeant({ target, actions }: Rule, { servers }: Program): readonly unknown[] {
  if (target.kind === 'types') return target.types
  if (target.kind !== 'items' || target.server === undefined || actions === '*') return [target]
  const { server } = target
  const lock = servers.find(({ name }) => name === server)?.lock
  const [only] = actions
  if (actions.length === 1 && (only === 'read' || only === 'subscribe')) {
    const whole = wholeTemplates(target.items, lock)
    if (whole !== undefined) return whole.map((text) => [server, text])
  }
  const named =
    actions.length > 1 ? undefined : only === 'call' ? lock?.tools : only === 'get' ? lock?.prompts : undefined
  if (named === undefined) return [target]
  const isMeant = (name: string) =>
    target.items.some((item) => {
      if (item.kind === 'all') return true
      if (item.kind === 'names') return item.names.includes(name)
      return item.kind === 'pattern' && matchesWildcard(item.pattern, name)
    })
  return named.flatMap(({ name }) => (isMeant(name) ? [[server, name]] : []))
}

/** What is read, where a rule is about all, or about templates as the lock has them. */
function wholeTemplates(items: readonly ItemPattern[], lock: LockedItems | undefined): readonly string[] | undefined {
  if (lock === undefined || lock.resources.length > 0) return undefined
  const locked = lock.templates.map(({ text }) => text)
  const meant = items.flatMap((item) =>
    item.kind === 'all' ? locked : item.kind === 'uri' ? [item.template.text] : [''],
  )
  return meant.every((text) => locked.includes(text)) ? meant : undefined
}
