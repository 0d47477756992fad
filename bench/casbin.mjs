// Casbin with an enforcer of its own for each contestant. `addPolicies`, since `addPolicy` row by row is quadratic.

/**
 * @param {string} model
 * @param {{ p?: string[][], [grouping: `g${string}`]: string[][] }} lines policy lines by section
 */
export async function casbinWith(model, { p = [], ...groupings }) {
  const { newEnforcer, newModel } = await import('casbin')
  const enforcer = await newEnforcer(newModel(model))
  enforcer.enableLog(false)
  if (p.length > 0) await enforcer.addPolicies(p)
  for (const [section, rules] of Object.entries(groupings))
    if (rules.length > 0) await enforcer.addNamedGroupingPolicies(section, rules)
  return enforcer
}
