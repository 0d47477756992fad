import type { JsonValue } from '../base/json.ts'
import { isArray, isJsonObject } from '../base/json.ts'
import { didYouMean } from '../base/suggest.ts'

export type Path = readonly (string | number)[]

/** What is wrong with the value, or with the key, at a path; `first` is where the thing was said before. */
export interface Mistake {
  readonly path: Path
  readonly at: 'value' | 'key' | 'start'
  readonly message: string
  readonly help?: string | undefined
  readonly first?: Path
}

/** Reports what is wrong with a value and everything in it. */
export type Check = (value: JsonValue, path: Path, report: (mistake: Mistake) => void) => void

function checkThat(expected: string, holds: (value: JsonValue) => boolean): Check {
  return (value, path, report) => {
    if (!holds(value)) report({ path, at: 'value', message: `expected ${expected}` })
  }
}

export const aString = checkThat('a string', (value) => typeof value === 'string')
export const aName = checkThat('a string that is not empty', (value) => typeof value === 'string' && value !== '')
export const aBoolean = checkThat('`true` or `false`', (value) => typeof value === 'boolean')
export const aNumber = checkThat('a number', (value) => typeof value === 'number')
export const anObject = checkThat('an object', isJsonObject)
export const aUrl = checkThat('an absolute URL', (value) => typeof value === 'string' && URL.canParse(value))
export const aDigest = checkThat('`sha256:` and 64 hexadecimal digits', (value) => {
  return typeof value === 'string' && /^sha256:[0-9a-f]{64}$/.test(value)
})

export function oneOf(...values: readonly JsonValue[]): Check {
  const written = values.map((value) => `\`${JSON.stringify(value)}\``).join(' or ')
  return checkThat(written, (value) => values.includes(value))
}

export function listOf(item: Check): Check {
  return (value, path, report) => {
    if (!isArray(value)) report({ path, at: 'value', message: 'expected an array' })
    else for (const [i, element] of value.entries()) item(element, [...path, i], report)
  }
}

/** A list whose items differ in one of their members. */
export function listBy(key: string, noun: string, item: Check): Check {
  return (value, path, report) => {
    listOf(item)(value, path, report)
    const seen = new Map<JsonValue, number>()
    for (const [i, element] of isArray(value) ? value.entries() : []) {
      const name = isJsonObject(element) && Object.hasOwn(element, key) ? element[key] : undefined
      if (typeof name !== 'string') continue
      const first = seen.get(name)
      if (first === undefined) seen.set(name, i)
      else {
        const message = `the ${noun} \`${name}\` twice`
        report({ path: [...path, i, key], at: 'value', message, first: [...path, first, key] })
      }
    }
  }
}

/** Any keys, one kind of value. */
export function mapOf(of: Check): Check {
  return (value, path, report) => {
    if (!isJsonObject(value)) report({ path, at: 'value', message: 'expected an object' })
    else for (const [key, member] of Object.entries(value)) of(member, [...path, key], report)
  }
}

type Members = Readonly<Record<string, Check>>

/** An object with these members and any others. */
export function openObject(required: Members, optional: Members): Check {
  return objectOf(required, optional, true)
}

/** An object with these members and no others. */
export function closedObject(required: Members, optional: Members): Check {
  return objectOf(required, optional, false)
}

function objectOf(required: Members, optional: Members, isOpen: boolean): Check {
  const members = new Map([...Object.entries(required), ...Object.entries(optional)])
  return (value, path, report) => {
    if (!isJsonObject(value)) {
      report({ path, at: 'value', message: 'expected an object' })
      return
    }
    for (const key of Object.keys(required)) {
      if (!Object.hasOwn(value, key)) report({ path, at: 'start', message: `\`${key}\` is missing` })
    }
    for (const [key, member] of Object.entries(value)) {
      const check = members.get(key)
      if (check !== undefined) check(member, [...path, key], report)
      else if (!isOpen) {
        const help = didYouMean(key, members.keys())
        report({ path: [...path, key], at: 'key', message: `there is no member \`${key}\` here`, help })
      }
    }
  }
}
