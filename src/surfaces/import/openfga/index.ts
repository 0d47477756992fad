/**
 * Licet from OpenFGA: a model with its tuples and tests becomes a policy with its facts and tests. The subpath
 * `licet/import/openfga`.
 */
export type { Imported, ReadSource, Remark } from '../imported.ts'
export { importOpenFga } from './import-openfga.ts'
