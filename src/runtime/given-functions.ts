import type { Program } from '../ir/program.ts'
import type { HostFunctions } from './host-call.ts'

/**
 * The host functions that a policy declares, out of what was given.
 *
 * @throws TypeError where one is not given
 */
export function givenFunctions({ functions: declared }: Pick<Program, 'functions'>, given: object = {}): HostFunctions {
  const functions = given as HostFunctions
  for (const { name } of declared)
    if (!Object.hasOwn(functions, name) || typeof functions[name] !== 'function')
      throw new TypeError(`the policy declares the function \`${name}\`, which is not given`)
  return functions
}
