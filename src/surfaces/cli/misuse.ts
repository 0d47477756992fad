/** The command line asks for something that does not exist or makes no sense: told in a line, exit code 2. */
export class Misuse extends Error {
  readonly help: string | undefined
  constructor(message: string, help?: string) {
    super(message)
    this.help = help
  }
}

/** What an error says of itself, without where in the program it came from. */
export function firstLine(error: unknown): string {
  return (error instanceof Error ? error.message : String(error)).split('\n', 1)[0] ?? ''
}
