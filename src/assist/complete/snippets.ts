import type { Place } from '../../syntax/recovery/starts.ts'
import { type Completion, ranks } from './completion.ts'

/** Whole statements, by the word that they begin with and where they may stand. */
// biome-ignore-start lint/suspicious/noTemplateCurlyInString: the form of editors' snippets
const snippets: readonly (readonly [label: string, places: readonly Place[], about: string, insert: string])[] = [
  ['actor', ['file'], 'a type that acts', 'actor ${1:User} {\n  ${2:email}: ${3:string}\n}$0'],
  [
    'resource',
    ['file'],
    'a type with a role and a grant',
    'resource ${1:Repo} {\n  role ${2:owner}: ${3:User}\n\n  allow ${4:read} if ${2:owner}\n}$0',
  ],
  ['role', ['file', 'entity'], 'who is meant', 'role ${1:owner}: ${2:User}$0'],
  ['allow', ['file'], 'a grant', 'allow ${1:read} on ${2:Repo} if ${3:owner}$0'],
  ['allow', ['entity'], 'a grant', 'allow ${1:read} if ${2:owner}$0'],
  ['allow', ['server'], 'a grant', 'allow call ${1:tool} if ${2:true}$0'],
  ['deny', ['file'], 'a prohibition', 'deny ${1:*} on ${2:Repo} if ${3:resource.private}$0'],
  ['deny', ['server'], 'a prohibition', 'deny call ${1:*} if ${2:tool.destructive}$0'],
  ['delegate', ['file'], 'what an agent may do', 'delegate ${1:read} on ${2:Repo} if ${3:agent.trusted}$0'],
  ['limit', ['server'], 'a rate limit', 'limit call ${1:tool} to ${2:30} per ${3:1m}$0'],
  ['label', ['server'], 'marks the session', 'label call ${1:tool} as ${2:untrusted}$0'],
  [
    'server',
    ['file'],
    'rules about an MCP server',
    'server ${1:name} from "./${1:name}.lock.json" {\n  allow call ${2:tool} if ${3:true}\n}$0',
  ],
  [
    'test',
    ['file'],
    'examples that must hold',
    'test "${1:who may}" {\n  given ${2:User:ann} {}\n\n  expect ${2:User:ann} can ${3:read} ${4:Repo:one}\n}$0',
  ],
  ['let', ['file', 'server'], 'a named expression', 'let ${1:name} = ${2:expression}$0'],
]
// biome-ignore-end lint/suspicious/noTemplateCurlyInString: the form of editors' snippets

/** What may be written at the beginning of a statement or member. */
export function snippetsAt(place: Place): readonly Completion[] {
  return snippets.flatMap(([label, places, detail, insert]): readonly Completion[] =>
    places.includes(place) ? [{ label, kind: 'snippet', detail, insert, isSnippet: true, rank: ranks.snippet }] : [],
  )
}
