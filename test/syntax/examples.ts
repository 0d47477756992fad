import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'

/** The policies that the language was designed on lie beside the project where it is developed, and only there. */
const folder = fileURLToPath(new URL('../../../shared/design/examples', import.meta.url))

export const designPolicies: readonly { readonly name: string; readonly text: string }[] = existsSync(folder)
  ? readdirSync(folder)
      .filter((name) => name.endsWith('.licet'))
      .map((name) => ({ name, text: readFileSync(`${folder}/${name}`, 'utf8') }))
  : []

/** A policy with every kind of statement, for tests that change texts. */
export const sample = `edition 1
import "./people.licet"
// who acts
actor User in Group { email: string, manager?: User }
open virtual resource Group in Group
role employee: User
role engineer if "engineering" in token.groups
/// A document.
resource Doc {
  owner: User
  tags: { [string]: string[] }
  contextual role viewer: User | any User | Group.member when in_net if owner unless banned
  allow read if viewer
  /// Never twice.
  @id("no-write")
  deny write, share if not owner or (a ?? 1) + 2 * -3 <= 4
}
action edit = read, write
scope "repo" includes "repo:read", "repo:status"
let in_net(range: string, n?: int) = ip in cidr(range)
function sql(q: string): { kind?: "select" | "ddl", tables: string[] }
context { ip: ip }
never "leak" read on Doc if x is User
delegate read, write on Doc, Group if agent.trusted
server github from "./github.lock.json" {
  let repo = Repo["{args.owner}/{args.repo}"]
  allow call get_issue, "get_file*" if repo.read and args has "x"
  allow read "repo://{owner}/{+path}" if xs.some(x => x?.y[0] == /a+/) ? true : false
  limit call * to 30 per 1m by actor
  label call get_issue as untrusted
}
server * { deny call * if tool.destructive unless scope("admin") }
given User:ann in Group:eng, Group:ops { email: "a", manager: User:bob when in_net { range: "x" } until now }
given role employee: [User:ann, any Agent]
given token { scopes: ["a", 1.5, 5m] }
test "all of it" {
  given User:bob
  expect User:ann via Agent:x can call get_issue { owner: "a" } on github missing confirmed(), acr("aal2")
  expect anonymous cannot read Doc:"a b"
  expect User:ann can read Doc is [Doc:1, Doc:2]
  expect who can read Doc:1 is [User:ann, any User]
  expect User:ann in Doc:1.viewer
}
`
