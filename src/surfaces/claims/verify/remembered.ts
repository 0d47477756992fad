/** What was found out about tokens, by their text. */
export interface Remembered<Value> {
  get(token: string, now: number): Value | undefined
  set(token: string, value: Value, until: number): void
}

/** Only valid tokens get here, so that nobody else can push them out; when there are too many, the oldest go. */
export function remembered<Value>(most: number): Remembered<Value> {
  const held = new Map<string, { readonly value: Value; readonly until: number }>()
  return {
    get: (token, now) => {
      const found = held.get(token)
      if (found === undefined) return undefined
      if (now < found.until) return found.value
      held.delete(token)
      return undefined
    },
    set: (token, value, until) => {
      held.delete(token)
      for (const oldest of held.keys()) {
        if (held.size < most) break
        held.delete(oldest)
      }
      held.set(token, { value, until })
    },
  }
}
