/** Policies and facts from files. The subpath `licet/node`. */
export { type LoadedFacts, loadFacts } from './load-facts.ts'
export { type LoadedPolicy, type LoadOptions, loadPolicy, type PolicyEntry } from './load-policy.ts'
export { type WatchOptions, watchFiles } from './watch.ts'
export { watchPolicy } from './watch-policy.ts'
