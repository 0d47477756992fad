/** Closes a `switch` over a union: a new member fails to compile where it is not handled. */
export function assertNever(value: never): never {
  throw new Error(`unreachable: ${JSON.stringify(value)}`)
}
