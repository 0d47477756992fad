import { cedarCall, cedarWith, entity, reference, uid } from '../../cedar.mjs'

const policies = `
forbid (principal, action, resource) when { context.tool.destructive && !context.device.trusted };
forbid (principal, action, resource) when { context.args.path like "/etc/*" };
forbid (principal, action, resource)
  when { context.tool.destructive && context.time.weekend }
  unless { principal.scopes.contains("oncall") };

permit (principal, action, resource) when { context.tool.readOnly && principal.scopes.contains("tools:read") };
permit (principal, action, resource) when { resource.owner == principal && !context.tool.destructive };
permit (principal, action == Action::"payments.transfer", resource)
  when { context.args.amount <= principal.limit && context.device.trusted };
permit (principal, action == Action::"fs.read", resource) when { context.args.path like "/srv/shared/*" };
permit (principal, action == Action::"fs.write", resource)
  when { context.args.path like "/srv/shared/*" && context.time.hour >= 8 && context.time.hour < 18 };
permit (principal, action, resource)
  when { context.tool.readOnly && principal.dept == resource.dept && principal.clearance >= resource.level };
permit (principal, action, resource)
  when {
    context.tool.server == "crm" && principal.scopes.contains("crm:write")
    && context.device.trusted && context.args.amount < 1000
  };
`

/** The tool is the action; what it is besides its name is context. */
export async function tenPolicies({ requests }) {
  const decide = await cedarWith(policies)
  const inputs = requests.map(({ user: { id, ...attributes }, device, tool, resource, args, time }) => {
    const record = { owner: reference(uid('User', resource.owner)), dept: resource.dept, level: resource.level }
    const user = uid('User', id)
    const target = uid('Record', resource.id)
    const slice = [entity(user, [], attributes), entity(target, [], record)]
    return cedarCall(user, tool.name, target, slice, { device, tool, args, time })
  })
  return { inputs, decide }
}
