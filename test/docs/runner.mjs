// Runs modules one after another for the pages of the documentation, each in the folder of its page, and tells what it prints.
const write = process.stdout.write

process.on('message', async ({ file, cwd }) => {
  let out = ''
  process.stdout.write = (text) => {
    out += text
    return true
  }
  let error
  try {
    process.chdir(cwd)
    await import(file)
  } catch (thrown) {
    error = thrown instanceof Error ? (thrown.stack ?? thrown.message) : String(thrown)
  }
  process.stdout.write = write
  process.send({ out, ...(error === undefined ? {} : { error }) })
})
