import type { Absent, EvaluationError, Path, SetValue, Time, Url, Value } from '../../value/value.ts'

/**
 * A built-in of the language: total, pure, and given only values. The receiver of a method comes first. Undefined: an
 * argument is of a kind that it does not take.
 */
export type BuiltinFunction = (args: readonly Value[]) => Value | Absent | EvaluationError | undefined

export function textMethod(method: (text: string, argument: string) => boolean | EvaluationError): BuiltinFunction {
  return ([text, argument]) =>
    typeof text === 'string' && typeof argument === 'string' ? method(text, argument) : undefined
}

export function isSet(value: Value | undefined): value is SetValue {
  return typeof value === 'object' && value.kind === 'set'
}

export function isDatetime(value: Value | undefined): value is Time {
  return typeof value === 'object' && value.kind === 'datetime'
}

export function isUrl(value: Value | undefined): value is Url {
  return typeof value === 'object' && value.kind === 'url'
}

export function isPath(value: Value | undefined): value is Path {
  return typeof value === 'object' && value.kind === 'path'
}
