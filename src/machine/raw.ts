/** The objects of a request, as emitted code reads them. */

/** What a read comes to where a closer look is needed: something that is no plain object lies on the way, or that throws. */
export const doubtful = Symbol('doubtful')

/** What a plain object inherits from. */
export const plain: unknown = Object.prototype

/** What every plain object seems to have; a name that is found here is not read in passing. */
export const inherited: Readonly<Record<string, unknown>> = Object.prototype as never

/** What a question is taken to have brought that says nothing of it. */
export const none: Readonly<Record<string, unknown>> = Object.freeze({})

/** Of a token that does not say which scopes it has. */
export const noClaims: readonly never[] = Object.freeze([])

// biome-ignore lint/suspicious/noProto: the question is whether there is one
const hasAccessor = ({} as { __proto__: unknown }).__proto__ === Object.prototype

/** An object that inherits from `Object.prototype` and nothing else. Others may be plain too, such as those of another realm. */
export const isPlain: (value: unknown) => boolean = hasAccessor ? byAccessor : byPrototype

/** The accessor is several times as quick, but not every host has it. An own property of this name is seldom that object. */
function byAccessor(value: unknown): boolean {
  // biome-ignore lint/suspicious/noProto: `Object.getPrototypeOf` takes ten times as long
  return typeof value === 'object' && value !== null && (value as { __proto__: unknown }).__proto__ === Object.prototype
}

function byPrototype(value: unknown): boolean {
  return typeof value === 'object' && value !== null && Object.getPrototypeOf(value) === Object.prototype
}
