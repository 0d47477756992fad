import { createCipheriv, createDecipheriv, randomBytes } from 'node:crypto'

/**
 * A server's cursors, sealed: a server may build them from the names of items, which a filtered list must not tell, and a
 * client must not be able to make one up. AES-256-GCM (NIST SP 800-38D) under a key of this process, bound to the method and to whose it is.
 */
export interface Cursors {
  seal(method: string, cursor: string): string
  /** Undefined for what `seal` has not made for this method, and for them. */
  open(method: string, sealed: string): string | undefined
}

const nonceBytes = 12
const tagBytes = 16

/** @returns those of a principal, by its key */
export function createCursors(): (principal: string) => Cursors {
  const key = randomBytes(32)
  return (principal) => ({
    seal: (method, cursor) => {
      const nonce = randomBytes(nonceBytes)
      const cipher = createCipheriv('aes-256-gcm', key, nonce).setAAD(bound(principal, method))
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
        decipher.setAAD(bound(principal, method)).setAuthTag(bytes.subarray(nonceBytes, nonceBytes + tagBytes))
        return decipher.update(bytes.subarray(nonceBytes + tagBytes), undefined, 'utf8') + decipher.final('utf8')
      } catch {
        return undefined
      }
    },
  })
}

function bound(principal: string, method: string): Buffer {
  return Buffer.from(JSON.stringify([principal, method]))
}
