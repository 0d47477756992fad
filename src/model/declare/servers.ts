import type { Lock } from '../../lock/format.ts'
import type { Let, Server } from '../../syntax/ast.ts'
import type { Report } from '../report.ts'
import { lockIndex } from '../rules/lock-index.ts'
import type { LetInfo, Schema, ServerInfo } from '../schema.ts'
import { declarable } from './types.ts'

/** The servers that the files write about; the blocks of one name are one server, with one lock. */
export function declareServers(
  blocks: readonly Server[],
  locks: (server: Server) => Lock | undefined,
  fileLets: ReadonlyMap<string, LetInfo>,
  letInfo: (declaration: Let) => LetInfo,
  report: Report,
): Pick<Schema, 'servers' | 'everyServer'> {
  const byName = new Map<string | undefined, Server[]>()
  for (const block of blocks) {
    const name = block.name?.text
    const same = byName.get(name)
    if (same === undefined) byName.set(name, [block])
    else same.push(block)
  }
  const infos = [...byName.values()].map((same) => serverInfo(same, locks, fileLets, letInfo, report))
  return {
    servers: new Map(infos.flatMap((info) => (info.name === undefined ? [] : [[info.name, info] as const]))),
    everyServer: infos.find((info) => info.name === undefined) ?? {
      blocks: [],
      lets: new Map(),
      locked: false,
      rules: [],
      broken: new Set(),
    },
  }
}

function serverInfo(
  blocks: readonly Server[],
  locks: (server: Server) => Lock | undefined,
  fileLets: ReadonlyMap<string, LetInfo>,
  letInfo: (declaration: Let) => LetInfo,
  report: Report,
): ServerInfo {
  const name = blocks[0]?.name?.text
  const lets = new Map<string, LetInfo>()
  const broken = new Set<string>()
  let locked: Server | undefined
  let lock: Lock | undefined
  for (const block of blocks) {
    if (block.name !== undefined) {
      declarable(report, block.name.text, block.name.span)
      report.notes?.declare(block.name.span, { kind: 'server', name: block.name.text }, block)
    }
    if (block.lock === undefined) continue
    if (block.name === undefined)
      report.add('bad-target', block.lock.span, '`server *` is about all servers and has no lock', {
        help: 'each server has its own: `server github from "./github.lock.json" { }`',
      })
    else if (locked === undefined) {
      locked = block
      lock = locks(block)
    } else if (locks(block) !== lock || (lock === undefined && block.lock.value !== locked.lock?.value))
      report.add('duplicate-name', block.lock.span, `the server \`${name}\` has two locks`, {
        related: [{ span: locked.lock?.span ?? locked.span, message: 'first here' }],
      })
  }
  const info: ServerInfo = {
    ...(name === undefined ? {} : { name }),
    blocks,
    lets,
    ...(lock === undefined ? {} : { lock, index: lockIndex(lock) }),
    locked: locked !== undefined,
    rules: blocks.flatMap((block) => block.members.filter((member) => member.kind === 'rule')),
    broken,
  }
  for (const block of blocks)
    for (const member of block.members) {
      if (member.kind === 'broken' && member.name !== undefined) broken.add(member.name)
      if (member.kind !== 'let') continue
      const { text, span } = member.name
      declarable(report, text, span)
      report.notes?.declare(span, { kind: 'let', server: name ?? '*', name: text }, member)
      const before = lets.get(text) ?? fileLets.get(text)
      if (before !== undefined)
        report.add('duplicate-name', span, `\`${text}\` is declared twice`, {
          related: [{ span: before.declaration.name.span, message: 'first here' }],
        })
      else lets.set(text, { ...letInfo(member), server: info })
    }
  return info
}
