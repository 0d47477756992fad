import { parseAddress, parseNetwork, parseRange } from '../../value/address.ts'
import { parseDecimal } from '../../value/decimal.ts'
import { evaluationError } from '../../value/evaluation-error.ts'
import { parsePath } from '../../value/path.ts'
import { parseDatetime, parseDuration } from '../../value/time.ts'
import { parseUrl } from '../../value/url.ts'
import type { Value } from '../../value/value.ts'
import type { BuiltinFunction } from './builtin.ts'

/** `path(…)`, `url(…)` and their like: what a text stands for, an error where it is not of the form. */
export const readers: readonly (readonly [string, BuiltinFunction])[] = [
  ['path', reader('an absolute path', parsePath)],
  ['url', reader('an absolute URL with a plain host', parseUrl)],
  ['ip', reader('an IP address', parseAddress)],
  ['cidr', reader('a range of IP addresses', parseRange)],
  ['decimal', reader('a decimal number', parseDecimal)],
  ['ipaddr', reader('an IP address or a network', parseNetwork)],
  ['datetime', reader('an instant as RFC 3339', parseDatetime)],
  ['duration', reader('a duration', parseDuration)],
]

function reader(what: string, parse: (text: string) => Value | undefined): BuiltinFunction {
  return ([text]) =>
    typeof text === 'string' ? (parse(text) ?? evaluationError('bad-value', `text that is not ${what}`)) : undefined
}
