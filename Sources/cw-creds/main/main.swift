internal import CredsCommand
internal import Tool

run(Creds.self)
