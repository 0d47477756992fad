import { closeSync, fstatSync, openSync, readSync } from 'node:fs'
import type { Code } from '../../base/codes.ts'

/** Bytes of one file of policy, facts or locks; larger ones are refused before they are read. */
export const maxFileBytes = 16 * 1024 * 1024

export type ReadText =
  | { readonly text: string; readonly problem?: undefined }
  | { readonly problem: ReadProblem; readonly text?: undefined }

/** Why a file gave no text; `message` says it of `it`, such as "is a directory". */
export interface ReadProblem {
  readonly code: Code
  readonly message: string
}

/** Reads a UTF-8 text file of at most 16 MiB. Pipes and devices are read as far as that, too. Never throws. */
export function readText(path: string): ReadText {
  let descriptor: number | undefined
  try {
    descriptor = openSync(path, 'r')
    const stat = fstatSync(descriptor)
    if (stat.isDirectory()) return refused('missing-file', 'is a directory')
    if (stat.isFile() && stat.size > maxFileBytes) return tooLarge()
    return decodeText(readAtMost(descriptor, maxFileBytes + 1))
  } catch (error) {
    return refused('missing-file', reasonOf(error))
  } finally {
    if (descriptor !== undefined) closeSync(descriptor)
  }
}

/** The text of bytes that came from outside, without a byte order mark. */
export function decodeText(bytes: Uint8Array): ReadText {
  if (bytes.length > maxFileBytes) return tooLarge()
  try {
    const text = new TextDecoder('utf-8', { fatal: true }).decode(bytes)
    return text.includes('\0') ? refused('missing-file', 'is not a text file') : { text }
  } catch {
    return refused('missing-file', 'is not UTF-8 text')
  }
}

function tooLarge(): ReadText {
  return refused('too-large', `is larger than ${maxFileBytes / 1024 / 1024} MiB`)
}

function refused(code: Code, message: string): ReadText {
  return { problem: { code, message } }
}

function readAtMost(descriptor: number, limit: number): Buffer {
  const chunks: Buffer[] = []
  for (let left = limit; left > 0; ) {
    const chunk = Buffer.allocUnsafe(Math.min(left, 1024 * 1024))
    const length = readSync(descriptor, chunk, 0, chunk.length, null)
    if (length === 0) break
    chunks.push(chunk.subarray(0, length))
    left -= length
  }
  return Buffer.concat(chunks)
}

const reasons: ReadonlyMap<string, string> = new Map([
  ['ENOENT', 'was not found'],
  ['ENOTDIR', 'was not found'],
  ['EACCES', 'may not be read: permission denied'],
  ['EPERM', 'may not be read: permission denied'],
  ['EISDIR', 'is a directory'],
  ['ELOOP', 'cannot be read: too many symbolic links'],
  ['ENAMETOOLONG', 'cannot be read: the name is too long'],
])

function reasonOf(error: unknown): string {
  const code = error instanceof Error && 'code' in error ? String(error.code) : 'unknown error'
  return reasons.get(code) ?? `cannot be read (${code})`
}
