import type { Command } from '../command.ts'

export const command: Command = {
  name: 'lsp',
  about: 'serve an editor',
  usage: ['[--stdio]'],
  arguments: { least: 0, most: 0, called: '' },
  options: [{ name: 'stdio', about: 'speak over standard input and output, as it does in any case' }],
  notes: [
    'Speaks the Language Server Protocol over standard input and output: editors start it. Messages about the server\nitself are on standard error.',
  ],
  exits: [
    [0, 'the client has asked to shut down, and left'],
    [1, 'the client left without asking'],
    [2, 'the command line is wrong'],
  ],
  examples: ['licet lsp --stdio'],
  run: async (_, io) => {
    const { serveEditor } = await import('licet/lsp')
    const code = await serveEditor({
      input: process.stdin,
      output: process.stdout,
      log: (line) => io.err(`licet lsp: ${line}\n`),
    })
    // The input may still be open, and would keep the process.
    process.stdin.destroy()
    return code
  },
}
