import { calculate } from '../../value/arithmetic.ts'
import { evaluationError } from '../../value/evaluation-error.ts'
import { timeOf } from '../../value/time.ts'
import type { Time, Value } from '../../value/value.ts'
import type { BuiltinFunction } from './builtin.ts'
import { isDatetime } from './builtin.ts'

const day = 86_400_000

/** The methods of points in time and of lengths. */
export const times: readonly (readonly [string, BuiltinFunction])[] = [
  ['toDate', ([time]) => (isDatetime(time) ? midnightBefore(time) : undefined)],
  ['toTime', ([time]) => (isDatetime(time) ? pastMidnight(time) : undefined)],
  ['offset', ([time, by]) => (isDatetime(time) && isDuration(by) ? calculate('+', 'time', time, by) : undefined)],
  [
    'durationSince',
    ([time, start]) => (isDatetime(time) && isDatetime(start) ? calculate('-', 'time', time, start) : undefined),
  ],
  ['toMilliseconds', inUnits(1)],
  ['toSeconds', inUnits(1000)],
  ['toMinutes', inUnits(60_000)],
  ['toHours', inUnits(3_600_000)],
  ['toDays', inUnits(day)],
]

function midnightBefore({ milliseconds }: Time) {
  const midnight = timeOf('datetime', Math.floor(milliseconds / day) * day)
  return midnight ?? evaluationError('overflow', 'a point in time out of range')
}

function pastMidnight({ milliseconds }: Time) {
  return timeOf('duration', ((milliseconds % day) + day) % day)
}

function inUnits(size: number): BuiltinFunction {
  // Adding zero turns -0 into 0.
  return ([length]) => (isDuration(length) ? Math.trunc(length.milliseconds / size) + 0 : undefined)
}

function isDuration(value: Value | undefined): value is Time {
  return typeof value === 'object' && value.kind === 'duration'
}
