import { didYouMean } from '../../base/suggest.ts'
import { standalone } from '../../standalone.ts'
import { type Answer, followed, type Line, refused, styled, told, wrong } from './answer.ts'
import { decisionChanges } from './changes.ts'
import { help } from './help.ts'
import type { Host } from './host.ts'
import { reloaded } from './reload.ts'
import { savedTests } from './save.ts'
import { shownFacts } from './shown-facts.ts'
import { rebuild, type State, say } from './state.ts'

/** `:load facts.licet` in parts. */
export interface Command {
  readonly name: string
  readonly args: readonly string[]
}

type Run = (args: readonly string[], state: State, host: Host) => Answer | Promise<Answer>

/** A command: what it takes, in words, and how many of that. `:quit` is the session's own. */
interface Kind {
  readonly takes: string
  readonly most: number
  readonly about: string
  readonly run?: Run
}

export const commands: Readonly<Record<string, Kind>> = {
  load: {
    takes: 'FILE… | -p FILE…',
    most: Number.POSITIVE_INFINITY,
    about: 'more facts; with `-p` another policy',
    run: load,
  },
  reload: {
    takes: '',
    most: 0,
    about: 'read the files again, and tell what is different',
    run: (_, state, host) => reloaded(state, host),
  },
  watch: { takes: '[on | off]', most: 1, about: 'the same whenever a file changes', run: watch },
  facts: {
    takes: '[TYPE | ENTITY]',
    most: 1,
    about: 'the facts there are',
    run: ([of], { policy, engine }) => shownFacts(policy, engine, of),
  },
  undo: { takes: '', most: 0, about: 'take back the last `given`, `as` or `:load`', run: (_, state) => undo(state) },
  trace: {
    takes: '[on | off]',
    most: 1,
    about: 'explain every decision',
    run: (args, state) => toggled(args, state, 'trace'),
  },
  time: {
    takes: '[on | off]',
    most: 1,
    about: 'tell how long each answer took',
    run: (args, state) => toggled(args, state, 'time'),
  },
  compile: { takes: '[FILE.mjs]', most: 1, about: 'the policy as a JavaScript module', run: compile },
  save: { takes: 'FILE', most: 1, about: 'what was given and asked, as tests', run: save },
  help: { takes: '', most: 0, about: 'show this', run: () => help(commands) },
  quit: { takes: '', most: 0, about: 'end the session' },
}

/** The command in a line that begins with a colon; a name with spaces stands in double quotes. */
export function commandIn(text: string): Command | undefined {
  const line = text.trim()
  if (!line.startsWith(':')) return undefined
  const words = line.slice(1).match(/(?:[^\s"]|"[^"]*"?)+/g) ?? []
  const [name = '', ...args] = words.map((word) => word.replace(/^"([^"]*)"$/, '$1'))
  return { name, args }
}

/** `help`, `exit`: a command without its colon, where that is no question. */
export function bareCommand(text: string): Answer | undefined {
  const word = text.trim()
  const name = word === 'exit' ? 'quit' : word
  return Object.hasOwn(commands, name) ? refused(`\`${word}\` is no question`, `write \`:${name}\``) : undefined
}

export function runCommand({ name, args }: Command, state: State, host: Host): Answer | Promise<Answer> {
  const kind = Object.hasOwn(commands, name) ? commands[name] : undefined
  if (kind?.run === undefined) {
    const near = didYouMean(
      `:${name}`,
      Object.keys(commands).map((one) => `:${one}`),
    )
    return refused(`there is no command \`:${name}\``, near ?? '`:help` shows all of them')
  }
  if (args.length > kind.most)
    return refused(`\`:${name}\` takes ${kind.takes === '' ? 'nothing' : `\`${kind.takes}\``}`)
  return kind.run(args, state, host)
}

function load(args: readonly string[], state: State, host: Host): Answer | Promise<Answer> {
  const [first, ...rest] = args
  if (first === undefined || (first === '-p' && rest.length === 0))
    return refused('which file?', '`:load facts.licet`, or `:load -p policy.licet`')
  if (first === '-p') return reloaded(state, host, rest)
  const found = args.map((file) => host.facts(state.policy, file))
  const diagnostics = found.flatMap((one) => one.diagnostics)
  const sources = found.flatMap((one) => one.sources)
  if (diagnostics.some(({ severity }) => severity === 'error')) return wrong(diagnostics, sources)
  const facts = found.flatMap((one) => one.facts)
  const refusals = state.engine.facts.load(facts)
  if (refusals.length > 0) {
    rebuild(state)
    return refused(refusals[0]?.message ?? '', refusals.length > 1 ? `and ${refusals.length - 1} more` : undefined)
  }
  say(state, { facts: [...state.said.facts, facts] }, `:load ${args.join(' ')}`)
  const { lines, json } = decisionChanges(state)
  return told({ kind: 'load', facts: facts.length, changed: json }, [styled('faint', 'noted')], ...lines)
}

function watch(args: readonly string[], _: State, host: Host): Answer {
  const wanted = onOrOff(args)
  if (wanted === undefined) return refused('`:watch` takes `on` or `off`')
  const on = host.watch(wanted === 'other' ? !host.watch() : wanted)
  if (on === undefined) return refused('nothing is watched here', '`:reload` reads the files again')
  return told({ kind: 'watch', on }, [styled('faint', on ? 'watching the files' : 'no longer watching')])
}

function undo(state: State): Answer {
  const last = state.past.pop()
  if (last === undefined) return refused('there is nothing to take back')
  const hadFacts = state.said.facts !== last.said.facts
  state.said = last.said
  if (hadFacts) rebuild(state)
  const { lines, json } = decisionChanges(state)
  return told(
    { kind: 'undo', undone: last.what, changed: json },
    [styled('faint', `taken back: ${last.what}`)],
    ...lines,
  )
}

function toggled(args: readonly string[], state: State, what: 'trace' | 'time'): Answer {
  const wanted = onOrOff(args)
  if (wanted === undefined) return refused(`\`:${what}\` takes \`on\` or \`off\``)
  state[what] = wanted === 'other' ? !state[what] : wanted
  return told({ kind: what, on: state[what] }, [styled('faint', `${what} is ${state[what] ? 'on' : 'off'}`)])
}

function onOrOff([word]: readonly string[]): boolean | 'other' | undefined {
  if (word === undefined) return 'other'
  return word === 'on' ? true : word === 'off' ? false : undefined
}

function compile([file]: readonly string[], { policy }: State, host: Host): Answer {
  const { module } = standalone(policy, host.version)
  if (file !== undefined) return written(host, file, module)
  return told(
    { kind: 'compile', module },
    ...module
      .trimEnd()
      .split('\n')
      .map((line): Line => [line]),
  )
}

function save([file]: readonly string[], state: State, host: Host): Answer {
  if (file === undefined) return refused('to which file?', '`:save session.licet`')
  const text = savedTests(state)
  if (text === '') return refused('there is nothing to save', 'ask something first')
  return followed(
    written(host, file, text),
    told({}, [styled('faint', '`licet test` takes it beside the policy and its facts')]),
  )
}

function written(host: Host, file: string, text: string): Answer {
  const problem = host.write(file, text)
  return problem === undefined
    ? told({ kind: 'written', file }, [styled('faint', `written: ${file}`)])
    : refused(`\`${file}\` cannot be written: ${problem}`)
}
