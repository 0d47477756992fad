import { createCipheriv, createDecipheriv, randomBytes } from 'node:crypto'

/**
 * A server's cursors, sealed: a server may build them from the names of items, which a filtered list must not tell, and a
 * client must not be able to make one up. AES-256-GCM (NIST SP 800-38D) under a key of this process, bound to the method.
 */
export interface Cursors {
  seal(method: string, cursor: string): string
  /** Undefined for what `seal` has not made for this method. */
  open(method: string, sealed: string): string | undefined
}

const nonceBytes = 12
const tagBytes = 16

export function createCursors(): Cursors {
  const key = randomBytes(32)
  return {
    seal: (method, cursor) => {
      const nonce = randomBytes(nonceBytes)
      const cipher = createCipheriv('aes-256-gcm', key, nonce).setAAD(Buffer.from(method))
      const text = Buffer.concat([cipher.update(cursor, 'utf8'), cipher.final()])
      return Buffer.concat([nonce, cipher.getAuthTag(), text]).toString('base64url')
    },
    open: (method, sealed) => {
      const bytes = Buffer.from(sealed, 'base64url')
      if (bytes.length < nonceBytes + tagBytes) return undefined
      try {
        const decipher = createDecipheriv('aes-256-gcm', key, bytes.subarray(0, nonceBytes), {
          authTagLength: tagBytes,
        })
        decipher.setAAD(Buffer.from(method)).setAuthTag(bytes.subarray(nonceBytes, nonceBytes + tagBytes))
        return decipher.update(bytes.subarray(nonceBytes + tagBytes), undefined, 'utf8') + decipher.final('utf8')
      } catch {
        return undefined
      }
    },
  }
}
