import { builtins } from '../../ir/builtins.ts'

/** The functions that say what a caller can go and get. */
export const obtainableNames = ['scope', 'acr', 'authAge', 'confirmed', 'approvedBy'] as const

/** How a function of the language is called, or undefined where there is none of that name. */
export function callOf(name: string): string | undefined {
  if (name === 'confirmed' || name === 'authAge') return `${name}()`
  const isFunction =
    name === 'recover' ||
    obtainableNames.some((one) => one === name) ||
    builtins.some((one) => one.form === 'function' && one.name === name)
  return isFunction ? `${name}(…)` : undefined
}
