/** An IPv4 address as a number, as `parseAddress` reads it but without making anything; -1 for any other text. */
export function addressNumber(text: unknown): number {
  if (typeof text !== 'string' || text.length < 7 || text.length > 15) return -1
  let bits = 0
  let part = 0
  let digits = 0
  let parts = 0
  for (let i = 0; i <= text.length; i++) {
    const digit = i === text.length ? -2 : text.charCodeAt(i) - 0x30
    if (digit >= 0 && digit <= 9) {
      // No leading zeros.
      if (digits > 0 && part === 0) return -1
      part = part * 10 + digit
      digits += 1
    } else if (digit === -2) {
      if (digits === 0 || part > 255 || parts === 4) return -1
      bits = bits * 256 + part
      parts += 1
      part = 0
      digits = 0
    } else return -1
  }
  return parts === 4 ? bits : -1
}
