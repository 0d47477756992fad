export const policy = `// Who may do what with the files that an MCP server shares.

actor User

// Roles are given to people in facts.licet.
role editor: User
role reader: User if editor

server files from "./files.lock.json" {
  // The name in the normalised path, as the server will see it: \`key.pem/.\` is \`key.pem\`.
  let name(p: string) = (p.startsWith("/") ? path(p) : path("/{p}")).name.toLowerCase()
  let secret(p: string) = name(p).like("*.pem") or name(p).like(".env*")

  allow call read_text_file, read_multiple_files, list_directory, directory_tree, search_files, get_file_info,
             list_allowed_directories
    if reader
  allow call write_file, edit_file, create_directory if editor

  /// Keys and passwords are nobody's business.
  deny call read_text_file, write_file, edit_file if secret(args.path)
  /// Keys and passwords are nobody's business.
  deny call read_multiple_files if args.paths.some(p => secret(p))

  limit call write_file, edit_file to 100 per 10m
}
`

export const facts = `// Who is who. The gateway reads this file again when it changes.

given role editor: User:ann
given role reader: User:bob
`

export const tests = `import "./policy.licet"

test "editors write, readers read, others do neither" {
  given role editor: User:eve
  given role reader: User:rob
  expect User:eve can call write_file { path: "notes.md", content: "hello" } on files
  expect User:eve can call edit_file { path: "notes.md", edits: [] } on files
  expect User:eve can call create_directory { path: "drafts" } on files
  expect User:rob cannot call write_file { path: "notes.md", content: "hello" } on files
  expect User:rob can call read_text_file { path: "notes.md" } on files
  expect User:rob can call read_text_file { path: "/srv/shared/notes.md" } on files
  expect User:rob can call list_directory { path: "." } on files
  expect User:rob can call directory_tree { path: "." } on files
  expect User:rob can call search_files { path: ".", pattern: "notes" } on files
  expect User:rob can call get_file_info { path: "notes.md" } on files
  expect User:rob can call list_allowed_directories on files
  expect User:zoe cannot call read_text_file { path: "notes.md" } on files
}

test "secrets stay closed" {
  given role editor: User:eve
  expect User:eve can call read_text_file { path: "environment.md" } on files
  expect User:eve cannot call read_text_file { path: "config/.env" } on files
  expect User:eve cannot call write_file { path: "config/.env", content: "" } on files
  expect User:eve cannot call edit_file { path: "config/.env", edits: [] } on files
  expect User:eve cannot call read_text_file { path: ".env/x/../." } on files
  expect User:eve cannot call read_text_file { path: "/srv/shared/KEY.pem//" } on files
  expect User:eve can call read_multiple_files { paths: ["a.md", "b.md"] } on files
  expect User:eve cannot call read_multiple_files { paths: ["a.md", "server.PEM"] } on files
}

test "what no rule allows is denied" {
  given role editor: User:eve
  expect User:eve cannot call move_file { source: "a.md", destination: "b.md" } on files
}
`
