/** What a key looks like: a name that everybody may see, 256 random bits, and a checksum of both (as secret scanners like them). */
const form = /^licet_([0-9A-Za-z]{12})_[0-9A-Za-z]{49}$/

export function isKey(token: string): boolean {
  return token.length === 68 && form.test(token)
}

/** The name of a key: it is no secret. */
export function idOf(key: string): string | undefined {
  return form.exec(key)?.[1]
}
