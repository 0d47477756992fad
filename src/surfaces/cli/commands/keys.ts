import { existsSync } from 'node:fs'
import { resolve } from 'node:path'
import type { KeyEntry, KeyGrant, KeyStore } from 'licet/claims/keys'
import { didYouMean } from '../../../base/suggest.ts'
import type { Arguments } from '../arguments.ts'
import type { Command } from '../command.ts'
import type { Io } from '../io.ts'
import { keyStoreIn } from '../key-store.ts'
import { plural } from '../load.ts'
import { firstLine, Misuse } from '../misuse.ts'

const verbs = ['create', 'list', 'revoke'] as const
const parties = ['user', 'service', 'agent'] as const

export const command: Command = {
  name: 'keys',
  about: 'make, list and revoke API keys',
  usage: [
    'create (--user ID [--for-agent ID] | --service ID | --agent ID) [--scope S]… [--expires IN] [-s FILE]',
    'list [-s FILE]',
    'revoke KEY_ID [-s FILE]',
  ],
  arguments: { least: 1, most: 2, called: 'what to do' },
  options: [
    { name: 'store', short: 's', values: ['FILE'], about: 'where keys are kept; keys.jsonl by default' },
    { name: 'user', values: ['ID'], about: 'the user whom the key stands for' },
    { name: 'service', values: ['ID'], about: 'the client that the key stands for, on nobody’s behalf' },
    { name: 'agent', values: ['ID'], about: 'the agent that the key stands for, on nobody’s behalf' },
    { name: 'for-agent', values: ['ID'], about: 'the agent that is given the key, to act for the user' },
    { name: 'scope', values: ['S'], many: true, about: 'a scope that the key has' },
    { name: 'role', values: ['R'], many: true, about: 'a role, as in `token.roles`' },
    { name: 'tenant', values: ['T'], about: 'the tenant that the key is for' },
    { name: 'expires', values: ['IN'], about: 'when it ends: in so many hours or days (`12h`, `30d`); 90d by default' },
    { name: 'label', values: ['TEXT'], about: 'what the key is for, in words' },
  ],
  notes: [
    'A key is shown once, when it is made: what is kept is its hash. A FILE that ends with `.db` or `.sqlite` is a database,\nwhich takes the package `better-sqlite3`; any other has one JSON object a line.',
  ],
  exits: [
    [0, 'done'],
    [1, 'the keys cannot be read or written, or there is no such key'],
    [2, 'the command line is wrong'],
  ],
  examples: ['licet keys create --user ann --for-agent assistant --scope repo:read --expires 30d', 'licet keys list'],
  run: async (args, io) => {
    const [verb = '', id] = args.positionals
    const known = verbs.find((one) => one === verb)
    if (known === undefined) throw new Misuse(`\`${verb}\` is none of ${verbs.join(', ')}`, didYouMean(verb, verbs))
    if (known !== 'revoke' && id !== undefined) throw new Misuse(`\`${id}\` is one argument too many`)
    if (known === 'revoke' && id === undefined) throw new Misuse('which key is missing', '`licet keys list` shows them')
    const grant = known === 'create' ? grantOf(args) : undefined
    try {
      const store = await storeOf(args, io, known === 'create')
      if (grant !== undefined) return create(store, grant, io)
      return id === undefined ? list(store, io) : revoke(store, id, io)
    } catch (error) {
      io.err(`licet keys: ${firstLine(error)}\n`)
      return 1
    }
  },
}

async function storeOf(args: Arguments, { cwd }: Io, mayBeNew: boolean): Promise<KeyStore> {
  const file = args.one('store') ?? 'keys.jsonl'
  const path = resolve(cwd, file)
  if (!mayBeNew && !existsSync(path)) throw new Error(`there is no \`${file}\``)
  return await keyStoreIn(path)
}

function grantOf(args: Arguments): KeyGrant {
  const given = parties.filter((party) => args.has(party))
  const [kind] = given
  if (kind === undefined || given.length > 1)
    throw new Misuse('whom the key stands for is one of `--user`, `--service` and `--agent`')
  const agent = args.one('for-agent')
  if (agent !== undefined && kind !== 'user')
    throw new Misuse('`--for-agent` goes with `--user`: an agent acts for a user')
  const [tenant, label, roles] = [args.one('tenant'), args.one('label'), args.all('role')]
  return {
    kind,
    subject: args.one(kind) ?? '',
    scopes: [...args.all('scope')],
    expires: expiresOf(args.one('expires') ?? '90d'),
    ...(agent === undefined ? {} : { agent }),
    ...(tenant === undefined ? {} : { tenant }),
    ...(label === undefined ? {} : { label }),
    ...(roles.length === 0 ? {} : { roles: [...roles] }),
  }
}

function expiresOf(duration: string): string {
  const [, count, unit] = /^([1-9]\d{0,4})([hd])$/.exec(duration) ?? []
  if (count === undefined) throw new Misuse(`\`${duration}\` is no time to end in`, 'such as `12h` or `30d`')
  return new Date(Date.now() + Number(count) * (unit === 'h' ? 3_600_000 : 86_400_000)).toISOString()
}

function create(store: KeyStore, grant: KeyGrant, io: Io): number {
  const { id, key } = store.create(grant)
  io.err(`key ${id}, until ${grant.expires}; it is shown this once:\n`)
  io.out(`${key}\n`)
  return 0
}

function list(store: KeyStore, io: Io): number {
  const entries = store.list()
  for (const entry of entries) io.out(`${lineOf(entry, Date.now())}\n`)
  io.err(`${plural(entries.length, 'key')}\n`)
  return 0
}

function lineOf({ id, kind, subject, agent, scopes, expires, revoked, label }: KeyEntry, now: number): string {
  const state =
    revoked !== undefined ? `revoked ${revoked}` : `${Date.parse(expires) <= now ? 'expired' : 'until'} ${expires}`
  const who = `${kind} ${shown(subject)}${agent === undefined ? '' : ` by agent ${shown(agent)}`}`
  return [id, state, who, scopes.map(shown).join(' ') || '-', ...(label === undefined ? [] : [shown(label)])].join('  ')
}

function revoke(store: KeyStore, id: string, io: Io): number {
  if (!store.revoke(id)) {
    io.err(`licet keys: there is no key \`${id}\`\n`)
    return 1
  }
  io.out(`revoked ${id}\n`)
  return 0
}

/** Nothing that a terminal would obey. */
function shown(text: string): string {
  return /^[\p{L}\p{N}\p{P}\p{S} ]+$/u.test(text) ? text : JSON.stringify(text).replace(/[^\x20-\x7e]/g, '?')
}
