import type { LockedItems, Tool } from '../ir/program.ts'
import { parseUriTemplate } from '../ir/uri-template.ts'
import type { Lock, LockedTool } from '../lock/format.ts'

/** What a decision needs of a lock: names, the annotations of tools, URIs and templates. */
export function lockedItems(lock: Lock): LockedItems {
  return {
    tools: lock.tools.map(tool),
    prompts: lock.prompts.map(({ name }) => ({ name })),
    resources: lock.resources.map(({ uri }) => ({ uri })),
    templates: lock.resourceTemplates.map(({ uriTemplate: text }) => {
      const { template } = parseUriTemplate(text)
      return template === undefined ? { text } : { text, template }
    }),
  }
}

/** MCP, `ToolAnnotations`: absent hints are readOnly false, destructive true, idempotent false, openWorld true. */
function tool({ name, annotations = {} }: LockedTool): Tool {
  const readOnly = annotations.readOnlyHint ?? false
  return {
    name,
    readOnly,
    destructive: !readOnly && (annotations.destructiveHint ?? true),
    idempotent: !readOnly && (annotations.idempotentHint ?? false),
    openWorld: annotations.openWorldHint ?? true,
  }
}
