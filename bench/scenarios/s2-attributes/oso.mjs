const policy = `
allow(user: User, call: Call, record: Record) if permitted(user, call, record) and not forbidden(user, call, record);

forbidden(_user, call, _record) if call.tool.destructive = true and call.device.trusted = false;
forbidden(_user, call, _record) if call.args.path.startsWith("/etc/");
forbidden(user, call, _record) if
  call.tool.destructive = true and call.time.weekend = true and not "oncall" in user.scopes;

permitted(user, call, _record) if call.tool.readOnly = true and "tools:read" in user.scopes;
permitted(user, call, record) if record.owner = user.id and call.tool.destructive = false;
permitted(user, call, _record) if
  call.tool.name = "payments.transfer" and call.args.amount <= user.limit and call.device.trusted = true;
permitted(_user, call, _record) if call.tool.name = "fs.read" and call.args.path.startsWith("/srv/shared/");
permitted(_user, call, _record) if
  call.tool.name = "fs.write" and call.args.path.startsWith("/srv/shared/")
  and call.time.hour >= 8 and call.time.hour < 18;
permitted(user, call, record) if
  call.tool.readOnly = true and user.dept = record.dept and user.clearance >= record.level;
permitted(user, call, _record) if
  call.tool.server = "crm" and "crm:write" in user.scopes
  and call.device.trusted = true and call.args.amount < 1000;
`

class User {}
class Call {}
class Record {}

export async function polarRules({ requests }) {
  const { Oso } = await import('oso')
  const oso = new Oso()
  for (const type of [User, Call, Record]) oso.registerClass(type)
  await oso.loadStr(policy)
  const inputs = requests.map(({ user, resource, ...call }) => ({
    user: Object.assign(new User(), user),
    call: Object.assign(new Call(), call),
    record: Object.assign(new Record(), resource),
  }))
  return { inputs, async: true, decide: (input) => oso.isAllowed(input.user, input.call, input.record) }
}
