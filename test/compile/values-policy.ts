/** What the conditions are about. */
export const header = `
actor User { name: string, limit: int }
resource Doc {
  level: int
  title: string
  private: boolean
  state: "open" | "closed"
  made: datetime
  labels: string[]
  note?: string
  owner: User
  parent?: Doc
}
context {
  int: int, number: number, text: string, other: string, flag: boolean, mode: "read" | "write"
  when: datetime, span: duration, path: path, address: ip, owner: User
  tags: string[], ints: int[], numbers: number[], records: { size: int, name: string }[], map: { [string]: int }
  device: { trusted: boolean, os: string }, deep: { a: { b: { c: int } } }
  maybe?: int, maybeText?: string, maybeInt?: int, box?: { size: int, label?: string }
}
token { role: string }
scope "b" includes "a"
server other { label call * as untrusted }
let resourceLimit = context.int
`
