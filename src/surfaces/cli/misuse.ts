/** The command line asks for something that does not exist or makes no sense: told in a line, exit code 2. */
export class Misuse extends Error {
  readonly help: string | undefined
  constructor(message: string, help?: string) {
    super(message)
    this.help = help
  }
}
