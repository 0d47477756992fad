import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import type { Expr, Policy } from '../../src/syntax/ast.ts'
import { parse, parseExpression } from '../../src/syntax/parse.ts'
import { print, printExpression } from '../../src/syntax/print.ts'
import { children, type SyntaxNode, walk } from '../../src/syntax/walk.ts'
import { expr, policy } from '../generators/ast.ts'
import { withoutSpans } from './without-spans.ts'

function parsed(text: string): Policy {
  const { policy: tree, diagnostics } = parse({ name: 'policy.licet', text })
  expect(diagnostics, text).toEqual([])
  return tree
}

function parsedExpression(text: string): Expr {
  const { expr: tree, diagnostics } = parseExpression({ name: 'policy.licet', text })
  expect(diagnostics, text).toEqual([])
  if (tree === undefined) throw new Error(`no expression in ${text}`)
  return tree
}

describe('printing and parsing again is the identity', () => {
  it('on policies', () => {
    fc.assert(
      fc.property(policy, (tree) => {
        expect(withoutSpans(parsed(print(tree)))).toEqual(withoutSpans(tree))
      }),
      { numRuns: 1000 },
    )
  })

  it('on expressions', () => {
    fc.assert(
      fc.property(expr, (tree) => {
        expect(withoutSpans(parsedExpression(printExpression(tree)))).toEqual(withoutSpans(tree))
      }),
      { numRuns: 3000 },
    )
  })

  it('and printing what was parsed changes nothing any more', () => {
    fc.assert(
      fc.property(policy, (tree) => {
        const text = print(tree)
        expect(print(parsed(text))).toBe(text)
      }),
    )
  })
})

describe('layout means nothing in correct text', () => {
  it('one line is as good as many', () => {
    fc.assert(
      fc.property(policy, (tree) => {
        const bare = withoutDocs(tree) as Policy
        const text = print(bare)
        expect(withoutSpans(parsed(text.replaceAll('\n', ' ')))).toEqual(withoutSpans(bare))
      }),
      { numRuns: 500 },
    )
  })

  it('every token may have a line of its own', () => {
    fc.assert(
      fc.property(expr, (tree) => {
        const text = printExpression(tree)
        if (/["/]/.test(text)) return
        const broken = text.replace(/ /g, '\n')
        expect(withoutSpans(parsedExpression(broken))).toEqual(withoutSpans(tree))
      }),
    )
  })
})

describe('the generator of trees', () => {
  it('makes every kind of node, none of them rarely', () => {
    const counts = new Map<string, number>()
    const count = (kind: string): void => {
      counts.set(kind, (counts.get(kind) ?? 0) + 1)
    }
    for (const tree of fc.sample(policy, { numRuns: 2000, seed: 1 })) {
      for (const node of nodesOf(tree)) {
        count(node.kind)
        if (node.kind === 'expect') count(`expect ${node.expectation.kind}`)
        if (node.kind === 'given') count(`given ${node.of}`)
        if (node.kind === 'rule') count(`rule ${node.target.kind}`)
      }
    }
    const total = [...counts.values()].reduce((sum, one) => sum + one, 0)
    const shares = [...counts].map(([kind, one]) => [kind, ((100 * one) / total).toFixed(2)] as const)
    const rare = shares.filter(([, share]) => Number(share) < 0.1)
    const report = shares.map(([kind, share]) => `${kind} ${share} %`).join(', ')
    expect(rare, report).toEqual([])
    // Every kind there is but `broken`, which no text is printed from, and three expectations, inputs and targets more.
    expect(counts.size, report).toBe(42 + 4 + 3 + 3)
  })
})

function nodesOf(root: SyntaxNode): readonly SyntaxNode[] {
  const all: SyntaxNode[] = []
  for (const stack = [root]; stack.length > 0; ) {
    const node = stack.pop()
    if (node === undefined) break
    all.push(node)
    for (const child of children(node)) stack.push(child)
  }
  return all
}

function withoutDocs(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(withoutDocs)
  if (typeof value !== 'object' || value === null) return value
  return Object.fromEntries(
    Object.entries(value)
      .filter(([key]) => key !== 'doc')
      .map(([key, one]) => [key, withoutDocs(one)]),
  )
}

describe('walk', () => {
  it('meets the nodes that `children` lists, in the order of the text, and leaves out what it is told to', () => {
    const tree = parsed('allow read if a and not b\nlet x = [c, { k: d }]')
    const names: string[] = []
    walk(tree, {
      name: (node) => {
        names.push(node.name)
        return undefined
      },
    })
    expect(names).toEqual(['a', 'b', 'c', 'd'])
    const outside: string[] = []
    walk(tree, {
      let: () => false,
      name: (node) => {
        outside.push(node.name)
        return undefined
      },
    })
    expect(outside).toEqual(['a', 'b'])
  })
})
