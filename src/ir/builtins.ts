import type { Type } from './type.ts'

/**
 * A pure function, method or property of the language. In the IR all three are `Builtin` expressions under this name, the
 * receiver first; a method that several kinds have (`length`, `includes`) is told apart by the value it meets.
 */
export interface BuiltinSignature {
  readonly name: string
  readonly form: 'function' | 'method' | 'property'
  /** What it is a method or property of; a receiver of type `json` is let through and checked when it is met. */
  readonly receiver?: 'string' | 'set' | 'datetime' | 'duration' | 'url' | 'path' | 'decimal' | 'ipaddr'
  readonly params: readonly BuiltinParameter[]
  readonly result: Type
  /** The result may be absent, as an optional field may. */
  readonly optional?: true
}

export interface BuiltinParameter {
  readonly name: string
  /** `element`: of the receiver's elements; `receiver`: a set like the receiver. */
  readonly type: Type | 'element' | 'receiver'
  /** Has to be a literal in the policy's text, of this form: the checker refuses what the runtime could not read. */
  readonly literal?: 'pattern' | 'regex' | 'zone'
}

const string: Type = { kind: 'string' }
const boolean: Type = { kind: 'boolean' }
const int: Type = { kind: 'int' }

export const builtins: readonly BuiltinSignature[] = [
  // Each reads a text; one that is not in the form is an error. A literal is checked with the policy.
  reader('path', { kind: 'path' }),
  reader('url', { kind: 'url' }),
  reader('ip', { kind: 'ip' }),
  reader('cidr', { kind: 'cidr' }),
  reader('datetime', { kind: 'datetime' }),
  reader('duration', { kind: 'duration' }),
  reader('decimal', { kind: 'decimal' }),
  reader('ipaddr', { kind: 'ipaddr' }),
  // The value itself, of which nothing is known any more: of imported policies.
  {
    name: 'dynamic',
    form: 'function',
    params: [{ name: 'value', type: { kind: 'dynamic' } }],
    result: { kind: 'dynamic' },
  },

  method('string', 'startsWith', [{ name: 'prefix', type: string }], boolean),
  method('string', 'endsWith', [{ name: 'suffix', type: string }], boolean),
  method('string', 'includes', [{ name: 'part', type: string }], boolean),
  // Unicode's default mapping, which knows no locale.
  method('string', 'toLowerCase', [], string),
  // `*` is any run of characters, `\*` the character.
  method('string', 'like', [{ name: 'pattern', type: string, literal: 'pattern' }], boolean),
  // RE2 syntax; searches, as in JavaScript, and has flags only inline.
  method('string', 'matches', [{ name: 'regex', type: string, literal: 'regex' }], boolean),
  // Code points.
  property('string', 'length', int),

  property('set', 'length', int),
  method('set', 'isEmpty', [], boolean),
  method('set', 'includes', [{ name: 'element', type: 'element' }], boolean),
  method('set', 'containsAll', [{ name: 'other', type: 'receiver' }], boolean),
  method('set', 'containsAny', [{ name: 'other', type: 'receiver' }], boolean),

  // The hour of the day, 0 to 23, in a zone of the IANA database.
  method('datetime', 'hourIn', [{ name: 'zone', type: string, literal: 'zone' }], int),

  // Whole days of UTC, and what is past the last midnight.
  method('datetime', 'toDate', [], { kind: 'datetime' }),
  method('datetime', 'toTime', [], { kind: 'duration' }),
  // As `+` and `-`, of what is not known to be a time before it is there.
  method('datetime', 'offset', [{ name: 'by', type: { kind: 'duration' } }], { kind: 'datetime' }),
  method('datetime', 'durationSince', [{ name: 'start', type: { kind: 'datetime' } }], { kind: 'duration' }),
  // Whole units, towards zero.
  ...['toMilliseconds', 'toSeconds', 'toMinutes', 'toHours', 'toDays'].map((name) => method('duration', name, [], int)),

  ...['lessThan', 'lessThanOrEqual', 'greaterThan', 'greaterThanOrEqual'].map((name) =>
    method('decimal', name, [{ name: 'other', type: { kind: 'decimal' } }], boolean),
  ),

  ...['isIpv4', 'isIpv6', 'isLoopback', 'isMulticast'].map((name) => method('ipaddr', name, [], boolean)),
  method('ipaddr', 'isInRange', [{ name: 'range', type: { kind: 'ipaddr' } }], boolean),

  // Of the normalised path, so that `.env/.` is called `.env`; the root has no name.
  property('path', 'name', string),
  property('path', 'segments', { kind: 'set', of: string }),

  property('url', 'scheme', string),
  property('url', 'host', string),
  { ...property('url', 'port', int), optional: true },
  property('url', 'path', string),
]

function reader(name: string, result: Type): BuiltinSignature {
  return { name, form: 'function', params: [{ name: 'text', type: string }], result }
}

function method(
  receiver: NonNullable<BuiltinSignature['receiver']>,
  name: string,
  params: readonly BuiltinParameter[],
  result: Type,
): BuiltinSignature {
  return { name, form: 'method', receiver, params, result }
}

function property(receiver: NonNullable<BuiltinSignature['receiver']>, name: string, result: Type): BuiltinSignature {
  return { name, form: 'property', receiver, params: [], result }
}
