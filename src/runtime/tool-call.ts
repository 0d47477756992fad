const brand = Symbol.for('licet/tool-call')

/**
 * A call of a tool as a target. It remembers what the engine that was asked last has found under its names, so that a call that is
 * made once and asked about often is not looked up again.
 */
export class ToolCall {
  readonly kind = 'tool' as const
  readonly server: string
  readonly name: string
  readonly args?: unknown
  #found: object | undefined
  /** The names that it was found under: the same objects, so that comparing them takes no time. */
  #server: string | undefined
  #name: string | undefined

  constructor(server: string, name: string, args?: unknown) {
    this.server = server
    this.name = name
    this.args = args
  }

  /** Another copy of this library may have made a target. */
  get [brand](): true {
    return true
  }

  static isAny(target: unknown): boolean {
    return typeof target === 'object' && target !== null && (target as { [brand]?: unknown })[brand] === true
  }

  static is(target: unknown): target is ToolCall {
    return typeof target === 'object' && target !== null && #found in target
  }

  /** What `remember` was told last, unless the names have changed since. */
  static found(call: ToolCall): object | undefined {
    return call.#name === call.name && call.#server === call.server ? call.#found : undefined
  }

  static remember(call: ToolCall, found: object): void {
    call.#found = found
    call.#server = call.server
    call.#name = call.name
  }
}
