import type { Span } from '../base/source.ts'
import type { Site } from './failure.ts'
import type { FieldRead } from './fields.ts'

/** Of words: its place and bits in it, by turns. Whoever holds one of several roles holds the roles that these bits stand for. */
export type Bits = readonly number[]

/** How the roles of an actor are found that have a bit. */
export interface RolePlan {
  /** Words. */
  readonly width: number
  readonly facts: readonly { readonly role: string; readonly bits: Bits }[]
  readonly claims: readonly Claim[]
  /** By the place of a role: how it is written. */
  readonly roles: readonly (readonly RoleLine[])[]
}

/** A line of a role: who has it by fact, by what is said in the request, and with which other roles. */
export interface RoleLine {
  readonly role: string
  readonly at: Span
  readonly isAssignable: boolean
  readonly tests: readonly LiteralTest[]
  readonly includes: readonly number[]
}

/** `"x" in token.roles`, `token.dept == "x"`. */
export interface LiteralTest {
  readonly variable: 'token' | 'context'
  readonly read: FieldRead
  readonly literal: string
  /** The literal is the left operand. */
  readonly isFirst: boolean
  readonly isSet: boolean
  readonly sites: { readonly variable: Span; readonly field: Site; readonly test: Site }
}

/** What literals in a field of the request stand for. */
export interface Claim {
  readonly variable: 'token' | 'context'
  readonly name: string
  readonly isSet: boolean
  readonly literals: readonly (readonly [string, Bits])[]
  /** Of all roles that the field has a say in. */
  readonly all: Bits
}

export function addBits(words: Int32Array, bits: Bits, offset: number): void {
  for (let i = 0; i < bits.length; i += 2) {
    const word = offset + (bits[i] ?? 0)
    words[word] = (words[word] ?? 0) | (bits[i + 1] ?? 0)
  }
}
