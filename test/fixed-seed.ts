import fc from 'fast-check'

// The gate says the same of the same code; `PROPERTY_RUNS` takes new seeds.
if (process.env.PROPERTY_RUNS === undefined) fc.configureGlobal({ ...fc.readConfigureGlobal(), seed: 20_261_122 })
