import type { Imported, ReadSource } from '../imported.ts'

export function importOpenFga(_path: string, _read: ReadSource): Imported {
  return { files: new Map(), remarks: [] }
}
