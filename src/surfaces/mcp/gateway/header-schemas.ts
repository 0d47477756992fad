import type { JsonObject } from '../../../base/json.ts'
import { isArray, isJsonObject } from '../../../base/json.ts'
import { own, ownObject, ownString } from '../protocol/message.ts'

/** The schemas of a server's tools, as it lists them: they say which arguments it wants in headers, too. */
export interface HeaderSchemas {
  learn(listed: JsonObject): void
  of(tool: string): JsonObject | undefined
}

const mostSchemas = 10_000

export function createHeaderSchemas(): HeaderSchemas {
  const schemas = new Map<string, JsonObject>()
  return {
    learn: (listed) => {
      const tools = own(listed, 'tools')
      for (const tool of isArray(tools) ? tools : []) {
        if (!isJsonObject(tool)) continue
        const name = ownString(tool, 'name')
        const schema = ownObject(tool, 'inputSchema')
        if (name === undefined || schema === undefined) continue
        if (schemas.size < mostSchemas || schemas.has(name)) schemas.set(name, schema)
      }
    },
    of: (tool) => schemas.get(tool),
  }
}
