/** Inputs that break code which trusts them: each a fresh one, since some can be used only once. */
export function hostile(): readonly unknown[] {
  const cyclic: Record<string, unknown> = { a: 1 }
  cyclic.self = cyclic
  const list: unknown[] = []
  list.push(list)
  const revoked = Proxy.revocable({}, {})
  revoked.revoke()
  const revokedList = Proxy.revocable([], {})
  revokedList.revoke()
  const fail = () => {
    throw new Error('a trap that throws')
  }
  return [
    cyclic,
    list,
    revoked.proxy,
    revokedList.proxy,
    new Proxy({}, { get: fail, has: fail, ownKeys: fail, getOwnPropertyDescriptor: fail, getPrototypeOf: fail }),
    new Proxy([], { get: fail }),
    new Proxy([], { get: (_, name) => (name === 'length' ? Number.POSITIVE_INFINITY : fail()) }),
    Object.defineProperty({}, 'a', { enumerable: true, get: fail }),
    Object.defineProperty({ id: 'ann' }, 'type', { enumerable: true, get: fail }),
    Object.defineProperty(['x'], 0, { get: fail }),
    JSON.parse('{"__proto__": {"polluted": true}, "constructor": {"prototype": {"polluted": true}}}'),
    { [Symbol.iterator]: fail, toString: fail, valueOf: fail, toJSON: fail },
    { type: 'User', id: { toString: fail } },
    new Array(2 ** 32 - 1),
    Object.assign(new Date(0), { getTime: fail }),
    Object.assign(new Map(), { [Symbol.iterator]: fail }),
    Object.assign(new Set(), { [Symbol.iterator]: fail }),
    Array.from({ length: 10_000 }).reduce<unknown>((inner) => ({ inner }), 1),
    Array.from({ length: 10_000 }).reduce<unknown>((inner) => [inner], 1),
    'x'.repeat(100_000),
    'User:\udfff',
    Number.NaN,
    -0,
    10n ** 100n,
    Symbol('s'),
    () => fail(),
    class {},
    null,
    undefined,
  ]
}
