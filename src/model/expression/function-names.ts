import { builtins } from '../../ir/builtins.ts'

/** The functions that say what a caller can go and get. */
export const obtainableNames = ['scope', 'acr', 'authAge', 'confirmed', 'approvedBy'] as const

/** Every function of the language. */
export const functionNames: readonly string[] = [
  ...obtainableNames,
  'recover',
  ...builtins.flatMap(({ form, name }) => (form === 'function' ? [name] : [])),
]

/** How a function of the language is called, or undefined where there is none of that name. */
export function callOf(name: string): string | undefined {
  if (name === 'confirmed' || name === 'authAge') return `${name}()`
  return functionNames.includes(name) ? `${name}(…)` : undefined
}
