import { exceedsBytes, limits } from './limits.ts'
import { textOf } from './strings.ts'

const unitMilliseconds: Readonly<Record<string, number>> = {
  ms: 1,
  s: 1_000,
  m: 60_000,
  h: 3_600_000,
  d: 86_400_000,
  w: 604_800_000,
}

const durationStep = /(\d+)(ms|[smhdw])/y

/** `1h30m` in milliseconds; undefined where the text is no duration or one past what a number counts exactly. */
export function durationOf(text: string): number | undefined {
  let sum = 0
  for (let i = 0; i < text.length; i = durationStep.lastIndex) {
    durationStep.lastIndex = i
    const step = durationStep.exec(text)
    const unit = unitMilliseconds[step?.[2] ?? '']
    if (step === null || unit === undefined) return undefined
    sum += Number(step[1]) * unit
  }
  return Number.isSafeInteger(sum) ? sum : undefined
}

export type Numeral = 'int' | 'number' | 'duration' | 'malformed' | 'out-of-range'

/** What a text that begins with a digit is. */
export function numeralOf(text: string): Numeral {
  if (/^\d+$/.test(text)) return text.length > limits.intDigits ? 'out-of-range' : 'int'
  if (/^\d+\.\d+(?:[eE][+-]?\d+)?$/.test(text)) return Number.isFinite(Number(text)) ? 'number' : 'out-of-range'
  if (durationOf(text) !== undefined) return 'duration'
  return looksLikeDuration(text) ? 'out-of-range' : 'malformed'
}

function looksLikeDuration(text: string): boolean {
  let end = 0
  while (end < text.length) {
    durationStep.lastIndex = end
    if (!durationStep.test(text)) return false
    end = durationStep.lastIndex
  }
  return true
}

export interface EntityParts {
  readonly type: string
  readonly id: string
}

/** Type and id of an entity token such as `User:ann` or `Repo:"acme/site"`. */
export function entityOf(image: string): EntityParts {
  const colon = image.indexOf(':')
  const rest = image.slice(colon + 1)
  return { type: image.slice(0, colon), id: rest.startsWith('"') ? textOf(rest.slice(1, -1)) : rest }
}

export function idTooLong(id: string): boolean {
  return exceedsBytes(id, limits.idBytes)
}

/** Whether an id may stand without quotes after `Type:`. */
export function isBareId(id: string): boolean {
  return /^\w/.test(id) && /\w$/.test(id) && !/[^\w-]|--/.test(id)
}
