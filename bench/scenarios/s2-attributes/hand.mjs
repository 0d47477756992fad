// The ten rules as one function: both the limit and what the rules mean. A forbid overrides every permit.
export function decide({ user, device, tool, resource, args, time }) {
  if (tool.destructive && !device.trusted) return false
  if (args.path.startsWith('/etc/')) return false
  if (tool.destructive && time.weekend && !user.scopes.includes('oncall')) return false
  return (
    (tool.readOnly && user.scopes.includes('tools:read')) ||
    (resource.owner === user.id && !tool.destructive) ||
    (tool.name === 'payments.transfer' && args.amount <= user.limit && device.trusted) ||
    (tool.name === 'fs.read' && args.path.startsWith('/srv/shared/')) ||
    (tool.name === 'fs.write' && args.path.startsWith('/srv/shared/') && time.hour >= 8 && time.hour < 18) ||
    (tool.readOnly && user.dept === resource.dept && user.clearance >= resource.level) ||
    (tool.server === 'crm' && user.scopes.includes('crm:write') && device.trusted && args.amount < 1000)
  )
}

export const oneFunction = ({ requests }) => ({ inputs: requests, decide })
