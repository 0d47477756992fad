import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { devNull, tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, expect, it } from 'vitest'
import { newDisk } from '../../src/surfaces/lsp/disk.ts'

const folder = mkdtempSync(join(tmpdir(), 'licet-disk-')).replaceAll('\\', '/')
afterAll(() => rmSync(folder, { recursive: true }))
mkdirSync(`${folder}/folder`)
writeFileSync(`${folder}/policy.licet`, 'actor User\n')

it.each([
  ['a file', `${folder}/policy.licet`, 'actor User\n'],
  ['nothing of a device', devNull, undefined],
  ['nothing of a folder', `${folder}/folder`, undefined],
  ['nothing where there is none', `${folder}/policy.licet/none`, undefined],
  ['nothing by another name than a path', 'untitled:policy', undefined],
])('reads %s', (_, name, text) => {
  expect(newDisk(() => []).read(name)).toBe(text)
})
