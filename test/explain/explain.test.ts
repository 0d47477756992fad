import { describe, expect, it } from 'vitest'
import { explain } from '../../src/explain/explain.ts'
import { printProof } from '../../src/explain/print-proof.ts'
import type { Role, Rule } from '../../src/ir/program.ts'
import { createEvaluator } from '../../src/runtime/evaluator.ts'
import type { Environment, ResourceInput } from '../../src/runtime/request.ts'
import * as ir from '../runtime/ir.ts'
import { documents } from '../runtime/random-program.ts'

const assignable = [
  { kind: 'entity' as const, type: 'User' },
  { kind: 'entity' as const, type: 'Group' },
]
const parent = ir.entities(ir.resource, 'parent', true)
const facts = [
  ir.fact('Doc:1.parent = Doc:2'),
  ir.fact('Doc:2.parent = Doc:1'),
  ir.fact('Doc:2.r0 = Group:g'),
  ir.fact('User:ann.in = Group:g'),
  ir.fact('Doc:2.r0 = User:eve'),
]

function proof(
  parts: { readonly rules: readonly Rule[]; readonly roles?: readonly Role[] },
  actor = 'User:ann',
  env: Environment = {},
  resource: ResourceInput = 'Doc:1',
) {
  const program = documents({ roles: [], ...parts })
  const request = { actor, action: 'read', resource, env: { now: 0, ...env } }
  return printProof(
    explain(
      createEvaluator(program),
      request,
      ir.factsOf(documents({ roles: [ir.role('Doc.r0', { assignable })] }), facts),
    ).proof,
  )
}

const allow = (condition: Parameters<typeof ir.not>[0]) =>
  ir.rule('allow', 'read', ir.on('Doc'), condition, { id: 'Doc.read#1' })

describe('a proof', () => {
  it('leads from the question through roles to facts, and marks what depends on itself', () => {
    const roles = [ir.role('Doc.r0', { assignable, condition: ir.holds('r0', parent) })]
    expect(proof({ roles, rules: [allow(ir.mine('r0'))] })).toBe(
      `
✓ User:ann can read Doc:1
└─ ✓ allow read if Doc:1.r0  [Doc.read#1]
   └─ ✓ User:ann in Doc:1.r0
      ├─ ✗ assigned by a fact
      └─ ✓ Doc:1.parent.r0
         ├─ ✓ assigned by a fact
         │  └─ ✓ to Group:g
         └─ ✓ Doc:2.parent.r0  (depends on itself)`.trim(),
    )
  })

  it('says what went wrong, and where', () => {
    const small = ir.compare(ir.field(ir.resource, 'size', ir.integer), '<', ir.int(5))
    const deny = ir.rule('deny', 'read', ir.on('Doc'), ir.and(small, ir.scope('x')), { id: 'small' })
    expect(proof({ rules: [allow(ir.yes), deny] }, 'User:ann', { token: { scopes: ['x'] } })).toBe(
      `
! User:ann can read Doc:1
├─ ✓ allow read if true  [Doc.read#1]
└─ ! deny read if (Doc:1.size < 5) and scope("x")  [small]
   ├─ ! Doc:1.size < 5  — \`size\` of \`Doc:1\` is not set
   └─ ✓ scope("x")`.trim(),
    )
  })

  it('shows agents beside their user', () => {
    const delegate = ir.rule('delegate', 'read', ir.on('Doc'), ir.scope('x'), { id: 'agents' })
    expect(proof({ rules: [allow(ir.yes), delegate] }, 'User:ann', { agents: ['Agent:a'] })).toBe(
      `
✗ User:ann via Agent:a can read Doc:1
├─ ✓ allow read if true  [Doc.read#1]
└─ ✗ delegate read to Agent:a if scope("x")  [agents]`.trim(),
    )
  })

  it('says which rule there is not', () => {
    expect(proof({ rules: [allow(ir.yes)] }, 'User:ann', { agents: ['Agent:a'] })).toBe(
      `
✗ User:ann via Agent:a can read Doc:1
├─ ✓ allow read if true  [Doc.read#1]
└─ ✗ delegate read to Agent:a: no rule is about this`.trim(),
    )
    const elsewhere = ir.rule('allow', 'read', ir.on('Folder'), ir.yes, { id: 'Folder.read#1' })
    expect(proof({ rules: [elsewhere] })).toBe(
      `
✗ User:ann can read Doc:1
└─ ✗ allow read: no rule is about this`.trim(),
    )
  })

  it('of a request that is not a right one has its errors', () => {
    expect(proof({ rules: [allow(ir.yes)] }, 'Robot:1')).toBe(
      `
✗ the request
└─ ! it is not as it has to be  — the actor: there is no type \`Robot\``.trim(),
    )
  })

  it('stays readable where there is no end of what it could show', () => {
    const roles = [ir.role('Doc.r0', { assignable, condition: ir.holds('r0', parent) })]
    const program = documents({ roles, rules: [allow(ir.mine('r0'))] })
    const chain = Array.from({ length: 5000 }, (_, i) => ir.fact(`Doc:${i}.parent = Doc:${i + 1}`))
    const request = { actor: 'User:ann', action: 'read', resource: 'Doc:0', env: { now: 0 } }
    const { proof: tree } = explain(createEvaluator(program), request, ir.factsOf(program, chain))
    expect(printProof(tree).split('\n').length).toBeLessThan(2000)
  })
})
