// CEL evaluates expressions and has no rules: the ten are one expression, parsed beforehand.
const expression = (startsWith) => `
  !(tool.destructive && !device.trusted)
  && !${startsWith('args.path', '"/etc/"')}
  && !(tool.destructive && time.weekend && !("oncall" in user.scopes))
  && (
    (tool.readOnly && "tools:read" in user.scopes)
    || (resource.owner == user.id && !tool.destructive)
    || (tool.name == "payments.transfer" && args.amount <= user.limit && device.trusted)
    || (tool.name == "fs.read" && ${startsWith('args.path', '"/srv/shared/"')})
    || (tool.name == "fs.write" && ${startsWith('args.path', '"/srv/shared/"')} && time.hour >= 8 && time.hour < 18)
    || (tool.readOnly && user.dept == resource.dept && user.clearance >= resource.level)
    || (tool.server == "crm" && "crm:write" in user.scopes && device.trusted && args.amount < 1000)
  )`

/** The package `cel-js`. It has no methods of text: `startsWith` is a function that it is given. */
export async function celJs({ requests }) {
  const { evaluate, parse } = await import('cel-js')
  const functions = { startsWith: (text, prefix) => text.startsWith(prefix) }
  const parsed = parse(expression((text, prefix) => `startsWith(${text}, ${prefix})`))
  if (!parsed.isSuccess) throw new Error(parsed.errors[0])
  return { inputs: requests, decide: (request) => evaluate(parsed.cst, request, functions) }
}

/** The package `@marcbachmann/cel-js`, which is another one. */
export async function marcbachmannCel({ requests }) {
  const { parse } = await import('@marcbachmann/cel-js')
  const evaluate = parse(expression((text, prefix) => `${text}.startsWith(${prefix})`))
  return { inputs: requests, decide: (request) => evaluate(request) }
}
