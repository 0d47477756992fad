import { randomBytes } from 'node:crypto'
import { crc32 } from 'node:zlib'

const alphabet = '0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz'
const [idLength, secretLength, checksumLength] = [12, 43, 6]

export interface NewKey {
  readonly id: string
  /** Shown once, and kept nowhere. */
  readonly key: string
}

export function newKey(): NewKey {
  const id = base62(randomBytes(9), idLength).slice(-idLength)
  const body = `licet_${id}_${base62(randomBytes(32), secretLength)}`
  return { id, key: body + checksumOf(body) }
}

/** Whether a key can be one: a mistyped one is found without looking. */
export function hasChecksum(key: string): boolean {
  const body = key.slice(0, -checksumLength)
  return key.endsWith(checksumOf(body))
}

function checksumOf(body: string): string {
  const bytes = Buffer.alloc(4)
  bytes.writeUInt32BE(crc32(body))
  return base62(bytes, checksumLength)
}

function base62(bytes: Buffer, length: number): string {
  let rest = BigInt(`0x${bytes.toString('hex')}`)
  let text = ''
  for (; rest > 0n; rest /= 62n) text = alphabet[Number(rest % 62n)] + text
  return text.padStart(length, '0')
}
