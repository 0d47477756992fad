import { writeFileSync } from 'node:fs'
import { resolve } from 'node:path'
import type { Io } from './io.ts'
import { firstLine } from './misuse.ts'

/** Writes a file and says so; the exit code. */
export function written(file: string, text: string, io: Io): number {
  try {
    writeFileSync(resolve(io.cwd, file), text)
  } catch (error) {
    io.err(`cannot write: ${firstLine(error)}\n`)
    return 1
  }
  io.out(`wrote ${file}\n`)
  return 0
}
