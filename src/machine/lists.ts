import { hasLoneSurrogate } from '../value/text.ts'
import type { Registers } from './registers.ts'

/**
 * Questions to lists as a request brought them, answered without making sets of them. Undefined: not to be told so, since there is
 * something in it that is not of the kind, or it is no list. What is found is found, whatever else there is.
 */

/** Longer ones are left to the way that counts. */
const maxLength = 65_536

function isList(list: unknown): list is readonly unknown[] {
  return Array.isArray(list) && list.length <= maxLength
}

export function isText(text: string): boolean {
  return !hasLoneSurrogate(text)
}

/** The text, which is well-formed, is one of the elements. */
export function hasText(list: unknown, text: string): boolean | undefined {
  try {
    if (!isList(list)) return undefined
    for (let i = 0; i < list.length; i++) if (list[i] === text) return true
    return areTexts(list) ? false : undefined
  } catch {
    return undefined
  }
}

export function hasSomeText(list: unknown, texts: readonly string[]): boolean | undefined {
  try {
    if (!isList(list)) return undefined
    for (let i = 0; i < list.length; i++) if (texts.includes(list[i] as string)) return true
    return areTexts(list) ? false : undefined
  } catch {
    return undefined
  }
}

export function hasAllTexts(list: unknown, texts: readonly string[]): boolean | undefined {
  try {
    if (!isList(list)) return undefined
    for (let i = 0; i < texts.length; i++) if (!list.includes(texts[i])) return areTexts(list) ? false : undefined
    return true
  } catch {
    return undefined
  }
}

/** The number, which is finite, is one of the elements; `whole`: of which each is an integer. */
export function hasNumber(list: unknown, number: number, whole: boolean): boolean | undefined {
  try {
    if (!isList(list)) return undefined
    const isNumber = whole ? Number.isSafeInteger : Number.isFinite
    if (isNumber(number)) for (let i = 0; i < list.length; i++) if (list[i] === number) return true
    for (let i = 0; i < list.length; i++) if (!isNumber(list[i])) return undefined
    return false
  } catch {
    return undefined
  }
}

/** Of texts. */
export function isEmptyList(list: unknown): boolean | undefined {
  try {
    if (!isList(list)) return undefined
    if (list.length === 0) return true
    const [first] = list
    return typeof first === 'string' && isText(first) ? false : undefined
  } catch {
    return undefined
  }
}

function areTexts(list: readonly unknown[]): boolean {
  for (let i = 0; i < list.length; i++) {
    const element = list[i]
    if (typeof element !== 'string' || hasLoneSurrogate(element)) return false
  }
  return true
}

/** The value, a text or a number, is one of the members of a set as values are everywhere. */
export function hasMember(set: unknown, value: string | number): boolean | undefined {
  if (typeof set !== 'object' || set === null) return undefined
  const { kind, members, gap } = set as { kind?: unknown; members?: readonly unknown[]; gap?: unknown }
  if (kind !== 'set' || members === undefined) return undefined
  for (let i = 0; i < members.length; i++) if (members[i] === value) return true
  if (gap !== undefined) return undefined
  const type = typeof value
  for (let i = 0; i < members.length; i++) if (typeof members[i] !== type) return undefined
  return false
}

/** The list, if it is one and not too long. */
export function elementsOf(list: unknown): readonly unknown[] | undefined {
  try {
    return isList(list) ? list : undefined
  } catch {
    return undefined
  }
}

/** Null, which is no element, where it throws. */
export function elementAt(elements: readonly unknown[], i: number): unknown {
  try {
    return elements[i]
  } catch {
    return null
  }
}

/** The members of a set as values are everywhere, if it has no gap. */
export function membersOf(set: unknown): readonly unknown[] | undefined {
  if (typeof set !== 'object' || set === null) return undefined
  const { kind, members, gap } = set as { kind?: unknown; members?: readonly unknown[]; gap?: unknown }
  return kind === 'set' && gap === undefined ? members : undefined
}

/** The labels of the session, or undefined where the request has none. */
export function labels({ session }: Registers): unknown {
  if (typeof session !== 'object' || session.kind !== 'record' || !(session.raw instanceof Map)) return undefined
  return session.raw.get('labels')
}
