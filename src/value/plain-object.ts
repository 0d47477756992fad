/**
 * An object that is nothing but its own properties, as JSON makes it: no array, no instance of a class. Objects of
 * another realm pass. May throw where a proxy does.
 */
export function isPlainObject(raw: unknown): raw is Readonly<Record<string, unknown>> {
  if (typeof raw !== 'object' || raw === null || Array.isArray(raw)) return false
  const prototype: unknown = Object.getPrototypeOf(raw)
  if (prototype === Object.prototype || prototype === null) return true
  // Another realm's: only an `Object.prototype` has the method itself and nothing above it.
  return Object.getPrototypeOf(prototype) === null && Object.hasOwn(prototype as object, 'isPrototypeOf')
}

/** An own property: never one of the prototype, so that `constructor` is found only where someone set it. */
export function hasOwnField(raw: object, name: string): boolean {
  return Object.hasOwn(raw, name)
}
