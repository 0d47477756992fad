import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { describe, expect, it } from 'vitest'
import { compile, createEngine, type Policy } from '../../../src/index.ts'
import type { ImportedCedar } from '../../../src/surfaces/import/cedar/index.ts'
import { runTests } from '../../../src/surfaces/testing/index.ts'
import { importFrom } from './files.ts'

/** Cedar's own tests, read where they are. */
const cedar = fileURLToPath(new URL('../../../../shared/conformance/cedar', import.meta.url))
const isThere = existsSync(cedar)

function check(imported: ImportedCedar): Policy {
  expect(imported.remarks.filter(({ kind }) => kind === 'untranslated')).toEqual([])
  const { policy, diagnostics } = compile(Object.fromEntries(imported.files))
  expect(diagnostics).toEqual([])
  if (policy === undefined) throw new Error('invariant: there are no diagnostics')
  const run = runTests(policy)
  expect(
    run.tests.flatMap(({ failures, warnings }) => [...failures, ...warnings].map(({ message }) => message)),
  ).toEqual([])
  return policy
}

interface Asked {
  readonly reason: readonly string[]
  readonly errors: readonly string[]
}

/** The rules that decide are the policies that do, whichever way it is decided. */
function checkReasons(policy: Policy, { rules }: ImportedCedar, requests: readonly Asked[]): void {
  for (const backend of ['interpreted', 'compiled'] as const) {
    const engine = createEngine(policy, { backend })
    const found = policy.tests.map(({ expectations: [asked], inputs }) => {
      if (asked?.kind !== 'decision' || asked.target.kind !== 'entity') return undefined
      const context = inputs.get('context') as Readonly<Record<string, unknown>> | undefined
      const env = context === undefined ? { now: 0 } : { now: 0, context }
      const decision = engine.authorize(asked.actor, asked.action, asked.target.entity, env)
      return { reason: decision.rules.map(({ id }) => id).sort(), errors: decision.errors }
    })
    expect(found).toEqual(
      requests.map(({ reason, errors }) => ({ reason: reason.map((id) => rules.get(id)).sort(), errors })),
    )
  }
}

describe.skipIf(!isThere)(`Cedar's integration tests${isThere ? '' : ', which are not beside this repository'}`, () => {
  const folders = isThere ? readdirSync(`${cedar}/tests`) : []
  const files = folders.flatMap((folder) =>
    readdirSync(`${cedar}/tests/${folder}`)
      .filter((name) => name.endsWith('.json'))
      .map((name) => `tests/${folder}/${name}`),
  )
  let requests = 0
  it.each(files)('%s', (file) => {
    const bundle = JSON.parse(readFileSync(`${cedar}/${file}`, 'utf8')) as { readonly requests: readonly Asked[] }
    const imported = importFrom(`${cedar}/${file}`)
    checkReasons(check(imported), imported, bundle.requests)
    requests += bundle.requests.length
  })
  it('are 74 requests', () => expect(requests).toBe(74))
})

const link = (templateId: string, newId: string, principal: string, resource: string) => {
  const uid = (text: string) => ({ type: text.slice(0, text.indexOf(' ')), id: text.slice(text.indexOf(' ') + 1) })
  return { templateId, newId, values: { '?principal': uid(principal), '?resource': uid(resource) } }
}

/** The links that the examples leave out. */
const links: Readonly<Record<string, readonly ReturnType<typeof link>[]>> = {
  'hotel_chains/templated': [
    link('ViewReservation', 'alice views G', 'User Alice', 'Hotel G'),
    link('MemberReservation', 'alice is a member at Green', 'User Alice', 'Property Green'),
    link('AdminReservation', 'bob runs the reservations of Green', 'User Bob', 'Property Green'),
    link('AdminPropertyOrHotel', 'bob runs R', 'User Bob', 'Hotel R'),
  ],
  'sales_orgs/templated': [link('external-prez-view', 'bob views the proposal', 'User Bob', 'Presentation proposal')],
  tax_preparer: [
    link('adhoc-access', 'alice reads DEF', 'Taxpreparer::Professional Alice', 'Taxpreparer::Document DEF'),
  ],
}

describe.skipIf(!isThere)(`Cedar's examples${isThere ? '' : ', which are not beside this repository'}`, () => {
  it.each([
    ['document_cloud', 5],
    ['github_example', 7],
    ['hotel_chains/static', 6],
    ['hotel_chains/templated', 6],
    ['sales_orgs/static', 3],
    ['sales_orgs/templated', 3],
    ['streaming_service', 8],
    ['tags_n_roles', 3],
    ['tax_preparer', 5],
  ])('%s', (folder, requests) => {
    const own = links[folder]
    const imported = importFrom(
      `${cedar}/use-cases/${folder}`,
      own === undefined ? {} : { 'links.json': JSON.stringify(own) },
    )
    expect(check(imported).tests).toHaveLength(requests)
  })
})
