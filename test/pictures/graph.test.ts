import { expect, it } from 'vitest'
import { compile, createEngine, type Policy } from '../../src/index.ts'
import {
  explanationMermaid,
  explanationSvg,
  graphMermaid,
  graphSvg,
  policyGraph,
  printGraph,
} from '../../src/surfaces/pictures/index.ts'

function policyOf(text: string): Policy {
  const { policy, diagnostics } = compile(text)
  if (policy === undefined) throw new Error(JSON.stringify(diagnostics))
  return policy
}

const documents = policyOf(
  `
actor User in Group
resource Group in Group
role staff: any User
resource Folder {
  parent?: Folder
  role viewer: User | Group.lead if parent.viewer
  allow open if viewer
}
resource Group { role lead: User }
resource Doc {
  folder: Folder
  role owner: User
  role banned: User
  role viewer if owner or folder.viewer or (staff and not banned)
  allow read if viewer
  deny read if banned
}
server mail {
  allow call send if Doc["{args.doc}"].read
}
`
    .replace('resource Group in Group\n', '')
    .replace('resource Group {', 'resource Group in Group {'),
)

it('a graph in a terminal is a tree for each type', () => {
  expect(printGraph(policyGraph(documents), { color: false })).toMatchInlineSnapshot(`
    "actor User in Group

    resource Folder
    ├─ parent: Folder
    ├─ role viewer  ← User, Group.lead, parent.viewer
    └─ allow open  ← viewer

    resource Group in Group
    └─ role lead  ← User

    resource Doc
    ├─ folder: Folder
    ├─ role owner  ← User
    ├─ role banned  ← User
    ├─ role viewer  ← owner, folder.viewer, staff, unless banned
    └─ allow read  ← viewer, unless banned

    role staff  ← any User
    server mail  ← Doc.read
    "
  `)
})

it('a graph as Mermaid', () => {
  expect(graphMermaid(policyGraph(documents))).toMatchInlineSnapshot(`
    "flowchart LR
      n0["User"]:::actor
      n1["Folder"]:::plain
      n2["Group"]:::plain
      n3["Doc"]:::plain
      n4["staff"]:::role
      n5["viewer<br>Folder"]:::role
      n6["lead<br>Group"]:::role
      n7["owner<br>Doc"]:::role
      n8["banned<br>Doc"]:::role
      n9["viewer<br>Doc"]:::role
      n10["open<br>Folder"]:::action
      n11["read<br>Doc"]:::action
      n12["server mail"]:::action
      n0 -.->|"in"| n2
      n1 -.->|"parent"| n1
      n2 -.->|"in"| n2
      n3 -.->|"folder"| n1
      n0 -->|"any"| n4
      n0 --> n5
      n6 --> n5
      n5 -->|"parent"| n5
      n0 --> n6
      n0 --> n7
      n0 --> n8
      n7 --> n9
      n5 -->|"folder"| n9
      n4 --> n9
      n8 --x|"unless"| n9
      n5 --> n10
      n9 --> n11
      n8 --x|"unless"| n11
      n11 -->|"Doc"| n12
      classDef action fill:#e3f4ea,stroke:#1b7a4b,color:#14502f
      classDef actor fill:#e7effc,stroke:#2f6fde,color:#173f86
      classDef plain fill:#f6f4f2,stroke:#b8b4ac,color:#22262b
      classDef role fill:#efe9fb,stroke:#6b4fc0,color:#3d2a7a
    "
  `)
})

it('a graph has its edges by kind', () => {
  const { edges } = policyGraph(documents)
  expect(edges).toContainEqual({ from: 'Folder.viewer', to: 'Doc.viewer', kind: 'gives', label: 'folder' })
  expect(edges).toContainEqual({ from: 'Doc.banned', to: 'Doc.viewer', kind: 'prevents' })
  expect(edges).toContainEqual({ from: 'Doc.read', to: 'server mail', kind: 'gives', label: 'Doc' })
  expect(edges).toContainEqual({ from: 'User', to: 'staff', kind: 'assigned', label: 'any' })
})

it('a graph as SVG has every node inside the picture and no two over each other', () => {
  const picture = graphSvg(policyGraph(documents), 'documents')
  const [, width, height] = /viewBox="0 0 (\d+) (\d+)"/.exec(picture) ?? []
  const boxes = [
    ...picture.matchAll(/class="box \w+" x="([\d.]+)" y="([\d.]+)" width="([\d.]+)" height="([\d.]+)"/g),
  ].map(([, ...numbers]) => numbers.map(Number))
  expect(boxes).toHaveLength(policyGraph(documents).nodes.length)
  for (const [i, [x = 0, y = 0, w = 0, h = 0]] of boxes.entries()) {
    expect(x + w).toBeLessThanOrEqual(Number(width))
    expect(y + h).toBeLessThanOrEqual(Number(height))
    for (const [x2 = 0, y2 = 0, w2 = 0, h2 = 0] of boxes.slice(i + 1)) {
      expect(x < x2 + w2 && x2 < x + w && y < y2 + h2 && y2 < y + h).toBe(false)
    }
  }
})

const hostile = 'x"]<script>alert(1)</script>`|{}#\u202e'
const explained = createEngine(documents).explain('User:ann', 'read', `Doc:${hostile}`, { now: 0 })

it('an explanation as Mermaid has labels and nothing else of what it tells', () => {
  const text = explanationMermaid(explained)
  for (const line of text.split('\n')) {
    expect(line).toMatch(
      /^(?:flowchart LR| {2}n\d+\["[^"<>[\]{}|`]*(?:<br>[^"<>[\]{}|`]*)*"\]:::\w+| {2}n\d+ (?:-->|-\.->) n\d+| {2}classDef .*|)$/,
    )
  }
  expect(text).toContain('#60;script#62;')
})

it('an explanation as SVG is well-formed, whatever it tells', () => {
  const picture = explanationSvg(explained)
  expect(picture).not.toMatch(/<script|\u202e/)
  expect(picture).toContain('&lt;script&gt;')
  const open: string[] = []
  for (const [, close, name = '', self] of picture.matchAll(/<(\/?)([a-z]+)[^>]*?(\/?)>/g)) {
    if (close !== '') expect(open.pop()).toBe(name)
    else if (self === '') open.push(name)
  }
  expect(open).toEqual([])
})
