import { matchesWildcard } from '../../ir/wildcard.ts'
import { setOf } from '../../value/set.ts'
import { absent } from '../../value/value.ts'
import type { BuiltinFunction } from './builtin.ts'
import { isPath, isUrl, textMethod } from './builtin.ts'
import { createHourIn } from './hour-in.ts'
import { imported } from './imported.ts'
import { length } from './length.ts'
import { createMatches, type Regexes } from './matches.ts'
import { readers } from './readers.ts'
import { includes, sets } from './sets.ts'
import { times } from './times.ts'

/** Every built-in by its name in the IR. Made once for an engine: some remember what they have compiled. */
export function createBuiltins(regexes: Regexes): ReadonlyMap<string, BuiltinFunction> {
  return new Map<string, BuiltinFunction>([
    ...readers,
    ['startsWith', textMethod((text, prefix) => text.startsWith(prefix))],
    ['endsWith', textMethod((text, suffix) => text.endsWith(suffix))],
    ['toLowerCase', ([text]) => (typeof text === 'string' ? text.toLowerCase() : undefined)],
    ['like', textMethod((text, pattern) => matchesWildcard(pattern, text))],
    ['matches', createMatches(regexes)],
    ['includes', includes],
    ['length', length],
    ...sets,
    ...imported,
    ...times,
    ['hourIn', createHourIn()],
    ['name', ([path]) => (isPath(path) ? (path.segments.at(-1) ?? '') : undefined)],
    ['segments', ([path]) => (isPath(path) ? setOf(path.segments) : undefined)],
    ['scheme', ([url]) => (isUrl(url) ? url.scheme : undefined)],
    ['host', ([url]) => (isUrl(url) ? url.host : undefined)],
    ['port', ([url]) => (isUrl(url) ? (url.port ?? absent) : undefined)],
    ['path', pathOrProperty],
  ])
}

const readPath = readers.find(([name]) => name === 'path')?.[1]

/** `path` is a function of a text and a property of a URL. */
const pathOrProperty: BuiltinFunction = (args) => (isUrl(args[0]) ? args[0].path : readPath?.(args))
