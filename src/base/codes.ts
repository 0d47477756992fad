import type { Severity } from './diagnostic.ts'

/** What each diagnostic is about, one row a code, which has a page in `docs/diagnostics/`. */
const table = {
  // text
  'unexpected-character': ['error', 'a character that no token of the language begins with'],
  'unterminated-string': ['error', 'a string that does not end on its line'],
  'bad-escape': ['error', 'an escape sequence that does not exist, or a code point that does not'],
  'bad-interpolation': ['error', 'a `{` in a string that starts no dotted path; write `\\{` for the character'],
  'bad-number': ['error', 'a number directly followed by a letter, or out of range'],
  'bad-entity': ['error', 'an entity written with a space or without an id, or a name and a type that read as one'],
  syntax: ['error', 'the text does not follow the grammar'],
  'unclosed-block': ['error', 'a `{` that is never closed'],
  reserved: ['error', 'a construct that is reserved and does nothing yet'],
  'unknown-edition': ['error', 'an edition of the language that this version does not know, or not on the first line'],
  'too-large': ['error', 'a file, an expression or a nesting past its limit'],
  // modules and names
  'missing-file': ['error', 'an imported file or a lock file that was not given or cannot be read'],
  'bad-lock': ['error', 'a lock file that is not one, or not for this server'],
  'duplicate-name': ['error', 'two declarations of one name'],
  'ambiguous-name': ['error', 'a bare name that a member of the block and something outside share'],
  'undeclarable-name': ['error', 'a name that no declaration may have, such as `__proto__`'],
  'unknown-name': ['error', 'a name in an expression that nothing declares'],
  'unknown-type': ['error', 'a type that is not declared'],
  'unknown-field': ['error', 'a field, role or permission that the type does not have'],
  'unknown-action': ['error', 'an action that no `allow` can grant'],
  'unknown-role': ['error', 'a role that is not declared'],
  'unknown-function': ['error', 'a function, method or `let` that does not exist'],
  'unknown-server': ['error', 'a server that no block declares'],
  'unknown-item': ['error', 'a tool, prompt or resource that is not in the lock, or a pattern that none matches'],
  'unknown-annotation': ['error', 'an annotation that does not exist, or a rule id used twice'],
  // rules
  'bad-target': ['error', 'a target that the action does not have, or in the wrong form'],
  'bad-template': ['error', 'a URI template or an entity template that could not be matched back'],
  'bad-clause': ['error', '`to … per …` outside `limit`, `as …` outside `label`, or one of them missing'],
  'allow-all': ['error', '`allow *`: the set of actions is closed by the allow rules'],
  'role-without-holders': ['error', 'a role that nobody can hold'],
  'action-group': ['error', 'an action group that contains itself or has the name of an action'],
  'scope-cycle': ['error', 'a scope that includes itself'],
  'let-cycle': ['error', 'a `let` that uses itself'],
  // types
  'type-mismatch': ['error', 'an operand, argument or value of the wrong type'],
  'wrong-arguments': ['error', 'a call with too few or too many arguments, or of the wrong form'],
  'maybe-absent': ['error', 'an optional value that is used where nothing has shown it present'],
  'not-a-condition': ['error', 'a condition that is neither a boolean nor a set of actors'],
  'role-as-value': ['error', 'a role or permission used as a value; it can only be asked for membership'],
  'never-true': ['error', 'a comparison or membership that the types rule out'],
  'bad-regex': ['error', 'a regular expression that is not RE2 syntax or too long'],
  'bad-literal': ['error', 'a date, address, pattern, zone or range that does not exist'],
  // variables and polarity
  'not-available-here': ['error', 'a variable that does not exist in this place'],
  'recursion-through-negation': ['error', 'a role or permission that depends on its own opposite'],
  'recursive-constructor': ['error', 'a recursive role or permission that constructs the entity it asks about'],
  'request-bound': ['error', 'someone else judged by a role that depends on this request'],
  'obtainable-negated': ['error', 'a fact that the caller can go and get, where having it would take access away'],
  'label-granted': ['error', 'a session label where having it would give access'],
  // facts and tests
  'bad-fact': ['error', 'a fact that the policy does not allow'],
  'conflicting-fact': ['error', 'two facts that cannot both hold'],
  'bad-test': ['error', 'an expectation or a question that cannot be asked'],
  'failed-expectation': ['error', 'an expectation of a `test` that does not hold'],
  // lints
  'unlocked-server': ['warning', 'a server without a lock file: names and arguments cannot be checked'],
  'broad-allow': ['warning', 'an `allow` that covers every type and every tool'],
  'unmatched-template': ['warning', 'a URI template that no locked resource can match'],
  'deny-without-allow': ['warning', 'a `deny` of an action that nothing allows'],
  'denied-by-error': [
    'warning',
    'an expected denial that comes from an error in the request or its facts, and from no rule',
  ],
  'not-covered': ['warning', 'a rule, a role or a condition of which the tests do not show both sides'],
  'surviving-mutant': ['warning', 'a change of the policy that no test notices'],
  'unreachable-rule': [
    'warning',
    'a rule that changes no decision: its condition never holds, or another rule covers it',
  ],
  'shadowed-allow': ['warning', 'a grant that a `deny` without a condition covers'],
  'deny-never-fires': ['warning', 'a `deny` whose condition never holds'],
  'constant-condition': ['warning', 'a condition, or a part of one, that is the same in every request'],
  'unused-role': ['warning', 'a role that no rule asks about'],
  'unused-let': ['warning', 'a `let` that nothing uses'],
  'unused-import': ['warning', 'an import that brings nothing which is used'],
  'unlocked-annotation': ['warning', 'a rule that reads annotations of tools, of a server without a lock file'],
  'broad-pattern': ['warning', 'a pattern that everything matches, where a match grants'],
  'destructive-pattern': ['warning', 'a pattern that grants tools which the lock calls destructive'],
  'every-over-empty': ['warning', 'an `every` that grants also where there is nothing to look at'],
  'agent-deny-skips-users': ['warning', 'a `deny` that mentions `agent`, so that users who act alone are not denied'],
  'undelegated-permission': ['warning', 'a delegated rule that asks for a permission which is not delegated'],
  'silences-nothing': ['warning', 'a `// licet-allow` comment that silences nothing, or does not say why'],
  'client-in-allow': ['warning', 'a grant that rests on what the client says of itself'],
  'unanchored-match': ['warning', 'a search for a regular expression that can grant, without `^` and `$`'],
} as const satisfies Record<string, readonly [Severity, string]>

export type Code = keyof typeof table

export function severityOf(code: Code): Severity {
  return table[code][0]
}

/** Every code with its severity and what it is about, in the order of the table. */
export const codes: readonly { readonly code: Code; readonly severity: Severity; readonly about: string }[] = (
  Object.keys(table) as Code[]
).map((code) => ({ code, severity: table[code][0], about: table[code][1] }))
