import type { ASTNode } from '@marcbachmann/cel-js'

/**
 * The maps that are read at a key that may be missing. In CEL that is an error, and not false; here it is for `json` alone, of
 * which nothing is known beforehand.
 */
export function readDynamically(expression: ASTNode): ReadonlySet<string> {
  const found = new Set<string>()
  const open: { readonly node: ASTNode; readonly known: ReadonlySet<string> }[] = [
    { node: expression, known: new Set() },
  ]
  for (let next = open.pop(); next !== undefined; next = open.pop()) {
    const { node, known } = next
    if (node.op === '&&') {
      const operands = operandsOf(node, '&&')
      const shown = new Set([...known, ...operands.flatMap(keyShown)])
      for (const one of operands) open.push({ node: one, known: shown })
      continue
    }
    const read = keyRead(node)
    if (read !== undefined && !known.has(`${read.of}[${read.key}]`)) found.add(read.of)
    for (const part of partsOf(node)) open.push({ node: part, known })
  }
  return found
}

interface KeyRead {
  readonly of: string
  /** None where it is no literal. */
  readonly key: string | undefined
}

function keyRead(node: ASTNode): KeyRead | undefined {
  if (node.op === '.')
    return node.args[0].op === 'id' ? { of: node.args[0].args, key: JSON.stringify(node.args[1]) } : undefined
  if (node.op !== '[]' || node.args[0].op !== 'id') return undefined
  const [of, at] = node.args
  return { of: of.args as string, key: at.op === 'value' ? JSON.stringify(String(at.args)) : undefined }
}

/** `"k" in m` and `has(m.k)` show the key to those beside them. */
function keyShown(node: ASTNode): readonly string[] {
  if (node.op === 'in') {
    const [key, of] = node.args
    return key.op === 'value' && of.op === 'id' ? [`${of.args}[${JSON.stringify(String(key.args))}]`] : []
  }
  const [arg] = node.op === 'call' && node.args[0] === 'has' ? node.args[1] : []
  const read = arg === undefined ? undefined : keyRead(arg)
  return read === undefined ? [] : [`${read.of}[${read.key}]`]
}

function partsOf(node: ASTNode): readonly ASTNode[] {
  if (node.op === 'value' || node.op === 'id') return []
  // Of `has(m.k)` only m is read.
  if (node.op === 'call' && node.args[0] === 'has') return node.args[1].flatMap(partsOf)
  const isNode = (one: unknown): one is ASTNode => typeof one === 'object' && one !== null && 'op' in one
  const all: readonly unknown[] = Array.isArray(node.args) ? node.args : [node.args]
  return all.flat(2).filter(isNode)
}

/** Of a chain of one operator, in order; it may be long. */
export function operandsOf(node: ASTNode, operator: '&&' | '||'): readonly ASTNode[] {
  const found: ASTNode[] = []
  const open = [node]
  for (let next = open.pop(); next !== undefined; next = open.pop())
    if (next.op === operator) open.push(next.args[1], next.args[0])
    else found.push(next)
  return found
}
