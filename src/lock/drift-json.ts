import type { JsonObject } from '../base/json.ts'
import { type Change, changesIn } from './changes.ts'
import type { Drift } from './drift.ts'
import type { ItemList } from './format.ts'

/** What `licet lock --check --json` prints: what `renderDrift` shows, with every value in full. */
export function driftJson(
  name: string,
  file: string,
  { server, items }: Drift,
  edited: readonly { readonly list: ItemList | 'server'; readonly name: string }[],
): JsonObject {
  const drifted = items.filter(({ status }) => status !== 'unchanged')
  return {
    server: name,
    lock: file,
    drifted: server.length + drifted.length + edited.length > 0,
    changes: changesIn(server).map(changeJson),
    items: drifted.map((item) => ({
      list: item.list,
      name: item.name,
      status: item.status,
      ...(item.status === 'drifted' ? { changes: changesIn(item.fields).map(changeJson) } : {}),
      ...(item.status === 'unlocked' ? { live: item.live } : {}),
    })),
    edited: edited.map((one) => ({ ...one })),
  }
}

function changeJson({ path, locked, live }: Change): JsonObject {
  return {
    path,
    ...(locked === undefined ? {} : { locked }),
    ...(live === undefined ? {} : { live }),
  }
}
