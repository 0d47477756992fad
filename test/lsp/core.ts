import { newNames } from '../../src/surfaces/lsp/names.ts'
import type { Core } from '../../src/surfaces/lsp/places.ts'
import { newWorkspace } from '../../src/surfaces/lsp/workspace.ts'

/** The features on texts by name, which lie on a disk that is none; one is open where it has a `|`, the cursor. */
export function coreOn(texts: Readonly<Record<string, string>>) {
  const disk = new Map<string, string>()
  const open = new Map<string, string>()
  let cursor = { name: '', offset: 0 }
  for (const [name, text] of Object.entries(texts)) {
    const offset = text.indexOf('|')
    if (offset === -1 || name.endsWith('.json')) disk.set(`/w/${name}`, text)
    else {
      open.set(`/w/${name}`, text.slice(0, offset) + text.slice(offset + 1))
      cursor = { name: `/w/${name}`, offset }
    }
  }
  const workspace = newWorkspace({
    list: () => [...disk.keys()].filter((name) => !name.endsWith('.json')),
    read: (name) => disk.get(name),
  })
  for (const [name, text] of open) workspace.open(name, text)
  const core: Core = { workspace, names: newNames() }
  return { core, disk, name: cursor.name, at: workspace.lines(cursor.name).positionAt(cursor.offset) }
}
