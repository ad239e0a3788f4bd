internal import CredsCommand
internal import Unix

run(Creds.self)
