/** A store failed, or did not answer in time: what depends on it is denied. */
export class StoreFailure extends Error {
  /** For the caller: what cannot be done now, without why. */
  readonly told: string
  constructor(told: string, cause: unknown) {
    super(`${told}: ${cause instanceof Error ? cause.message : String(cause)}`)
    this.told = told
  }
}

export type Asking = <T>(told: string, ask: () => T | Promise<T>) => Promise<T>

/**
 * Asks a store, and waits no longer than `patience`. After one that has not answered, questions fail at once for as long as that: messages
 * are judged one after another, and those behind do not wait for the same silence. An answer that comes too late is not heard.
 *
 * @param patience milliseconds
 */
export function createAsking(patience: number): Asking {
  let silentUntil = Number.NEGATIVE_INFINITY
  return async (told, ask) => {
    if (performance.now() < silentUntil) throw new StoreFailure(told, 'the store has not answered before')
    let timer: NodeJS.Timeout | undefined
    try {
      const answer = ask()
      if (!isPromise(answer)) return answer
      const silence = new Promise<never>((_, reject) => {
        timer = setTimeout(() => {
          silentUntil = performance.now() + patience
          reject(new Error(`the store does not answer within ${patience / 1000} s`))
        }, patience)
      })
      return await Promise.race([answer, silence])
    } catch (thrown) {
      throw new StoreFailure(told, thrown)
    } finally {
      clearTimeout(timer)
    }
  }
}

function isPromise<T>(value: T | Promise<T>): value is Promise<T> {
  return typeof value === 'object' && value !== null && 'then' in value
}
