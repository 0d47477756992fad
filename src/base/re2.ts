import { RE2JS } from 're2js'

export type { RE2JS }

/**
 * RE2: regular expressions that take linear time. The only importer of re2js, which is large: the build makes it run when it is
 * first asked for, which most policies never do.
 */
export function re2(): typeof RE2JS {
  return RE2JS
}
