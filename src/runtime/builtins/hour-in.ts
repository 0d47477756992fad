import { evaluationError } from '../../value/evaluation-error.ts'
import type { EvaluationError } from '../../value/value.ts'
import type { BuiltinFunction } from './builtin.ts'
import { isDatetime } from './builtin.ts'

const quarter = 15 * 60_000
/** From then on no zone changes its hour but at full quarters of UTC; Liberia's was the last. */
const wholeQuarters = Date.UTC(1973, 0)
const maxRemembered = 1000

/** `hourIn(zone)`: the hour of the day, 0 to 23, in a zone of the IANA database as this JavaScript engine has it. */
export function createHourIn(): BuiltinFunction {
  const formats = new Map<string, Intl.DateTimeFormat | undefined>()
  const hours = new Map<string, number>()
  return ([time, zone]) => {
    if (!isDatetime(time) || typeof zone !== 'string') return undefined
    const key = `${Math.floor(time.milliseconds / quarter)} ${zone}`
    const known = time.milliseconds < wholeQuarters ? undefined : hours.get(key)
    if (known !== undefined) return known
    if (!formats.has(zone)) {
      if (formats.size >= maxRemembered) formats.clear()
      formats.set(zone, formatFor(zone))
    }
    const hour = hourOf(formats.get(zone), time.milliseconds)
    if (typeof hour === 'number') {
      if (hours.size >= maxRemembered) hours.clear()
      hours.set(key, hour)
    }
    return hour
  }
}

function formatFor(zone: string): Intl.DateTimeFormat | undefined {
  try {
    return new Intl.DateTimeFormat('en-US', { timeZone: zone, hour: 'numeric', hourCycle: 'h23' })
  } catch {
    return undefined
  }
}

function hourOf(format: Intl.DateTimeFormat | undefined, milliseconds: number): number | EvaluationError {
  const part = format?.formatToParts(milliseconds).find(({ type }) => type === 'hour')
  return part === undefined ? evaluationError('bad-value', 'no time zone of the IANA database') : Number(part.value)
}
