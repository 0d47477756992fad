import { type Imported, type ReadSource, type Remark, Unreadable } from '../imported.ts'
import { faultsOf, written } from '../write.ts'
import { withoutBuriedAssignments } from './buried-assignments.ts'
import { checkModel } from './check-model.ts'
import { withoutConditionalLinks } from './conditional-links.ts'
import { factsOf } from './facts.ts'
import { policyOf } from './policy.ts'
import { schemaOf } from './schema.ts'
import { readStore } from './store.ts'
import { testsOf } from './tests.ts'

/**
 * Makes a policy, facts and tests of a store (`.fga.yaml`), a model (`.fga`, `.json`) or modules (`fga.mod`).
 *
 * Each relation becomes a member of its type under its own name, and an action of that name, so that
 * `engine.can('User:ann', 'viewer', 'Doc:1')` asks what a check asks. What has no counterpart is remarked, and what depends on it is
 * left out; nothing of a source that cannot be read becomes a file. Never throws for what a source says.
 */
export function importOpenFga(path: string, read: ReadSource): Imported {
  const remarks: Remark[] = []
  try {
    const loaded = readStore(path, read, remarks)
    checkModel(loaded.model)
    const store = withoutConditionalLinks(withoutBuriedAssignments(loaded))
    const schema = schemaOf(store.model)
    const policy = policyOf(store.model, schema, remarks)
    const facts = factsOf(store.tuples, schema, policy, remarks)
    const tests = testsOf(store, schema, policy, facts.lost, remarks)
    const files = written({ ...store, policy: policy.statements, facts: facts.givens, tests })
    return { files, remarks: [...remarks, ...faultsOf(files)] }
  } catch (error) {
    if (!(error instanceof Unreadable)) throw error
    return { files: new Map(), remarks: [...remarks, ...error.remarks] }
  }
}
