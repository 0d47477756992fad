import type { AskedTarget } from './question.ts'

/**
 * What each action of the Model Context Protocol is about. On entities an action of the same name is an ordinary one.
 * `list` asks whether an item is shown.
 */
export const mcpActions: ReadonlyMap<string, readonly AskedTarget['kind'][]> = new Map<
  string,
  readonly AskedTarget['kind'][]
>([
  ['call', ['tool']],
  ['read', ['resource']],
  ['subscribe', ['resource']],
  ['get', ['prompt']],
  ['complete', ['prompt', 'template']],
  ['sample', ['server']],
  ['elicit', ['server']],
  ['roots', ['server']],
  ['log', ['server']],
  ['list', ['tool', 'resource', 'prompt', 'template']],
])

/** The uses of an item of which one has to be possible for the item to be listed. */
export function usesOf(target: AskedTarget): readonly string[] {
  switch (target.kind) {
    case 'tool':
      return ['call']
    case 'prompt':
      return ['get']
    case 'resource':
    case 'template':
      return ['read', 'subscribe']
    case 'entity':
    case 'server':
      return []
  }
}
