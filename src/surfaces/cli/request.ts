import { didYouMean } from '../../base/suggest.ts'
import { type Item, type Policy, prompt, type ResourceInput, resource, tool } from '../../index.ts'
import type { Arguments } from './arguments.ts'
import { Misuse } from './misuse.ts'

/**
 * The parts of a request, held against the policy. The engine denies what it does not know; here a name that does not exist
 * is a mistake of whoever typed it, and must not look like a denial.
 */
export function checkActor(policy: Policy, actor: string): string | null {
  if (actor === 'anonymous') return null
  const { name, actor: acts } = entityType(policy, actor)
  if (!acts) throw new Misuse(`\`${name}\` is a resource: only an actor can act`)
  return actor
}

export function checkAgent(policy: Policy, agent: string): string {
  if (entityType(policy, agent).name !== 'Agent')
    throw new Misuse(`\`${agent}\` is no agent`, 'agents are of the type `Agent`')
  return agent
}

const kinds = ['resource', 'tool', 'uri', 'prompt'] as const

export function resourceFrom(
  policy: Policy,
  args: Arguments,
  callArguments: Readonly<Record<string, unknown>> | undefined,
): ResourceInput {
  const given = kinds.filter((kind) => args.has(kind))
  const [kind] = given
  if (kind === undefined || given.length > 1) {
    throw new Misuse(`exactly one of ${kinds.map((one) => `\`--${one}\``).join(', ')} says what it is done to`)
  }
  if (callArguments !== undefined && kind !== 'tool' && kind !== 'prompt') {
    throw new Misuse('`--args` goes with `--tool` and `--prompt`')
  }
  const [first = '', second = ''] = args.all(kind)
  switch (kind) {
    case 'resource':
      entityType(policy, first)
      return first
    case 'uri':
      return resource(checkServer(policy, first), second)
    default: {
      const slash = first.indexOf('/')
      if (slash < 1 || slash === first.length - 1) throw new Misuse(`\`${first}\` is not of the form SERVER/NAME`)
      const server = checkServer(policy, first.slice(0, slash))
      const name = first.slice(slash + 1)
      return kind === 'tool' ? tool(server, name, callArguments) : prompt(server, name, callArguments)
    }
  }
}

export function checkAction({ program }: Policy, action: string, target: ResourceInput): void {
  const group = program.groups.find(({ name }) => name === action)
  if (group !== undefined)
    throw new Misuse(`\`${action}\` is a group of actions`, `ask about ${group.actions.join(' or ')}`)
  if (typeof target !== 'string') {
    const uses = usesOf[(target as Item).kind]
    if (!uses.includes(action)) {
      throw new Misuse(
        `\`${action}\` is nothing that is done to a ${(target as Item).kind}`,
        didYouMean(action, uses) ?? `it is ${uses.join(' or ')}`,
      )
    }
    return
  }
  const type = target.slice(0, target.indexOf(':'))
  const known = program.actions.filter(({ types }) => types.includes(type)).map((one) => one.action)
  if (!known.includes(action))
    throw new Misuse(`no \`allow\` can grant \`${action}\` on \`${type}\``, didYouMean(action, known))
}

/** What the protocol has to do with each kind of item that can be named on the command line. */
const usesOf: Readonly<Record<Item['kind'], readonly string[]>> = {
  tool: ['call', 'list'],
  prompt: ['get', 'complete', 'list'],
  resource: ['read', 'subscribe', 'list'],
  template: [],
  server: [],
}

function entityType({ program }: Policy, entity: string): Policy['program']['types'][number] {
  const colon = entity.indexOf(':')
  if (colon < 1 || colon === entity.length - 1)
    throw new Misuse(`\`${entity}\` is no entity`, 'an entity is written `Type:id`')
  const name = entity.slice(0, colon)
  const found = program.types.find((type) => type.name === name)
  if (found !== undefined) return found
  throw new Misuse(
    `the policy declares no type \`${name}\``,
    didYouMean(
      name,
      program.types.map((type) => type.name),
    ),
  )
}

export function checkServer({ program }: Policy, name: string): string {
  const names = program.servers.map((server) => server.name)
  if (names.includes(name)) return name
  throw new Misuse(`the policy declares no server \`${name}\``, didYouMean(name, names))
}

/** That an item is in no lock, which denies it under every policy; perhaps its name is not what was meant. */
export function lockNote({ locks }: Policy, target: ResourceInput): string | undefined {
  if (typeof target === 'string' || (target.kind !== 'tool' && target.kind !== 'prompt')) return undefined
  const { kind, server, name } = target as Item & { readonly kind: 'tool' | 'prompt' }
  const lock = locks.get(server)
  const names = (kind === 'tool' ? lock?.tools : lock?.prompts)?.map((item) => item.name)
  if (names === undefined || names.includes(name)) return undefined
  const near = didYouMean(name, names)
  return `the lock of \`${server}\` has no ${kind} \`${name}\`${near === undefined ? '' : `: ${near}`}`
}
