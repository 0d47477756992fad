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

/**
 * What the object itself shows under these names, and nothing that somebody has given to all objects. Each is looked for, so that an
 * object that cannot be looked at throws.
 */
export function ownMembers<T extends object>(raw: T, names: Iterable<keyof T & string>): Partial<T> {
  const found: Partial<T> = Object.create(null)
  for (const name of names) {
    const value = raw[name]
    if (value !== undefined && isEnumerable.call(raw, name)) found[name] = value
  }
  return found
}

const isEnumerable = Object.prototype.propertyIsEnumerable

/** An own property: never one of the prototype, so that `constructor` is found only where someone set it. */
export function hasOwnField(raw: object, name: string): boolean {
  return Object.hasOwn(raw, name)
}
