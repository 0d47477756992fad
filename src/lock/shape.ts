import { canonicalJson } from '../base/canonical.ts'

/**
 * The JSON values that a schema lets through, as far as a `Type` can tell them apart: any value at all, or the union of
 * `members`, and null besides where `hasNull` says so. No members and no null is the empty set.
 */
export interface Shape {
  readonly isAny: boolean
  readonly hasNull: boolean
  readonly members: readonly Member[]
}

export type Member =
  | { readonly kind: 'string' | 'boolean' | 'int' | 'number' }
  | { readonly kind: 'literal'; readonly value: string }
  | { readonly kind: 'array'; readonly of: Shape }
  | { readonly kind: 'object'; readonly fields: ReadonlyMap<string, Field>; readonly rest: Shape }

export interface Field {
  readonly shape: Shape
  readonly required: boolean
}

export const anyShape: Shape = { isAny: true, hasNull: true, members: [] }
export const nothing: Shape = { isAny: false, hasNull: false, members: [] }
export const onlyNull: Shape = { isAny: false, hasNull: true, members: [] }

export function shapeOf(...members: Member[]): Shape {
  return { isAny: false, hasNull: false, members }
}

export function isNothing(shape: Shape): boolean {
  return !shape.isAny && !shape.hasNull && shape.members.length === 0
}

export function unite(shapes: readonly Shape[]): Shape {
  if (shapes.some((shape) => shape.isAny)) return anyShape
  return {
    isAny: false,
    hasNull: shapes.some((shape) => shape.hasNull),
    members: withoutDuplicates(shapes.flatMap((shape) => shape.members)),
  }
}

function withoutDuplicates(members: readonly Member[]): readonly Member[] {
  const has = (kind: Member['kind']) => members.some((member) => member.kind === kind)
  const seen = new Map<string, Member>()
  for (const member of members) {
    if (member.kind === 'literal' && has('string')) continue
    if (member.kind === 'int' && has('number')) continue
    seen.set(keyOf(member), member)
  }
  return [...seen.values()]
}

/** Equal for equal members; plain data is made of the Maps first. */
function keyOf(member: Member): string {
  return canonicalJson(plain(member)) ?? ''
}

function plain(member: Member): unknown {
  if (member.kind === 'array') return [plainShape(member.of)]
  if (member.kind !== 'object') return member
  const fields = [...member.fields].map(([name, { shape, required }]) => [name, plainShape(shape), required])
  return { fields, rest: plainShape(member.rest) }
}

function plainShape({ isAny, hasNull, members }: Shape): unknown {
  return isAny ? true : [hasNull, ...members.map(plain)]
}

/** Counts down; whoever finds it at zero answers with something weaker, and so still right. */
export interface Budget {
  left: number
}

/** What both let through. Past the budget it is `a`, which lets through more. */
export function intersect(a: Shape, b: Shape, budget: Budget): Shape {
  if (a.isAny) return b
  if (b.isAny) return a
  const members: Member[] = []
  for (const left of a.members) {
    for (const right of b.members) {
      if (--budget.left < 0) return a
      const both = meet(left, right, budget)
      if (both !== undefined) members.push(both)
    }
  }
  return { isAny: false, hasNull: a.hasNull && b.hasNull, members: withoutDuplicates(members) }
}

function meet(a: Member, b: Member, budget: Budget): Member | undefined {
  if (a.kind === 'array' && b.kind === 'array') return { kind: 'array', of: intersect(a.of, b.of, budget) }
  if (a.kind === 'object' && b.kind === 'object') {
    const fields = new Map<string, Field>()
    for (const name of [...a.fields.keys(), ...b.fields.keys()]) {
      const left = a.fields.get(name) ?? { shape: a.rest, required: false }
      const right = b.fields.get(name) ?? { shape: b.rest, required: false }
      fields.set(name, {
        shape: intersect(left.shape, right.shape, budget),
        required: left.required || right.required,
      })
    }
    return { kind: 'object', fields, rest: intersect(a.rest, b.rest, budget) }
  }
  if (a.kind === 'literal' && b.kind === 'literal') return a.value === b.value ? a : undefined
  if (a.kind === b.kind) return a
  if (b.kind === 'literal' || b.kind === 'int') return wider(a, b) ? b : undefined
  return wider(b, a) ? a : undefined
}

function wider(a: Member, b: Member): boolean {
  return (a.kind === 'string' && b.kind === 'literal') || (a.kind === 'number' && b.kind === 'int')
}
