import type { Expr as Ir } from '../../ir/expr.ts'
import { decode } from '../../value/decode.ts'
import { absent } from '../../value/value.ts'
import { regexProblem } from './regex.ts'
import { fail, type Scope } from './scope.ts'

const readers: ReadonlyMap<string, 'datetime' | 'duration' | 'ip' | 'cidr' | 'decimal' | 'ipaddr' | 'path' | 'url'> =
  new Map([
    ['datetime', 'datetime'],
    ['duration', 'duration'],
    ['ip', 'ip'],
    ['cidr', 'cidr'],
    ['decimal', 'decimal'],
    ['ipaddr', 'ipaddr'],
    ['path', 'path'],
    ['url', 'url'],
  ])

/** A written-out argument of `datetime`, `ip`, … is read with the policy, not with the first request. */
export function checkLiteral(scope: Scope, builtin: string, arg: Ir): void {
  const kind = readers.get(builtin)
  if (kind === undefined || arg.kind !== 'constant' || arg.value.kind !== 'string') return
  const read = decode(arg.value.value, { kind })
  if (read === absent) return
  if (typeof read === 'object' && read.kind === 'error') fail(scope, 'bad-literal', arg.at, read.message)
}

/** Arguments that have to be literals: a pattern, a regular expression, a time zone. */
export function checkWritten(scope: Scope, form: 'pattern' | 'regex' | 'zone', arg: Ir, written: boolean): void {
  if (!written || arg.kind !== 'constant' || arg.value.kind !== 'string') {
    const example = { pattern: '`.like("a*")`', regex: '`.matches(/^a+$/)`', zone: '`.hourIn("Europe/Berlin")`' }[form]
    fail(
      scope,
      'wrong-arguments',
      arg.at,
      'this argument has to be written out',
      `such as ${example}, so that it can be checked with the policy`,
    )
    return
  }
  const text = arg.value.value
  if (form === 'regex') {
    const problem = regexProblem(text)
    if (problem !== undefined) fail(scope, 'bad-regex', arg.at, problem.message, problem.help)
  }
  if (form === 'zone' && !zoneExists(text))
    fail(scope, 'bad-literal', arg.at, `there is no time zone \`${text}\``, 'zones have names such as `Europe/Berlin`')
}

function zoneExists(zone: string): boolean {
  try {
    new Intl.DateTimeFormat('en', { timeZone: zone })
    return true
  } catch {
    return false
  }
}
