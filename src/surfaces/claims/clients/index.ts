/**
 * Clients that are known by a document at the URL that is their ID, fetched so that nobody can make us fetch anything else. The subpath
 * `licet/claims/clients`; Node only.
 */
export {
  type ClientDocument,
  type ClientDocumentOptions,
  type ClientDocuments,
  type ClientProblem,
  clientDocuments,
} from './documents.ts'
