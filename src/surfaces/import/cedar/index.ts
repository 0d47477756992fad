/**
 * Makes a policy of Cedar policies: with their schema, entities and links, and with requests as tests. The subpath
 * `licet/import/cedar`; needs `@cedar-policy/cedar-wasm`.
 */

export type { Imported, ReadSource, Remark, Surroundings } from '../imported.ts'
export { type ImportedCedar, importCedar } from './import-cedar.ts'
