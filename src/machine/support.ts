/** What emitted code calls, and nothing else: the names are part of it. */

export { addressNumber } from '../value/address-scan.ts'
export { isPathWithin } from '../value/path-scan.ts'
export { absent } from '../value/value.ts'
export { assigned, listed } from './assigned.ts'
export { and, not, or } from './doubt.ts'
export { isKnown, missed, typeOf, unknownEntity } from './entity.ts'
export { entitiesOf, fieldOf, typed } from './fields.ts'
export { heldByClaim, heldByFacts, heldInSession } from './held.ts'
export { newRoleMasks } from './held-roles.ts'
export { inlineValue } from './inline.ts'
export { hit, indexedLines, lines, literals } from './lines-of-rules.ts'
export {
  elementAt,
  elementsOf,
  hasAllTexts,
  hasMember,
  hasNumber,
  hasSomeText,
  hasText,
  isEmptyList,
  isText,
  labels,
  membersOf,
} from './lists.ts'
export { maskLines, maskTruth, newMask } from './mask-lines.ts'
export { anyOf, quantified } from './members.ts'
export { recalled } from './memo.ts'
export { approved, authenticatedWithin, confirmed, hasAcr, hasScope } from './obtainable.ts'
export {
  asEntity,
  asValue,
  builtin,
  calculated,
  compared,
  condition,
  constructed,
  element,
  has,
  hostCall,
  indexed,
  interpolated,
  is,
  negated,
  record,
  set,
} from './operators.ts'
export { doubtful, inherited, isPlain, noClaims, none, plain } from './raw.ts'
export { recovered, recovering } from './recover.ts'
export {
  bound,
  delegatedBy,
  isSame,
  noCondition,
  noEntity,
  noRole,
  noSubject,
  notDelegated,
  parameter,
  remember,
  variable,
} from './scope.ts'
export { inForce, isInside, notRelated } from './step.ts'
export { codePoints, duration, entityNamed, hasPieces, instant, isIdPart, isNameOf, named } from './texts.ts'
export { inOrder } from './verdict-data.ts'
export { within } from './within.ts'
