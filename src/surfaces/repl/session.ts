import { resultOf } from 'licet/testing'
import { diagnostic } from '../../base/diagnostic.ts'
import type { Diagnostic, PolicyQuestion, SourceFile } from '../../index.ts'
import { type Answer, followed, refused, styled, told, wrong } from './answer.ts'
import { environment, keyOf, type Request, targetOf } from './asked.ts'
import { decisionChanges } from './changes.ts'
import { bareCommand, commandIn, runCommand } from './commands.ts'
import { type Completion, completionOf } from './completion.ts'
import { decisionAnswer } from './decision.ts'
import { expressionAnswer } from './expression.ts'
import type { Host, LoadedFiles } from './host.ts'
import { askerText } from './notation.ts'
import { reloaded } from './reload.ts'
import { actionsAnswer, listAnswer, whoAnswer } from './sets.ts'
import { newState, rebuild, remember, type State, say } from './state.ts'
import { testsAnswer } from './tests.ts'

/** Questions about one policy, one after the other. */
export interface Session {
  /** What comes of a question, a `given` or a command; undefined where the text says nothing. Never throws, and never rejects. */
  readonly answer: (text: string) => Promise<Answer | undefined>
  /** The text breaks off within brackets: more may make a question of it. */
  readonly isUnfinished: (text: string) => boolean
  /** What can stand at the end of a text that was begun. */
  readonly complete: (text: string) => Completion
  /** Reads the files again: what is different then. */
  readonly reload: () => Promise<Answer>
  /** Who asks, for a prompt; empty for nobody. */
  readonly asker: () => string
  /** It was ended. */
  readonly ended: () => boolean
}

/** An unfinished block is parsed anew with each of its lines. */
const longestBlock = 65_536

/** @throws TypeError where a host function that the policy declares is not given */
export function createSession(
  { policy, facts, functions }: LoadedFiles & { readonly policy: NonNullable<LoadedFiles['policy']> },
  host: Host,
): Session {
  const state = newState(policy, facts, functions)
  let ended = false
  const reload = () => attempt(() => reloaded(state, host))

  async function answer(text: string): Promise<Answer | undefined> {
    const command = commandIn(text)
    if (command === undefined && isBlank(text)) return undefined
    const started = performance.now()
    const given = await attempt(async () => {
      if (command === undefined) return answered(state, text)
      if (command.name === 'quit') {
        ended = true
        return told({ kind: 'quit' })
      }
      return runCommand(command, state, host)
    })
    const took = performance.now() - started
    const timed = state.time ? followed(given, told({}, [styled('faint', `(${took.toFixed(1)} ms)`)])) : given
    return { ...timed, json: { question: text.trim(), ...given.json, ...(state.time ? { milliseconds: took } : {}) } }
  }

  return {
    answer,
    isUnfinished: (text) =>
      text.length < longestBlock && commandIn(text) === undefined && !isBlank(text) && state.read(text).unfinished,
    complete: (text) => completionOf(text, state),
    reload,
    asker: () => (state.said.by === undefined ? '' : askerText(state.said.by)),
    ended: () => ended,
  }
}

/** Nothing but space and comments. */
function isBlank(text: string): boolean {
  return text.split(/\r?\n/).every((line) => /^\s*(?:\/\/.*)?$/.test(line))
}

/** What fails unforeseen, such as a host function that is gone, is an answer as well. */
async function attempt(work: () => Answer | Promise<Answer>): Promise<Answer> {
  try {
    return await work()
  } catch (error) {
    return refused(error instanceof Error ? (error.message.split('\n', 1)[0] ?? '') : String(error))
  }
}

function answered(state: State, text: string): Answer {
  const source: SourceFile = { name: 'question', text }
  const { question, diagnostics } = state.read(text, { asker: state.said.by?.actor })
  const problem = (message: string, help: string): Answer => {
    const span = { file: source.name, start: 0, end: text.trimEnd().length }
    return wrong([diagnostic('bad-test', span, message, { help })], [source])
  }
  if (question === undefined) return bareCommand(text) ?? wrong(diagnostics, [source])
  const answer = answerOf(state, question, text, problem)
  return diagnostics.length === 0
    ? answer
    : { ...answer, diagnostics: [...diagnostics, ...answer.diagnostics], sources: [source, ...answer.sources] }
}

function answerOf(
  state: State,
  question: PolicyQuestion,
  text: string,
  problem: (message: string, help: string) => Answer,
): Answer {
  const { engine, said } = state
  const { inputs } = said
  const nobody = () => problem('nobody asks', 'name an actor, as in `can User:ann …`, or say `as User:ann` first')
  switch (question.kind) {
    case 'givens':
      return given(state, question, text)
    case 'as':
      say(state, { by: question.by }, text.trim())
      return told({ kind: 'as', ...question.by }, [styled('faint', `${askerText(question.by)} asks`)])
    case 'tests':
      return testsAnswer(state.policy, state.functions, question.name)
    case 'expectation': {
      const { passed, message, help } = resultOf(engine, question.expectation, environment(inputs))
      if (passed) return told({ kind: 'expectation', passed }, [styled('good', '✓'), ' as expected'])
      const at: Diagnostic = diagnostic('failed-expectation', question.expectation.at, message, { help })
      return {
        ...wrong([at], [{ name: 'question', text }]),
        lines: [[styled('bad', '✗'), ' not as expected']],
        json: { kind: 'expectation', passed, message, help },
      }
    }
    case 'decision': {
      const by = question.by ?? said.by
      if (by === undefined) return nobody()
      return decision(state, { by, inputs, action: question.action, target: targetOf(question.target) }, question.why)
    }
    case 'why': {
      const last = [...state.asked.values()].at(-1)
      return last === undefined
        ? problem('nothing was asked yet', 'such as `why can User:ann read Doc:1`')
        : decision(state, last, true)
    }
    case 'who':
      return whoAnswer(engine, question, inputs)
    case 'list': {
      const by = question.by ?? said.by
      return by === undefined ? nobody() : listAnswer(engine, question, by, inputs)
    }
    case 'actions': {
      const by = question.by ?? said.by
      return by === undefined ? nobody() : actionsAnswer(engine, question, by, inputs)
    }
    case 'expression':
      return expressionAnswer(engine, question, said)
  }
}

function decision(state: State, request: Request, why: boolean): Answer {
  const { answer, decision } = decisionAnswer(state.engine, request, why || state.trace)
  remember(state, keyOf(request), { ...request, allowed: decision.allowed, reason: decision.reason })
  return answer
}

const onlyAdded = 'facts are only added: change the file that says so, or `:undo` what was given here'

/** Facts and inputs, all of them or none. */
function given(
  state: State,
  { facts, inputs }: Extract<PolicyQuestion, { readonly kind: 'givens' }>,
  text: string,
): Answer {
  const { said, engine } = state
  const refusals = engine.facts.load(facts)
  if (refusals.length > 0) {
    rebuild(state)
    const whole = { file: 'question', start: 0, end: text.length }
    return wrong(
      refusals.map(({ code, message, help }) =>
        diagnostic(code, whole, message, { help: code === 'conflicting-fact' ? onlyAdded : help }),
      ),
      [{ name: 'question', text }],
    )
  }
  say(
    state,
    {
      inputs: inputs.size === 0 ? said.inputs : new Map([...said.inputs, ...inputs]),
      facts: facts.length === 0 ? said.facts : [...said.facts, facts],
    },
    text.trim(),
  )
  const { lines, json } = decisionChanges(state)
  return told({ kind: 'given', changed: json }, [styled('faint', 'noted')], ...lines)
}
