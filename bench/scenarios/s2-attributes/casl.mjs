// CASL compares fields of what is asked about with values: an ability per user, with the user's values in its conditions. What
// the request brings is the one subject, as it is. Later rules win, so the forbids stand last.
export async function abilityPerUser({ users, requests }) {
  const { createMongoAbility } = await import('@casl/ability')
  const options = { detectSubjectType: () => 'Call' }
  const abilities = new Map(users.map((user) => [user.id, createMongoAbility(rulesOf(user), options)]))
  return { inputs: requests, decide: (request) => abilities.get(request.user.id).can('call', request) }
}

function rulesOf({ id, dept, clearance, limit, scopes }) {
  const inShared = { $regex: /^\/srv\/shared\// }
  const may = [
    ...(scopes.includes('tools:read') ? [{ 'tool.readOnly': true }] : []),
    { 'resource.owner': id, 'tool.destructive': false },
    { 'tool.name': 'payments.transfer', 'args.amount': { $lte: limit }, 'device.trusted': true },
    { 'tool.name': 'fs.read', 'args.path': inShared },
    { 'tool.name': 'fs.write', 'args.path': inShared, 'time.hour': { $gte: 8, $lt: 18 } },
    { 'tool.readOnly': true, 'resource.dept': dept, 'resource.level': { $lte: clearance } },
    ...(scopes.includes('crm:write')
      ? [{ 'tool.server': 'crm', 'device.trusted': true, 'args.amount': { $lt: 1000 } }]
      : []),
  ]
  const mayNot = [
    { 'tool.destructive': true, 'device.trusted': false },
    { 'args.path': { $regex: /^\/etc\// } },
    ...(scopes.includes('oncall') ? [] : [{ 'tool.destructive': true, 'time.weekend': true }]),
  ]
  const rule = (conditions) => ({ action: 'call', subject: 'Call', conditions })
  return [...may.map(rule), ...mayNot.map((conditions) => ({ ...rule(conditions), inverted: true }))]
}
