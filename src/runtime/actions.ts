import { isError } from '../value/evaluation-error.ts'
import { askedTarget } from './asked-target.ts'
import { guarded } from './guarded.ts'
import { mcpActions } from './mcp-actions.ts'
import type { Policy } from './policy.ts'
import type { ResourceInput } from './request.ts'

/**
 * The actions that are allowed on a resource, sorted, each decided about by `can`: of those that some `allow` can grant on its type, or
 * of those that the protocol has for such an item. Never throws; of what is no resource there are none.
 */
export function actions(policy: Policy, resource: ResourceInput, can: (action: string) => boolean): string[] {
  return guarded(
    () => {
      const target = askedTarget(policy, policy.schema, resource)
      if (isError(target)) return []
      const { kind } = target
      const named =
        kind === 'entity'
          ? policy.program.actions.flatMap(({ action, types }) => (types.includes(target.entity.type) ? [action] : []))
          : [...mcpActions].flatMap(([action, kinds]) => (kinds.includes(kind) ? [action] : []))
      return named.filter(can).sort()
    },
    () => [],
  )
}
